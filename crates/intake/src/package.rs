//! A member of a package, a tar archive, streamed: nothing is ever unpacked to a stored name.
//!
//! Reads POSIX ustar and pax and the long names of GNU tar. Strict where a tool that unpacks is
//! generous: the whole archive is walked to its end mark, and links, devices, files with holes,
//! climbing names and repeated names refuse it, wherever they stand.

mod header;

use crate::bytes::{AnyLayer, Counted, Layer};
use crate::error::Cause;
use crate::faults::PackageFault;
use header::{BLOCK, Header, Kind, Pax};
use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Read};

/// Most entries of a package.
pub(crate) const MOST_ENTRIES: u64 = 100_000;

/// Longest header beyond the block: long names, pax records.
const MOST_EXTENSION: u64 = 1 << 16;

/// One member of the archive in the layer below. 0 bytes are read at the proven end of the
/// archive only.
pub(crate) struct Member<'a> {
    below: AnyLayer<'a>,
    wanted: Vec<u8>,
    names: BTreeSet<Vec<u8>>,
    entries: u64,
    at: At,
    given: u64,
}

#[derive(Clone, Copy)]
enum At {
    Before,
    /// In the member: what is left of it, and of the padding behind it.
    Inside {
        left: u64,
        padding: u64,
    },
    Behind,
}

/// A file of the archive.
struct Entry {
    name: Vec<u8>,
    size: u64,
}

impl<'a> Member<'a> {
    pub(crate) fn new(below: AnyLayer<'a>, name: &str) -> Self {
        let wanted = name.as_bytes().to_vec();
        let names = BTreeSet::new();
        Self { below, wanted, names, entries: 0, at: At::Before, given: 0 }
    }

    /// Goes to the member.
    fn seek(&mut self) -> io::Result<()> {
        while let Some(entry) = self.next_file()? {
            let padding = padding(entry.size);
            if entry.name == self.wanted {
                self.at = At::Inside { left: entry.size, padding };
                return Ok(());
            }
            self.skip(entry.size)?;
            self.skip(padding)?;
        }
        Err(fault(PackageFault::NoMember))
    }

    /// Goes from the end of the member to that of the archive.
    fn prove_rest(&mut self, padding: u64) -> io::Result<()> {
        self.skip(padding)?;
        while let Some(entry) = self.next_file()? {
            self.skip(entry.size)?;
            self.skip(self::padding(entry.size))?;
        }
        self.at = At::Behind;
        Ok(())
    }

    /// The next file, none at the proven end.
    fn next_file(&mut self) -> io::Result<Option<Entry>> {
        let mut pax = Pax::default();
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            match header.kind {
                Kind::Pax => {
                    let records = self.extension(header.size)?;
                    pax.read(&records).map_err(|damage| fault(damage.at(self.entries)))?;
                }
                Kind::PaxOfAll => {
                    let records = self.extension(header.size)?;
                    let mut all = Pax::default();
                    all.read(&records).map_err(|damage| fault(damage.at(self.entries)))?;
                    if !all.is_empty() {
                        return Err(fault(PackageFault::Damaged(self.entries)));
                    }
                }
                Kind::LongName => {
                    let mut name = self.extension(header.size)?;
                    name.truncate(name.iter().position(|b| *b == 0).unwrap_or(name.len()));
                    pax.path = Some(name);
                }
                Kind::Folder => {
                    self.clean(pax.path.as_ref().unwrap_or(&header.name))?;
                    self.skip(header.size + padding(header.size))?;
                    pax = Pax::default();
                }
                Kind::File => {
                    let name = self.clean(pax.path.as_ref().unwrap_or(&header.name))?;
                    if !self.names.insert(name.clone()) {
                        return Err(fault(PackageFault::Twice(self.entries)));
                    }
                    return Ok(Some(Entry { name, size: pax.size.unwrap_or(header.size) }));
                }
                Kind::Special => return Err(fault(PackageFault::Special(self.entries))),
            }
        }
    }

    /// The next header, none at the proven end.
    fn header(&mut self) -> io::Result<Option<Header>> {
        let block = self.block()?;
        if block == [0; BLOCK] {
            return self.prove_end().map(|()| None);
        }
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(fault(PackageFault::TooMany));
        }
        let header = Header::of(&block).map_err(|damage| fault(damage.at(self.entries)))?;
        Ok(Some(header))
    }

    /// One empty block has been read: a second one, then nothing but empty bytes.
    fn prove_end(&mut self) -> io::Result<()> {
        if self.block()? != [0; BLOCK] {
            return Err(fault(PackageFault::Cut));
        }
        let mut rest = [0; BLOCK];
        loop {
            match read_some(&mut self.below, &mut rest)? {
                0 => return Ok(()),
                length if rest[..length].iter().all(|b| *b == 0) => {}
                _ => return Err(fault(PackageFault::Trailing)),
            }
        }
    }

    fn block(&mut self) -> io::Result<[u8; BLOCK]> {
        let mut block = [0; BLOCK];
        self.fill(&mut block)?;
        Ok(block)
    }

    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(size).ok().filter(|_| size <= MOST_EXTENSION);
        let length = length.ok_or_else(|| fault(PackageFault::Damaged(self.entries)))?;
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        self.skip(padding(size))?;
        Ok(bytes)
    }

    fn fill(&mut self, into: &mut [u8]) -> io::Result<()> {
        let mut at = 0;
        while at < into.len() {
            match read_some(&mut self.below, &mut into[at..])? {
                0 => return Err(fault(PackageFault::Cut)),
                length => at += length,
            }
        }
        Ok(())
    }

    fn skip(&mut self, mut bytes: u64) -> io::Result<()> {
        let mut waste = [0; 1 << 13];
        while bytes > 0 {
            let most = usize::try_from(bytes).unwrap_or(waste.len()).min(waste.len());
            match read_some(&mut self.below, &mut waste[..most])? {
                0 => return Err(fault(PackageFault::Cut)),
                length => bytes -= length as u64,
            }
        }
        Ok(())
    }

    /// A name without `./`; one that is absolute or climbs is refused.
    fn clean(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        let absolute =
            name.starts_with(b"/") || name.starts_with(b"\\") || name.get(1) == Some(&b':');
        let climbs = name.split(|b| matches!(b, b'/' | b'\\')).any(|part| part == b"..");
        if absolute || climbs || name.is_empty() || name.contains(&0) {
            return Err(fault(PackageFault::Climbs(self.entries)));
        }
        let parts = name.split(|b| *b == b'/').filter(|part| !matches!(part, [] | [b'.']));
        Ok(parts.collect::<Vec<_>>().join(&b'/'))
    }
}

impl Read for Member<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.at {
                At::Before => self.seek()?,
                At::Inside { left: 0, padding } => self.prove_rest(padding)?,
                At::Inside { left, padding } => {
                    let most = usize::try_from(left).unwrap_or(into.len()).min(into.len());
                    let length = read_some(&mut self.below, &mut into[..most])?;
                    if length == 0 && most > 0 {
                        return Err(fault(PackageFault::Cut));
                    }
                    self.at = At::Inside { left: left - length as u64, padding };
                    self.given += length as u64;
                    return Ok(length);
                }
                At::Behind => return Ok(0),
            }
        }
    }
}

impl<'a> Layer<'a> for Member<'a> {
    fn given(&self) -> u64 {
        self.given
    }

    fn file(self: Box<Self>) -> Box<Counted<'a>> {
        self.below.file()
    }
}

fn read_some(below: &mut AnyLayer<'_>, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match below.read(into) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

fn fault(fault: PackageFault) -> io::Error {
    io::Error::other(Cause::Package(fault))
}
