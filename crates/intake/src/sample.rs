//! A bounded part of a file, unpacked: its beginning and its end, for commands that look without
//! reading all of it.

use flate2::read::MultiGzDecoder;
use model::Packing;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Most bytes taken from the beginning of a file, unpacked.
pub const SAMPLE_HEAD: usize = 4 << 20;

/// Most bytes taken from its end.
const TAIL: usize = 1 << 18;

/// What packed files begin with (RFC 1952, 2.3.1; RFC 8878, 3.1.1).
const MAGICS: [(Packing, &[u8]); 2] =
    [(Packing::Gzip, &[0x1f, 0x8b]), (Packing::Zstd, &[0x28, 0xb5, 0x2f, 0xfd])];

/// The beginning and the end of a file.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Its first bytes, unpacked; all of them when it is `whole`.
    pub head: Vec<u8>,
    /// Its last bytes, unpacked, from the beginning of a line on; none when it is `whole`.
    pub tail: Vec<u8>,
    /// How it is packed, by its first bytes.
    pub packing: Packing,
    /// Whether `head` is all of it.
    pub whole: bool,
}

impl Sample {
    /// The beginning and end of a file. A packed file is unpacked to its end, in bounded memory.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let packing = packing(&mut file)?;
        if packing == Packing::Gzip {
            return Self::packed(packing, MultiGzDecoder::new(file), SAMPLE_HEAD, TAIL);
        }
        if packing == Packing::Zstd {
            return Self::packed(packing, zstd::Decoder::new(file)?, SAMPLE_HEAD, TAIL);
        }
        let mut sample = Self::default();
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

    fn packed(
        packing: Packing,
        mut stream: impl Read,
        head: usize,
        tail: usize,
    ) -> io::Result<Self> {
        let mut sample = Self { packing, whole: true, ..Self::default() };
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

fn packing(file: &mut File) -> io::Result<Packing> {
    let mut begin = Vec::new();
    file.take(4).read_to_end(&mut begin)?;
    file.seek(SeekFrom::Start(0))?;
    let found = MAGICS.iter().find(|(_, magic)| begin.starts_with(magic));
    Ok(found.map_or(Packing::None, |(packing, _)| *packing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_holds_whole_lines_of_both_ends() {
        let lines = (0..40_000).map(|n| format!("row {n:06}\n")).collect::<Vec<_>>().concat();
        let sample = Sample::packed(Packing::Gzip, lines.as_bytes(), 1005, 105).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        assert!(!sample.whole);
        assert!(text(&sample.head).starts_with("row 000000\n"));
        assert!(text(&sample.head).ends_with("row 000090\n"));
        assert!(text(&sample.tail).starts_with("row "));
        assert!(text(&sample.tail).ends_with("row 039999\n"));
        let small = Sample::packed(Packing::Gzip, &b"a\nb\n"[..], 100, 10).unwrap();
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
        assert!(sample.packing == Packing::Gzip && sample.whole);
        assert_eq!(sample.head, b"a|b\n1|2\n");
        std::fs::write(&path, zstd::encode_all(&b"a|b\n"[..], 1).unwrap()).unwrap();
        let sample = Sample::of(&path).unwrap();
        assert!(sample.packing == Packing::Zstd && sample.whole);
        assert_eq!(sample.head, b"a|b\n");
    }
}
