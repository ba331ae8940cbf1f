//! The engine beyond one machine: a night's tasks on Apache DataFusion Ballista.
//!
//! Ballista carries orders to executors and notices when one dies; everything that a night rests on
//! is done here or above. An order is one task of `night`; executors carry it out with `worker`, as
//! the engine of one machine does, and leave files and a manifest in shared storage. The driver
//! believes manifests, not the engine's word: a task counts when it was delivered exactly once and
//! agrees with its source, and what is missing is asked for again under a new name.
//!
//! It knows no bank word, and no row ever passes through the engine's own shuffle.

pub mod driver;
pub mod executor;
pub mod scheduler;
pub mod tls;

mod attempt;
mod batch;
mod codec;
mod faults;
mod job;
mod manifest;
mod node;
mod order;
mod storage;

pub use driver::Cluster;
pub use storage::{SharedFolder, Storage};
