//! What one column looks like: type, class, required, codes.

use super::names::has;
use super::{Cell, personal, tolerated};
use crate::typed::{DayFormat, trim};
use model::{ColumnType, DataClass, Money};
use std::collections::BTreeMap;

/// Most codes that are listed.
const MOST_CODES: usize = 12;

/// How often a code has to stand in a column to be told.
const OFTEN: usize = 3;

/// A proposed column. No value of it is told but its codes, where it has no person in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuessedColumn {
    /// Its name, or `c01` and so on where the file has none.
    pub name: String,
    /// Type.
    pub kind: ColumnType,
    /// How sensitive it is.
    pub class: DataClass,
    /// Whether every row has a value.
    pub required: bool,
    /// Date format.
    pub format: Option<&'static str>,
    /// Decimals of a decimal column.
    pub scale: Option<u32>,
    /// Width in bytes, for fixed width.
    pub width: Option<usize>,
    /// The codes that stand in it, sorted; none where there are many, or perhaps persons.
    pub values: Vec<String>,
    /// What of this was taken from what; for a comment.
    pub why: Vec<String>,
    /// Rows with a value.
    pub(super) filled: usize,
    /// Different values.
    pub(super) distinct: usize,
}

/// What every column is judged by.
pub(super) struct Context<'c> {
    pub(super) rows: usize,
    pub(super) whole: bool,
    /// No value may be at fault: the borders of the columns are guesses themselves.
    pub(super) strict: bool,
    pub(super) null: &'c [String],
}

impl GuessedColumn {
    /// It names a row, alone or with others.
    pub(super) fn becomes_key(&mut self, rows: usize) {
        self.required = true;
        if self.class == DataClass::Internal && self.distinct * 5 > rows {
            self.class = DataClass::Key;
        }
    }

    /// Whether it may tell of a person.
    pub(super) fn is_personal(&self) -> bool {
        matches!(self.class, DataClass::Identity | DataClass::Contact)
    }
}

/// The value of a cell; none for what means no value.
pub(super) fn value<'c>(cell: &'c Cell<'_>, null: &[String]) -> Option<&'c str> {
    let text = trim(&cell.text);
    (!text.is_empty() && !null.iter().any(|null| null == text)).then_some(text)
}

/// Proposes a column from its cells.
pub(super) fn guess(name: &str, cells: &[&Cell<'_>], context: &Context<'_>) -> GuessedColumn {
    let filled: Vec<(&Cell<'_>, &str)> =
        cells.iter().filter_map(|cell| Some((*cell, value(cell, context.null)?))).collect();
    let values: Vec<&str> = filled.iter().map(|(_, value)| *value).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in &values {
        *counts.entry(value).or_insert(0) += 1;
    }
    let personal = personal::class_of(name, &values);
    let numbers = filled.iter().filter(|(cell, _)| cell.number).count() * 2 > filled.len();
    let looks = Looks { name, values: &values, distinct: counts.len(), numbers, context };
    let mut why = Vec::new();
    if cells.iter().any(|cell| cell.nested) {
        why.push("objects or arrays stand in it, which are not read".to_owned());
    }
    let (kind, format, scale, reason) = looks.kind(personal.is_some());
    why.extend(reason.map(str::to_owned));
    let class = match personal {
        Some((class, reason)) => {
            why.push(reason.to_owned());
            class
        }
        None if format.is_some_and(|format| personal::are_births(&values, format)) => {
            why.push("days of long ago, perhaps of birth".to_owned());
            DataClass::Identity
        }
        None => looks.class(kind),
    };
    let no_day = kind == ColumnType::Date && values.iter().any(|text| is_no_day(text));
    let required = values.len() == context.rows && !no_day;
    if required && !context.whole {
        why.push("a value on every row seen".to_owned());
    }
    let listed = personal.is_none() && kind == ColumnType::Text && context.whole;
    let mut values = if listed { codes(&counts, filled.len()) } else { Vec::new() };
    if values.len() < counts.len() && !values.is_empty() {
        why.push(format!("{} are most of its codes", values.join(", ")));
        values.clear();
    }
    GuessedColumn {
        name: name.to_owned(),
        kind,
        class,
        required,
        format,
        scale,
        width: None,
        values,
        why,
        filled: filled.len(),
        distinct: counts.len(),
    }
}

/// The codes of a column: few, short, none of them a name or a long number. What hardly ever stands
/// there may be a slip, a person's name in the wrong column: it is left out.
fn codes(counts: &BTreeMap<&str, usize>, filled: usize) -> Vec<String> {
    let is_code = |text: &&str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        let capital = text.starts_with(|c: char| c.is_ascii_uppercase());
        let name = capital && text[1..].bytes().any(|b| b.is_ascii_lowercase());
        let ascii = text.len() <= 16 && text.bytes().all(plain) && digits <= 6 && !name;
        ascii || personal::is_sign(text)
    };
    let few = counts.len() <= MOST_CODES && filled >= 5 * counts.len();
    let often: Vec<&str> =
        counts.iter().filter(|(_, count)| **count >= OFTEN).map(|(code, _)| *code).collect();
    if !few || !often.iter().all(is_code) {
        return Vec::new();
    }
    often.into_iter().map(str::to_owned).collect()
}

/// A column as its type is found.
struct Looks<'c> {
    name: &'c str,
    values: &'c [&'c str],
    distinct: usize,
    /// Numbers of JSON stand in it.
    numbers: bool,
    context: &'c Context<'c>,
}

type Kind = (ColumnType, Option<&'static str>, Option<u32>, Option<&'static str>);

const TEXT: Kind = (ColumnType::Text, None, None, None);

impl Looks<'_> {
    fn kind(&self, personal: bool) -> Kind {
        if self.values.is_empty() {
            return (ColumnType::Text, None, None, Some("no value on any row seen"));
        }
        if let Some(format) = self.date() {
            return (ColumnType::Date, Some(format), None, None);
        }
        if personal && !self.numbers {
            return TEXT;
        }
        self.number().unwrap_or(TEXT)
    }

    /// How many values do not fit, and whether the guess stands all the same.
    fn holds(&self, fits: impl Fn(&str) -> bool) -> bool {
        let misfits = self.values.iter().filter(|value| !fits(value)).count();
        let most = if self.context.strict { 0 } else { tolerated(self.values.len()) };
        misfits <= most
    }

    fn date(&self) -> Option<&'static str> {
        const SHORT: &[&str] = &["date", "dt", "day", "birth", "born", "on", "issued"];
        let formats = [
            (DayFormat::Dashed, "%Y-%m-%d"),
            (DayFormat::Compact, "%Y%m%d"),
            (DayFormat::Short, "%y%m%d"),
        ];
        let named = has(self.name, SHORT);
        let found = formats.into_iter().find(|(format, _)| {
            (*format != DayFormat::Short || named) && self.holds(|value| is_day(*format, value))
        });
        found.map(|(_, name)| name)
    }

    fn number(&self) -> Option<Kind> {
        if !self.holds(is_number) || (!self.numbers && self.is_code()) {
            return None;
        }
        let scale = (0..=18).find(|scale| self.holds(|v| decimals(v) <= *scale))?;
        let money = has(self.name, MONEY);
        let rate = has(self.name, RATES);
        Some(match scale {
            0 if !money => (ColumnType::Integer, None, None, None),
            0..=2 if !rate => (ColumnType::Money, None, None, None),
            _ => {
                let least = scale.max(4);
                (ColumnType::Decimal, None, Some(least), Some("the scale is a guess"))
            }
        })
    }

    /// Digits that name something and count nothing: leading zeros, long runs, few and short by name.
    fn is_code(&self) -> bool {
        let zero = |v: &&&str| v.len() > 1 && v.starts_with('0') && !v.contains('.');
        let long = |v: &&&str| v.len() > 10 && !v.contains('.');
        let plain = self.values.iter().all(|v| v.bytes().all(|b| b.is_ascii_digit()));
        let zeros = self.values.iter().filter(zero).count() > tolerated(self.values.len());
        let lengths = self.values.iter().map(|v| v.len());
        let one_length = lengths.clone().min() == lengths.max();
        let few = self.distinct <= 2 && self.values.len() >= 10;
        let named = has(self.name, CODES);
        zeros
            || self.values.iter().any(|v| long(&v))
            || (plain && (named || few || (one_length && self.values[0].len() >= 6)))
    }

    fn class(&self, kind: ColumnType) -> DataClass {
        let many = self.distinct * 5 > self.values.len() && self.values.len() >= 20;
        let financial = matches!(kind, ColumnType::Money)
            || (kind == ColumnType::Decimal && has(self.name, RATES));
        if financial {
            DataClass::Financial
        } else if kind == ColumnType::Text && many && has(self.name, KEYS) {
            DataClass::Key
        } else {
            DataClass::Internal
        }
    }
}

const MONEY: &[&str] = &[
    "amt", "amount", "bal", "balance", "income", "pay", "fee", "limit", "value", "paid", "premium",
    "金额", "余额",
];
const RATES: &[&str] = &["rate", "pct", "percent", "ratio", "利率"];
const CODES: &[&str] = &[
    "no", "id", "cd", "code", "key", "type", "stat", "status", "flag", "kind", "sex", "class",
    "ref", "branch", "号", "代码",
];
const KEYS: &[&str] = &["no", "id", "key", "ref", "acct", "account", "号"];

fn is_day(format: DayFormat, text: &str) -> bool {
    let century = text.starts_with("19") || text.starts_with("20");
    let plausible = format != DayFormat::Compact || century || is_no_day(text);
    plausible && format.days(text).is_ok()
}

/// What banks write for "no date".
fn is_no_day(text: &str) -> bool {
    matches!(text, "99991231" | "00010101" | "9999-12-31" | "0001-01-01")
}

fn is_number(text: &str) -> bool {
    Money::parse_scaled(text, decimals(text).min(18)).is_ok()
}

fn decimals(text: &str) -> u32 {
    let fraction = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    u32::try_from(fraction).unwrap_or(u32::MAX)
}
