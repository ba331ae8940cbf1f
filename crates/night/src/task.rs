//! The pieces of a night that engines carry out: a task is done by one worker from beginning to end,
//! and what it delivers proves itself by rows and control sums. Both travel as JSON.

use crate::engine::LoadedFeed;
use crate::stage::Source;
use intake::Arrived;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The folder, below that of the batch, of rows that go into the parts of a published table.
pub const ROWS: &str = ".rows";

/// Rows of a row group of a published table.
pub const GROUP_ROWS: usize = 131_072;

/// One task. Its name is unique among the tasks of its batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Name.
    pub name: String,
    /// How heavy it is: bytes of a feed, rows that a stage reads by range, rows of a part.
    pub weight: u64,
    /// What is to be done.
    pub work: Work,
}

/// What a task does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Reads a feed into canonical tables.
    Load {
        /// The file.
        arrived: Arrived,
        /// Tells the files of several tasks of one table apart.
        lane: usize,
        /// What its rows are held against, where rows of the feed are kept.
        kept: Option<KeptBefore>,
    },
    /// Runs a stage over ranges of the key space, one after another.
    Stage {
        /// The stage.
        stage: String,
        /// The ranges.
        buckets: Vec<usize>,
        /// What it reads, in declared order.
        inputs: Vec<Input>,
        /// Tells the files of several tasks of one table apart.
        lane: usize,
    },
    /// Puts rows that stages have left in order into one part of a table.
    Part {
        /// The table.
        table: String,
        /// The part's number.
        part: usize,
        /// The rows, in order.
        from: Vec<Slice>,
    },
}

/// The rows kept of a feed by the night before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBefore {
    /// Where the table is, that of all feeds.
    pub from: InputFrom,
    /// Its size.
    pub bytes: u64,
    /// Whether tonight's delivery is a complete one, with which keeping begins or begins anew.
    pub begins: bool,
}

/// Some rows of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// The file, below the folder of the batch.
    pub path: PathBuf,
    /// Rows before them.
    pub skip: u64,
    /// How many.
    pub rows: u64,
}

/// An input of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The table.
    pub table: String,
    /// The column by whose ranges it is read; none: the whole table.
    pub by: Option<String>,
    /// Where it is.
    pub from: InputFrom,
    /// What each range holds, in the order of the task's ranges; empty where that is not known.
    pub expect: Vec<Control>,
}

/// Where an input is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// Rows and the sum of their keys, by which they are known again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Rows.
    pub rows: u64,
    /// Sum of the key column by which the table is laid out, modulo 2^64; 0 without one.
    pub keys: u64,
}

impl Control {
    /// Adds the rows of another range or file.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.keys = self.keys.wrapping_add(other.keys);
    }
}

/// What a task has done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The task.
    pub task: String,
    /// The files it made.
    pub files: Vec<MadeFile>,
    /// The rows it read by range.
    pub read: Vec<ReadRows>,
    /// The feed it loaded.
    pub feed: Option<LoadedFeed>,
    /// Seconds it took.
    pub seconds: f64,
}

/// A file made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeFile {
    /// The table.
    pub table: String,
    /// The file, below the folder of the batch.
    pub path: PathBuf,
    /// The range of the key space it holds, or that it was made from.
    pub bucket: usize,
    /// Its rows.
    pub control: Control,
    /// Its size.
    pub bytes: u64,
}

/// The rows of one range that a task has read from an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadRows {
    /// The table.
    pub table: String,
    /// The range.
    pub bucket: usize,
    /// Its rows.
    pub control: Control,
}
