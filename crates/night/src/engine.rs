//! What the night asks of an engine: run a stage somewhere, over as many buckets as fit. Rows
//! never cross this border; tables do.

use crate::stage::{Source, Stage};
use intake::Arrived;
use model::{BusinessDate, Job};
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

/// Reading all feeds into canonical tables.
#[derive(Debug)]
pub struct LoadWork<'a> {
    /// Job, date, run, buckets.
    pub settings: Settings<'a>,
    /// The files.
    pub arrived: &'a [Arrived],
    /// The folder to write `<table>/part-*.parquet` into.
    pub out: &'a Path,
}

/// One stage with its inputs found.
#[derive(Debug)]
pub struct StageWork<'a> {
    /// Job, date, run, buckets.
    pub settings: Settings<'a>,
    /// The stage.
    pub stage: &'static Stage,
    /// Its inputs, in declared order.
    pub inputs: &'a [Input],
    /// The folder to write `<table>/part-*.parquet` into.
    pub out: &'a Path,
}

/// An input found.
#[derive(Clone, Debug)]
pub struct Input {
    /// The table.
    pub table: &'static str,
    /// The column by whose ranges it is read.
    pub by: Option<&'static str>,
    /// Where it is.
    pub from: InputFrom,
}

/// Where an input is.
#[derive(Clone, Debug)]
pub enum InputFrom {
    /// Tonight's parts.
    Tonight(PathBuf),
    /// The parts of the latest night before.
    Previous(PathBuf),
    /// There was no night before: an empty table.
    Nowhere,
}

impl Input {
    /// Whose table it is.
    pub fn source(&self) -> Source {
        match self.from {
            InputFrom::Tonight(_) => Source::Tonight,
            InputFrom::Previous(_) | InputFrom::Nowhere => Source::Previous,
        }
    }
}

/// How a feed came through.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

/// Where stages run.
pub trait Engine: Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// How many ranges of the key space suit `bytes` of extracts. The result may not depend on it.
    fn buckets(&self, bytes: u64) -> usize;
    /// Reads the feeds into canonical tables, `rejects` and `load_report`.
    fn load(&self, work: &LoadWork<'_>, watch: &dyn Watch) -> Result<Vec<LoadedFeed>, EngineError>;
    /// Runs a stage; says so to `watch` bucket by bucket.
    fn stage(&self, work: &StageWork<'_>, watch: &dyn Watch) -> Result<(), EngineError>;
    /// Copies tonight's rows of a small table as text, for checks and the summary.
    fn read_small(
        &self,
        table: &str,
        dir: &Path,
        columns: &[&str],
    ) -> Result<Vec<Vec<String>>, EngineError>;
    /// Writes a small published table from text rows, typed by the schema.
    fn write_small(&self, table: &str, rows: &[Vec<String>], dir: &Path)
    -> Result<(), EngineError>;
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
    /// The engine's library gave up; its text may hold values and is left out.
    #[error("stage `{stage}`: the engine failed ({class})")]
    Library {
        /// Stage.
        stage: String,
        /// Kind of failure.
        class: String,
    },
}
