//! A bounded part of a file, unpacked: its beginning and its end, for commands that look without
//! reading all of it.

use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Most bytes taken from the beginning of a file, unpacked.
pub const SAMPLE_HEAD: usize = 4 << 20;

/// Most bytes taken from its end.
const TAIL: usize = 1 << 18;

/// What gzip begins with (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The beginning and the end of a file.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Its first bytes, unpacked; all of them when it is `whole`.
    pub head: Vec<u8>,
    /// Its last bytes, unpacked, from the beginning of a line on; none when it is `whole`.
    pub tail: Vec<u8>,
    /// Whether it is packed with gzip.
    pub gzip: bool,
    /// Whether `head` is all of it.
    pub whole: bool,
}

impl Sample {
    /// The beginning and end of a file. A packed file is unpacked to its end, in bounded memory.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let gzip = starts_packed(&mut file)?;
        if gzip {
            return Self::packed(MultiGzDecoder::new(file), SAMPLE_HEAD, TAIL);
        }
        let mut sample = Self { gzip, ..Self::default() };
        (&mut file).take(SAMPLE_HEAD as u64).read_to_end(&mut sample.head)?;
        let length = file.metadata()?.len();
        sample.whole = length <= sample.head.len() as u64;
        if !sample.whole {
            let from = length.saturating_sub(TAIL as u64).max(sample.head.len() as u64);
            file.seek(SeekFrom::Start(from))?;
            file.read_to_end(&mut sample.tail)?;
            sample.cut();
        }
        Ok(sample)
    }

    /// The first bytes of a file, unpacked; its end is not looked at.
    pub(crate) fn head_of(path: &Path, most: usize) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let gzip = starts_packed(&mut file)?;
        let mut head = Vec::new();
        // One byte more tells whether there is more.
        let most = most as u64 + 1;
        if gzip {
            MultiGzDecoder::new(file).take(most).read_to_end(&mut head)?;
        } else {
            file.take(most).read_to_end(&mut head)?;
        }
        let whole = (head.len() as u64) < most;
        let mut sample = Self { head, tail: Vec::new(), gzip, whole };
        if !whole {
            sample.cut();
        }
        Ok(sample)
    }

    fn packed(mut stream: impl Read, head: usize, tail: usize) -> io::Result<Self> {
        let mut sample = Self { gzip: true, whole: true, ..Self::default() };
        let mut chunk = vec![0; 1 << 16];
        loop {
            let length = match stream.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let room = head.saturating_sub(sample.head.len()).min(length);
            sample.head.extend_from_slice(&chunk[..room]);
            sample.tail.extend_from_slice(&chunk[room..length]);
            sample.whole &= room == length;
            let spare = sample.tail.len().saturating_sub(tail);
            if spare > tail {
                sample.tail.drain(..spare);
            }
        }
        if !sample.whole {
            sample.cut();
        }
        Ok(sample)
    }

    /// Leaves whole lines only.
    fn cut(&mut self) {
        let end = self.head.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        self.head.truncate(end);
        let begin = self.tail.iter().position(|b| *b == b'\n').map_or(self.tail.len(), |at| at + 1);
        self.tail.drain(..begin);
    }
}

fn starts_packed(file: &mut File) -> io::Result<bool> {
    let mut magic = Vec::new();
    file.take(2).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(magic == GZIP_MAGIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_holds_whole_lines_of_both_ends() {
        let lines = (0..40_000).map(|n| format!("row {n:06}\n")).collect::<Vec<_>>().concat();
        let sample = Sample::packed(lines.as_bytes(), 1005, 105).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        assert!(!sample.whole);
        assert!(text(&sample.head).starts_with("row 000000\n"));
        assert!(text(&sample.head).ends_with("row 000090\n"));
        assert!(text(&sample.tail).starts_with("row "));
        assert!(text(&sample.tail).ends_with("row 039999\n"));
        let small = Sample::packed(&b"a\nb\n"[..], 100, 10).unwrap();
        assert!(small.whole && small.tail.is_empty() && small.head == b"a\nb\n");
    }

    #[test]
    fn a_packed_file_is_told_by_its_first_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        let mut packer = flate2::write::GzEncoder::new(
            File::create(&path).unwrap(),
            flate2::Compression::fast(),
        );
        io::Write::write_all(&mut packer, b"a|b\n1|2\n").unwrap();
        packer.finish().unwrap();
        let sample = Sample::of(&path).unwrap();
        assert!(sample.gzip && sample.whole);
        assert_eq!(sample.head, b"a|b\n1|2\n");
        assert_eq!(Sample::head_of(&path, 5).unwrap().head, b"a|b\n");
    }
}
