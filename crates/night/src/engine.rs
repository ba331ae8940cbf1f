//! What the night asks of an engine: carry out tasks somewhere. Rows never cross this border; names
//! of tables and files do.

use crate::bundle::Bundle;
use crate::delivery::Mismatch;
use crate::task::{Delivery, Task};
use model::{BusinessDate, Job};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What every stage may know beyond its rows.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The checked job.
    pub job: &'a Job,
    /// The business date.
    pub as_of: BusinessDate,
    /// The run's id.
    pub run: &'a str,
    /// How many ranges of the key space there are.
    pub buckets: usize,
}

/// Tasks that may be carried out side by side, in any order, by any number of workers.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The stage they belong to.
    pub stage: &'a str,
    /// Job, date, run, buckets.
    pub settings: Settings<'a>,
    /// The job's texts, for workers that have nothing else of it.
    pub bundle: &'a Bundle,
    /// The tasks.
    pub tasks: &'a [Task],
    /// The folder below which files are read and written.
    pub out: &'a Path,
}

/// How a night is divided. No result may depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Ranges of the key space.
    pub buckets: usize,
    /// Tasks into which the ranges of a stage are dealt.
    pub hands: usize,
}

/// Extracts up to this size, unpacked, are not worth dividing.
const ONE_PIECE: u64 = 64 << 20;
/// Memory a stage may take for a byte of extract, all its frames and kernels together: measured,
/// see `benches/README.md`.
const BYTES_PER_BYTE: u64 = 6;

/// Ranges of the key space such that a task with one of them takes at most `memory` bytes, when the
/// night reads so many `bytes` of extracts, unpacked. None for a night so small that dividing it
/// is not worth while.
pub fn ranges_for(bytes: u64, memory: u64) -> Option<usize> {
    let needed = bytes.saturating_mul(BYTES_PER_BYTE).div_ceil(memory.max(1));
    (bytes > ONE_PIECE).then(|| usize::try_from(needed).unwrap_or(usize::MAX))
}

/// Memory that a task with one of so many ranges takes, roughly, in bytes.
pub(crate) fn memory_of(bytes: u64, ranges: usize) -> u64 {
    bytes.saturating_mul(BYTES_PER_BYTE) / (ranges.max(1) as u64)
}

/// How a feed came through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedFeed {
    /// System.
    pub system: String,
    /// Feed.
    pub feed: String,
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows loaded.
    pub rows_loaded: u64,
    /// Rows refused.
    pub rows_rejected: u64,
    /// Rows left out by the contract.
    pub rows_filtered: u64,
    /// Exact repetitions.
    pub rows_superseded: u64,
    /// What became of the rows that are kept of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<intake::Counts>,
}

impl LoadedFeed {
    /// Whether it is this one.
    pub(crate) fn is(&self, system: &str, feed: &str) -> bool {
        self.system == system && self.feed == feed
    }

    /// Whether both are the same feed, of two nights.
    pub(crate) fn same_feed(&self, other: &Self) -> bool {
        self.is(&other.system, &other.feed)
    }
}

/// What progress is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of the extracts.
    Bytes,
    /// Ranges of the key space.
    Buckets,
    /// Published tables.
    Tables,
}

/// Who looks on: progress for people, events for machines.
pub trait Watch: Sync {
    /// A stage begins; `total` is its size in `unit`s where known.
    fn begin(&self, stage: &str, total: Option<u64>, unit: Unit);
    /// So much more is done.
    fn advance(&self, by: u64);
    /// The stage is done.
    fn done(&self, stage: &str, rows: u64);
    /// Something worth knowing.
    fn say(&self, line: &str);
    /// Seconds since some fixed point, for durations; processor seconds; peak memory in bytes.
    fn meter(&self) -> (f64, f64, u64);
    /// The time as text, for the ledger only.
    fn now(&self) -> String;
}

/// Where tasks run.
pub trait Engine: Sync {
    /// How a night with so many bytes of extracts, unpacked, is best divided.
    fn layout(&self, bytes: u64) -> Layout;
    /// Carries out every task once and tells `watch`: the bytes of a feed, or each range, done.
    fn run(&self, batch: &Batch<'_>, watch: &dyn Watch) -> Result<Vec<Delivery>, EngineError>;
}

/// Small tables as text, read and written here whatever the engine.
pub trait SmallTables: Sync {
    /// Copies tonight's rows of a small table as text, for checks and the summary.
    fn read(
        &self,
        table: &str,
        dir: &Path,
        columns: &[&str],
    ) -> Result<Vec<Vec<String>>, EngineError>;
    /// Writes a small published table from text rows, typed by the schema.
    fn write(&self, table: &str, rows: &[Vec<String>], dir: &Path) -> Result<(), EngineError>;
}

/// Why a stage could not run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// An extract cannot be trusted.
    #[error(transparent)]
    Intake(#[from] intake::IntakeError),
    /// The job asks for something that does not exist.
    #[error("{place}: {cause}")]
    Job {
        /// Contract, feed, table, column.
        place: String,
        /// What is wrong and what would be right.
        cause: String,
    },
    /// The data breaks a promise a stage relies on.
    #[error("stage `{stage}`: {cause}")]
    Data {
        /// Stage.
        stage: String,
        /// What is wrong, without a value.
        cause: String,
    },
    /// A file could not be read or written.
    #[error("{action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// What came back is not what was asked for.
    #[error("stage `{stage}`: {mismatch}")]
    Delivery {
        /// Stage.
        stage: String,
        /// What is wrong.
        mismatch: Mismatch,
    },
    /// Machines that carry out tasks could not.
    #[error("stage `{stage}`: {cause}")]
    Cluster {
        /// Stage.
        stage: String,
        /// What is wrong and what would be right.
        cause: String,
    },
    /// A task failed on another machine.
    #[error("{}", .0.text)]
    Elsewhere(Failed),
    /// The engine's library gave up; its text may hold values and is left out.
    #[error("stage `{stage}`: the engine failed ({class})")]
    Library {
        /// Stage.
        stage: String,
        /// Kind of failure.
        class: String,
    },
}

/// How a task failed on another machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The exit code that the error has on this machine.
    pub exit_code: i32,
    /// What it says.
    pub text: String,
}
