//! Promises of the lake, tested from outside: kills at every crash point, two writers, readers
//! during publishing, damage, failing syncs. The kills need crash points: a debug build, or the
//! feature `faults`.

#[cfg(test)]
mod bank;
#[cfg(test)]
mod child;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod history;
#[cfg(test)]
#[cfg(any(debug_assertions, feature = "faults"))]
mod kills;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod modes;
#[cfg(test)]
mod publishing;
#[cfg(test)]
mod readers;
#[cfg(test)]
mod stages;
#[cfg(test)]
mod syncs;
