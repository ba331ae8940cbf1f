//! Where records end: fixed length, record descriptor words, blocks of them (z/OS DFSMS, Using Data
//! Sets, "variable-length record formats").

use super::fault::RecordFault;
use crate::bytes::Source;
use crate::error::Cause;
use model::{Framing, RECORD_CAP};

/// Bytes of a descriptor word, which its length counts in.
const WORD: usize = 4;

/// A bit of a block descriptor word: its length has 31 bits, not 15.
const LARGE_BLOCK: u8 = 0x80;

const RECORD_WORD: &str = "record descriptor word";
const BLOCK_WORD: &str = "block descriptor word";

/// Cuts a file into records.
pub(crate) struct Frames<'s, 'a> {
    bytes: Bytes<'s, 'a>,
    framing: Framing,
    /// Bytes of a fixed record.
    length: usize,
    /// The descriptor word at hand.
    word: Vec<u8>,
    /// Bytes of the block that are left; without blocks, none are ever used.
    block: usize,
    /// Number of the record at hand, from 1.
    number: u64,
    /// Where it begins in the file, its descriptor word included, from 0.
    at: u64,
}

/// Where a segment stands in its record (the third byte of its descriptor word).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment {
    Whole,
    First,
    Last,
    Middle,
}

impl<'s, 'a> Frames<'s, 'a> {
    pub(crate) fn new(
        source: &'s mut Source<'a>,
        framing: Framing,
        length: usize,
        chunk: usize,
    ) -> Self {
        let bytes = Bytes { source, chunk: vec![0; chunk], from: 0, to: 0, taken: 0 };
        Self { bytes, framing, length, word: Vec::new(), block: 0, number: 0, at: 0 }
    }

    /// Number of the record at hand, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// A fault of the record at hand.
    pub(crate) fn fault(&self, fault: RecordFault) -> Cause {
        Cause::Record { record: self.number, byte: self.at, fault }
    }

    /// The next record without its descriptor word; false at the end of the file.
    pub(crate) fn next(&mut self, record: &mut Vec<u8>) -> Result<bool, Cause> {
        record.clear();
        self.at = self.bytes.taken;
        self.number += 1;
        match self.framing {
            Framing::Fixed => match self.bytes.take(self.length, record)? {
                0 => Ok(false),
                found if found == self.length => Ok(true),
                found => Err(self.cut_short(found, self.length)),
            },
            Framing::Rdw | Framing::BdwRdw => self.segments(record),
        }
    }

    /// Joins the segments of a record; most have but one.
    fn segments(&mut self, record: &mut Vec<u8>) -> Result<bool, Cause> {
        let (mut open, mut first) = (false, true);
        loop {
            let Some((length, segment)) = self.segment(first)? else {
                if open {
                    return Err(self.broken("the file ends within a record of segments"));
                }
                return Ok(false);
            };
            first = false;
            match (open, segment) {
                (false, Segment::Whole | Segment::First)
                | (true, Segment::Middle | Segment::Last) => {}
                (false, _) => return Err(self.broken("a segment without the first one")),
                (true, _) => return Err(self.broken("a new record before the last segment")),
            }
            if record.len() + length > RECORD_CAP {
                return Err(self.fault(RecordFault::TooLong));
            }
            let found = self.bytes.take(length, record)?;
            if found < length {
                return Err(self.cut_short(found + WORD, length + WORD));
            }
            open = matches!(segment, Segment::First | Segment::Middle);
            if !open {
                return Ok(true);
            }
        }
    }

    /// The descriptor word of the next segment: its bytes of data and its place in the record.
    fn segment(&mut self, first: bool) -> Result<Option<(usize, Segment)>, Cause> {
        let blocked = self.framing == Framing::BdwRdw;
        if blocked && self.block == 0 {
            let Some(length) = self.block_word()? else { return Ok(None) };
            self.block = length;
            if first {
                self.at = self.bytes.taken;
            }
        }
        let Some(bytes) = self.word()? else {
            return if blocked { Err(self.cut_short(0, self.block)) } else { Ok(None) };
        };
        let [high, low, segment, zero] = bytes;
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = match segment {
            0 => Some(Segment::Whole),
            1 => Some(Segment::First),
            2 => Some(Segment::Last),
            3 => Some(Segment::Middle),
            _ => None,
        };
        let (Some(segment), 0, WORD..) = (segment, zero, length) else {
            let then = "two zero bytes, or the code of a segment and one";
            return Err(self.fault(RecordFault::Word {
                word: RECORD_WORD,
                bytes,
                least: WORD,
                then,
            }));
        };
        if blocked {
            let left = self.block.checked_sub(length);
            self.block = left.ok_or_else(|| self.fault(RecordFault::OverBlock))?;
        }
        Ok(Some((length - WORD, segment)))
    }

    /// Bytes of the next block, its word not counted.
    fn block_word(&mut self) -> Result<Option<usize>, Cause> {
        let Some(bytes) = self.word()? else { return Ok(None) };
        let [high, low, third, fourth] = bytes;
        let large = high & LARGE_BLOCK != 0;
        let length = if large {
            u32::from_be_bytes([high & !LARGE_BLOCK, low, third, fourth])
        } else {
            u16::from_be_bytes([high, low]).into()
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length < 2 * WORD || (!large && [third, fourth] != [0, 0]) {
            let (least, then) = (2 * WORD, "two zero bytes");
            return Err(self.fault(RecordFault::Word { word: BLOCK_WORD, bytes, least, then }));
        }
        Ok(Some(length - WORD))
    }

    /// Four bytes, none at the end of the file.
    fn word(&mut self) -> Result<Option<[u8; WORD]>, Cause> {
        self.word.clear();
        match self.bytes.take(WORD, &mut self.word)? {
            0 => Ok(None),
            found => match self.word.as_slice().try_into() {
                Ok(word) => Ok(Some(word)),
                Err(_) => Err(self.cut_short(found, WORD)),
            },
        }
    }

    fn cut_short(&self, found: usize, expected: usize) -> Cause {
        self.fault(RecordFault::CutShort { found, expected })
    }

    fn broken(&self, found: &'static str) -> Cause {
        self.fault(RecordFault::Segments { found })
    }
}

/// The bytes of a file in pieces of any length.
struct Bytes<'s, 'a> {
    source: &'s mut Source<'a>,
    chunk: Vec<u8>,
    /// What is left of the chunk.
    from: usize,
    to: usize,
    /// Bytes given away.
    taken: u64,
}

impl Bytes<'_, '_> {
    /// Appends the next `wanted` bytes to `into`; fewer at the end of the file only.
    fn take(&mut self, wanted: usize, into: &mut Vec<u8>) -> Result<usize, Cause> {
        let mut left = wanted;
        while left > 0 {
            if self.from == self.to {
                self.from = 0;
                self.to = 0;
                self.to = self.source.read(&mut self.chunk)?;
                if self.to == 0 {
                    break;
                }
            }
            let end = self.to.min(self.from + left);
            into.extend_from_slice(&self.chunk[self.from..end]);
            left -= end - self.from;
            self.from = end;
        }
        let found = wanted - left;
        self.taken += found as u64;
        Ok(found)
    }
}
