//! The command line as its users meet it: the real binary on the sample bank, in fresh folders.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod arrival;
mod berka;
mod commands;
mod databases;
mod faults;
mod golden;
mod inputs;
mod kills;
mod modes;
mod nights;
mod plan;
mod quality;
mod skew;
mod truth;
mod world;
