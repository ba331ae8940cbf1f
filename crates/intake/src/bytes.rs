//! The bytes of a file: counted and digested as they lie on disk, unpacked where they are packed.

use crate::error::{Cause, GzipFault};
use flate2::bufread::GzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Packed bytes read at a time.
const PACKED: usize = 1 << 18;

/// What a gzip member starts with (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A file that counts and digests what is read from it.
pub(crate) struct Counted<'a> {
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
    progress: &'a dyn Fn(u64),
}

impl<'a> Counted<'a> {
    pub(crate) fn open(path: &Path, progress: &'a dyn Fn(u64)) -> Result<Self, Cause> {
        let file = File::open(path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => {
                Cause::Missing { what: "data file", path: path.to_owned(), more: 0 }
            }
            _ => Cause::Io { action: "open", path: path.to_owned(), source },
        })?;
        Ok(Self { file, hasher: blake3::Hasher::new(), bytes: 0, progress })
    }

    /// Bytes read so far and their digest.
    pub(crate) fn digest(&self) -> (u64, String) {
        (self.bytes, self.hasher.finalize().to_hex().to_string())
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(into)?;
        self.hasher.update(&into[..length]);
        self.bytes += length as u64;
        (self.progress)(length as u64);
        Ok(length)
    }
}

/// The unpacked bytes of a feed's file.
pub(crate) struct Source<'a> {
    path: PathBuf,
    stream: Stream<'a>,
}

enum Stream<'a> {
    Plain(Box<Counted<'a>>),
    Gzip(Box<GzDecoder<BufReader<Counted<'a>>>>),
}

impl<'a> Source<'a> {
    pub(crate) fn open(path: &Path, gzip: bool, progress: &'a dyn Fn(u64)) -> Result<Self, Cause> {
        let counted = Counted::open(path, progress)?;
        let stream = if gzip {
            let packed = BufReader::with_capacity(PACKED, counted);
            Stream::Gzip(Box::new(GzDecoder::new(packed)))
        } else {
            Stream::Plain(Box::new(counted))
        };
        Ok(Self { path: path.to_owned(), stream })
    }

    /// Reads some bytes; 0 only at the proven end. Must not be called again after an error.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize, Cause> {
        loop {
            let result = match &mut self.stream {
                Stream::Plain(counted) => counted.read(into),
                Stream::Gzip(decoder) => decoder.read(into),
            };
            match result {
                Ok(0) => return self.nothing_follows().map(|()| 0),
                Ok(length) => return Ok(length),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.judge(error)),
            }
        }
    }

    /// Reads what is left and gives the count and digest of the bytes on disk.
    pub(crate) fn finish(self) -> Result<(u64, String), Cause> {
        let Self { path, stream } = self;
        let mut counted = match stream {
            Stream::Plain(counted) => *counted,
            Stream::Gzip(decoder) => decoder.into_inner().into_inner(),
        };
        io::copy(&mut counted, &mut io::sink()).map_err(|source| Cause::Io {
            action: "read",
            path,
            source,
        })?;
        Ok(counted.digest())
    }

    fn nothing_follows(&mut self) -> Result<(), Cause> {
        let Stream::Gzip(decoder) = &mut self.stream else { return Ok(()) };
        match decoder.get_mut().fill_buf() {
            Ok([]) => Ok(()),
            Ok(rest) if GZIP_MAGIC.starts_with(&rest[..rest.len().min(2)]) => {
                Err(Cause::Gzip(GzipFault::SecondMember))
            }
            Ok(_) => Err(Cause::Gzip(GzipFault::TrailingBytes)),
            Err(error) => Err(self.judge(error)),
        }
    }

    fn judge(&self, source: io::Error) -> Cause {
        let packed = matches!(self.stream, Stream::Gzip(_));
        match source.kind() {
            ErrorKind::UnexpectedEof if packed => Cause::Gzip(GzipFault::Cut),
            ErrorKind::InvalidData | ErrorKind::InvalidInput if packed => {
                Cause::Gzip(GzipFault::Damaged)
            }
            _ => Cause::Io { action: "read", path: self.path.clone(), source },
        }
    }
}
