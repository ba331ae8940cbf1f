//! The bank as a whole: read back by its contracts, compared with its truth.

mod contracts;
mod extracts;
mod planted;
mod reading;
mod sample;
mod whole;

use crate::{Params, Rates, Summary, generate};
use std::path::{Path, PathBuf};

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("clientele-synth-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn params(clients: u64, nights: u32, faults: bool) -> Params {
    let as_of = "2026-11-20".parse().unwrap();
    Params { clients, seed: 7, as_of, nights, faults, rates: Rates::default() }
}

fn bank(params: &Params, out: &Path, threads: usize) -> Summary {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| generate(params, out, &|_, _| {})).unwrap()
}
