//! A window that slides over a file, and the line at its front.

use crate::bytes::Source;
use crate::decode::{self, Store};
use crate::error::Cause;
use crate::fields::surely_clean;
use crate::parts::{Chunk, End};
use crate::raw::RawRow;
use memchr::{memchr, memchr_iter};
use model::CharSet;
use std::borrow::Cow;

/// The longest line and the longest quoted row, in bytes of its decoded text: what is longer is no
/// row of an extract, and would only fill the memory.
pub(crate) const LINE_CAP: usize = 1 << 20;

/// The mark that some writers put in front of a file.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The part of a file that has been read and not yet been consumed.
pub(crate) struct Window<'s, 'a, S> {
    store: S,
    supply: Supply<'s, 'a>,
    charset: CharSet,
    at: usize,
    /// Bytes of the store consumed.
    consumed: u64,
    /// Number of the line at the front, from 1.
    number: u64,
    last: bool,
    undecodable: Option<u64>,
    /// Whether no byte of it can be of a character that text may not hold.
    clean: bool,
}

/// Where a window gets more of the file.
enum Supply<'s, 'a> {
    /// From the file, so many bytes at a time.
    Source(&'s mut Source<'a>, Vec<u8>),
    /// It has a part of the file, which ends so.
    Part(End),
}

/// Where the front of a window is.
#[derive(Clone, Copy)]
pub(crate) struct Front {
    at: usize,
    consumed: u64,
    /// Number of the line, from 1.
    pub(crate) number: u64,
}

/// A window over a part of a file.
pub(crate) type PartWindow<S> = Window<'static, 'static, S>;

/// The first line of some bytes.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    /// Where its text ends, before `\n` or `\r\n`.
    pub(crate) end: usize,
    /// Where the next line begins.
    pub(crate) next: usize,
    /// Whether it has a line end.
    pub(crate) ended: bool,
}

impl<'s, 'a, S: Store> Window<'s, 'a, S> {
    pub(crate) fn new(
        store: S,
        source: &'s mut Source<'a>,
        charset: CharSet,
        chunk: usize,
    ) -> Self {
        let supply = Supply::Source(source, vec![0; chunk]);
        let (consumed, number) = (0, 1);
        let (at, last, undecodable, clean) = (0, false, None, false);
        Self { store, supply, charset, at, consumed, number, last, undecodable, clean }
    }

    /// A window over a part of a file.
    pub(crate) fn of_part(chunk: Chunk, charset: CharSet) -> Self {
        let Chunk { raw, at: consumed, number, end } = chunk;
        let last = matches!(end, End::File);
        let (store, undecodable) = S::of_part(charset, raw, consumed, last);
        let last = last && undecodable.is_none();
        let supply = Supply::Part(end);
        let clean = surely_clean(S::bytes(store.rest(0)));
        Self { store, supply, charset, at: 0, consumed, number, last, undecodable, clean }
    }

    /// Where the front is.
    pub(crate) fn front(&self) -> Front {
        Front { at: self.at, consumed: self.consumed, number: self.number }
    }

    /// Goes back to where the front of a part was.
    pub(crate) fn go_back(&mut self, front: Front) {
        (self.at, self.consumed, self.number) = (front.at, front.consumed, front.number);
    }

    /// Adds the part of the file that follows.
    pub(crate) fn join(&mut self, next: Self) {
        self.store.forget(std::mem::take(&mut self.at));
        self.store.join(next.store);
        (self.supply, self.last) = (next.supply, next.last);
        self.clean &= next.clean;
        self.undecodable = next.undecodable;
    }

    /// Goes behind a byte order mark.
    pub(crate) fn skip_mark(&mut self) -> Result<(), Cause> {
        let Some(length) = self.store.encode(BYTE_ORDER_MARK).map(|mark| mark.len()) else {
            return Ok(());
        };
        // What is no character is no mark; it is told when the lines before it have been judged.
        let is_open = |window: &Self| !window.last && window.undecodable.is_none();
        while is_open(self) && S::bytes(self.rest()).len() < length && self.fill()? {}
        if self.begins_with(BYTE_ORDER_MARK) {
            self.at += length;
            self.consumed += length as u64;
        }
        Ok(())
    }

    /// The line at the front, none at the end of the file or of its part.
    pub(crate) fn line(&mut self) -> Result<Option<Line>, Cause> {
        loop {
            let found = first_line(S::bytes(self.rest()), self.last);
            match found.map_err(|TooLong| Cause::LineTooLong { line: self.number })? {
                Some(line) => return Ok(Some(line)),
                None if self.last || !self.fill()? => return Ok(None),
                None => {}
            }
        }
    }

    /// What has been read and not been consumed.
    pub(crate) fn rest(&self) -> &S::Slice {
        self.store.rest(self.at)
    }

    /// Whether the line at the front begins with a text.
    pub(crate) fn begins_with(&self, prefix: &str) -> bool {
        let prefix = self.store.encode(prefix);
        prefix.is_some_and(|prefix| S::bytes(self.rest()).starts_with(&prefix))
    }

    /// The bytes of the line at the front, as the store holds them.
    pub(crate) fn line_bytes(&self, line: Line) -> &[u8] {
        &S::bytes(self.rest())[..line.end]
    }

    /// Whether the line at the front has a text at a byte, from 1.
    pub(crate) fn holds(&self, line: Line, at: usize, text: &str) -> bool {
        let rest = self.line_bytes(line).get(at.saturating_sub(1)..);
        let text = self.store.encode(text);
        rest.zip(text).is_some_and(|(rest, text)| rest.starts_with(&text))
    }

    /// Whether the file ends with [`Self::rest`].
    pub(crate) fn last(&self) -> bool {
        self.last
    }

    /// Whether it is known that no field of it holds a character that text may not hold.
    pub(crate) fn is_clean(&self) -> bool {
        self.clean
    }

    /// The number of the line at the front, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The line at the front as text.
    pub(crate) fn text(&self, line: Line) -> Result<Cow<'_, str>, Cause> {
        self.store.decoded(self.rest(), line.end).map_err(|within| self.undecodable(within))
    }

    /// What stands at the front before `next`, as it is kept of a rejected row.
    pub(crate) fn raw(&self, next: usize) -> RawRow {
        let row = &S::bytes(self.rest())[..next];
        let row = row.strip_suffix(b"\n").unwrap_or(row);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        RawRow::of(self.store.decoded(self.rest(), row.len()).ok(), row)
    }

    /// The error of a byte that is no character; its place counts from the front.
    pub(crate) fn undecodable(&self, within: usize) -> Cause {
        let byte = self.consumed + within as u64;
        Cause::Undecodable { line: self.number, byte, charset: decode::name(self.charset) }
    }

    /// Goes on to `next`; `line` is the one at the front.
    pub(crate) fn consume(&mut self, line: Line, next: usize) {
        let one = next == line.next;
        self.number += if one { u64::from(line.ended) } else { self.lines_until(next) };
        self.at += next;
        self.consumed += next as u64;
    }

    /// Line ends before `until`.
    pub(crate) fn lines_until(&self, until: usize) -> u64 {
        memchr_iter(b'\n', &S::bytes(self.rest())[..until]).count() as u64
    }

    /// Reads on; false at the end of a part. Errors of the file come out only when nothing before
    /// them is left to judge, so that the size of a chunk never decides which of two faults is told.
    pub(crate) fn fill(&mut self) -> Result<bool, Cause> {
        if let Some(byte) = self.undecodable {
            let line = self.number + self.lines_until(S::bytes(self.rest()).len());
            return Err(Cause::Undecodable { line, byte, charset: decode::name(self.charset) });
        }
        let (source, chunk) = match &mut self.supply {
            Supply::Source(source, chunk) => (source, chunk),
            Supply::Part(end) => return end.take(),
        };
        self.store.forget(std::mem::take(&mut self.at));
        let length = source.read(chunk)?;
        self.undecodable = self.store.take(&chunk[..length], length == 0).err();
        self.last = length == 0 && self.undecodable.is_none();
        Ok(true)
    }
}

/// A line beyond [`LINE_CAP`].
pub(crate) struct TooLong;

/// The first line of `rest`, none when it is not whole yet.
fn first_line(rest: &[u8], last: bool) -> Result<Option<Line>, TooLong> {
    let reach = &rest[..rest.len().min(LINE_CAP + 1)];
    match memchr(b'\n', reach) {
        Some(at) => {
            let end = if rest[..at].ends_with(b"\r") { at - 1 } else { at };
            Ok(Some(Line { end, next: at + 1, ended: true }))
        }
        None if rest.len() > LINE_CAP => Err(TooLong),
        None if last && !rest.is_empty() => {
            Ok(Some(Line { end: rest.len(), next: rest.len(), ended: false }))
        }
        None => Ok(None),
    }
}
