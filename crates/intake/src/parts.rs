//! Cuts a file of lines into parts that threads can judge, each of whole lines.
//!
//! In the character sets that are read so, a line feed is never a part of another character.
//! A row in quotes may hold line ends: a part should end where the quotes are even. Whether it does
//! end with a row only the gate can tell; where it does not, the rest is judged with the next part.

use crate::bytes::Source;
use crate::error::Cause;
use crate::lines::LINE_CAP;
use memchr::{memchr_iter, memrchr};
use model::{FeedContract, FileShape};

/// Bytes of a line that is surely too long: no character of four bytes is decoded to less than two.
const ENDLESS: usize = 2 * LINE_CAP + 16;

/// Bytes of the longest byte order mark: the first part has room for one.
const MARK: usize = 3;

/// A part of a file.
pub(crate) struct Chunk {
    pub(crate) raw: Vec<u8>,
    /// Bytes of the file before it.
    pub(crate) at: u64,
    /// Number of its first line, from 1.
    pub(crate) number: u64,
    pub(crate) end: End,
}

/// How a part ends.
pub(crate) enum End {
    /// With a line, and another part follows.
    Line,
    /// With the file.
    File,
    /// The file cannot be read further.
    Broken(Cause),
}

impl End {
    /// That nothing more is to be had, or why.
    pub(crate) fn take(&mut self) -> Result<bool, Cause> {
        match std::mem::replace(self, Self::Line) {
            Self::Broken(cause) => Err(cause),
            whole => {
                *self = whole;
                Ok(false)
            }
        }
    }
}

/// A file on its way into parts.
pub(crate) struct Parts<'s, 'a> {
    source: &'s mut Source<'a>,
    /// Bytes to read at a time.
    size: usize,
    /// Lines that the first part holds at least.
    head: usize,
    quote: Option<u8>,
    at: u64,
    number: u64,
    /// What stands behind the last cut.
    rest: Vec<u8>,
    done: bool,
}

impl<'s, 'a> Parts<'s, 'a> {
    /// A file that is read so many bytes at a time.
    pub(crate) fn of(feed: &FeedContract, source: &'s mut Source<'a>, size: usize) -> Self {
        let (names, quoted) = match &feed.shape {
            FileShape::Delimited { names, quoted, .. } => (*names, *quoted),
            _ => (false, false),
        };
        let head = usize::from(feed.header.is_some()) + usize::from(names);
        let quote = quoted.then_some(b'"');
        Self { source, size, head, quote, at: 0, number: 1, rest: Vec::new(), done: false }
    }

    /// Reads until there is a part; what is left stays for the next one.
    fn read(&mut self) -> (Vec<u8>, End) {
        let mut raw = std::mem::take(&mut self.rest);
        // Behind the last line end that has been looked at.
        let mut line = 0;
        loop {
            let from = raw.len();
            raw.resize(from + self.size, 0);
            let read = self.source.read(&mut raw[from..]);
            raw.truncate(from + read.as_ref().copied().unwrap_or(0));
            match read {
                Ok(0) => return (raw, End::File),
                Ok(_) => {}
                Err(cause) => return (raw, End::Broken(cause)),
            }
            line = memrchr(b'\n', &raw[from..]).map_or(line, |at| from + at + 1);
            if let Some(cut) = self.cut(&raw[..line]) {
                self.rest = Vec::with_capacity(raw.len() - cut + self.size);
                self.rest.extend_from_slice(&raw[cut..]);
                raw.truncate(cut);
                return (raw, End::Line);
            }
            if raw.len() - line > ENDLESS {
                let number = self.number + line_ends(&raw);
                return (raw, End::Broken(Cause::LineTooLong { line: number }));
            }
        }
    }

    /// Where to cut whole lines, if they are enough.
    fn cut(&self, lines: &[u8]) -> Option<usize> {
        let head = match self.head {
            0 => 0,
            head => memchr_iter(b'\n', lines).nth(head - 1)? + 1,
        };
        let head = if self.at == 0 { head.max(MARK) } else { head };
        let last = Some(lines.len()).filter(|last| *last >= head.max(1))?;
        let Some(quote) = self.quote else { return Some(last) };
        let (mut cut, mut quotes) = (last, memchr_iter(quote, lines).count());
        while quotes % 2 == 1 {
            let Some(before) = memrchr(b'\n', &lines[..cut - 1]).map(|at| at + 1) else {
                return Some(last);
            };
            if before < head {
                return Some(last);
            }
            quotes -= memchr_iter(quote, &lines[before..cut]).count();
            cut = before;
        }
        Some(cut)
    }
}

impl Iterator for Parts<'_, '_> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        if self.done {
            return None;
        }
        let (raw, end) = self.read();
        self.head = 0;
        self.done = !matches!(end, End::Line);
        let (at, number) = (self.at, self.number);
        self.at += raw.len() as u64;
        self.number += line_ends(&raw);
        Some(Chunk { raw, at, number, end })
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}
