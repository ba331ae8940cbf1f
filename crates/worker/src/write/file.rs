//! One Parquet file on its way.

use crate::{io, library};
use night::EngineError;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Bytes gathered before they go to the file: row groups are larger, so this is for footers and small
/// columns, and a task may have thousands of files open.
const BUFFER: usize = 1 << 16;

/// A file that is being written, row group by row group.
pub(crate) struct FileWriter {
    path: PathBuf,
    writer: BatchedWriter<BufWriter<File>>,
}

impl FileWriter {
    /// A file that lasts: small.
    pub(crate) fn lasting(path: &Path, frame: &DataFrame) -> Result<Self, EngineError> {
        Self::open(path, frame, ParquetCompression::Zstd(None))
    }

    /// A file that the next stage reads: quick.
    pub(crate) fn passing(path: &Path, frame: &DataFrame) -> Result<Self, EngineError> {
        Self::open(path, frame, ParquetCompression::Lz4Raw)
    }

    fn open(
        path: &Path,
        frame: &DataFrame,
        compression: ParquetCompression,
    ) -> Result<Self, EngineError> {
        let file = File::create(path).map_err(|e| io("create", path, e))?;
        let writer = ParquetWriter::new(BufWriter::with_capacity(BUFFER, file))
            .with_compression(compression)
            .with_row_group_size(Some(usize::MAX))
            .batched(frame.schema())
            .map_err(|e| write_error(path, e))?;
        Ok(Self { path: path.to_owned(), writer })
    }

    /// Writes a row group.
    pub(crate) fn write(&mut self, frame: &DataFrame) -> Result<(), EngineError> {
        self.writer.write_batch(frame).map_err(|e| write_error(&self.path, e))
    }

    /// Writes the end of the file; its size in bytes.
    pub(crate) fn finish(self) -> Result<u64, EngineError> {
        self.writer.finish().map_err(|e| write_error(&self.path, e))?;
        let about = std::fs::metadata(&self.path).map_err(|e| io("read", &self.path, e))?;
        Ok(about.len())
    }
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

/// Frames of one table as one, in one chunk.
pub(crate) fn together(frames: Vec<DataFrame>) -> PolarsResult<Option<DataFrame>> {
    let mut frames = frames.into_iter();
    let Some(mut all) = frames.next() else { return Ok(None) };
    for frame in frames {
        all.vstack_mut(&frame)?;
    }
    all.rechunk_mut();
    Ok(Some(all))
}
