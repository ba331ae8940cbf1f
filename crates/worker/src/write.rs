//! Frames as files. Tables that stages read are split by ranges of their key; rows of published
//! tables are left in order, and put into parts of fixed size when all of them are there.

mod file;

use crate::run::keys_of;
use crate::{io, library, of_stage};
use file::{FileWriter, together};
use model::{Table, bucket_of};
use night::{Control, EngineError, GROUP_ROWS, MadeFile, ROWS};
use polars::prelude::*;
use std::path::{Path, PathBuf};

/// Rows of all ranges of a table that are gathered before they are written.
const GATHER_ALL: usize = 524_288;
/// Least and most rows of one range that are gathered: row groups neither tiny nor large.
const GATHER_ONE: [usize; 2] = [1_024, 16_384];

/// How the files of a table are laid out.
#[derive(Clone, Copy)]
pub(crate) enum Layout {
    /// As a stage leaves them: ranges of the key, or the rows of one range after another.
    Rows {
        /// Ranges of the key space.
        buckets: usize,
        /// Tells the files of several tasks apart.
        lane: usize,
    },
    /// One part of a published table, in row groups of equal size.
    Part(usize),
}

/// Writes one table for one task.
pub(crate) struct TableWriter {
    table: &'static Table,
    out: PathBuf,
    kind: Kind,
    made: Vec<MadeFile>,
}

enum Kind {
    /// Ranges of the key, one file each.
    Ranges(Vec<Gathered>),
    /// One file for each range that the stage runs over.
    InTurn { rows: Gathered, lane: usize },
    /// One part.
    Part { rows: Gathered },
}

/// Rows on their way into one file.
struct Gathered {
    path: PathBuf,
    bucket: usize,
    frames: Vec<DataFrame>,
    height: usize,
    control: Control,
    file: Option<FileWriter>,
}

impl TableWriter {
    /// A writer of files below `out`.
    pub(crate) fn new(
        table: &'static Table,
        out: &Path,
        layout: Layout,
    ) -> Result<Self, EngineError> {
        let name = |bucket: usize, lane: usize| {
            Path::new(table.name).join(format!("part-{bucket:04}-{lane:04}.parquet"))
        };
        let by_range = !table.is_published() && table.partition.is_some();
        let kind = match layout {
            Layout::Rows { buckets, lane } if by_range => {
                let range = |bucket| Gathered::new(name(bucket, lane), bucket);
                Kind::Ranges((0..buckets).map(range).collect())
            }
            Layout::Rows { lane, .. } => {
                Kind::InTurn { rows: Gathered::new(PathBuf::new(), 0), lane }
            }
            Layout::Part(part) => {
                let path = Path::new(table.name).join(format!("part-{part:04}.parquet"));
                Kind::Part { rows: Gathered::new(path, part) }
            }
        };
        match kind {
            Kind::InTurn { .. } if table.is_published() => {
                make_below(out, &Path::new(ROWS).join(table.name))?;
            }
            _ => make_below(out, Path::new(table.name))?,
        }
        Ok(Self { table, out: out.to_owned(), kind, made: Vec::new() })
    }

    /// Adds rows in the shape of the table; for a part, as they are published.
    pub(crate) fn add(&mut self, frame: DataFrame) -> Result<(), EngineError> {
        let (table, out) = (self.table, &self.out);
        match &mut self.kind {
            Kind::Ranges(ranges) if ranges.len() == 1 => {
                ranges[0].add(table, out, frame, GATHER_ONE[1])
            }
            Kind::Ranges(ranges) => {
                let enough = (GATHER_ALL / ranges.len()).clamp(GATHER_ONE[0], GATHER_ONE[1]);
                let key = table.partition.unwrap_or_default();
                let split = split(&frame, key, ranges.len());
                for (bucket, rows) in split.map_err(|e| library(table.name, &e))? {
                    ranges[bucket].add(table, out, rows, enough)?;
                }
                Ok(())
            }
            Kind::InTurn { rows, .. } => {
                let frame = stages::publishable(table.name, frame);
                rows.gather(frame.map_err(|e| of_stage(table.name, &e))?);
                Ok(())
            }
            Kind::Part { rows } => {
                rows.gather(frame);
                while rows.height >= GROUP_ROWS {
                    rows.write_group(table, out)?;
                }
                Ok(())
            }
        }
    }

    /// All rows that a range gives have been added.
    pub(crate) fn end_range(&mut self, bucket: usize) -> Result<(), EngineError> {
        let Kind::InTurn { rows, lane } = &mut self.kind else { return Ok(()) };
        let name = format!("-{bucket:04}-{lane:04}.parquet");
        let path = if self.table.is_published() {
            Path::new(ROWS).join(self.table.name).join(format!("rows{name}"))
        } else {
            Path::new(self.table.name).join(format!("part{name}"))
        };
        let ended = std::mem::replace(rows, Gathered::new(PathBuf::new(), 0));
        let ended = Gathered { path, bucket, ..ended };
        self.made.extend(ended.finish(self.table, &self.out)?);
        Ok(())
    }

    /// Removes the files begun: what they hold is void, and another writer may not need them all.
    pub(crate) fn discard(self) -> Result<(), EngineError> {
        let Kind::Ranges(ranges) = self.kind else { return Ok(()) };
        for range in ranges.into_iter().filter(|range| range.file.is_some()) {
            let path = self.out.join(&range.path);
            std::fs::remove_file(&path).map_err(|e| io("remove", &path, e))?;
        }
        Ok(())
    }

    /// Writes what is left; the files made. A part is written even when it has no rows.
    pub(crate) fn finish(mut self) -> Result<Vec<MadeFile>, EngineError> {
        let (table, out) = (self.table, &self.out);
        match self.kind {
            Kind::Ranges(ranges) => {
                for range in ranges {
                    self.made.extend(range.finish(table, out)?);
                }
            }
            Kind::InTurn { .. } => {}
            Kind::Part { mut rows } => {
                if rows.height > 0 {
                    rows.write_group(table, out)?;
                }
                if rows.file.is_none() {
                    let empty = stages::empty(table.name)
                        .and_then(|frame| stages::publishable(table.name, frame));
                    let empty = empty.map_err(|e| of_stage(table.name, &e))?;
                    rows.write(table, out, &empty)?;
                }
                self.made.extend(rows.finish(table, out)?);
            }
        }
        Ok(self.made)
    }
}

/// Makes a folder below `out`, but never `out` itself: where it is gone, so is whoever wanted the files.
pub(crate) fn make_below(out: &Path, below: &Path) -> Result<(), EngineError> {
    let mut folder = out.to_owned();
    for name in below {
        folder.push(name);
        match std::fs::create_dir(&folder) {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(io("create", &folder, e));
            }
            _ => {}
        }
    }
    Ok(())
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

impl Gathered {
    fn new(path: PathBuf, bucket: usize) -> Self {
        let control = Control::default();
        Self { path, bucket, frames: Vec::new(), height: 0, control, file: None }
    }

    fn gather(&mut self, frame: DataFrame) {
        self.height += frame.height();
        if frame.height() > 0 {
            self.frames.push(frame);
        }
    }

    /// Gathers rows and writes them once there are enough.
    fn add(
        &mut self,
        table: &Table,
        out: &Path,
        frame: DataFrame,
        enough: usize,
    ) -> Result<(), EngineError> {
        self.gather(frame);
        if self.height >= enough { self.flush(table, out) } else { Ok(()) }
    }

    fn flush(&mut self, table: &Table, out: &Path) -> Result<(), EngineError> {
        let frames = std::mem::take(&mut self.frames);
        self.height = 0;
        match together(frames).map_err(|e| library(table.name, &e))? {
            Some(frame) => self.write(table, out, &frame),
            None => Ok(()),
        }
    }

    /// Writes a row group of the size that all but the last have.
    fn write_group(&mut self, table: &Table, out: &Path) -> Result<(), EngineError> {
        let all =
            together(std::mem::take(&mut self.frames)).map_err(|e| library(table.name, &e))?;
        let Some(all) = all else { return Ok(()) };
        let mut group = all.slice(0, GROUP_ROWS);
        self.height -= group.height();
        if self.height > 0 {
            let skip = i64::try_from(GROUP_ROWS).unwrap_or(i64::MAX);
            self.frames.push(all.slice(skip, self.height));
        }
        group.rechunk_mut();
        self.write(table, out, &group)
    }

    fn write(&mut self, table: &Table, out: &Path, frame: &DataFrame) -> Result<(), EngineError> {
        if let Some(key) = table.partition {
            let keys = frame.column(key).and_then(|c| c.i64().map(keys_of));
            self.control.add(keys.map_err(|e| library(table.name, &e))?);
        } else {
            self.control.add(Control { rows: frame.height() as u64, keys: 0 });
        }
        let path = out.join(&self.path);
        let file = match self.file.take() {
            Some(file) => file,
            None if self.is_part() && table.is_published() => FileWriter::lasting(&path, frame)?,
            None => FileWriter::passing(&path, frame)?,
        };
        self.file.insert(file).write(frame)
    }

    fn is_part(&self) -> bool {
        !self.path.starts_with(ROWS)
    }

    /// Writes what is left; the file, if there is one.
    fn finish(mut self, table: &Table, out: &Path) -> Result<Option<MadeFile>, EngineError> {
        self.flush(table, out)?;
        let Some(file) = self.file else { return Ok(None) };
        let bytes = file.finish()?;
        Ok(Some(MadeFile {
            table: table.name.to_owned(),
            path: self.path,
            bucket: self.bucket,
            control: self.control,
            bytes,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_void_leaves_no_file() {
        let out = tempfile::tempdir().unwrap();
        let table = crate::known("record_component").unwrap();
        let layout = Layout::Rows { buckets: 4, lane: 0 };
        let mut writer = TableWriter::new(table, out.path(), layout).unwrap();
        let keys: Vec<i64> = (0..200_000).map(|n| n * (i64::MAX / 200_000)).collect();
        let frame = df!("record_id" => &keys, "component" => &keys).unwrap();
        writer.add(frame).unwrap();
        let files = || std::fs::read_dir(out.path().join(table.name)).unwrap().count();
        assert_eq!(files(), 4);
        writer.discard().unwrap();
        assert_eq!(files(), 0);
    }
}
