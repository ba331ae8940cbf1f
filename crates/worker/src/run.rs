//! A stage over its ranges, one after another.

use crate::write::{Layout, TableWriter};
use crate::{known, library, of_stage, read};
use night::{Control, Delivery, EngineError, Input, InputFrom, ReadRows, STAGES, Settings, Source};
use polars::prelude::*;
use stages::{Body, Frames};
use std::path::Path;

/// The stage's part of a task.
pub(crate) struct StageWork<'a> {
    pub(crate) stage: &'a str,
    pub(crate) buckets: &'a [usize],
    pub(crate) inputs: &'a [Input],
    pub(crate) lane: usize,
}

pub(crate) fn stage(
    work: &StageWork<'_>,
    settings: &Settings<'_>,
    out: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Delivery, EngineError> {
    let missing = |cause: &str| EngineError::Data { stage: work.stage.into(), cause: cause.into() };
    let declared = STAGES.iter().find(|s| s.name == work.stage);
    let declared = declared.ok_or_else(|| missing("the stage is not declared"))?;
    let body = stages::body(work.stage).ok_or_else(|| missing("the stage has no body"))?;
    let mut writers = Vec::new();
    for name in declared.outputs {
        let layout = Layout::Rows { buckets: settings.buckets, lane: work.lane };
        writers.push((*name, TableWriter::new(known(name)?, out, layout)?));
    }
    let mut delivery = Delivery::default();
    for (at, bucket) in work.buckets.iter().enumerate() {
        delivery.read.extend(counted(work, at, *bucket, settings)?);
        for (name, frame) in run_range(work, body, *bucket, settings)? {
            let writer = writers.iter_mut().find(|(table, _)| *table == name);
            let undeclared = || missing(&format!("it made table `{name}`, which is not declared"));
            let (_, writer) = writer.ok_or_else(undeclared)?;
            writer.add(frame)?;
        }
        writers.iter_mut().try_for_each(|(_, writer)| writer.end_range(*bucket))?;
        progress(1);
    }
    for (_, writer) in writers {
        delivery.files.extend(writer.finish()?);
    }
    Ok(delivery)
}

fn run_range(
    work: &StageWork<'_>,
    body: Body,
    bucket: usize,
    settings: &Settings<'_>,
) -> Result<Vec<(&'static str, DataFrame)>, EngineError> {
    let mut frames = Frames::new();
    for input in work.inputs {
        let before = input.source() == Source::Previous;
        let table = known(&input.table)?.name;
        frames.add(table, before, read::input(work.stage, input, bucket, settings.buckets)?);
    }
    let outputs = body(&mut frames, settings).map_err(|e| of_stage(work.stage, &e))?;
    Ok(outputs.into_tables())
}

/// The rows of a range by input, held against what its source has: a file that another machine
/// cannot see yet is found here, before anything is computed from the rest.
fn counted(
    work: &StageWork<'_>,
    at: usize,
    bucket: usize,
    settings: &Settings<'_>,
) -> Result<Vec<ReadRows>, EngineError> {
    let mut read = Vec::new();
    let tonight = |input: &&Input| matches!(input.from, InputFrom::Tonight(_));
    for input in work.inputs.iter().filter(tonight) {
        let Some(by) = &input.by else { continue };
        let rows = read::input(work.stage, input, bucket, settings.buckets)?;
        let control = control(rows, by).map_err(|e| library(work.stage, &e))?;
        if input.expect.get(at).is_some_and(|expected| *expected != control) {
            let cause = format!(
                "range {bucket} of `{}` has {} rows here, its source {} (is the shared folder whole?)",
                input.table, control.rows, input.expect[at].rows
            );
            return Err(EngineError::Cluster { stage: work.stage.to_owned(), cause });
        }
        read.push(ReadRows { table: input.table.clone(), bucket, control });
    }
    Ok(read)
}

fn control(rows: LazyFrame, key: &str) -> PolarsResult<Control> {
    let keys = rows.select([col(key)]).collect()?;
    Ok(keys_of(keys.column(key)?.i64()?))
}

/// The control sum of a key column.
pub(crate) fn keys_of(keys: &Int64Chunked) -> Control {
    let mut control = Control { rows: keys.len() as u64, keys: 0 };
    for chunk in keys.downcast_iter() {
        for key in chunk.iter().flatten() {
            control.keys = control.keys.wrapping_add(key.cast_unsigned());
        }
    }
    control
}
