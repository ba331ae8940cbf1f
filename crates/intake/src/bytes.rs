//! The bytes of a file: counted and digested as they lie on disk, unpacked where they are packed.

use crate::arrive::Arrived;
use crate::error::Cause;
use crate::package::Member;
use crate::packing::Unpacked;
use model::{FeedContract, Packing};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Bytes on their way from the disk to the gate: those of the file, of what is packed in it, of a
/// member of it. A fault of a layer travels as an [`io::Error`] with its [`Cause`] inside.
pub(crate) trait Layer<'a>: Read {
    /// Bytes given so far.
    fn given(&self) -> u64;

    /// The file below all layers.
    fn file(self: Box<Self>) -> Box<Counted<'a>>;
}

/// Any layer.
pub(crate) type AnyLayer<'a> = Box<dyn Layer<'a> + Send + 'a>;

/// A file that counts and digests what is read from it.
pub(crate) struct Counted<'a> {
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl<'a> Counted<'a> {
    pub(crate) fn open(path: &Path, progress: &'a (dyn Fn(u64) + Sync)) -> Result<Self, Cause> {
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

    /// The file itself.
    pub(crate) fn inner(&self) -> &File {
        &self.file
    }

    /// The file itself.
    pub(crate) fn into_inner(self) -> File {
        self.file
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

impl<'a> Layer<'a> for Counted<'a> {
    fn given(&self) -> u64 {
        self.bytes
    }

    fn file(self: Box<Self>) -> Box<Counted<'a>> {
        self
    }
}

/// The unpacked bytes of a feed's file.
pub(crate) struct Source<'a> {
    path: PathBuf,
    stream: AnyLayer<'a>,
}

impl<'a> Source<'a> {
    /// Opens a file, or a package at the file in it.
    pub(crate) fn open(
        arrived: &Arrived,
        feed: &FeedContract,
        progress: &'a (dyn Fn(u64) + Sync),
    ) -> Result<Self, Cause> {
        let path = &arrived.path;
        let mut stream: AnyLayer<'a> = Box::new(Counted::open(path, progress)?);
        if let Some(package) = &feed.package {
            let archive = unpack(stream, Packing::of_package(package).unwrap_or_default(), path)?;
            stream = Box::new(Member::new(archive, arrived.member(package)));
        }
        Ok(Self { path: path.clone(), stream: unpack(stream, feed.packing, path)? })
    }

    /// Reads some bytes; 0 only at the proven end. Must not be called again after an error.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize, Cause> {
        loop {
            match self.stream.read(into) {
                Ok(length) => return Ok(length),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(cause(error, &self.path)),
            }
        }
    }

    /// Reads what is left and gives the count and digest of the bytes on disk.
    pub(crate) fn finish(self) -> Result<(u64, String), Cause> {
        let Self { path, stream } = self;
        let mut counted = stream.file();
        io::copy(&mut counted, &mut io::sink()).map_err(|source| Cause::Io {
            action: "read",
            path,
            source,
        })?;
        Ok(counted.digest())
    }
}

fn unpack<'a>(below: AnyLayer<'a>, packing: Packing, path: &Path) -> Result<AnyLayer<'a>, Cause> {
    if packing == Packing::None {
        return Ok(below);
    }
    let unpacked = Unpacked::new(below, packing);
    let unpacked =
        unpacked.map_err(|source| Cause::Io { action: "unpack", path: path.to_owned(), source })?;
    Ok(Box::new(unpacked))
}

/// What a layer's error says.
fn cause(error: io::Error, path: &Path) -> Cause {
    match error.downcast::<Cause>() {
        Ok(cause) => cause,
        Err(source) => Cause::Io { action: "read", path: path.to_owned(), source },
    }
}
