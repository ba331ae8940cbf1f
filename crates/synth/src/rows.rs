//! Writes rows in the layout of their feed.

use crate::days::{Day, ymd};
use crate::feeds::{FEEDS, Feed, FeedSpec, Layout, Quotes};

/// The rows of one file that one chunk of clients gives.
#[derive(Debug)]
pub(crate) struct FeedRows {
    /// The feed.
    pub(crate) spec: &'static FeedSpec,
    /// Encoded rows: GB18030 in fixed width, else UTF-8.
    pub(crate) bytes: Vec<u8>,
    /// Rows.
    pub(crate) rows: u64,
    /// What the trailer promises.
    pub(crate) sums: Sums,
    /// Column names, for JSON.
    names: Vec<&'static str>,
}

/// What is summed up of the rows of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// The amount column, minor units.
    pub(crate) total: i64,
    /// What of it is debit.
    pub(crate) debit: i64,
    /// What of it is credit.
    pub(crate) credit: i64,
    /// The digits of the hash column.
    pub(crate) hash: u128,
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.debit += other.debit;
        self.credit += other.credit;
        self.hash += other.hash;
    }
}

/// The files a chunk gives, in the order of [`Feed`].
#[derive(Debug)]
pub(crate) struct Book {
    /// One per feed.
    pub(crate) feeds: Vec<FeedRows>,
}

impl Book {
    /// No rows yet.
    pub(crate) fn new() -> Self {
        let empty = |spec: &'static FeedSpec| FeedRows {
            spec,
            bytes: Vec::new(),
            rows: 0,
            sums: Sums::default(),
            names: spec.names().collect(),
        };
        Self { feeds: FEEDS.iter().map(empty).collect() }
    }

    /// Begins a row.
    pub(crate) fn row(&mut self, feed: Feed) -> Row<'_> {
        Row { out: &mut self.feeds[feed as usize], column: 0 }
    }
}

/// One row under way: a value per column, in the order of the columns.
#[derive(Debug)]
#[must_use]
pub(crate) struct Row<'a> {
    out: &'a mut FeedRows,
    column: usize,
}

impl Row<'_> {
    /// A text.
    pub(crate) fn text(self, value: &str) -> Self {
        self.field(true, |out| out.extend_from_slice(value.as_bytes()))
    }

    /// A text made of two parts.
    pub(crate) fn joined(self, head: &str, tail: u32) -> Self {
        self.field(true, |out| {
            out.extend_from_slice(head.as_bytes());
            push_number(out, u64::from(tail), 4);
        })
    }

    /// A text, or no value.
    pub(crate) fn maybe(self, value: Option<&str>) -> Self {
        match value {
            Some(text) => self.text(text),
            None => self.none(),
        }
    }

    /// A whole number, or no value.
    pub(crate) fn int(self, value: Option<i64>) -> Self {
        match value {
            Some(n) => self.field(false, |out| push_signed(out, n)),
            None => self.none(),
        }
    }

    /// An amount.
    pub(crate) fn money(self, fen: i64) -> Self {
        self.field(false, |out| push_money(out, fen))
    }

    /// An amount that counts in the trailer's total.
    pub(crate) fn amount(self, fen: i64) -> Self {
        self.out.sums.total += fen;
        self.money(fen)
    }

    /// An amount that counts in the trailer's total and in the debits or credits.
    pub(crate) fn booked(self, fen: i64, is_debit: bool) -> Self {
        let sums = &mut self.out.sums;
        *(if is_debit { &mut sums.debit } else { &mut sums.credit }) += fen;
        self.amount(fen)
    }

    /// A text whose digits count in the hash total.
    pub(crate) fn hashed(self, value: &str) -> Self {
        self.out.sums.hash += digits(value);
        self.text(value)
    }

    /// An amount, or no value.
    pub(crate) fn maybe_money(self, fen: Option<i64>) -> Self {
        match fen {
            Some(fen) => self.money(fen),
            None => self.none(),
        }
    }

    /// A yearly rate in percent with four decimals, from parts per million.
    pub(crate) fn rate(self, ppm: Option<i64>) -> Self {
        let Some(ppm) = ppm else { return self.none() };
        self.field(false, |out| {
            push_signed(out, ppm / 10_000);
            out.push(b'.');
            push_number(out, (ppm % 10_000).unsigned_abs(), 4);
        })
    }

    /// A date.
    pub(crate) fn day(self, day: Day) -> Self {
        let dashed = self.out.spec.dashed;
        self.field(true, |out| push_day(out, day, dashed))
    }

    /// A date, or no value.
    pub(crate) fn maybe_day(self, day: Option<Day>) -> Self {
        match day {
            Some(day) => self.day(day),
            None => self.none(),
        }
    }

    /// No value.
    pub(crate) fn none(mut self) -> Self {
        match self.out.spec.layout {
            Layout::Separated { .. } => {
                self.separate();
                self.out.bytes.extend_from_slice(self.out.spec.null.as_bytes());
            }
            Layout::Fixed(widths) => pad(&mut self.out.bytes, widths[self.column]),
            Layout::Json => {}
        }
        self.column += 1;
        self
    }

    /// Ends the row.
    pub(crate) fn end(self) {
        debug_assert_eq!(self.column, self.out.names.len(), "{}", self.out.spec.file);
        if self.out.spec.layout == Layout::Json {
            self.out.bytes.push(b'}');
        }
        self.out.bytes.push(b'\n');
        self.out.rows += 1;
    }

    fn field(mut self, is_text: bool, write: impl FnOnce(&mut Vec<u8>)) -> Self {
        match self.out.spec.layout {
            Layout::Separated { quotes, .. } => {
                self.separate();
                let start = self.out.bytes.len();
                write(&mut self.out.bytes);
                quote(&mut self.out.bytes, start, quotes);
            }
            Layout::Fixed(widths) => {
                let start = self.out.bytes.len();
                write(&mut self.out.bytes);
                fit(&mut self.out.bytes, start, widths[self.column], is_text);
            }
            Layout::Json => self.json(is_text, write),
        }
        self.column += 1;
        self
    }

    fn separate(&mut self) {
        if let Layout::Separated { by, .. } = self.out.spec.layout
            && self.column > 0
        {
            self.out.bytes.extend_from_slice(by.as_bytes());
        }
    }

    fn json(&mut self, is_text: bool, write: impl FnOnce(&mut Vec<u8>)) {
        let out = &mut self.out.bytes;
        let open: &[u8] = if self.column == 0 { b"{\"" } else { b",\"" };
        out.extend_from_slice(open);
        out.extend_from_slice(self.out.names[self.column].as_bytes());
        out.extend_from_slice(b"\":");
        let mark: &[u8] = if is_text { b"\"" } else { b"" };
        out.extend_from_slice(mark);
        write(out);
        out.extend_from_slice(mark);
    }
}

/// Puts a field in quotes; those within are doubled.
fn quote(out: &mut Vec<u8>, start: usize, quotes: Quotes) {
    if quotes == Quotes::Never {
        return;
    }
    for at in (start..out.len()).rev() {
        if out[at] == b'"' {
            out.insert(at, b'"');
        }
    }
    out.insert(start, b'"');
    out.push(b'"');
}

/// The digits of a text as a number.
pub(crate) fn digits(text: &str) -> u128 {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.fold(0, |value, digit| value * 10 + u128::from(digit - b'0'))
}

/// Brings a field to its width in GB18030 bytes: text on the left, numbers on the right, whole
/// characters only.
fn fit(out: &mut Vec<u8>, start: usize, width: usize, is_text: bool) {
    if !out[start..].is_ascii() {
        let text = String::from_utf8_lossy(&out[start..]).into_owned();
        out.truncate(start);
        for character in text.chars() {
            let mut utf8 = [0; 4];
            let (gb, _, _) = encoding_rs::GB18030.encode(character.encode_utf8(&mut utf8));
            if out.len() - start + gb.len() > width {
                break;
            }
            out.extend_from_slice(&gb);
        }
    }
    out.truncate(start + width);
    let blanks = start + width - out.len();
    pad(out, blanks);
    if !is_text {
        out[start..].rotate_right(blanks);
    }
}

fn pad(out: &mut Vec<u8>, blanks: usize) {
    out.resize(out.len() + blanks, b' ');
}

/// Digits of `n`, with leading zeros to `width`.
pub(crate) fn push_number(out: &mut Vec<u8>, n: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let (mut at, mut rest) = (digits.len(), n);
    while rest > 0 || at == digits.len() {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    out.extend_from_slice(&digits[at.min(digits.len() - width)..]);
}

fn push_signed(out: &mut Vec<u8>, n: i64) {
    if n < 0 {
        out.push(b'-');
    }
    push_number(out, n.unsigned_abs(), 1);
}

fn push_money(out: &mut Vec<u8>, fen: i64) {
    if fen < 0 {
        out.push(b'-');
    }
    push_number(out, fen.unsigned_abs() / 100, 1);
    out.push(b'.');
    push_number(out, fen.unsigned_abs() % 100, 2);
}

fn push_day(out: &mut Vec<u8>, day: Day, dashed: bool) {
    let (year, month, day) = ymd(day);
    push_number(out, u64::from(year.unsigned_abs()), 4);
    for part in [month, day] {
        if dashed {
            out.push(b'-');
        }
        push_number(out, u64::from(part), 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(book: &Book, feed: Feed) -> String {
        String::from_utf8_lossy(&book.feeds[feed as usize].bytes).into_owned()
    }

    #[test]
    fn a_row_takes_the_layout_of_its_feed() {
        let mut book = Book::new();
        book.row(Feed::DepBalance).text("6").day(20_000).money(-105).money(7).end();
        assert_eq!(line(&book, Feed::DepBalance), "6|+|20241004|+|-1.05|+|0.07\n");
        book.row(Feed::FndValue).text("H").day(0).amount(100).none().end();
        assert_eq!(
            line(&book, Feed::FndValue),
            "{\"holding\":\"H\",\"day\":\"1970-01-01\",\"market_value\":1.00}\n"
        );
        assert_eq!(book.feeds[Feed::FndValue as usize].sums.total, 100);
        let row = book.row(Feed::CareContact).text("u").none().text("a;b").int(Some(12));
        row.text("said \"no\"\ntwice").none().end();
        let expect = "\"u\";;\"a;b\";\"12\";\"said \"\"no\"\"\ntwice\";\n";
        assert_eq!(line(&book, Feed::CareContact), expect);
        book.row(Feed::CrdMovement)
            .text("x")
            .hashed("62-5")
            .day(0)
            .text("PUR")
            .booked(7, true)
            .none()
            .end();
        let sums = book.feeds[Feed::CrdMovement as usize].sums;
        assert_eq!(sums, Sums { total: 7, debit: 7, credit: 0, hash: 625 });
    }

    #[test]
    fn fixed_width_counts_bytes_of_whole_characters() {
        let mut out = b"x".to_vec();
        out.extend_from_slice("王小明".as_bytes());
        fit(&mut out, 1, 5, true);
        assert_eq!(out.len(), 6);
        assert_eq!(encoding_rs::GB18030.decode(&out).0, "x王小 ");
        let mut number = b"12.50".to_vec();
        fit(&mut number, 0, 8, false);
        assert_eq!(number, b"   12.50");
    }
}
