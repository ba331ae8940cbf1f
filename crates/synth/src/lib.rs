//! The synthetic bank: seven systems' extracts for any number of clients, with the truth beside
//! them (who is who, who leaves, what they will earn).
//!
//! Everything about a client is a function of the seed and the client's number, so that equal
//! parameters give equal bytes on any number of threads. The truth goes to its own folder and is
//! never read by a night. Knows the shape of each system's files; knows nothing of how they are
//! read, matched or scored: of the gate it uses the code pages only.

mod params;

mod bank;
mod chunk;

mod economics;
mod faults;
mod latent;
mod organisations;
mod people;
mod portfolio;
mod shown;
mod systems;
mod truth;

mod columnar;
mod days;
mod dice;
mod feeds;
mod numbers;
mod outlet;
mod package;
mod records;
mod rows;
mod workbook;

#[cfg(test)]
mod tests;

pub use bank::generate;
pub use params::{FileCount, Params, PlantedFault, Rates, Summary, SynthError};
