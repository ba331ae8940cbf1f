//! From the value of a cell to the text of a field.
//!
//! A text is read as in any file of text. A number becomes its shortest decimal text; beyond 15
//! digits the sheet itself has rounded it, and it is refused. A date becomes its day, by the epoch
//! of the workbook.

use crate::fields::{Fields, Slot};
use calamine::{DataRef, ExcelDateTime};
use model::{BusinessDate, ColumnContract, ColumnType, FeedContract};
use std::fmt::Write;

/// Digits that a sheet keeps of a number (IEEE 754 double, as Excel limits it).
const DIGITS: usize = 15;

const FORMULA_ERROR: &str = "a formula error (expected a value)";
const NOT_CALCULATED: &str = "a formula without its value (expected a workbook saved with values)";
const ROUNDED: &str = "a number of more than 15 digits, which a sheet rounds (expected text)";
const NOT_FINITE: &str = "not a finite number";
const NOT_WHOLE: &str = "a number with decimals (expected text)";
const A_NUMBER: &str = "a number (expected a date)";
const A_TEXT: &str = "a text (expected a date cell, or a `format` in the contract)";
const A_DATE: &str = "a date (expected a value of the column's type)";
const A_DURATION: &str = "a duration (expected a value of the column's type)";
const A_TRUTH: &str = "true or false (expected a value of the column's type)";
const HAS_TIME: &str = "a time of day (expected midnight: the column is a date)";
const NO_DAY: &str = "not an existing day";

/// How the columns of a contract are read from cells.
pub(super) struct Cells {
    columns: Vec<Wanted>,
    is_1904: bool,
}

/// What a column wants of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Text,
    Number,
    /// A day that is one.
    Day,
    /// A day written as text.
    DayText,
}

impl Cells {
    pub(super) fn of(feed: &FeedContract, is_1904: bool) -> Self {
        Self { columns: feed.columns.iter().map(Wanted::of).collect(), is_1904 }
    }

    /// Columns of the contract.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The field of a column; `value` is none where there is no cell.
    pub(super) fn slot(
        &self,
        column: usize,
        value: Option<&DataRef<'_>>,
        fields: &mut Fields,
    ) -> Slot {
        let wanted = self.columns[column];
        let Some(value) = value else { return Slot::Absent };
        let text = match value {
            DataRef::Empty => Err(NOT_CALCULATED),
            DataRef::Error(_) => Err(FORMULA_ERROR),
            DataRef::String(text) => wanted.text(text),
            DataRef::SharedString(text) => wanted.text(text),
            #[expect(
                clippy::cast_precision_loss,
                reason = "beyond 2^53 it is refused by its digits"
            )]
            DataRef::Int(number) => wanted.number(*number as f64),
            DataRef::Float(number) => wanted.number(*number),
            DataRef::Bool(truth) if wanted == Wanted::Text => Ok(truth.to_string()),
            DataRef::Bool(_) => Err(A_TRUTH),
            DataRef::DateTime(moment) => wanted.moment(moment, self.is_1904),
            DataRef::DateTimeIso(moment) => wanted.iso(moment),
            DataRef::DurationIso(_) => Err(A_DURATION),
        };
        match text {
            Ok(text) => fields.write(false, |to| to.write_str(&text)).unwrap_or(Slot::Absent),
            Err(reason) => Slot::Broken(reason),
        }
    }
}

impl Wanted {
    fn of(column: &ColumnContract) -> Self {
        match (column.kind, &column.format) {
            (ColumnType::Text, _) => Self::Text,
            (ColumnType::Integer | ColumnType::Money | ColumnType::Decimal, _) => Self::Number,
            (ColumnType::Date, None) => Self::Day,
            (ColumnType::Date, Some(_)) => Self::DayText,
        }
    }

    fn text(self, text: &str) -> Result<String, &'static str> {
        if self == Self::Day { Err(A_TEXT) } else { Ok(text.to_owned()) }
    }

    fn number(self, number: f64) -> Result<String, &'static str> {
        if !number.is_finite() {
            return Err(NOT_FINITE);
        }
        let text = number.to_string();
        match self {
            Self::Day | Self::DayText => Err(A_NUMBER),
            _ if digits(&text) > DIGITS => Err(ROUNDED),
            Self::Text if text.contains('.') => Err(NOT_WHOLE),
            Self::Text | Self::Number => Ok(text),
        }
    }

    fn moment(self, moment: &ExcelDateTime, is_1904: bool) -> Result<String, &'static str> {
        match self {
            _ if moment.is_duration() => Err(A_DURATION),
            Self::Day => day(moment.as_f64(), is_1904),
            Self::Text | Self::Number | Self::DayText => Err(A_DATE),
        }
    }

    /// A date that is written as text (ISO 8601), with midnight or without a time.
    fn iso(self, moment: &str) -> Result<String, &'static str> {
        if self != Self::Day {
            return Err(A_DATE);
        }
        let (day, time) = moment.split_once('T').unwrap_or((moment, ""));
        let midnight = time.bytes().all(|b| matches!(b, b'0' | b':' | b'.'));
        if midnight { Ok(day.to_owned()) } else { Err(HAS_TIME) }
    }
}

/// Digits from the first that is not zero.
fn digits(text: &str) -> usize {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.skip_while(|digit| *digit == b'0').count()
}

/// The day of a serial number, as `YYYY-MM-DD`. By the epoch of 1900 day 1 is 1900-01-01, and day
/// 60 is 1900-02-29, which never was; by that of 1904 day 0 is 1904-01-01 (ECMA-376, 18.17.4.1).
fn day(serial: f64, is_1904: bool) -> Result<String, &'static str> {
    if serial.fract() != 0.0 {
        return Err(HAS_TIME);
    }
    if !(0.0..=2_958_465.0).contains(&serial) {
        return Err(NO_DAY);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most seven digits")]
    let serial = serial as i32;
    let days = match (is_1904, serial) {
        (true, _) => serial - 24_107,
        (false, 0 | 60) => return Err(NO_DAY),
        (false, 1..60) => serial - 25_568,
        (false, _) => serial - 25_569,
    };
    BusinessDate::from_epoch_days(days).map(|day| day.to_string()).ok_or(NO_DAY)
}
