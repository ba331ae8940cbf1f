//! Fixed width in a sample: lines of one length, and where their fields may begin.

use super::{Cell, Record};
use crate::sample::Sample;
use encoding_rs::{Encoding, UTF_8};
use std::borrow::Cow;

/// Shorter lines are no rows.
const SHORTEST: usize = 8;

/// Lines by which borders are found.
const LINES: usize = 20_000;

/// The widths of the fields, in bytes; none when the lines differ in length.
pub(super) fn widths(sample: &Sample, charset: &str) -> Option<Vec<usize>> {
    let lines = sample.head.split(|b| *b == b'\n').filter(|line| !line.is_empty()).take(LINES);
    let lines: Vec<&[u8]> = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    let mut lengths = std::collections::BTreeMap::new();
    for line in &lines {
        *lengths.entry(line.len()).or_insert(0_usize) += 1;
    }
    let (length, alike) = lengths.into_iter().max_by_key(|(_, count)| *count)?;
    if length < SHORTEST || alike * 10 < lines.len() * 9 {
        return None;
    }
    let lines: Vec<&[u8]> = lines.into_iter().filter(|line| line.len() == length).collect();
    let mut borders = Profile::of(&lines, length, charset).borders();
    borders.push(length);
    let mut from = 0;
    let width = |to: usize| {
        let width = to - from;
        from = to;
        width
    };
    Some(borders.into_iter().map(width).collect())
}

/// A line cut by widths; a line of another length is one field.
pub(super) fn record<'t>(line: &'t str, widths: &[usize], charset: &str) -> Record<'t> {
    let encoding = Encoding::for_label(charset.as_bytes()).unwrap_or(UTF_8);
    let (bytes, ..) = encoding.encode(line);
    if bytes.len() != widths.iter().sum::<usize>() {
        return Record { line, cells: Vec::new() };
    }
    let mut from = 0;
    let cell = |width: &usize| {
        let field = &bytes[from..from + width];
        from += width;
        let (text, _) = encoding.decode_without_bom_handling(field);
        Cell { text: Cow::Owned(text.into_owned()), ..Cell::default() }
    };
    Record { line, cells: widths.iter().map(cell).collect() }
}

/// What stands at each byte of the lines.
struct Profile {
    lines: usize,
    /// Lines with something at this byte.
    filled: Vec<usize>,
    /// Lines with a blank before this byte and something at it.
    begins: Vec<usize>,
    digits: Vec<usize>,
    letters: Vec<usize>,
    /// Lines in which a character begins at this byte.
    characters: Vec<usize>,
}

impl Profile {
    fn of(lines: &[&[u8]], length: usize, charset: &str) -> Self {
        let none = || vec![0; length];
        let mut profile = Self {
            lines: lines.len(),
            filled: none(),
            begins: none(),
            digits: none(),
            letters: none(),
            characters: none(),
        };
        for line in lines {
            for (at, byte) in line.iter().enumerate().filter(|(_, byte)| **byte != b' ') {
                profile.filled[at] += 1;
                profile.begins[at] += usize::from(at > 0 && line[at - 1] == b' ');
                profile.digits[at] += usize::from(byte.is_ascii_digit());
                profile.letters[at] += usize::from(byte.is_ascii_alphabetic());
            }
            let mut at = 0;
            while at < length {
                profile.characters[at] += 1;
                at += character(&line[at..], charset);
            }
        }
        profile
    }

    /// Where a field may begin: something nearly always begins here after a blank, or digits meet
    /// letters on every line. No character is ever cut.
    fn borders(&self) -> Vec<usize> {
        let begins = |at: usize| {
            let begun = self.begins[at];
            begun >= 2 && begun * 50 >= self.lines && begun * 10 >= self.filled[at] * 9
        };
        let meets = |at: usize| {
            let all = |kind: &[usize], at: usize| kind[at] == self.lines;
            let up = all(&self.digits, at - 1) && all(&self.letters, at);
            up || (all(&self.letters, at - 1) && all(&self.digits, at))
        };
        let border = |at: &usize| {
            self.characters[*at] == self.lines && (begins(*at) || (self.lines >= 20 && meets(*at)))
        };
        (1..self.filled.len()).filter(border).collect()
    }
}

/// Bytes of the character that a text begins with.
fn character(text: &[u8], charset: &str) -> usize {
    match (text, charset) {
        ([0..0x80, ..], _) => 1,
        ([lead, ..], "utf-8") => match lead {
            0xf0.. => 4,
            0xe0.. => 3,
            _ => 2,
        },
        ([_, b'0'..=b'9', ..], "gb18030") => 4,
        _ => 2,
    }
}
