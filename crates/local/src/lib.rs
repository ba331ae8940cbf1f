//! The engine of one machine: runs stages over as many ranges of the key space as fit the memory,
//! several at a time, and reads and writes their tables.
//!
//! It knows no bank word: what a stage computes is in `stages`, what comes after what in `night`.
//! Whatever the number of buckets and threads, published tables have the same bytes: buckets are
//! ranges of the key, so writing them in order writes the table in order.

mod convert;
mod load;
mod read;
mod run;
mod small;
mod write;

use model::{Job, Table};
use night::{Engine, EngineError, LoadWork, LoadedFeed, Settings, StageWork, Watch};
use polars::prelude::PolarsError;
use std::path::Path;

/// Extracts up to this size are taken in one piece.
const ONE_PIECE: u64 = 64 << 20;
/// Memory a stage may take for a byte of extract, all its frames and kernels together.
const BYTES_PER_BYTE: u64 = 6;
/// Most ranges of the key space.
const MAX_BUCKETS: usize = 1024;

/// This machine.
#[derive(Clone, Copy, Debug)]
pub struct Local {
    /// Memory the night may take, bytes.
    pub memory: u64,
    /// Threads.
    pub threads: usize,
    /// A fixed number of buckets, for tests and measurements.
    pub buckets: Option<usize>,
}

impl Engine for Local {
    fn name(&self) -> &'static str {
        "local"
    }

    fn buckets(&self, bytes: u64) -> usize {
        if let Some(fixed) = self.buckets {
            return fixed.clamp(1, MAX_BUCKETS);
        }
        if bytes <= ONE_PIECE {
            return 1;
        }
        let share = (self.memory / (2 * self.threads.max(1) as u64)).max(1);
        let needed = (bytes * BYTES_PER_BYTE).div_ceil(share);
        usize::try_from(needed).unwrap_or(MAX_BUCKETS).clamp(self.threads.max(1), MAX_BUCKETS)
    }

    fn load(&self, work: &LoadWork<'_>, watch: &dyn Watch) -> Result<Vec<LoadedFeed>, EngineError> {
        silence();
        load::run(self, work, watch)
    }

    fn stage(&self, work: &StageWork<'_>, watch: &dyn Watch) -> Result<(), EngineError> {
        run::stage(self, work, watch)
    }

    fn read_small(
        &self,
        table: &str,
        dir: &Path,
        columns: &[&str],
    ) -> Result<Vec<Vec<String>>, EngineError> {
        small::read(known(table)?, dir, columns)
    }

    fn write_small(
        &self,
        table: &str,
        rows: &[Vec<String>],
        dir: &Path,
    ) -> Result<(), EngineError> {
        small::write(known(table)?, rows, dir)
    }
}

/// Tries every mapping of a job's contracts on no rows: what `validate` does beyond reading files.
pub fn check_mappings(job: &Job, settings: &Settings<'_>) -> Result<(), EngineError> {
    silence();
    for source in &job.sources {
        for feed in &source.feeds {
            stages::Loader::compile(&source.system, feed, "", settings)
                .map_err(|(place, cause)| EngineError::Job { place, cause })?;
        }
    }
    Ok(())
}

/// The library's warnings go to nobody: they may quote a contract or a value, and only the command
/// line prints.
fn silence() {
    polars::error::set_warning_function(|_, _| {});
}

fn known(table: &str) -> Result<&'static Table, EngineError> {
    model::table(table).ok_or_else(|| EngineError::Data {
        stage: table.to_owned(),
        cause: "the table has no schema".into(),
    })
}

/// An error of the library without its text, which may quote a value.
fn library(stage: &str, error: &PolarsError) -> EngineError {
    let class = match error {
        PolarsError::IO { .. } => "input or output",
        PolarsError::OutOfBounds(_) => "out of bounds",
        PolarsError::ShapeMismatch(_) => "shape mismatch",
        PolarsError::SchemaMismatch(_) => "schema mismatch",
        PolarsError::ColumnNotFound(_) => "column not found",
        PolarsError::Duplicate(_) => "duplicate column",
        PolarsError::InvalidOperation(_) => "invalid operation",
        PolarsError::ComputeError(_) => "compute error",
        _ => "other",
    };
    EngineError::Library { stage: stage.to_owned(), class: class.to_owned() }
}

/// A stage's error: what it says of the data is kept, what the library says is not.
fn of_stage(stage: &str, error: &stages::StageError) -> EngineError {
    match error {
        stages::StageError::Library(inner) => library(stage, inner),
        stages::StageError::Data(cause) => {
            EngineError::Data { stage: stage.to_owned(), cause: cause.clone() }
        }
    }
}

fn io(action: &'static str, path: &Path, source: std::io::Error) -> EngineError {
    EngineError::Io { action, path: path.to_owned(), source }
}
