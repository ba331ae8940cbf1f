//! Keys that do not fit in memory, on disk until the end of the file.

use crate::error::Cause;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bits of a key that say which part it belongs to: a part is sorted alone.
const PART_BITS: u32 = 6;

/// Bytes of a key.
const KEY: usize = 8;

/// Blocks of a part after which its keys are sorted and thinned out, so that a key that stands on
/// every row does not fill the memory.
const BLOCKS_SORTED: usize = 1 << 10;

/// Keys in a scratch file that has no name: it is gone with this, and with the process.
///
/// The parts are interleaved in blocks of one size; what does not fill a block stays in memory.
pub(crate) struct Spill {
    file: File,
    folder: PathBuf,
    /// Bytes of a block.
    block: usize,
    /// Blocks written.
    written: u64,
    parts: Vec<Part>,
}

/// The keys that begin with the same bits.
#[derive(Clone, Default)]
struct Part {
    /// Where its blocks are, counted in blocks.
    blocks: Vec<u64>,
    tail: Vec<u8>,
}

impl Spill {
    /// An empty file in `folder`; `keys` are written at a time.
    pub(crate) fn new(folder: &Path, keys: usize) -> Result<Self, Cause> {
        let file = tempfile::tempfile_in(folder)
            .map_err(|e| failed("make a scratch file in", folder, e))?;
        let (folder, parts) = (folder.to_owned(), vec![Part::default(); 1 << PART_BITS]);
        Ok(Self { file, folder, block: keys * KEY, written: 0, parts })
    }

    /// Adds a key.
    pub(crate) fn push(&mut self, key: u64) -> Result<(), Cause> {
        let part = &mut self.parts[usize::from(key.to_be_bytes()[0] >> (8 - PART_BITS))];
        part.tail.extend_from_slice(&key.to_le_bytes());
        if part.tail.len() < self.block {
            return Ok(());
        }
        self.file
            .write_all(&part.tail)
            .map_err(|e| failed("write a scratch file in", &self.folder, e))?;
        part.tail.clear();
        part.blocks.push(self.written);
        self.written += 1;
        Ok(())
    }

    /// Tells `found` every key that was added more than once, at least once and in no order to
    /// rely on; stops at its first error.
    pub(crate) fn repeated(
        mut self,
        mut found: impl FnMut(u64) -> Result<(), Cause>,
    ) -> Result<(), Cause> {
        let (mut keys, mut bytes) = (Vec::new(), vec![0; self.block]);
        for part in std::mem::take(&mut self.parts) {
            keys.clear();
            let least = self.block / KEY * BLOCKS_SORTED;
            let mut room = least;
            for block in part.blocks {
                self.read(block, &mut bytes)
                    .map_err(|e| failed("read a scratch file in", &self.folder, e))?;
                append(&bytes, &mut keys);
                if keys.len() >= room {
                    thin_out(&mut keys, &mut found)?;
                    room = least.max(2 * keys.len());
                }
            }
            append(&part.tail, &mut keys);
            thin_out(&mut keys, &mut found)?;
        }
        Ok(())
    }

    fn read(&mut self, block: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(block * bytes.len() as u64))?;
        self.file.read_exact(bytes)
    }
}

fn append(bytes: &[u8], keys: &mut Vec<u64>) {
    let (whole, _) = bytes.as_chunks::<KEY>();
    keys.extend(whole.iter().map(|key| u64::from_le_bytes(*key)));
}

/// Leaves one of each key, and tells which ones there were several of.
fn thin_out(
    keys: &mut Vec<u64>,
    found: &mut impl FnMut(u64) -> Result<(), Cause>,
) -> Result<(), Cause> {
    keys.sort_unstable();
    for pair in keys.windows(2) {
        if pair[0] == pair[1] {
            found(pair[0])?;
        }
    }
    keys.dedup();
    Ok(())
}

fn failed(action: &'static str, folder: &Path, source: io::Error) -> Cause {
    Cause::Io { action, path: folder.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The keys found to repeat, and how often one was told.
    fn repeated(keys: impl IntoIterator<Item = u64>, block: usize) -> (BTreeSet<u64>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = Spill::new(folder.path(), block).unwrap();
        keys.into_iter().for_each(|key| spill.push(key).unwrap());
        assert_eq!(folder.path().read_dir().unwrap().count(), 0, "the file has no name");
        let (mut found, mut told) = (BTreeSet::new(), 0);
        let tell = |key| {
            found.insert(key);
            told += 1;
            Ok(())
        };
        spill.repeated(tell).unwrap();
        (found, told)
    }

    #[test]
    fn keys_that_repeat_are_found_in_memory_and_on_disk() {
        let spread = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let keys = || (0..10_000).chain([3, 5_000, 9_999, 3]).map(spread);
        let expected: BTreeSet<u64> = [3, 5_000, 9_999].map(spread).into();
        for block in [1, 3, 64, 1 << 20] {
            assert_eq!(repeated(keys(), block).0, expected, "{block}");
        }
        assert_eq!(repeated((0..10_000).map(spread), 3).0, BTreeSet::new());
    }

    #[test]
    fn a_part_is_thinned_out_as_it_is_read() {
        let many = BLOCKS_SORTED as u64 * 3;
        let same = (0..many).map(|_| 7).chain((0..many).chain(many..2 * many));
        assert_eq!(repeated(same, 1).0, [7].into());
        let apart = (0..many).chain([5]);
        assert_eq!(repeated(apart, 1), ([5].into(), 1));
    }

    #[test]
    fn the_first_error_stops_the_search() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = Spill::new(folder.path(), 2).unwrap();
        for key in [1, 1, 2, 2] {
            spill.push(key).unwrap();
        }
        let mut told = 0;
        let stop = |_| {
            told += 1;
            Err(Cause::Empty)
        };
        assert!(matches!(spill.repeated(stop), Err(Cause::Empty)));
        assert_eq!(told, 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_fault_of_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none");
        let cause = Spill::new(&path, 2).err().unwrap();
        assert_eq!(cause.kind(), crate::error::ErrorKind::Io);
        let message = format!("cannot make a scratch file in `{}`: ", path.display());
        assert!(cause.to_string().starts_with(&message), "{cause}");
    }
}
