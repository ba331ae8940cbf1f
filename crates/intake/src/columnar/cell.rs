//! From a value of a Parquet column to the text of a field.
//!
//! | contract | column of the file |
//! | --- | --- |
//! | `text` | string; boolean, as `true` and `false`; timestamp, as `2026-11-20T13:05:09.123456`, with `Z` where the file says UTC |
//! | `integer` | integer of any width and sign; decimal without decimals |
//! | `money` | decimal with two decimals |
//! | `decimal` | decimal with as many decimals as `scale`; float or double, by its shortest text, where the column is not the feed's `amount` |
//! | `date` | date; timestamp without a zone, at midnight. With a `format`: string |
//!
//! Anything else is another type than the contract's: binary, time, lists, INT96.

use crate::fields::{Fields, Slot};
use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use model::{ColumnContract, ColumnType};
use std::fmt::{self, Write};

const NOT_FINITE: &str = "not a finite number";
const NOT_A_DAY: &str = "a day or time that no calendar holds";
const HAS_TIME: &str = "a time of day (expected midnight: the column is a date)";

/// How the values of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Text,
    Flag,
    Whole,
    Decimal,
    Float,
    Day,
    /// A timestamp that is a day.
    Midnight(TimeUnit),
    /// A timestamp as text, in UTC or in no zone.
    Moment(TimeUnit, bool),
}

impl Cell {
    /// How a column of a type becomes one of the contract, none when it must not.
    pub(super) fn of(column: &ColumnContract, found: &DataType, amount: bool) -> Option<Self> {
        use DataType::{Boolean, Date32, Float32, Float64, Timestamp, Utf8};
        let day = column.kind == ColumnType::Date && column.format.is_none();
        let decimals = match found {
            DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => {
                Some(i64::from(*scale))
            }
            _ => None,
        };
        let exact = |scale: u32| decimals == Some(i64::from(scale));
        match (column.kind, found) {
            (ColumnType::Text, Utf8) => Some(Self::Text),
            (ColumnType::Date, Utf8) if !day => Some(Self::Text),
            (ColumnType::Text, Boolean) => Some(Self::Flag),
            (ColumnType::Text, Timestamp(unit, zone)) => Some(Self::Moment(*unit, zone.is_some())),
            (ColumnType::Integer, found) if found.is_integer() => Some(Self::Whole),
            (ColumnType::Integer, _) if exact(0) => Some(Self::Decimal),
            (ColumnType::Money, _) if exact(2) => Some(Self::Decimal),
            (ColumnType::Decimal, _) if column.scale.is_some_and(exact) => Some(Self::Decimal),
            (ColumnType::Decimal, Float32 | Float64) if !amount => Some(Self::Float),
            (ColumnType::Date, Date32) if day => Some(Self::Day),
            (ColumnType::Date, Timestamp(unit, None)) if day => Some(Self::Midnight(*unit)),
            _ => None,
        }
    }

    /// The field of a row.
    pub(super) fn slot(self, column: &dyn Array, row: usize, fields: &mut Fields) -> Slot {
        if column.is_null(row) {
            return Slot::Absent;
        }
        match self {
            Self::Text => {
                let text = column.as_string_view().value(row);
                written(fields, true, |scratch| scratch.write_str(text))
            }
            Self::Flag => {
                let value = column.as_boolean().value(row);
                written(fields, false, |scratch| write!(scratch, "{value}"))
            }
            Self::Whole => written(fields, false, |scratch| whole(column, row, scratch)),
            Self::Decimal => written(fields, false, |scratch| decimal(column, row, scratch)),
            Self::Float => float(column, row, fields),
            Self::Day => match column.as_primitive::<Date32Type>().value_as_date(row) {
                Some(day) => written(fields, false, |scratch| write!(scratch, "{day}")),
                None => Slot::Broken(NOT_A_DAY),
            },
            Self::Midnight(unit) => midnight(column, unit, row, fields),
            Self::Moment(unit, utc) => moment(column, unit, utc, row, fields),
        }
    }
}

/// What a column of the contract is in a Parquet file.
pub(super) fn expected(column: &ColumnContract) -> String {
    match (column.kind, &column.format) {
        (ColumnType::Text, _) => "string".into(),
        (ColumnType::Integer, _) => "an integer".into(),
        (ColumnType::Money, _) => "decimal with 2 decimals".into(),
        (ColumnType::Decimal, _) => format!("decimal with {} decimals", column.scale.unwrap_or(0)),
        (ColumnType::Date, None) => "date".into(),
        (ColumnType::Date, Some(format)) => {
            format!("string, as the column has the format {format}")
        }
    }
}

/// The name of a type of the file.
pub(super) fn name(found: &DataType) -> String {
    match found {
        DataType::Utf8 => "string".into(),
        DataType::Binary | DataType::FixedSizeBinary(_) => "binary".into(),
        DataType::Boolean => "boolean".into(),
        DataType::Float16 | DataType::Float32 => "float".into(),
        DataType::Float64 => "double".into(),
        DataType::Date32 => "date".into(),
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => {
            format!("decimal with {scale} decimals")
        }
        DataType::Timestamp(_, Some(_)) => "timestamp in UTC".into(),
        DataType::Timestamp(_, None) => "timestamp without a zone".into(),
        found if found.is_integer() => "an integer".into(),
        found if found.is_nested() => "nested".into(),
        found => found.to_string().to_lowercase(),
    }
}

fn written(
    fields: &mut Fields,
    quoted: bool,
    write: impl FnOnce(&mut String) -> fmt::Result,
) -> Slot {
    // Writing to a text does not fail.
    fields.write(quoted, write).unwrap_or(Slot::Absent)
}

fn whole(column: &dyn Array, row: usize, to: &mut String) -> fmt::Result {
    match column.data_type() {
        DataType::Int8 => write!(to, "{}", column.as_primitive::<Int8Type>().value(row)),
        DataType::Int16 => write!(to, "{}", column.as_primitive::<Int16Type>().value(row)),
        DataType::Int32 => write!(to, "{}", column.as_primitive::<Int32Type>().value(row)),
        DataType::UInt8 => write!(to, "{}", column.as_primitive::<UInt8Type>().value(row)),
        DataType::UInt16 => write!(to, "{}", column.as_primitive::<UInt16Type>().value(row)),
        DataType::UInt32 => write!(to, "{}", column.as_primitive::<UInt32Type>().value(row)),
        DataType::UInt64 => write!(to, "{}", column.as_primitive::<UInt64Type>().value(row)),
        _ => write!(to, "{}", column.as_primitive::<Int64Type>().value(row)),
    }
}

fn decimal(column: &dyn Array, row: usize, to: &mut String) -> fmt::Result {
    match column.data_type() {
        DataType::Decimal256(..) => {
            to.write_str(&column.as_primitive::<Decimal256Type>().value_as_string(row))
        }
        _ => to.write_str(&column.as_primitive::<Decimal128Type>().value_as_string(row)),
    }
}

/// The shortest text that is this number: what its writer meant, where that is exact.
fn float(column: &dyn Array, row: usize, fields: &mut Fields) -> Slot {
    let (finite, text) = if column.data_type() == &DataType::Float32 {
        let value = column.as_primitive::<Float32Type>().value(row);
        (value.is_finite(), value.to_string())
    } else {
        let value = column.as_primitive::<Float64Type>().value(row);
        (value.is_finite(), value.to_string())
    };
    if !finite {
        return Slot::Broken(NOT_FINITE);
    }
    written(fields, false, |scratch| scratch.write_str(&text))
}

fn midnight(column: &dyn Array, unit: TimeUnit, row: usize, fields: &mut Fields) -> Slot {
    let (value, day) = match unit {
        TimeUnit::Millisecond => {
            let column = column.as_primitive::<TimestampMillisecondType>();
            (column.value(row), column.value_as_date(row))
        }
        TimeUnit::Second | TimeUnit::Microsecond => {
            let column = column.as_primitive::<TimestampMicrosecondType>();
            (column.value(row), column.value_as_date(row))
        }
        TimeUnit::Nanosecond => {
            let column = column.as_primitive::<TimestampNanosecondType>();
            (column.value(row), column.value_as_date(row))
        }
    };
    if value.rem_euclid(86_400 * per_second(unit)) != 0 {
        return Slot::Broken(HAS_TIME);
    }
    match day {
        Some(day) => written(fields, false, |scratch| write!(scratch, "{day}")),
        None => Slot::Broken(NOT_A_DAY),
    }
}

fn moment(column: &dyn Array, unit: TimeUnit, utc: bool, row: usize, fields: &mut Fields) -> Slot {
    let (moment, format) = match unit {
        TimeUnit::Millisecond => (
            column.as_primitive::<TimestampMillisecondType>().value_as_datetime(row),
            "%Y-%m-%dT%H:%M:%S%.3f",
        ),
        TimeUnit::Second | TimeUnit::Microsecond => (
            column.as_primitive::<TimestampMicrosecondType>().value_as_datetime(row),
            "%Y-%m-%dT%H:%M:%S%.6f",
        ),
        TimeUnit::Nanosecond => (
            column.as_primitive::<TimestampNanosecondType>().value_as_datetime(row),
            "%Y-%m-%dT%H:%M:%S%.9f",
        ),
    };
    let Some(moment) = moment else { return Slot::Broken(NOT_A_DAY) };
    let zone = if utc { "Z" } else { "" };
    written(fields, false, |scratch| write!(scratch, "{}{zone}", moment.format(format)))
}

/// Units of a timestamp in a second. Parquet has none in whole seconds.
fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Second | TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}
