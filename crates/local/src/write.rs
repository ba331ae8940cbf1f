//! Frames as tables. A stage table is split by ranges of its key; a published one is written in the
//! order of its key, in row groups and parts whose size depends on nothing but the rows.

use crate::read::part_prefix;
use crate::{io, library, of_stage};
use model::{Table, Zone, bucket_of};
use night::EngineError;
use polars::prelude::*;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Rows of a row group of a published table.
const GROUP_ROWS: usize = 131_072;
/// Row groups of a part of a published table.
const PART_GROUPS: usize = 8;
/// Rows of a bucket that are gathered before they are written.
const GATHER_ROWS: usize = 32_768;

/// Writes one table.
pub(crate) struct TableWriter {
    table: &'static Table,
    dir: PathBuf,
    kind: Kind,
}

enum Kind {
    /// Ranges of the key, one file each.
    Ranges(Vec<RangeWriter>),
    /// One sequence of rows.
    Sequence(Box<SequenceWriter>),
}

impl TableWriter {
    /// A writer into `out/<table>`; `lane` tells the files of several writers of one table apart.
    pub(crate) fn new(
        table: &'static Table,
        out: &Path,
        buckets: usize,
        lane: usize,
    ) -> Result<Self, EngineError> {
        let dir = out.join(table.name);
        std::fs::create_dir_all(&dir).map_err(|e| io("create", &dir, e))?;
        let ranged = table.zone != Zone::Published && table.partition.is_some();
        let kind = if ranged {
            let range = |bucket| {
                RangeWriter::new(dir.join(format!("{}-{lane:04}.parquet", part_prefix(bucket))))
            };
            Kind::Ranges((0..buckets).map(range).collect())
        } else {
            Kind::Sequence(Box::new(SequenceWriter { lane, ..SequenceWriter::default() }))
        };
        Ok(Self { table, dir, kind })
    }

    /// Adds rows, in the shape of the table.
    pub(crate) fn add(&mut self, frame: DataFrame) -> Result<(), EngineError> {
        let stage = self.table.name;
        match &mut self.kind {
            Kind::Ranges(ranges) if ranges.len() == 1 => ranges[0].add(stage, frame),
            Kind::Ranges(ranges) => {
                let key = self.table.partition.unwrap_or_default();
                for (bucket, rows) in
                    split(&frame, key, ranges.len()).map_err(|e| library(stage, &e))?
                {
                    ranges[bucket].add(stage, rows)?;
                }
                Ok(())
            }
            Kind::Sequence(sequence) => {
                let frame = stages::publishable(stage, frame).map_err(|e| of_stage(stage, &e))?;
                sequence.add(self.table, &self.dir, frame)
            }
        }
    }

    /// Writes what is left. A table without rows becomes a file without rows.
    pub(crate) fn finish(self) -> Result<(), EngineError> {
        match self.kind {
            Kind::Ranges(ranges) => {
                let mut written = false;
                let first = ranges.first().map(|range| range.path.clone());
                for range in ranges {
                    written |= range.finish(self.table.name)?;
                }
                match first {
                    Some(path) if !written => write_empty(self.table, &path),
                    _ => Ok(()),
                }
            }
            Kind::Sequence(sequence) => sequence.finish(self.table, &self.dir),
        }
    }
}

/// The rows of each bucket, in their order.
fn split(frame: &DataFrame, key: &str, buckets: usize) -> PolarsResult<Vec<(usize, DataFrame)>> {
    let keys = frame.column(key)?.i64()?;
    let mut rows: Vec<Vec<IdxSize>> = vec![Vec::new(); buckets];
    for (row, key) in (0..).zip(keys.iter()) {
        rows[bucket_of(key.unwrap_or(0), buckets)].push(row);
    }
    let taken = rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty());
    taken
        .map(|(bucket, rows)| Ok((bucket, frame.take(&IdxCa::from_vec("".into(), rows))?)))
        .collect()
}

type FileWriter = polars::io::parquet::write::BatchedWriter<BufWriter<File>>;

fn open(
    path: &Path,
    frame: &DataFrame,
    compression: ParquetCompression,
) -> Result<FileWriter, EngineError> {
    let file = File::create(path).map_err(|e| io("create", path, e))?;
    ParquetWriter::new(BufWriter::with_capacity(1 << 20, file))
        .with_compression(compression)
        .with_row_group_size(Some(usize::MAX))
        .batched(frame.schema())
        .map_err(|e| write_error(path, e))
}

/// A failure of the disk keeps its reason, anything else its class only.
fn write_error(path: &Path, error: PolarsError) -> EngineError {
    match error {
        PolarsError::IO { error, .. } => {
            io("write", path, std::io::Error::new(error.kind(), error.to_string()))
        }
        other => library("write", &other),
    }
}

fn write_empty(table: &Table, path: &Path) -> Result<(), EngineError> {
    let frame = stages::empty(table.name).map_err(|e| of_stage(table.name, &e))?;
    let frame = stages::publishable(table.name, frame).map_err(|e| of_stage(table.name, &e))?;
    let writer = open(path, &frame, ParquetCompression::Lz4Raw)?;
    writer.finish().map(drop).map_err(|e| write_error(path, e))
}

/// One range of a stage table.
struct RangeWriter {
    path: PathBuf,
    gathered: Vec<DataFrame>,
    rows: usize,
    file: Option<FileWriter>,
}

impl RangeWriter {
    fn new(path: PathBuf) -> Self {
        Self { path, gathered: Vec::new(), rows: 0, file: None }
    }

    fn add(&mut self, stage: &str, frame: DataFrame) -> Result<(), EngineError> {
        self.rows += frame.height();
        if frame.height() > 0 {
            self.gathered.push(frame);
        }
        if self.rows >= GATHER_ROWS { self.flush(stage) } else { Ok(()) }
    }

    fn flush(&mut self, stage: &str) -> Result<(), EngineError> {
        let Some(frame) =
            together(std::mem::take(&mut self.gathered)).map_err(|e| library(stage, &e))?
        else {
            return Ok(());
        };
        self.rows = 0;
        if self.file.is_none() {
            self.file = Some(open(&self.path, &frame, ParquetCompression::Lz4Raw)?);
        }
        match &mut self.file {
            Some(file) => file.write_batch(&frame).map_err(|e| write_error(&self.path, e)),
            None => Ok(()),
        }
    }

    /// Whether a file was written.
    fn finish(mut self, stage: &str) -> Result<bool, EngineError> {
        self.flush(stage)?;
        match self.file {
            Some(file) => {
                file.finish().map_err(|e| write_error(&self.path, e))?;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

/// Rows of one table as one sequence of equal row groups.
#[derive(Default)]
struct SequenceWriter {
    lane: usize,
    gathered: Vec<DataFrame>,
    rows: usize,
    groups: usize,
    parts: usize,
    file: Option<(FileWriter, PathBuf)>,
}

impl SequenceWriter {
    fn add(&mut self, table: &Table, dir: &Path, frame: DataFrame) -> Result<(), EngineError> {
        self.rows += frame.height();
        if frame.height() > 0 {
            self.gathered.push(frame);
        }
        while self.rows >= GROUP_ROWS {
            self.write_group(table, dir, GROUP_ROWS)?;
        }
        Ok(())
    }

    fn write_group(&mut self, table: &Table, dir: &Path, rows: usize) -> Result<(), EngineError> {
        let all =
            together(std::mem::take(&mut self.gathered)).map_err(|e| library(table.name, &e))?;
        let Some(all) = all else { return Ok(()) };
        let mut group = all.slice(0, rows);
        if all.height() > rows {
            self.gathered.push(all.slice(i64::try_from(rows).unwrap_or(0), all.height() - rows));
        }
        self.rows -= rows;
        group.rechunk_mut();
        if self.file.is_none() {
            let path = dir.join(format!("{}.parquet", part_prefix(self.lane + self.parts)));
            let file = open(&path, &group, ParquetCompression::Zstd(None))?;
            self.file = Some((file, path));
            self.parts += 1;
        }
        if let Some((file, path)) = &mut self.file {
            file.write_batch(&group).map_err(|e| write_error(path, e))?;
        }
        self.groups += 1;
        if self.groups.is_multiple_of(PART_GROUPS) { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), EngineError> {
        match self.file.take() {
            Some((file, path)) => file.finish().map(drop).map_err(|e| write_error(&path, e)),
            None => Ok(()),
        }
    }

    fn finish(mut self, table: &Table, dir: &Path) -> Result<(), EngineError> {
        if self.rows > 0 {
            self.write_group(table, dir, self.rows)?;
        }
        self.close()?;
        if self.parts == 0 {
            write_empty(table, &dir.join(format!("{}.parquet", part_prefix(self.lane))))?;
        }
        Ok(())
    }
}

/// Frames of one table as one, in one chunk.
fn together(frames: Vec<DataFrame>) -> PolarsResult<Option<DataFrame>> {
    let mut frames = frames.into_iter();
    let Some(mut all) = frames.next() else { return Ok(None) };
    for frame in frames {
        all.vstack_mut(&frame)?;
    }
    all.rechunk_mut();
    Ok(Some(all))
}
