//! What one worker does with one task: read its rows, run the stage's body, write its files, and say
//! what it did. Every engine calls this and nothing else, so that all of them make the same bytes.
//!
//! It knows no bank word: what a stage computes is in `stages`, what comes after what in `night`.
//! It does not know which engine it works for, nor how many others work beside it.

mod convert;
mod load;
mod part;
mod read;
mod run;
mod small;
mod write;

pub use small::Small;

use model::{Job, Table};
use night::{Delivery, EngineError, Settings, Task, Work};
use polars::prelude::PolarsError;
use std::path::Path;
use std::time::Instant;

/// Carries out a task: reads rows of this stage below `from`, writes files below `out`. `progress` is
/// told the bytes of a feed as they are read, or each range done.
pub fn carry_out(
    task: &Task,
    settings: &Settings<'_>,
    from: &Path,
    out: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Delivery, EngineError> {
    silence();
    let start = Instant::now();
    let delivery = match &task.work {
        Work::Load { arrived, lane, kept } => {
            let work = load::FeedWork { arrived, lane: *lane, kept: kept.as_ref() };
            load::feed(&work, settings, out, progress)
        }
        Work::Stage { stage, buckets, inputs, lane } => {
            let work = run::StageWork { stage, buckets, inputs, lane: *lane };
            run::stage(&work, settings, out, progress)
        }
        Work::Part { table, part, from: slices } => {
            part::write(known(table)?, *part, slices, from, out)
        }
    }?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(Delivery { task: task.name.clone(), seconds, ..delivery })
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
