//! Feeds whose rows are kept: tonight's rows wait on disk by ranges of their key, and when the file is
//! proven, one range after another is held against the rows kept by the night before.

use super::{Mapping, Taken, Writers};
use crate::write::{Layout, TableWriter};
use crate::{convert, io, known, library, of_stage, read};
use arrow::array::RecordBatch;
use intake::{Arrived, Counts, Merged, Missing, Pile, RowCodec, Rules, Tonight, Version, What};
use model::{FeedContract, LoadMode};
use night::{EngineError, InputFrom, KEPT_TABLE, KeptBefore, MadeFile};
use polars::prelude::*;
use stages::{Loaded, Refused, Tally};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Packed bytes of a range, tonight's file and the rows kept before together: what is held at a time.
const RANGE_BYTES: u64 = 8 << 20;
/// Most ranges.
const MAX_RANGES: u64 = 512;
/// Rows that are carried on at a time.
const BATCH: usize = 1 << 16;

/// The rows of a feed that keeps them, while it is read.
pub(super) struct Keeper<'a> {
    feed: &'a FeedContract,
    arrived: &'a Arrived,
    before: &'a KeptBefore,
    codec: RowCodec,
    scratch: PathBuf,
    pile: Pile,
}

/// What became of the rows kept of a feed.
pub(super) struct Kept {
    /// The file of the table of kept rows.
    pub(super) files: Vec<MadeFile>,
    pub(super) counts: Counts,
    /// Whether keeping begins with tonight's delivery.
    pub(super) begins: bool,
    /// Rows carried on that the mapping refuses now, with the file they came from.
    pub(super) refused: Vec<(String, Refused)>,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(
        feed: &'a FeedContract,
        arrived: &'a Arrived,
        before: &'a KeptBefore,
        scratch: &Path,
    ) -> Self {
        let ranges = (arrived.bytes + before.bytes).div_ceil(RANGE_BYTES).clamp(1, MAX_RANGES);
        let pile = Pile::new(scratch, usize::try_from(ranges).unwrap_or(1));
        let codec = RowCodec::of(feed, arrived.source_as_of);
        Self { feed, arrived, before, codec, scratch: scratch.to_owned(), pile }
    }

    /// What was read so far is void.
    pub(super) fn restart(&mut self) {
        self.pile = Pile::new(&self.scratch, self.pile.ranges());
    }

    /// The rows of a batch that are there; its deletions are taken, and counted as loaded.
    pub(super) fn alive(
        &self,
        batch: &RecordBatch,
        rows: DataFrame,
        taken: &mut Taken,
    ) -> PolarsResult<(Vec<intake::Encoded>, DataFrame)> {
        let encoded = self.codec.encode(batch);
        if !encoded.iter().any(|row| row.deletes) {
            return Ok((encoded, rows));
        }
        let gone: BooleanChunked = encoded.iter().map(|row| row.deletes).collect();
        let deletions = rows.filter(&gone)?;
        let mut tally = Tally { rows: deletions.height() as u64, ..Tally::default() };
        if let Some(amount) = &self.feed.amount {
            tally.amount = deletions.column(amount)?.i64()?.iter().flatten().map(i128::from).sum();
        }
        taken.loaded += tally;
        Ok((encoded, rows.filter(&!&gone)?))
    }

    /// Puts the rows of a batch aside, knowing what the mapping refused of them.
    pub(super) fn put_aside(
        &mut self,
        encoded: Vec<intake::Encoded>,
        refused: &[Refused],
    ) -> Result<(), EngineError> {
        let refused: BTreeSet<i64> = refused.iter().map(|row| row.source_row).collect();
        // A delivery that keeping begins with leaves nothing behind that it does not hold itself.
        let void = |line: &i64| self.before.begins && refused.contains(line);
        for row in encoded.into_iter().filter(|row| !void(&row.source_row)) {
            let what = match (row.deletes, refused.contains(&row.source_row)) {
                (true, _) => What::Gone,
                (false, true) => What::Refused,
                (false, false) => What::Is(row.row),
            };
            let tonight =
                Tonight { key: row.key, row_key: row.row_key, source_row: row.source_row, what };
            let put = self.pile.push(&tonight);
            put.map_err(|e| io("write a scratch file in", &self.scratch, e))?;
        }
        Ok(())
    }

    /// Holds tonight's rows against those kept before, and maps those that are carried on. `rejected`:
    /// rows that the gate refused, whose keys nobody knows.
    pub(super) fn merge(
        mut self,
        mapping: &Mapping<'_>,
        rejected: u64,
        writers: &mut Writers,
    ) -> Result<Kept, EngineError> {
        let layout = Layout::Rows { buckets: 1, lane: mapping.lane };
        let mut writer = TableWriter::new(known(KEPT_TABLE)?, mapping.out, layout)?;
        let begins = self.before.begins;
        let mut kept =
            Kept { files: Vec::new(), counts: Counts::default(), begins, refused: Vec::new() };
        let rules = Rules {
            day: mapping.settings.as_of.epoch_days(),
            file: self.arrived.file.clone(),
            layout: self.codec.layout(),
            missing: self.missing(rejected),
        };
        let ranges = self.pile.ranges();
        for range in 0..ranges {
            let tonight = self.pile.take(range);
            let tonight = tonight.map_err(|e| io("read a scratch file in", &self.scratch, e))?;
            let held = self.held(range, ranges)?;
            let merged = intake::merge(held, tonight, &rules);
            kept.counts += merged.counts;
            self.carry_on(&merged, mapping, writers, &mut kept)?;
            let frame = self.frame(&merged).map_err(|e| library(KEPT_TABLE, &e))?;
            let frame = stages::shape(KEPT_TABLE, &frame);
            writer.add(frame.map_err(|e| of_stage(KEPT_TABLE, &e))?)?;
            let most = usize::try_from(MAX_RANGES).unwrap_or(usize::MAX);
            writer.end_range(mapping.lane * most + range)?;
        }
        kept.files = writer.finish()?;
        Ok(kept)
    }

    /// A row that the gate refused may be any of those that a whole file seems to lack: then none of
    /// them is taken for gone.
    fn missing(&self, rejected: u64) -> Missing {
        let whole = self.feed.load == LoadMode::Compare && rejected == 0;
        if whole || self.before.begins { Missing::Gone } else { Missing::Stays }
    }

    /// The versions of a range as the night before kept them.
    fn held(&self, range: usize, ranges: usize) -> Result<Vec<Version>, EngineError> {
        let InputFrom::Previous(dir) = &self.before.from else { return Ok(Vec::new()) };
        let (table, files) = (known(KEPT_TABLE)?, read::parts(dir, "part-")?);
        let is = |column: &str, text: &str| col(column).eq(lit(text.to_owned()));
        let mine = is("system", &self.arrived.system).and(is("feed", &self.arrived.feed));
        let rows = read::scan(KEPT_TABLE, table, &files)?.filter(mine);
        let rows = rows.filter(read::in_range("key", range, ranges)).collect();
        let held = rows.and_then(|rows| versions(&rows)).map_err(|e| library(KEPT_TABLE, &e))?;
        let other =
            |version: &Version| version.valid_to.is_none() && version.layout != self.codec.layout();
        if !self.before.begins && held.iter().any(other) {
            return Err(EngineError::Job {
                place: format!("source `{}`, feed `{}`", self.arrived.system, self.arrived.feed),
                cause: "the columns are not those by which its rows were kept (right: the columns as they were, or a complete delivery, whose date is set as `initial`)".into(),
            });
        }
        Ok(held)
    }

    /// Maps the rows that hold without a row of tonight's file, each under the file it came from.
    fn carry_on(
        &self,
        merged: &Merged,
        mapping: &Mapping<'_>,
        writers: &mut Writers,
        kept: &mut Kept,
    ) -> Result<(), EngineError> {
        let place = mapping.loader.place();
        for carried in merged.carried.chunks(BATCH) {
            let from: Vec<&Version> = carried.iter().map(|at| &merged.versions[*at]).collect();
            let texts: Vec<&str> = from.iter().map(|version| version.row.as_str()).collect();
            let batch = self.codec.decode(&texts).map_err(|_| EngineError::Data {
                stage: KEPT_TABLE.into(),
                cause: format!("{place}: a row that was kept cannot be read"),
            })?;
            let rows = convert::frame(&batch).map_err(|e| library(place, &e))?;
            let Loaded { tables, refused, .. } =
                mapping.loader.apply(rows).map_err(|e| of_stage(place, &e))?;
            for (table, frame) in tables {
                let frame = placed(frame, &from).map_err(|e| library(place, &e))?;
                if let Some(writer) = writers.get_mut(table) {
                    writer.add(frame)?;
                }
            }
            kept.refused.extend(refused.into_iter().filter_map(|row| {
                let version = from.get(usize::try_from(row.source_row).ok()?)?;
                let row = Refused { source_row: version.source_row, ..row };
                Some((version.source_file.clone(), row))
            }));
        }
        Ok(())
    }

    fn frame(&self, merged: &Merged) -> PolarsResult<DataFrame> {
        let of = &merged.versions;
        let text = |get: fn(&Version) -> &str| of.iter().map(get).collect::<Vec<_>>();
        let whole = |get: fn(&Version) -> i64| of.iter().map(get).collect::<Vec<_>>();
        df!(
            "system" => vec![self.arrived.system.as_str(); of.len()],
            "feed" => vec![self.arrived.feed.as_str(); of.len()],
            "key" => whole(|v| v.key),
            "row_key" => text(|v| &v.row_key),
            "valid_from" => of.iter().map(|v| v.valid_from).collect::<Vec<i32>>(),
            "valid_to" => of.iter().map(|v| v.valid_to).collect::<Vec<Option<i32>>>(),
            "source_file" => text(|v| &v.source_file),
            "source_row" => whole(|v| v.source_row),
            "layout" => whole(|v| v.layout),
            "row" => text(|v| &v.row),
        )
    }
}

/// Puts the files and lines that rows came from in place of their places in the batch.
fn placed(mut frame: DataFrame, from: &[&Version]) -> PolarsResult<DataFrame> {
    let places = frame.column("source_row")?.i64()?.clone();
    let version = |place: Option<i64>| from.get(usize::try_from(place?).ok()?);
    let found: Vec<Option<&&Version>> = places.iter().map(version).collect();
    let files: Vec<Option<&str>> =
        found.iter().map(|v| v.map(|v| v.source_file.as_str())).collect();
    let lines: Vec<Option<i64>> = found.iter().map(|v| v.map(|v| v.source_row)).collect();
    frame.with_column(Column::new("source_file".into(), files))?;
    frame.with_column(Column::new("source_row".into(), lines))?;
    Ok(frame)
}

fn versions(rows: &DataFrame) -> PolarsResult<Vec<Version>> {
    let days = |name: &str| rows.column(name)?.cast(&DataType::Int32);
    let (from, to) = (days("valid_from")?, days("valid_to")?);
    let (from, to) = (from.i32()?, to.i32()?);
    let text = |name: &str| rows.column(name)?.str();
    let (row_key, file, row) = (text("row_key")?, text("source_file")?, text("row")?);
    let whole = |name: &str| rows.column(name)?.i64();
    let (key, line, layout) = (whole("key")?, whole("source_row")?, whole("layout")?);
    let owned = |texts: &StringChunked, at: usize| texts.get(at).unwrap_or_default().to_owned();
    let version = |at: usize| Version {
        key: key.get(at).unwrap_or_default(),
        row_key: owned(row_key, at),
        valid_from: from.get(at).unwrap_or_default(),
        valid_to: to.get(at),
        source_file: owned(file, at),
        source_row: line.get(at).unwrap_or_default(),
        layout: layout.get(at).unwrap_or_default(),
        row: owned(row, at),
    };
    Ok((0..rows.height()).map(version).collect())
}
