//! Header and trailer records in a sample.

use super::{GuessedColumn, Record};
use model::{BusinessDate, ColumnType, Money};

/// A record before the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuessedHeader {
    /// What it begins with, its separator included.
    pub prefix: String,
    /// The field (from 1) that holds a date as YYYYMMDD.
    pub date_field: usize,
}

/// A record behind the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuessedTrailer {
    /// What it begins with, its separator included.
    pub prefix: String,
    /// The field (from 1) that holds the count of records.
    pub count_field: usize,
    /// Whether that count includes header and trailer.
    pub includes_all: bool,
    /// Whether the count is that of the rows seen; it cannot be where the sample is not whole.
    pub proven: bool,
    /// The field (from 1) that holds the total of a column.
    pub total_field: Option<usize>,
    /// Further fields that may be a total: their number and their minor units.
    totals: Vec<(usize, i64)>,
}

/// Words that a control record begins with. No other first field is ever taken for one, and told.
const HEADERS: [&str; 10] =
    ["HDR", "HEAD", "HEADER", "HD", "HR", "H", "BEGIN", "START", "BOF", "FHDR"];
const TRAILERS: [&str; 14] = [
    "TRL", "TRLR", "TLR", "TRAILER", "TAIL", "TR", "TL", "T", "END", "EOF", "FOOTER", "SUM",
    "TOTAL", "FTRL",
];

/// The header, when the first record is one.
pub(super) fn header(
    records: &[Record<'_>],
    separator: &str,
    fields: usize,
) -> Option<GuessedHeader> {
    let first = records.first()?;
    let word = control_word(first, separator, &HEADERS, first.cells.len() == fields)?;
    let date = first.line.split(separator).position(|field| is_date(field.trim()))?;
    Some(GuessedHeader { prefix: format!("{word}{separator}"), date_field: date + 1 })
}

/// The trailer, when the last record is one. `records` hold the rows, perhaps a names line, and the
/// trailer; no header.
pub(super) fn trailer(
    records: &[Record<'_>],
    separator: &str,
    fields: usize,
    header: bool,
    whole: bool,
) -> Option<GuessedTrailer> {
    let (last, rows) = records.split_last()?;
    let word = control_word(last, separator, &TRAILERS, last.cells.len() == fields)?;
    let prefix = format!("{word}{separator}");
    if rows.iter().any(|row| row.line.starts_with(&prefix)) {
        return None;
    }
    let found: Vec<&str> = last.line.split(separator).map(str::trim).collect();
    let counts = |field: &&str| !field.is_empty() && field.bytes().all(|b| b.is_ascii_digit());
    let all = rows.len() + 1 + usize::from(header);
    let equals = |count: usize| move |field: &&str| field.parse() == Ok(count);
    let exact = found.iter().skip(1).position(equals(rows.len()));
    let inclusive = found.iter().skip(1).position(equals(all));
    let any = found.iter().skip(1).position(counts);
    let count = exact.or(inclusive).or(any)? + 2;
    let includes_all = whole && exact.is_none() && inclusive.is_some();
    let totals = found.iter().enumerate().skip(1).filter(|(at, _)| at + 1 != count);
    let totals =
        totals.filter_map(|(at, field)| Some((at + 1, Money::parse_scaled(field, 2).ok()?)));
    Some(GuessedTrailer {
        prefix,
        count_field: count,
        includes_all,
        proven: whole && (exact.is_some() || inclusive.is_some()),
        total_field: None,
        totals: totals.collect(),
    })
}

impl GuessedTrailer {
    /// The money column whose sum the trailer tells, by its place; only a whole sample shows one.
    pub(super) fn find_total(
        &mut self,
        rows: &[&Record<'_>],
        columns: &[GuessedColumn],
        whole: bool,
    ) -> Option<usize> {
        let money = columns.iter().enumerate().filter(|(_, c)| c.kind == ColumnType::Money);
        for (at, _) in money.filter(|_| whole) {
            let amounts = rows.iter().map(|row| Money::parse_scaled(row.cells[at].text.trim(), 2));
            let sum = amounts.flatten().try_fold(0_i64, i64::checked_add);
            let field = self.totals.iter().find(|(_, total)| sum == Some(*total));
            if let Some((field, _)) = field.filter(|_| sum != Some(0)) {
                self.total_field = Some(*field);
                return Some(at);
            }
        }
        None
    }
}

/// The first field of a record, when it is the word of a control record, or only zeros or nines. In a
/// record with as many fields as a row (`like_a_row`) it has to be a word that stands for nothing else.
fn control_word<'t>(
    record: &Record<'t>,
    separator: &str,
    words: &[&str],
    like_a_row: bool,
) -> Option<&'t str> {
    let word = record.line.split(separator).next()?;
    let of = |digit: u8| word.bytes().all(|b| b == digit);
    let number = !word.is_empty() && word.len() <= 4 && (of(b'0') || of(b'9'));
    let known = words.contains(&word);
    let taken = if like_a_row { known && word.len() >= 3 } else { known || number };
    taken.then_some(word)
}

fn is_date(text: &str) -> bool {
    let [y0, y1, y2, y3, m0, m1, d0, d1] = text.as_bytes() else { return false };
    let dashed = [y0, y1, y2, y3, &b'-', m0, m1, &b'-', d0, d1].map(|b| char::from(*b));
    dashed.iter().collect::<String>().parse::<BusinessDate>().is_ok()
}
