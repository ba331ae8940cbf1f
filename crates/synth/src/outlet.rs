//! Files that grow piece by piece: pieces are made (and compressed) on any thread, written in
//! order, so that the bytes do not depend on the threads.

use crate::feeds::FeedSpec;
use crate::params::{FileCount, SynthError};
use crate::rows::FeedRows;
use flate2::{Compress, Compression, Crc, FlushCompress};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// The bytes that a chunk adds to a file.
#[derive(Debug)]
pub(crate) struct Piece {
    bytes: Vec<u8>,
    check: Option<Crc>,
    rows: u64,
    total: i64,
}

impl Piece {
    /// Encodes and compresses the rows as their file wants them.
    pub(crate) fn of(feed: FeedRows, level: Compression) -> Result<Self, SynthError> {
        let encoded = encode(feed.spec, feed.bytes);
        let piece = Self { bytes: encoded, check: None, rows: feed.rows, total: feed.total };
        piece.squeezed(feed.spec, level)
    }

    fn line(spec: &FeedSpec, text: String) -> Result<Self, SynthError> {
        let piece = Self { bytes: text.into_bytes(), check: None, rows: 0, total: 0 };
        piece.squeezed(spec, Compression::fast())
    }

    /// Deflate blocks that end on a byte: concatenated they are still one stream.
    fn squeezed(mut self, spec: &FeedSpec, level: Compression) -> Result<Self, SynthError> {
        if spec.gzip && !self.bytes.is_empty() {
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
    let plain =
        !spec.gb || bytes.is_ascii() || matches!(spec.layout, crate::feeds::Layout::Fixed(_));
    if plain {
        return bytes;
    }
    let text = String::from_utf8_lossy(&bytes);
    encoding_rs::GB18030.encode(&text).0.into_owned()
}

/// One call with room for the worst case (stored blocks), so that a flush is never cut in two.
fn deflate(input: &[u8], level: Compression) -> std::io::Result<Vec<u8>> {
    let mut compress = Compress::new(level, false);
    let mut out = Vec::with_capacity(input.len() + input.len() / 64 + 1024);
    compress.compress_vec(input, &mut out, FlushCompress::Sync).map_err(std::io::Error::other)?;
    if compress.total_in() != input.len() as u64 || out.len() == out.capacity() {
        return Err(std::io::Error::other("the compressor did not take the whole chunk"));
    }
    Ok(out)
}

/// One file under way.
#[derive(Debug)]
pub(crate) struct Outlet {
    spec: &'static FeedSpec,
    path: PathBuf,
    shown: String,
    file: BufWriter<File>,
    check: Crc,
    rows: u64,
    total: i64,
    bytes: u64,
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
        let shown = format!("{folder}/{}", spec.file.replace("{date}", stamp));
        let path = root.join(&shown);
        let file = File::create(&path)
            .map_err(|source| SynthError::Write { path: path.clone(), source })?;
        let mut outlet = Self {
            spec,
            path,
            shown,
            file: BufWriter::with_capacity(1 << 18, file),
            check: Crc::new(),
            rows: 0,
            total: 0,
            bytes: 0,
        };
        if spec.gzip {
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
        self.total += piece.total;
        self.write(&piece.bytes)
    }

    /// Writes what stands after the rows and closes the file.
    pub(crate) fn finish(mut self) -> Result<FileCount, SynthError> {
        let tail = Piece::line(self.spec, self.spec.tail(self.rows, self.total))?;
        self.add(&tail)?;
        if self.spec.gzip {
            self.write(&DEFLATE_END)?;
            self.write(&self.check.sum().to_le_bytes())?;
            self.write(&self.check.amount().to_le_bytes())?;
        }
        let path = &self.path;
        self.file.flush().map_err(|source| SynthError::Write { path: path.clone(), source })?;
        Ok(FileCount { path: self.shown, rows: self.rows, bytes: self.bytes })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SynthError> {
        self.bytes += bytes.len() as u64;
        let path = &self.path;
        self.file
            .write_all(bytes)
            .map_err(|source| SynthError::Write { path: path.clone(), source })
    }
}
