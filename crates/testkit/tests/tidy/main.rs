//! Tidy tests: what a compiler cannot check and a reviewer forgets. Each says in its message what
//! would be right.

#[cfg(test)]
mod walls;

#[cfg(test)]
mod sources;

#[cfg(test)]
mod manifests;

#[cfg(test)]
mod jobs;

#[cfg(test)]
mod samples;

#[cfg(test)]
mod documents;

#[cfg(test)]
mod workplace;
