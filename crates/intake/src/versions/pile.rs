//! Tonight's rows on disk until all of them are read, by ranges of their key: a range is taken into
//! memory alone.

use super::merge::{Tonight, What};
use model::bucket_of;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a range that are gathered before they are written.
const BUFFER: usize = 1 << 15;

/// Rows in scratch files without names: they are gone with this, and with the process.
pub struct Pile {
    folder: PathBuf,
    ranges: Vec<Option<BufWriter<File>>>,
}

impl Pile {
    /// An empty pile of so many ranges of the key space, with files in `folder` as far as needed.
    pub fn new(folder: &Path, ranges: usize) -> Self {
        Self { folder: folder.to_owned(), ranges: (0..ranges.max(1)).map(|_| None).collect() }
    }

    /// How many ranges there are.
    pub fn ranges(&self) -> usize {
        self.ranges.len()
    }

    /// Adds a row.
    pub fn push(&mut self, row: &Tonight) -> io::Result<()> {
        let range = bucket_of(row.key, self.ranges.len());
        let place = &mut self.ranges[range];
        let file = if let Some(file) = place {
            file
        } else {
            let file = tempfile::tempfile_in(&self.folder)?;
            place.insert(BufWriter::with_capacity(BUFFER, file))
        };
        let (kind, text) = match &row.what {
            What::Is(text) => (0_u8, text.as_str()),
            What::Gone => (1, ""),
            What::Refused => (2, ""),
        };
        file.write_all(&[kind])?;
        file.write_all(&row.key.to_le_bytes())?;
        file.write_all(&row.source_row.to_le_bytes())?;
        for part in [row.row_key.as_str(), text] {
            file.write_all(&(part.len() as u64).to_le_bytes())?;
            file.write_all(part.as_bytes())?;
        }
        Ok(())
    }

    /// Takes the rows of a range, in the order they were added.
    pub fn take(&mut self, range: usize) -> io::Result<Vec<Tonight>> {
        let Some(file) = self.ranges[range].take() else { return Ok(Vec::new()) };
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let bytes = file.stream_position()?;
        file.seek(SeekFrom::Start(0))?;
        let mut file = BufReader::with_capacity(BUFFER, file).take(bytes);
        let mut rows = Vec::new();
        while file.limit() > 0 {
            rows.push(row(&mut file)?);
        }
        Ok(rows)
    }
}

fn row(file: &mut impl Read) -> io::Result<Tonight> {
    let mut kind = [0];
    file.read_exact(&mut kind)?;
    let (key, source_row) = (i64::from_le_bytes(eight(file)?), i64::from_le_bytes(eight(file)?));
    let (row_key, text) = (text(file)?, text(file)?);
    let what = match kind {
        [0] => What::Is(text),
        [1] => What::Gone,
        _ => What::Refused,
    };
    Ok(Tonight { key, row_key, source_row, what })
}

fn eight(file: &mut impl Read) -> io::Result<[u8; 8]> {
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn text(file: &mut impl Read) -> io::Result<String> {
    let length = usize::try_from(u64::from_le_bytes(eight(file)?)).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}
