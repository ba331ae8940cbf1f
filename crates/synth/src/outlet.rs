//! Files that grow piece by piece: pieces are made (and compressed) on any thread, written in
//! order, so that the bytes do not depend on the threads.

use crate::columnar::{self, Table};
use crate::feeds::{Coding, Column, FeedSpec, Form, Layout, Packed};
use crate::params::{FileCount, SynthError};
use crate::records;
use crate::rows::{FeedRows, Sums};
use crate::workbook::workbook;
use flate2::{Compress, Compression, Crc, FlushCompress};
use std::fs::File;
use std::io::{BufWriter, Error, Write as _};
use std::path::{Path, PathBuf};

/// The bytes that a chunk adds to a file.
#[derive(Debug)]
pub(crate) struct Piece {
    bytes: Vec<u8>,
    check: Option<Crc>,
    rows: u64,
    sums: Sums,
}

impl Piece {
    /// Encodes and compresses the rows as their file wants them.
    pub(crate) fn of(feed: FeedRows, level: Compression) -> Result<Self, SynthError> {
        let bytes = encode(feed.spec, feed.bytes);
        let piece = Self { bytes, check: None, rows: feed.rows, sums: feed.sums };
        piece.squeezed(feed.spec, level)
    }

    /// What stands around the rows.
    fn line(spec: &FeedSpec, text: String) -> Result<Self, SynthError> {
        let bytes = match spec.form {
            Form::Records(_) => text.lines().flat_map(records::control).collect(),
            _ => encode(spec, text.into_bytes()),
        };
        let piece = Self { bytes, check: None, rows: 0, sums: Sums::default() };
        piece.squeezed(spec, Compression::fast())
    }

    /// Deflate blocks that end on a byte: concatenated they are still one stream.
    fn squeezed(mut self, spec: &FeedSpec, level: Compression) -> Result<Self, SynthError> {
        if spec.packed == Packed::Gzip && !self.bytes.is_empty() {
            let mut check = Crc::new();
            check.update(&self.bytes);
            self.check = Some(check);
            let path = PathBuf::from(spec.file);
            self.bytes =
                deflate(&self.bytes, level).map_err(|source| SynthError::Write { path, source })?;
        }
        Ok(self)
    }
}

fn encode(spec: &FeedSpec, bytes: Vec<u8>) -> Vec<u8> {
    let is_encoded = matches!(spec.layout, Layout::Fixed(_));
    match (spec.form, spec.coding) {
        (Form::Records(items), _) => records::records(items, &String::from_utf8_lossy(&bytes)),
        (_, Coding::Gb18030) if !is_encoded && !bytes.is_ascii() => {
            encoding_rs::GB18030.encode(&String::from_utf8_lossy(&bytes)).0.into_owned()
        }
        (_, Coding::Utf16) => {
            let text = String::from_utf8_lossy(&bytes);
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        _ => bytes,
    }
}

/// One call with room for the worst case (stored blocks), so that a flush is never cut in two.
fn deflate(input: &[u8], level: Compression) -> std::io::Result<Vec<u8>> {
    let mut compress = Compress::new(level, false);
    let mut out = Vec::with_capacity(input.len() + input.len() / 64 + 1024);
    compress.compress_vec(input, &mut out, FlushCompress::Sync).map_err(Error::other)?;
    if compress.total_in() != input.len() as u64 || out.len() == out.capacity() {
        return Err(Error::other("the compressor did not take the whole chunk"));
    }
    Ok(out)
}

/// One file under way.
pub(crate) struct Outlet {
    spec: &'static FeedSpec,
    path: PathBuf,
    shown: String,
    body: Body,
    check: Crc,
    rows: u64,
    sums: Sums,
}

/// What the pieces are added to.
enum Body {
    /// A file that grows.
    File(BufWriter<File>),
    /// A Zstandard frame that grows (RFC 8878), which ends with its checksum.
    Frame(zstd::Encoder<'static, BufWriter<File>>),
    /// A file of row groups.
    Table(Box<Table>, &'static [Column]),
    /// The lines of a sheet, which is small, and what makes a workbook of them.
    Sheet(Vec<u8>, &'static [Column]),
}

/// Gzip member header without a time or a system (RFC 1952).
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// An empty last deflate block.
const DEFLATE_END: [u8; 2] = [3, 0];

impl Outlet {
    /// Opens the file in `folder` and writes what stands before the rows.
    pub(crate) fn open(
        spec: &'static FeedSpec,
        root: &Path,
        folder: &str,
        stamp: &str,
    ) -> Result<Self, SynthError> {
        let shown = format!("{folder}/{}", spec.named(stamp));
        let path = root.join(&shown);
        let failed = |source| SynthError::Write { path: path.clone(), source };
        let file = || File::create(&path).map(|file| BufWriter::with_capacity(1 << 18, file));
        let body = match spec.form {
            Form::Lines if spec.packed == Packed::Zstd => {
                Body::Frame(file().and_then(frame).map_err(failed)?)
            }
            Form::Lines | Form::Records(_) => Body::File(file().map_err(failed)?),
            Form::Parquet(columns) => {
                let table = columnar::open(spec, columns, file().map_err(failed)?);
                Body::Table(Box::new(table.map_err(Error::other).map_err(failed)?), columns)
            }
            Form::Sheet(columns) => Body::Sheet(Vec::new(), columns),
        };
        let (check, sums) = (Crc::new(), Sums::default());
        let mut outlet = Self { spec, path, shown, body, check, rows: 0, sums };
        if spec.packed == Packed::Gzip {
            outlet.write(&GZIP_HEAD)?;
        }
        outlet.add(&Piece::line(spec, spec.head(stamp))?)?;
        Ok(outlet)
    }

    /// Adds a chunk's rows.
    pub(crate) fn add(&mut self, piece: &Piece) -> Result<(), SynthError> {
        if let Some(check) = &piece.check {
            self.check.combine(check);
        }
        self.rows += piece.rows;
        self.sums += piece.sums;
        self.write(&piece.bytes)
    }

    /// Writes what stands after the rows and closes the file.
    pub(crate) fn finish(mut self) -> Result<FileCount, SynthError> {
        let tail = Piece::line(self.spec, self.spec.tail(self.rows, &self.sums))?;
        self.add(&tail)?;
        if self.spec.packed == Packed::Gzip {
            self.write(&DEFLATE_END)?;
            self.write(&self.check.sum().to_le_bytes())?;
            self.write(&self.check.amount().to_le_bytes())?;
        }
        let Self { path, shown, body, rows, .. } = self;
        let closed = close(&path, body).and_then(|()| std::fs::metadata(&path));
        let bytes = closed.map_err(|source| SynthError::Write { path, source })?.len();
        Ok(FileCount { path: shown, rows, bytes })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SynthError> {
        let written = match &mut self.body {
            Body::File(file) => file.write_all(bytes),
            Body::Frame(frame) => frame.write_all(bytes),
            Body::Table(table, columns) => {
                let lines = String::from_utf8_lossy(bytes);
                columnar::add(table, columns, &lines).map_err(Error::other)
            }
            Body::Sheet(lines, _) => {
                lines.extend_from_slice(bytes);
                Ok(())
            }
        };
        written.map_err(|source| SynthError::Write { path: self.path.clone(), source })
    }
}

fn frame(file: BufWriter<File>) -> std::io::Result<zstd::Encoder<'static, BufWriter<File>>> {
    let mut frame = zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?;
    frame.include_checksum(true)?;
    Ok(frame)
}

fn close(path: &Path, body: Body) -> std::io::Result<()> {
    match body {
        Body::File(mut file) => file.flush(),
        Body::Frame(frame) => frame.finish()?.flush(),
        Body::Table(table, _) => table.close().map(|_| ()).map_err(Error::other),
        Body::Sheet(lines, columns) => {
            std::fs::write(path, workbook(columns, &String::from_utf8_lossy(&lines))?)
        }
    }
}
