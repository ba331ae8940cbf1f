//! All feeds into canonical tables, several files at a time; each batch is mapped as it comes.

use crate::write::TableWriter;
use crate::{Local, convert, known, library, of_stage};
use intake::{Arrived, FeedOutcome, Reject};
use model::FeedContract;
use night::{EngineError, LOAD_TABLES, LoadWork, LoadedFeed, Watch};
use polars::prelude::*;
use rayon::prelude::*;
use stages::{Loader, Refused, Tally};
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) fn run(
    _: &Local,
    work: &LoadWork<'_>,
    watch: &dyn Watch,
) -> Result<Vec<LoadedFeed>, EngineError> {
    let feeds: Vec<(usize, &FeedContract, &Arrived)> = declared(work).collect();
    // The largest first, so that no thread is left with it at the end.
    let mut order: Vec<usize> = (0..feeds.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(feeds[*at].2.bytes));
    let done: Result<Vec<(usize, Done)>, EngineError> = order
        .par_iter()
        .with_max_len(1)
        .map(|at| {
            let (lane, feed, arrived) = feeds[*at];
            Ok((lane, load_feed(work, lane, feed, arrived, watch)?))
        })
        .collect();
    let mut done = done?;
    done.sort_by_key(|(lane, _)| *lane);
    let done: Vec<Done> = done.into_iter().map(|(_, done)| done).collect();
    write_report(work, &done)?;
    write_rejects(work, &done)?;
    fill_gaps(work)?;
    Ok(done.iter().map(Done::told).collect())
}

/// The feeds with their files, in the order of the contracts.
fn declared<'a>(
    work: &'a LoadWork<'_>,
) -> impl Iterator<Item = (usize, &'a FeedContract, &'a Arrived)> {
    work.arrived.iter().enumerate().filter_map(|(lane, arrived)| {
        let source = work.settings.job.sources.iter().find(|s| s.system == arrived.system)?;
        let feed = source.feeds.iter().find(|f| f.name == arrived.feed)?;
        Some((lane, feed, arrived))
    })
}

/// A feed that has been loaded.
struct Done {
    arrived: Arrived,
    amount: Option<String>,
    outcome: FeedOutcome,
    loaded: Tally,
    filtered: Tally,
    rejected: Tally,
    refused: Vec<Refused>,
}

impl Done {
    fn told(&self) -> LoadedFeed {
        LoadedFeed {
            system: self.arrived.system.clone(),
            feed: self.arrived.feed.clone(),
            rows_read: self.outcome.rows_read,
            rows_loaded: self.loaded.rows,
            rows_rejected: self.outcome.rows_rejected + self.rejected.rows,
            rows_filtered: self.filtered.rows,
            rows_superseded: self.outcome.rows_superseded,
        }
    }
}

fn load_feed(
    work: &LoadWork<'_>,
    lane: usize,
    feed: &FeedContract,
    arrived: &Arrived,
    watch: &dyn Watch,
) -> Result<Done, EngineError> {
    let loader = Loader::compile(&arrived.system, feed, &arrived.file, &work.settings)
        .map_err(|(place, cause)| EngineError::Job { place, cause })?;
    let mut writers: BTreeMap<&'static str, TableWriter> = BTreeMap::new();
    for mapping in &feed.tables {
        let table = known(&mapping.table)?;
        let writer = TableWriter::new(table, work.out, work.settings.buckets, lane)?;
        writers.insert(table.name, writer);
    }
    let mut done = Done {
        arrived: arrived.clone(),
        amount: feed.amount.clone(),
        outcome: FeedOutcome::default(),
        loaded: Tally::default(),
        filtered: Tally::default(),
        rejected: Tally::default(),
        refused: Vec::new(),
    };
    // The gate passes the sink's error through as a text; what it was is kept here.
    let mut failed: Option<EngineError> = None;
    let mut sink = |batch: arrow::array::RecordBatch| -> Result<(), intake::SinkError> {
        take_batch(&loader, &batch, &mut writers, &mut done).map_err(|error| {
            let text = error.to_string();
            failed = Some(error);
            text.into()
        })
    };
    let progress = |bytes: u64| watch.advance(bytes);
    let as_of = work.settings.as_of;
    let outcome = intake::read_feed(&arrived.system, feed, arrived, as_of, &mut sink, &progress);
    if let Some(error) = failed {
        return Err(error);
    }
    done.outcome = outcome?;
    writers.into_values().try_for_each(TableWriter::finish)?;
    Ok(done)
}

fn take_batch(
    loader: &Loader,
    batch: &arrow::array::RecordBatch,
    writers: &mut BTreeMap<&'static str, TableWriter>,
    done: &mut Done,
) -> Result<(), EngineError> {
    let rows = convert::frame(batch).map_err(|e| library(loader.place(), &e))?;
    let loaded = loader.apply(rows).map_err(|e| of_stage(loader.place(), &e))?;
    done.loaded += loaded.loaded;
    done.filtered += loaded.filtered;
    done.rejected += loaded.rejected;
    done.refused.extend(loaded.refused);
    for (table, frame) in loaded.tables {
        if let Some(writer) = writers.get_mut(table) {
            writer.add(frame)?;
        }
    }
    Ok(())
}

/// Canonical tables no feed gives are there all the same, without rows.
fn fill_gaps(work: &LoadWork<'_>) -> Result<(), EngineError> {
    for name in LOAD_TABLES {
        let dir = work.out.join(name);
        let there = dir.is_dir() && !crate::read::parts(&dir, "part-")?.is_empty();
        if !there {
            TableWriter::new(known(name)?, work.out, work.settings.buckets, 0)?.finish()?;
        }
    }
    Ok(())
}

fn write_rejects(work: &LoadWork<'_>, done: &[Done]) -> Result<(), EngineError> {
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut lines: Vec<i64> = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    for feed in done {
        let of_gate = feed.outcome.rejects.iter().map(|r: &Reject| {
            (r.source_row, r.column.clone().unwrap_or_default(), r.reason.clone())
        });
        let of_mapping =
            feed.refused.iter().map(|r| (r.source_row, r.column.to_owned(), r.reason.clone()));
        for (line, column, reason) in of_gate.chain(of_mapping) {
            let arrived = &feed.arrived;
            rows.push([arrived.system.clone(), arrived.feed.clone(), arrived.file.clone(), column]);
            lines.push(line);
            reasons.push(reason);
        }
    }
    let text = |at: usize| rows.iter().map(|row| row[at].as_str()).collect::<Vec<_>>();
    let frame = df!(
        "system" => text(0),
        "feed" => text(1),
        "source_file" => text(2),
        "column" => text(3),
        "source_row" => &lines,
        "reason" => &reasons,
    );
    write_whole("rejects", frame, work.out)
}

fn write_report(work: &LoadWork<'_>, done: &[Done]) -> Result<(), EngineError> {
    let text = |of: &dyn Fn(&Done) -> String| done.iter().map(of).collect::<Vec<_>>();
    let count = |of: &dyn Fn(&LoadedFeed) -> u64| -> Vec<i64> {
        done.iter().map(|d| i64::try_from(of(&d.told())).unwrap_or(i64::MAX)).collect()
    };
    let money = |of: &dyn Fn(&Done) -> i128| -> Vec<Option<i64>> {
        done.iter().map(|d| d.amount.as_ref().and_then(|_| i64::try_from(of(d)).ok())).collect()
    };
    let unreadable = |d: &Done| i64::try_from(d.outcome.amount_unreadable).unwrap_or(i64::MAX);
    let bytes = |d: &Done| i64::try_from(d.arrived.bytes).unwrap_or(i64::MAX);
    let frame = df!(
        "system" => text(&|d| d.arrived.system.clone()),
        "feed" => text(&|d| d.arrived.feed.clone()),
        "source_file" => text(&|d| d.arrived.file.clone()),
        "digest" => text(&|d| d.arrived.blake3.clone()),
        "bytes" => done.iter().map(bytes).collect::<Vec<_>>(),
        "rows_read" => count(&|f| f.rows_read),
        "rows_loaded" => count(&|f| f.rows_loaded),
        "rows_rejected" => count(&|f| f.rows_rejected),
        "rows_filtered" => count(&|f| f.rows_filtered),
        "rows_superseded" => count(&|f| f.rows_superseded),
        "amount_column" => text(&|d| d.amount.clone().unwrap_or_default()),
        "amount_read" => money(&|d| d.outcome.amount_read),
        "amount_loaded" => money(&|d| d.loaded.amount),
        "amount_rejected" => money(&|d| d.outcome.amount_rejected + d.rejected.amount),
        "amount_filtered" => money(&|d| d.filtered.amount),
        "amount_superseded" => money(&|d| d.outcome.amount_superseded),
        "amount_unreadable" => done.iter().map(unreadable).collect::<Vec<_>>(),
    );
    write_whole("load_report", frame, work.out)
}

fn write_whole(table: &str, frame: PolarsResult<DataFrame>, out: &Path) -> Result<(), EngineError> {
    let frame = frame.map_err(|e| library(table, &e))?;
    let frame = stages::shape(table, &frame).map_err(|e| of_stage(table, &e))?;
    let mut writer = TableWriter::new(known(table)?, out, 1, 0)?;
    writer.add(frame)?;
    writer.finish()
}
