//! Delimited rows: separators of one or several characters, quotes where the contract has them.
//!
//! Quotes follow RFC 4180: a field that begins with a quote ends with one; inside, a doubled quote
//! is one quote, and separators and line ends are text. Elsewhere a quote is a character like any
//! other. A quote that does not close costs one line: reading goes on behind it.

use crate::decode::Text;
use crate::fields::{Cut, Fields, RowFault, Shape, Slot};
use crate::lines::{LINE_CAP, Line};
use memchr::memchr;
use memchr::memmem::Finder;

const QUOTE: u8 = b'"';

const UNCLOSED: &str =
    "quote does not close (expected a closing quote before a separator or a line end)";

/// The shape of delimited files.
pub(crate) struct Delimited {
    separator: String,
    finder: Finder<'static>,
    quoted: bool,
    columns: usize,
}

impl Delimited {
    pub(crate) fn new(separator: &str, quoted: bool, columns: usize) -> Self {
        Self {
            separator: separator.to_owned(),
            finder: Finder::new(separator.as_bytes()).into_owned(),
            quoted,
            columns,
        }
    }
}

impl Shape for Delimited {
    type Store = Text;

    fn cut(&mut self, rest: &str, line: Line, last: bool, fields: &mut Fields) -> Cut {
        fields.clear();
        let bytes = rest.as_bytes();
        if self.quoted && memchr(QUOTE, &bytes[..line.end]).is_some() {
            let row = QuotedRow { shape: self, rest, line, last };
            return row.cut(fields).unwrap_or_else(|cut| cut);
        }
        let found = self.plain(&bytes[..line.end], fields);
        if found == self.columns {
            Cut::Row { next: line.next, ended: line.ended }
        } else {
            Cut::refused(line, RowFault::of_count(found, self.columns))
        }
    }
}

impl Delimited {
    /// Cuts at every separator; the number of fields.
    fn plain(&self, bytes: &[u8], fields: &mut Fields) -> usize {
        match self.separator.as_bytes() {
            [one] => self.cut_at_byte(*one, bytes, fields),
            _ => self.cut_at(self.finder.find_iter(bytes), bytes.len(), fields),
        }
    }

    /// Cuts at a byte, eight bytes at a time: fields are short.
    fn cut_at_byte(&self, separator: u8, bytes: &[u8], fields: &mut Fields) -> usize {
        const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        let pattern = u64::from_le_bytes([separator; 8]);
        let (mut from, mut found) = (0, 0);
        let mut field = |to: usize| {
            found += 1;
            if found <= self.columns {
                fields.push(Slot::Row { from, to, quoted: false });
            }
            from = to + 1;
        };
        let (words, rest) = bytes.as_chunks::<8>();
        for (i, word) in words.iter().enumerate() {
            // The highest bit of each byte that is the separator, and no other bit.
            let differs = u64::from_le_bytes(*word) ^ pattern;
            let mut marks = !((differs & LOW).wrapping_add(LOW) | differs | LOW);
            while marks != 0 {
                field(8 * i + marks.trailing_zeros() as usize / 8);
                marks &= marks - 1;
            }
        }
        for (i, byte) in rest.iter().enumerate() {
            if *byte == separator {
                field(8 * words.len() + i);
            }
        }
        field(bytes.len());
        found
    }

    fn cut_at(
        &self,
        separators: impl Iterator<Item = usize>,
        end: usize,
        fields: &mut Fields,
    ) -> usize {
        let (mut from, mut found) = (0, 0);
        for to in separators.chain([end]) {
            found += 1;
            if found <= self.columns {
                fields.push(Slot::Row { from, to, quoted: false });
            }
            from = to + self.separator.len();
        }
        found
    }
}

/// A row with a quote in its first line.
struct QuotedRow<'r> {
    shape: &'r Delimited,
    rest: &'r str,
    line: Line,
    last: bool,
}

/// What stands behind a field.
enum Behind {
    /// A separator; the next field begins here.
    Field(usize),
    /// The end of the row.
    Row { next: usize, ended: bool },
}

impl QuotedRow<'_> {
    /// Cuts field by field; what ends the row early comes as an error.
    fn cut(&self, fields: &mut Fields) -> Result<Cut, Cut> {
        let bytes = self.rest.as_bytes();
        let (mut at, mut found) = (0, 0);
        loop {
            let (slot, behind) = if bytes.get(at) == Some(&QUOTE) {
                self.quoted_field(at + 1, fields)?
            } else {
                self.bare_field(at)?
            };
            found += 1;
            if found <= self.shape.columns {
                fields.push(slot);
            }
            match behind {
                Behind::Field(next) => at = next,
                Behind::Row { next, ended } if found == self.shape.columns => {
                    return Ok(Cut::Row { next, ended });
                }
                // A row that closes all its quotes is refused as a whole, whatever its lines.
                Behind::Row { next, ended } => {
                    let fault = RowFault::of_count(found, self.shape.columns);
                    return Err(Cut::Refused { fault, next, ended });
                }
            }
        }
    }

    /// Refuses the first line alone: nobody can tell where the row ends.
    fn unclosed(&self) -> Cut {
        Cut::refused(self.line, RowFault::of_row(UNCLOSED))
    }

    fn bare_field(&self, from: usize) -> Result<(Slot, Behind), Cut> {
        let bytes = self.rest.as_bytes();
        let line = if from < self.line.next { self.line } else { self.line_at(from)? };
        let slot = |to| Slot::Row { from, to, quoted: false };
        if let Some(length) = self.shape.finder.find(&bytes[from.min(line.end)..line.end]) {
            let to = from + length;
            return Ok((slot(to), Behind::Field(to + self.shape.separator.len())));
        }
        Ok((slot(line.end.max(from)), Behind::Row { next: line.next, ended: line.ended }))
    }

    /// The rest of the line that a later field of the row stands in.
    fn line_at(&self, from: usize) -> Result<Line, Cut> {
        let bytes = self.rest.as_bytes();
        let reach = &bytes[from.min(LINE_CAP)..bytes.len().min(LINE_CAP)];
        match memchr(b'\n', reach) {
            Some(length) => {
                let at = from + length;
                let end = if bytes[from..at].ends_with(b"\r") { at - 1 } else { at };
                Ok(Line { end, next: at + 1, ended: true })
            }
            None if bytes.len() >= LINE_CAP => Err(self.unclosed()),
            None if self.last => Ok(Line { end: bytes.len(), next: bytes.len(), ended: false }),
            None => Err(Cut::More),
        }
    }

    /// A field whose text begins at `from`, behind its quote.
    fn quoted_field(&self, from: usize, fields: &mut Fields) -> Result<(Slot, Behind), Cut> {
        let (to, doubled) = self.closing_quote(from)?;
        let behind = self.behind(to + 1)?;
        if !doubled {
            return Ok((Slot::Row { from, to, quoted: true }, behind));
        }
        let text = &self.rest[from..to];
        let slot = fields.write(true, |scratch| {
            for (i, part) in text.split("\"\"").enumerate() {
                scratch.push_str(if i == 0 { "" } else { "\"" });
                scratch.push_str(part);
            }
            Ok::<(), Cut>(())
        })?;
        Ok((slot, behind))
    }

    /// Where the quote that closes a field stands, and whether doubled ones stand before it.
    fn closing_quote(&self, from: usize) -> Result<(usize, bool), Cut> {
        let bytes = self.rest.as_bytes();
        let (mut at, mut doubled) = (from, false);
        loop {
            let reach = &bytes[at.min(LINE_CAP)..bytes.len().min(LINE_CAP)];
            let Some(length) = memchr(QUOTE, reach) else {
                let hopeless = self.last || bytes.len() >= LINE_CAP;
                return Err(if hopeless { self.unclosed() } else { Cut::More });
            };
            let quote = at + length;
            match bytes.get(quote + 1) {
                Some(&QUOTE) => (at, doubled) = (quote + 2, true),
                None if !self.last => return Err(Cut::More),
                _ => return Ok((quote, doubled)),
            }
        }
    }

    /// What stands behind a closing quote.
    fn behind(&self, at: usize) -> Result<Behind, Cut> {
        let (bytes, separator) = (&self.rest.as_bytes()[at..], self.shape.separator.as_bytes());
        if bytes.starts_with(separator) {
            return Ok(Behind::Field(at + separator.len()));
        }
        match bytes {
            [b'\n', ..] => Ok(Behind::Row { next: at + 1, ended: true }),
            [b'\r', b'\n', ..] => Ok(Behind::Row { next: at + 2, ended: true }),
            [] | [b'\r'] if self.last => Ok(Behind::Row { next: at + bytes.len(), ended: false }),
            _ if !self.last && bytes.len() < separator.len().max(2) => Err(Cut::More),
            _ => Err(self.unclosed()),
        }
    }
}
