//! A stage over its buckets: several at a time, written in their order.

use crate::write::TableWriter;
use crate::{Local, known, of_stage, read};
use night::{EngineError, StageWork, Watch};
use polars::prelude::DataFrame;
use rayon::prelude::*;
use stages::{Body, Frames};

pub(crate) fn stage(
    engine: &Local,
    work: &StageWork<'_>,
    watch: &dyn Watch,
) -> Result<(), EngineError> {
    let stage = work.stage;
    let body = stages::body(stage.name).ok_or_else(|| EngineError::Data {
        stage: stage.name.to_owned(),
        cause: "the stage has no body".into(),
    })?;
    let buckets = if stage.keyed_by.is_some() { work.settings.buckets } else { 1 };
    let mut writers = Vec::new();
    for name in stage.outputs {
        writers.push((*name, TableWriter::new(known(name)?, work.out, work.settings.buckets, 0)?));
    }
    let all: Vec<usize> = (0..buckets).collect();
    for wave in all.chunks(engine.threads.max(1)) {
        let made: Result<Vec<_>, EngineError> =
            wave.par_iter().map(|bucket| run_bucket(work, body, *bucket, buckets)).collect();
        for tables in made? {
            for (name, frame) in tables {
                let writer = writers.iter_mut().find(|(table, _)| *table == name);
                let (_, writer) = writer.ok_or_else(|| undeclared(stage.name, name))?;
                writer.add(frame)?;
            }
            watch.advance(1);
        }
    }
    writers.into_iter().try_for_each(|(_, writer)| writer.finish())
}

fn run_bucket(
    work: &StageWork<'_>,
    body: Body,
    bucket: usize,
    buckets: usize,
) -> Result<Vec<(&'static str, DataFrame)>, EngineError> {
    let stage = work.stage.name;
    let mut frames = Frames::new();
    for input in work.inputs {
        let before = input.source() == night::Source::Previous;
        frames.add(input.table, before, read::input(stage, input, bucket, buckets)?);
    }
    let outputs = body(&mut frames, &work.settings).map_err(|e| of_stage(stage, &e))?;
    Ok(outputs.into_tables())
}

fn undeclared(stage: &str, table: &str) -> EngineError {
    EngineError::Data {
        stage: stage.to_owned(),
        cause: format!("it made table `{table}`, which is not declared"),
    }
}
