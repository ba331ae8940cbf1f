//! From a field to a value: the three kinds of empty, then the column's type.

use crate::fields::Field;
use crate::listed::Listed;
use model::{BusinessDate, ColumnContract, ColumnType, FeedContract, Money};

/// Why a field is refused: what it is not, never what it holds.
pub(crate) type Reason = &'static str;

const NO_VALUE: Reason = "no value (expected one: the column is required)";
const FORBIDDEN: Reason = "holds NUL, U+001F or U+FFFD (expected text without them)";
const NOT_LISTED: Reason = "not one of the values allowed";
const NOT_INTEGER: Reason = "not a whole number of 64 bits";
const NOT_MONEY: Reason = "not an amount (expected digits, an optional sign, at most two decimals)";
const NOT_DECIMAL: Reason = "not a decimal number (expected digits, an optional sign, at most the decimals of the contract)";
const TOO_LARGE: Reason = "number out of range (expected 64 bits of its last decimal)";

/// What a column's texts are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parse {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Number with at most so many decimals, in units of the last.
    Scaled(u32),
    /// Calendar date.
    Day(DayFormat),
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayFormat {
    /// `%Y-%m-%d`.
    Dashed,
    /// `%Y%m%d`.
    Compact,
    /// `%y%m%d`, always 19yy.
    Short,
}

/// A column of the contract, ready to read.
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) parse: Parse,
    required: bool,
    nulls: Listed,
    values: Listed,
    quoted_empty: Option<String>,
    blank: Option<String>,
}

impl Rule {
    /// The rule of a column; an error says what its contract lacks.
    pub(crate) fn of(feed: &FeedContract, column: &ColumnContract) -> Result<Self, String> {
        let nulls = feed.null.iter().chain(&column.null);
        Ok(Self {
            name: column.name.clone(),
            parse: Parse::of(column, feed.shape.is_typed())?,
            required: column.required,
            nulls: Listed::of(nulls.map(|text| trim(text))),
            values: Listed::of(column.values.iter().map(String::as_str)),
            quoted_empty: column.quoted_empty.clone(),
            blank: column.blank.clone(),
        })
    }

    /// The text of a field's value, none where it has no value. `clean` says that no character has
    /// to be looked for that text may not hold.
    pub(crate) fn read<'a>(
        &'a self,
        field: Field<'a>,
        clean: bool,
    ) -> Result<Option<&'a str>, Reason> {
        let (text, quoted) = match field {
            Field::Text { text, quoted } => (text, quoted),
            Field::Absent => return self.no_value(),
            Field::Broken(reason) => return Err(reason),
        };
        let value = trim(text);
        if value.is_empty() {
            return match self.stands_for_empty(text, quoted) {
                Some(value) => Ok(Some(value)),
                None => self.no_value(),
            };
        }
        if self.nulls.holds(value) {
            return self.no_value();
        }
        if !clean && value.contains(['\0', '\u{1f}', '\u{fffd}']) {
            return Err(FORBIDDEN);
        }
        if !self.values.is_empty() && !self.values.holds(value) {
            return Err(NOT_LISTED);
        }
        Ok(Some(value))
    }

    /// The value that the contract gives to `""` and to a field of blanks.
    fn stands_for_empty(&self, text: &str, quoted: bool) -> Option<&str> {
        match (text.is_empty(), quoted) {
            (true, true) => self.quoted_empty.as_deref(),
            (true, false) => None,
            (false, _) => self.blank.as_deref(),
        }
    }

    pub(crate) fn no_value(&self) -> Result<Option<&'static str>, Reason> {
        if self.required { Err(NO_VALUE) } else { Ok(None) }
    }

    /// The field as a number: 0 where it has no value, none where it cannot be read.
    pub(crate) fn amount(&self, field: Field<'_>) -> Option<i64> {
        match self.read(field, true) {
            Ok(Some(text)) => self.parse.number(text).ok(),
            Ok(None) => Some(0),
            Err(_) => None,
        }
    }
}

impl Parse {
    /// `typed` says that a day without a format is a day already: the reader writes it dashed.
    fn of(column: &ColumnContract, typed: bool) -> Result<Self, String> {
        match (column.kind, column.format.as_deref(), column.scale) {
            (ColumnType::Text, ..) => Ok(Self::Text),
            (ColumnType::Integer, ..) => Ok(Self::Integer),
            (ColumnType::Money, _, None | Some(2)) => Ok(Self::Scaled(2)),
            (ColumnType::Money, ..) => {
                Err(format!("money column `{}` has another `scale` than 2", column.name))
            }
            (ColumnType::Decimal, _, Some(scale @ 0..=18)) => Ok(Self::Scaled(scale)),
            (ColumnType::Decimal, ..) => {
                Err(format!("decimal column `{}` needs `scale` (0 to 18)", column.name))
            }
            (ColumnType::Date, None, _) if typed => Ok(Self::Day(DayFormat::Dashed)),
            (ColumnType::Date, Some("%Y-%m-%d"), _) => Ok(Self::Day(DayFormat::Dashed)),
            (ColumnType::Date, Some("%Y%m%d"), _) => Ok(Self::Day(DayFormat::Compact)),
            (ColumnType::Date, Some("%y%m%d"), _) => Ok(Self::Day(DayFormat::Short)),
            (ColumnType::Date, ..) => Err(format!(
                "date column `{}` needs `format` (%Y-%m-%d, %Y%m%d, %y%m%d)",
                column.name
            )),
        }
    }

    /// Decimals of a numeric column.
    pub(crate) fn decimals(self) -> Option<u32> {
        match self {
            Self::Integer => Some(0),
            Self::Scaled(decimals) => Some(decimals),
            Self::Text | Self::Day(_) => None,
        }
    }

    /// A number in units of its last decimal.
    pub(crate) fn number(self, text: &str) -> Result<i64, Reason> {
        match self {
            Self::Scaled(decimals) => {
                Money::parse_scaled(text, decimals).map_err(|error| match error {
                    model::MoneyError::OutOfRange => TOO_LARGE,
                    model::MoneyError::NotAnAmount if decimals == 2 => NOT_MONEY,
                    model::MoneyError::NotAnAmount => NOT_DECIMAL,
                })
            }
            _ => text.parse().map_err(|_| NOT_INTEGER),
        }
    }
}

impl DayFormat {
    /// Days since 1970-01-01; none for the banks' "no date", 9999-12-31 and 0001-01-01.
    pub(crate) fn days(self, text: &str) -> Result<Option<i32>, Reason> {
        let date = self.ymd(text.as_bytes());
        if matches!(date, Some((9999, 12, 31) | (1, 1, 1))) {
            return Ok(None);
        }
        let day = date.and_then(|(y, m, d)| BusinessDate::from_ymd(y, m, d));
        day.map(|day| Some(day.epoch_days())).ok_or(self.not_a_day())
    }

    fn ymd(self, text: &[u8]) -> Option<(i32, u32, u32)> {
        let (century, digits) = match (self, text) {
            (Self::Dashed, [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1])
            | (Self::Compact, [y0, y1, y2, y3, m0, m1, d0, d1]) => {
                ([y0, y1], [y2, y3, m0, m1, d0, d1])
            }
            (Self::Short, [y2, y3, m0, m1, d0, d1]) => ([&b'1', &b'9'], [y2, y3, m0, m1, d0, d1]),
            _ => return None,
        };
        let [y2, y3, m0, m1, d0, d1] = digits;
        let year = two_digits(century)? * 100 + two_digits([y2, y3])?;
        Some((i32::from(year), two_digits([m0, m1])?.into(), two_digits([d0, d1])?.into()))
    }

    fn not_a_day(self) -> Reason {
        match self {
            Self::Dashed => "not a date (expected an existing day, YYYY-MM-DD)",
            Self::Compact => "not a date (expected an existing day, YYYYMMDD)",
            Self::Short => "not a date (expected an existing day, YYMMDD of 19YY)",
        }
    }
}

fn two_digits([tens, ones]: [&u8; 2]) -> Option<u16> {
    let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
    digits.then(|| u16::from(tens - b'0') * 10 + u16::from(ones - b'0'))
}

/// Removes outer blanks: the spaces of a fixed-width file and the full-width ones of a Chinese one.
pub(crate) fn trim(text: &str) -> &str {
    let solid = |b: Option<&u8>| b.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if solid(bytes.first()) && solid(bytes.last()) { text } else { text.trim() }
}
