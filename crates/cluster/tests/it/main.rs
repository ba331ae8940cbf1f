//! Nights on real clusters: scheduler, executors and driver as processes on loopback, their faults
//! planted, their results held byte for byte against those of one machine.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test fails loudly")]

mod certificates;
mod cluster;
mod conformance;
mod inputs;
mod process;
mod rolling;
mod scheduler;
mod tls;
mod versions;
mod world;

#[cfg(feature = "faults")]
mod delivery;
#[cfg(feature = "faults")]
mod lost;
