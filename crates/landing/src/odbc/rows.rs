//! The rows of a result, some hundreds at a time, as CSV.
//!
//! Texts come as UTF-16: as bytes, a driver would write them in the alphabet of the process's locale and
//! put question marks for the rest. What cannot be had without loss is refused by its column.

use super::fault;
use crate::error::Cause;
use crate::text;
use odbc_api::buffers::{BufferDesc, ColumnarDynBuffer, NullableSlice, TextColumnSlice};
use odbc_api::handles::StatementImpl;
use odbc_api::sys::{Date, Timestamp};
use odbc_api::{
    BlockCursor, ColumnDescription, Cursor, CursorImpl, DataType, Error, ResultSetMetadata,
};

/// The longest text, in units of UTF-16, of a column that does not say how long its texts are.
const LONGEST: usize = 32_768;
/// The most digits of a number.
const DIGITS: usize = 160;
/// Bytes of a batch, roughly.
const BATCH: usize = 8 << 20;
/// The most rows of a batch.
const ROWS: usize = 4096;

/// What becomes of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Date,
    Timestamp,
    Number,
    /// Of so many units of UTF-16.
    Text(usize),
}

/// The rows of a result.
pub(super) struct Rows<'c> {
    cursor: BlockCursor<CursorImpl<StatementImpl<'c>>, ColumnarDynBuffer>,
    forms: Vec<Form>,
    names: Vec<String>,
    text: String,
}

/// A column of a batch.
enum Cells<'b> {
    Date(NullableSlice<'b, Date>),
    Timestamp(NullableSlice<'b, Timestamp>),
    Number(TextColumnSlice<'b, u16>),
    Text(TextColumnSlice<'b, u16>),
}

impl<'c> Rows<'c> {
    pub(super) fn of(mut cursor: CursorImpl<StatementImpl<'c>>, at: &str) -> Result<Self, Cause> {
        let told = |error: Error| fault::cause(&error, at);
        let columns = u16::try_from(cursor.num_result_cols().map_err(told)?).unwrap_or(0);
        let (mut forms, mut names) = (Vec::new(), Vec::new());
        for column in 1..=columns {
            let mut described = ColumnDescription::default();
            cursor.describe_col(column, &mut described).map_err(told)?;
            names.push(described.name_to_string().unwrap_or_default());
            let form = Form::of(described.data_type);
            let column = usize::from(column);
            forms.push(form.map_err(|problem| Cause::Column {
                column,
                problem,
                of_query: true,
            })?);
        }
        let bytes: usize = forms.iter().map(|form| form.bytes()).sum();
        let rows = (BATCH / bytes.max(1)).clamp(1, ROWS);
        let buffer = forms.iter().map(|form| form.buffer());
        let buffer = ColumnarDynBuffer::try_from_descs(rows, buffer).map_err(told)?;
        let cursor = cursor.bind_buffer(buffer).map_err(told)?;
        Ok(Self { cursor, forms, names, text: String::new() })
    }

    /// The line of names: those of `columns` where the database writes them in other capitals only, which
    /// mean nothing in SQL.
    pub(super) fn names(&self, columns: &[String]) -> String {
        let mut line = String::new();
        for (at, found) in self.names.iter().enumerate() {
            let known = columns.get(at).filter(|name| name.eq_ignore_ascii_case(found));
            line.push_str(if at > 0 { "," } else { "" });
            text::quoted(&mut line, known.unwrap_or(found));
        }
        line.push('\n');
        line
    }

    /// The next rows, each a line; none behind the last.
    pub(super) fn next(&mut self, at: &str) -> Result<Option<&str>, Cause> {
        self.text.clear();
        let batch = self.cursor.fetch().map_err(|error| fault::cause(&error, at))?;
        let Some(batch) = batch else { return Ok(None) };
        let cells = self.forms.iter().enumerate().map(|(at, form)| Cells::of(batch, at, *form));
        let mut cells = cells.collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            for (at, column) in cells.iter_mut().enumerate() {
                self.text.push_str(if at > 0 { "," } else { "" });
                let written = column.write(row, &mut self.text);
                written.map_err(|problem| of_value(at, problem))?;
            }
            self.text.push('\n');
        }
        Ok(Some(&self.text))
    }
}

impl Form {
    /// What becomes of a type, or what is wrong with it.
    fn of(data: DataType) -> Result<Self, &'static str> {
        Ok(match data {
            DataType::Date => Self::Date,
            DataType::Timestamp { .. } => Self::Timestamp,
            DataType::Numeric { .. }
            | DataType::Decimal { .. }
            | DataType::Integer
            | DataType::SmallInt
            | DataType::BigInt
            | DataType::TinyInt
            | DataType::Bit => Self::Number,
            DataType::Time { .. } => Self::Text(32),
            DataType::Char { length }
            | DataType::WChar { length }
            | DataType::Varchar { length }
            | DataType::WVarchar { length } => {
                // A character takes two units at most.
                let length = length.map(|length| length.get().saturating_mul(2));
                Self::Text(length.filter(|length| *length <= LONGEST).unwrap_or(LONGEST))
            }
            DataType::LongVarchar { .. } | DataType::WLongVarchar { .. } => Self::Text(LONGEST),
            DataType::Float { .. } | DataType::Real | DataType::Double => {
                return Err(
                    "a floating-point number, which rounds (right: `CAST` to `DECIMAL`, or to text)",
                );
            }
            _ => {
                return Err(
                    "a type that is not landed (right: `CAST` to a text, number, date or timestamp)",
                );
            }
        })
    }

    fn buffer(self) -> BufferDesc {
        match self {
            Self::Date => BufferDesc::Date { nullable: true },
            Self::Timestamp => BufferDesc::Timestamp { nullable: true },
            Self::Number => BufferDesc::WText { max_str_len: DIGITS },
            Self::Text(length) => BufferDesc::WText { max_str_len: length },
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Date | Self::Timestamp => 32,
            Self::Number => 2 * DIGITS,
            Self::Text(length) => 2 * length,
        }
    }
}

impl<'b> Cells<'b> {
    fn of(batch: &'b ColumnarDynBuffer, at: usize, form: Form) -> Result<Self, Cause> {
        let column = batch.column(at);
        let text = |column: TextColumnSlice<'b, u16>| match column.has_truncated_values() {
            Some(_) => Err(of_value(
                at,
                "a text longer than its column says, or than 32768 (right: a `CAST` to a shorter one)",
            )),
            None => Ok(column),
        };
        let cells = match form {
            Form::Date => column.as_nullable_slice().map(Self::Date),
            Form::Timestamp => column.as_nullable_slice().map(Self::Timestamp),
            Form::Number => column.as_wide_text().map(text).transpose()?.map(Self::Number),
            Form::Text(_) => column.as_wide_text().map(text).transpose()?.map(Self::Text),
        };
        cells.ok_or_else(|| of_value(at, "a value of another type than was asked for"))
    }

    /// Writes the value of a row; says what is wrong with it.
    fn write(&mut self, row: usize, out: &mut String) -> Result<(), &'static str> {
        match self {
            Self::Date(days) => {
                if let Some(day) = days.next().flatten() {
                    text::date(out, day.year, day.month, day.day);
                }
            }
            Self::Timestamp(times) => {
                if let Some(time) = times.next().flatten() {
                    text::date(out, time.year, time.month, time.day);
                    out.push(' ');
                    text::time(out, [time.hour, time.minute, time.second], time.fraction);
                }
            }
            Self::Number(numbers) => {
                if let Some(number) = numbers.get(row) {
                    let number = utf8(number)?;
                    text::number(out, &number).ok_or(
                        "a number that is not written `-12.50` (right: the driver set to a decimal point)",
                    )?;
                }
            }
            Self::Text(texts) => {
                if let Some(text) = texts.get(row) {
                    text::quoted(out, &utf8(text)?);
                }
            }
        }
        Ok(())
    }
}

fn utf8(text: &[u16]) -> Result<String, &'static str> {
    String::from_utf16(text).map_err(|_| "a text that is not UTF-16")
}

fn of_value(at: usize, problem: &'static str) -> Cause {
    Cause::Column { column: at + 1, problem, of_query: false }
}
