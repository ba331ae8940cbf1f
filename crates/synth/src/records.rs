//! Rows as a mainframe holds them: records of EBCDIC text, digits and packed numbers, each behind its
//! descriptor word.

use intake::EbcdicWriter;
use model::CharSet;
use std::sync::LazyLock;

/// What separates the fields of a row before it becomes a record.
pub(crate) const BETWEEN: char = '\u{1}';

/// The character set of the records.
pub(crate) const CHARSET: CharSet = CharSet::Cp1388;

/// One column of a record, in the words of its copybook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// `X(n)`.
    Text(usize),
    /// `9(8)`: a day, zeros where there is none.
    Day,
    /// `9(n)`: blanks where there is none.
    Digits(usize),
    /// `S9(n) COMP-3`, decimals included: low-values where there is none.
    Packed(usize),
}

impl Item {
    /// Its bytes.
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Text(width) | Self::Digits(width) => width,
            Self::Day => 8,
            Self::Packed(digits) => digits / 2 + 1,
        }
    }
}

static WRITER: LazyLock<Option<EbcdicWriter>> = LazyLock::new(|| EbcdicWriter::of(CHARSET));

/// The records of some lines. A line with fewer fields becomes a shorter record.
pub(crate) fn records(items: &[Item], lines: &str) -> Vec<u8> {
    let length: usize = items.iter().map(|item| item.width()).sum();
    let mut out = Vec::with_capacity(lines.lines().count() * (length + 4));
    for line in lines.lines() {
        let start = open(&mut out);
        for (item, text) in items.iter().zip(line.split(BETWEEN)) {
            put(*item, text, &mut out);
        }
        close(&mut out, start);
    }
    out
}

/// A header or trailer: text and digits only.
pub(crate) fn control(line: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let start = open(&mut out);
    text(line, line.len(), &mut out);
    close(&mut out, start);
    out
}

/// Leaves room for the descriptor word.
fn open(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend([0; 4]);
    start
}

/// Fills in the descriptor word: the length, which counts it, and no segments (z/OS DFSMS).
fn close(out: &mut [u8], start: usize) {
    let length = u16::try_from(out.len() - start).unwrap_or(u16::MAX);
    out[start..start + 2].copy_from_slice(&length.to_be_bytes());
}

fn put(item: Item, value: &str, out: &mut Vec<u8>) {
    match item {
        Item::Day if value.is_empty() => text("00000000", 8, out),
        Item::Packed(digits) => packed(value, digits, out),
        Item::Digits(width) if !value.is_empty() => text(&format!("{value:0>width$}"), width, out),
        _ => text(value, item.width(), out),
    }
}

fn text(value: &str, width: usize, out: &mut Vec<u8>) {
    if let Some(writer) = &*WRITER {
        writer.append(value, width, out);
    }
}

/// Two digits a byte and the sign in the last half byte. What is no number stays as it was before
/// anybody wrote to the field: blanks.
fn packed(value: &str, digits: usize, out: &mut Vec<u8>) {
    let width = Item::Packed(digits).width();
    let number = value.replacen('.', "", 1).parse::<i64>();
    match number {
        _ if value.is_empty() => out.extend(std::iter::repeat_n(0, width)),
        Err(_) => text("", width, out),
        Ok(number) => {
            let sign = if number < 0 { 0xd } else { 0xc };
            let spelled = format!("{:0>1$}", number.unsigned_abs(), 2 * width - 1);
            let mut halves = spelled.bytes().map(|digit| digit & 0xf).chain([sign]);
            while let (Some(high), Some(low)) = (halves.next(), halves.next()) {
                out.push(high << 4 | low);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_becomes_a_record_behind_its_descriptor_word() {
        let items = [Item::Text(4), Item::Day, Item::Digits(2), Item::Packed(3), Item::Packed(13)];
        let record = records(&items, "李\u{1}20261120\u{1}7\u{1}42\u{1}-1234.56\n");
        assert_eq!(record.len(), 4 + 4 + 8 + 2 + 2 + 7);
        assert_eq!(&record[..4], [0, 27, 0, 0]);
        assert_eq!((record[4], record[7]), (0x0e, 0x0f));
        let expect = b"\xf2\xf0\xf2\xf6\xf1\xf1\xf2\xf0\xf0\xf7\x04\x2c\0\0\0\x01\x23\x45\x6d";
        assert_eq!(&record[8..], expect);
    }

    #[test]
    fn no_value_has_its_bytes_and_a_short_line_a_short_record() {
        let items = [Item::Text(2), Item::Day, Item::Digits(2), Item::Packed(3), Item::Packed(3)];
        let record = records(&items, "\u{1}\u{1}\u{1}\u{1}?\n");
        let expect = b"\x40\x40\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\x40\x40\0\0\x40\x40";
        assert_eq!(&record[4..], expect);
        assert_eq!(
            records(&items, "A\u{1}"),
            b"\0\x0e\0\0\xc1\x40\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0"
        );
        assert_eq!(control("TRL1"), b"\0\x08\0\0\xe3\xd9\xd3\xf1");
    }
}
