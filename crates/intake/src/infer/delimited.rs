//! Separators and quotes in a sample.

use super::{Cell, Record, modal};
use std::borrow::Cow;

/// Separators that are looked for. The first ones hardly stand in a text by chance.
const SEPARATORS: [&str; 7] = ["|+|", "|!|", "\u{1}", "\t", "|", ",", ";"];

/// How many of them are such.
const STRONG: usize = 4;

/// Lines by which the separator is found.
const LINES: usize = 2000;

/// The longest quoted field.
const LONGEST: usize = 1 << 16;

/// What speaks for a separator: that it hardly stands by chance, the share of lines it cuts alike in
/// percent, quotes around fields, the number of fields.
type Merit = (bool, usize, bool, usize);

/// The separator that cuts most lines into equally many fields, and whether fields stand in quotes.
pub(super) fn separator(text: &str) -> Option<(&'static str, bool)> {
    let end = text.match_indices('\n').nth(LINES).map_or(text.len(), |(at, _)| at + 1);
    let text = &text[..end];
    let mut best: Option<(Merit, &'static str, bool)> = None;
    for (at, separator) in SEPARATORS.into_iter().enumerate() {
        for quoted in [false, true] {
            if quoted && !text.contains('"') {
                continue;
            }
            let records = records(text, separator, quoted);
            let fields = modal(&records);
            let alike = records.iter().filter(|r| r.cells.len() == fields).count();
            let percent = alike * 100 / records.len().max(1);
            let in_quotes = records.iter().any(|r| r.cells.iter().any(|cell| cell.quoted));
            if fields < 2 || percent < 70 || quoted != (quoted && in_quotes) {
                continue;
            }
            let merit: Merit = (at < STRONG, percent, quoted, fields);
            if best.as_ref().is_none_or(|(best, ..)| merit > *best) {
                best = Some((merit, separator, quoted));
            }
        }
    }
    best.map(|(_, separator, quoted)| (separator, quoted))
}

/// Cuts a text into records; empty lines are none.
pub(super) fn records<'t>(text: &'t str, separator: &str, quoted: bool) -> Vec<Record<'t>> {
    let mut records = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find('\n').unwrap_or(rest.len());
        let line = rest[..end].strip_suffix('\r').unwrap_or(&rest[..end]);
        let next = (end + 1).min(rest.len());
        let cut = (quoted && line.contains('"')).then(|| cut_quoted(rest, separator)).flatten();
        let (cells, next) = cut.unwrap_or_else(|| (cut_plain(line, separator), next));
        if !line.is_empty() {
            records.push(Record { line, cells });
        }
        rest = &rest[next..];
    }
    records
}

fn cut_plain<'t>(line: &'t str, separator: &str) -> Vec<Cell<'t>> {
    let cell = |text| Cell { text: Cow::Borrowed(text), ..Cell::default() };
    line.split(separator).map(cell).collect()
}

/// The fields of a record with quotes and where the next begins; none when a quote does not close.
fn cut_quoted<'t>(rest: &'t str, separator: &str) -> Option<(Vec<Cell<'t>>, usize)> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let (cell, end) = if rest[at..].starts_with('"') {
            quoted_field(rest, at + 1)?
        } else {
            let line = rest[at..].find('\n').map_or(rest.len(), |length| at + length);
            let line = if rest[at..line].ends_with('\r') { line - 1 } else { line };
            let end = rest[at..line].find(separator).map_or(line, |length| at + length);
            (Cell { text: Cow::Borrowed(&rest[at..end]), ..Cell::default() }, end)
        };
        cells.push(cell);
        let behind = &rest[end..];
        if behind.starts_with(separator) {
            at = end + separator.len();
        } else if behind.is_empty() {
            return Some((cells, end));
        } else if let Some(length) = ["\n", "\r\n"].iter().find(|e| behind.starts_with(**e)) {
            return Some((cells, end + length.len()));
        } else {
            return None;
        }
    }
}

/// The field whose text begins at `from`, and where it ends behind its closing quote.
fn quoted_field(rest: &str, from: usize) -> Option<(Cell<'_>, usize)> {
    let mut at = from;
    loop {
        let quote = at + rest[at..].find('"')?;
        if quote - from > LONGEST {
            return None;
        }
        if rest[quote + 1..].starts_with('"') {
            at = quote + 2;
            continue;
        }
        let text = &rest[from..quote];
        let text = if text.contains('"') {
            Cow::Owned(text.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(text)
        };
        return Some((Cell { text, quoted: true, ..Cell::default() }, quote + 1));
    }
}
