//! Files that are not read from front to back: proven by their digest before a byte is believed,
//! and unpacked to a nameless scratch file where they are packed.

use crate::arrive::Arrived;
use crate::bytes::{Counted, Source};
use crate::error::Cause;
use model::{FeedContract, Packing};
use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;
use std::time::SystemTime;

/// Bytes copied at a time.
const CHUNK: usize = 1 << 20;

/// A file with the digest it arrived with.
pub(crate) struct Whole<'a> {
    file: File,
    arrived: &'a Arrived,
    /// What it was when it was digested; none for a copy, which nobody else can change.
    stamp: Option<(u64, Option<SystemTime>)>,
}

impl<'a> Whole<'a> {
    /// Opens a feed's file, of at most `most` bytes unpacked.
    pub(crate) fn open(
        feed: &FeedContract,
        arrived: &'a Arrived,
        scratch: &Path,
        progress: &(dyn Fn(u64) + Sync),
        most: u64,
    ) -> Result<Self, Cause> {
        let plain = feed.package.is_none() && feed.packing == Packing::None;
        if plain {
            return Self::in_place(arrived, progress);
        }
        let mut source = Source::open(arrived, feed, progress)?;
        let copied = copy(&mut source, scratch, most);
        match &copied {
            Err(cause) if cause.kind() != crate::ErrorKind::BadFile => {}
            // A file that changed explains whatever else was found in it.
            _ => same(source.finish()?, arrived)?,
        }
        Ok(Self { file: rewound(copied?, arrived)?, arrived, stamp: None })
    }

    fn in_place(arrived: &'a Arrived, progress: &(dyn Fn(u64) + Sync)) -> Result<Self, Cause> {
        let mut counted = Counted::open(&arrived.path, progress)?;
        let stamp = Some(stamp(counted.inner(), arrived)?);
        let io = |source| Cause::Io { action: "read", path: arrived.path.clone(), source };
        io::copy(&mut counted, &mut io::sink()).map_err(io)?;
        same(counted.digest(), arrived)?;
        Ok(Self { file: rewound(counted.into_inner(), arrived)?, arrived, stamp })
    }

    /// The file, at its start.
    pub(crate) fn file(&self) -> Result<File, Cause> {
        self.file.try_clone().map_err(|source| self.io("open", source))
    }

    /// Bytes of it, unpacked.
    pub(crate) fn bytes(&self) -> Result<u64, Cause> {
        Ok(self.file.metadata().map_err(|source| self.io("read", source))?.len())
    }

    /// The file is what it was when it was digested.
    pub(crate) fn prove_unchanged(&self) -> Result<(), Cause> {
        match &self.stamp {
            Some(before) if *before != stamp(&self.file, self.arrived)? => Err(Cause::Changed),
            _ => Ok(()),
        }
    }

    fn io(&self, action: &'static str, source: io::Error) -> Cause {
        Cause::Io { action, path: self.arrived.path.clone(), source }
    }
}

fn copy(source: &mut Source<'_>, scratch: &Path, most: u64) -> Result<File, Cause> {
    let io = |source| Cause::Io { action: "write to", path: scratch.to_owned(), source };
    let mut copy = tempfile::tempfile_in(scratch).map_err(io)?;
    let (mut chunk, mut bytes) = (vec![0; CHUNK], 0);
    loop {
        let length = source.read(&mut chunk)?;
        if length == 0 {
            return Ok(copy);
        }
        bytes += length as u64;
        if bytes > most {
            let what = "the workbook";
            return Err(Cause::Sheet(crate::faults::SheetFault::TooLarge { what, most }));
        }
        copy.write_all(&chunk[..length]).map_err(io)?;
    }
}

fn rewound(mut file: File, arrived: &Arrived) -> Result<File, Cause> {
    let path = || arrived.path.clone();
    file.rewind().map_err(|source| Cause::Io { action: "read", path: path(), source })?;
    Ok(file)
}

fn same((bytes, digest): (u64, String), arrived: &Arrived) -> Result<(), Cause> {
    let same = bytes == arrived.bytes && digest == arrived.blake3;
    if same { Ok(()) } else { Err(Cause::Changed) }
}

/// Size and time of the last change, where the file system keeps one.
fn stamp(file: &File, arrived: &Arrived) -> Result<(u64, Option<SystemTime>), Cause> {
    let path = || arrived.path.clone();
    let found =
        file.metadata().map_err(|source| Cause::Io { action: "read", path: path(), source })?;
    Ok((found.len(), found.modified().ok()))
}
