//! Typed rows in columns, handed on in batches.

use crate::error::Cause;
use crate::plan::Plan;
use crate::read::SOURCE_ROW;
use crate::typed::{DayFormat, Parse, Reason, Rule};
use arrow::array::{ArrayRef, Date32Array, Int64Array, NullBufferBuilder, StringArray};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use std::ops::Range;
use std::sync::Arc;

const TOO_MUCH_TEXT: Reason = "more text than a batch can hold";

/// Rows that wait to be handed on. A row is pushed field by field and stays only once closed.
pub(crate) struct Batch {
    schema: SchemaRef,
    columns: Vec<Column>,
    lines: Vec<i64>,
    load: usize,
}

/// The rows of a part of a file.
pub(crate) struct Sealed {
    columns: Vec<(Cells, Option<NullBuffer>)>,
    lines: Vec<i64>,
}

struct Column {
    cells: Cells,
    nulls: NullBufferBuilder,
}

enum Cells {
    /// The texts one behind the other, and where each ends (a 0 in front).
    Text { bytes: Vec<u8>, offsets: Vec<i32> },
    /// Whole numbers, or decimals in units of the last.
    Number { values: Vec<i64>, parse: Parse },
    /// Days since 1970-01-01.
    Day { values: Vec<i32>, format: DayFormat },
}

impl Batch {
    pub(crate) fn new(plan: &Plan) -> Self {
        let field = |rule: &Rule| Field::new(&rule.name, data_type(rule.parse), true);
        let lines = Field::new(SOURCE_ROW, DataType::Int64, true);
        let fields: Vec<Field> = plan.rules.iter().map(field).chain([lines]).collect();
        let columns = plan.rules.iter().map(|rule| Column::new(rule.parse)).collect();
        Self { schema: Arc::new(Schema::new(fields)), columns, lines: Vec::new(), load: 0 }
    }

    /// The columns of the contract, and [`SOURCE_ROW`].
    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Closed rows.
    pub(crate) fn rows(&self) -> usize {
        self.lines.len()
    }

    /// Bytes of the file in the closed rows.
    pub(crate) fn load(&self) -> usize {
        self.load
    }

    /// Adds a field to the open row.
    pub(crate) fn push(
        &mut self,
        column: usize,
        rule: &Rule,
        text: Option<&str>,
    ) -> Result<(), Reason> {
        let column = &mut self.columns[column];
        if let Some(text) = text {
            return column.push(rule, text);
        }
        column.push_null();
        Ok(())
    }

    /// Makes the open row a row of the batch: its line, and how many bytes it is.
    pub(crate) fn close(&mut self, line: i64, bytes: usize) {
        self.lines.push(line);
        self.load += bytes;
    }

    /// Adds rows of a part of the file behind the closed ones: how many bytes they are.
    pub(crate) fn append(
        &mut self,
        part: &Sealed,
        rows: Range<usize>,
        bytes: usize,
    ) -> Result<(), Cause> {
        for (column, from) in self.columns.iter_mut().zip(&part.columns) {
            column.append(from, &rows).map_err(|reason| Cause::Sink(reason.into()))?;
        }
        self.lines.extend_from_slice(&part.lines[rows]);
        self.load += bytes;
        Ok(())
    }

    /// The closed rows, never to be added to.
    pub(crate) fn sealed(self) -> Sealed {
        let seal = |mut column: Column| (column.cells, column.nulls.finish());
        Sealed { columns: self.columns.into_iter().map(seal).collect(), lines: self.lines }
    }

    /// Drops the open row.
    pub(crate) fn drop_open(&mut self) {
        let rows = self.rows();
        for column in &mut self.columns {
            column.truncate(rows);
        }
    }

    /// The number in a column of the open row, 0 where it has no value.
    pub(crate) fn open_number(&self, column: usize) -> i64 {
        match &self.columns[column].cells {
            Cells::Number { values, .. } => values.get(self.rows()).copied().unwrap_or(0),
            Cells::Text { .. } | Cells::Day { .. } => 0,
        }
    }

    /// Appends a column of the open row to `key`, so that no two values give the same bytes.
    pub(crate) fn write_open(&self, column: usize, key: &mut Vec<u8>) {
        let (row, column) = (self.rows(), &self.columns[column]);
        if !column.nulls.is_valid(row) {
            key.push(0);
            return;
        }
        key.push(1);
        match &column.cells {
            Cells::Text { bytes, offsets } => {
                let from = offsets.get(row).and_then(|at| usize::try_from(*at).ok()).unwrap_or(0);
                key.extend_from_slice(&(bytes.len() - from).to_le_bytes());
                key.extend_from_slice(&bytes[from..]);
            }
            Cells::Number { values, .. } => key.extend_from_slice(&values[row].to_le_bytes()),
            Cells::Day { values, .. } => key.extend_from_slice(&values[row].to_le_bytes()),
        }
    }

    /// Number of columns of the contract.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Gives the closed rows away and begins anew.
    pub(crate) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.load = 0;
        let mut arrays = Vec::with_capacity(self.columns.len() + 1);
        for column in &mut self.columns {
            arrays.push(column.take()?);
        }
        let lines = Int64Array::from(take_values(&mut self.lines));
        arrays.push(Arc::new(lines));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

impl Column {
    fn new(parse: Parse) -> Self {
        let cells = match parse {
            Parse::Text => Cells::Text { bytes: Vec::new(), offsets: vec![0] },
            Parse::Integer | Parse::Scaled(_) => Cells::Number { values: Vec::new(), parse },
            Parse::Day(format) => Cells::Day { values: Vec::new(), format },
        };
        Self { cells, nulls: NullBufferBuilder::new(0) }
    }

    fn push(&mut self, rule: &Rule, text: &str) -> Result<(), Reason> {
        match &mut self.cells {
            Cells::Text { bytes, offsets } => {
                let end = i32::try_from(bytes.len() + text.len()).map_err(|_| TOO_MUCH_TEXT)?;
                bytes.extend_from_slice(text.as_bytes());
                offsets.push(end);
            }
            Cells::Number { values, parse } => values.push(parse.number(text)?),
            Cells::Day { values, format } => {
                let Some(day) = format.days(text)? else {
                    rule.no_value()?;
                    self.push_null();
                    return Ok(());
                };
                values.push(day);
            }
        }
        self.nulls.append_non_null();
        Ok(())
    }

    fn push_null(&mut self) {
        match &mut self.cells {
            Cells::Text { offsets, .. } => offsets.push(offsets.last().copied().unwrap_or(0)),
            Cells::Number { values, .. } => values.push(0),
            Cells::Day { values, .. } => values.push(0),
        }
        self.nulls.append_null();
    }

    fn truncate(&mut self, rows: usize) {
        if self.nulls.len() <= rows {
            return;
        }
        self.nulls.truncate(rows);
        match &mut self.cells {
            Cells::Text { bytes, offsets } => {
                offsets.truncate(rows + 1);
                let end = offsets.last().and_then(|at| usize::try_from(*at).ok());
                bytes.truncate(end.unwrap_or(0));
            }
            Cells::Number { values, .. } => values.truncate(rows),
            Cells::Day { values, .. } => values.truncate(rows),
        }
    }

    fn append(
        &mut self,
        (cells, nulls): &(Cells, Option<NullBuffer>),
        rows: &Range<usize>,
    ) -> Result<(), Reason> {
        match (&mut self.cells, cells) {
            (Cells::Text { bytes, offsets }, Cells::Text { bytes: more, offsets: ends }) => {
                append_texts(bytes, offsets, more, &ends[rows.start..=rows.end])?;
            }
            (Cells::Number { values, .. }, Cells::Number { values: more, .. }) => {
                values.extend_from_slice(&more[rows.clone()]);
            }
            (Cells::Day { values, .. }, Cells::Day { values: more, .. }) => {
                values.extend_from_slice(&more[rows.clone()]);
            }
            _ => {}
        }
        match nulls {
            Some(nulls) => self.nulls.append_buffer(&nulls.slice(rows.start, rows.len())),
            None => self.nulls.append_n_non_nulls(rows.len()),
        }
        Ok(())
    }

    fn take(&mut self) -> Result<ArrayRef, ArrowError> {
        let nulls: Option<NullBuffer> = self.nulls.finish();
        Ok(match &mut self.cells {
            Cells::Text { bytes, offsets } => {
                let offsets = OffsetBuffer::new(ScalarBuffer::from(take_offsets(offsets)));
                let bytes = Buffer::from_vec(take_values(bytes));
                Arc::new(StringArray::try_new(offsets, bytes, nulls)?)
            }
            Cells::Number { values, .. } => {
                Arc::new(Int64Array::try_new(take_values(values).into(), nulls)?)
            }
            Cells::Day { values, .. } => {
                Arc::new(Date32Array::try_new(take_values(values).into(), nulls)?)
            }
        })
    }
}

/// Appends texts that stand behind `ends[0]`, each up to the next of `ends`.
fn append_texts(
    bytes: &mut Vec<u8>,
    offsets: &mut Vec<i32>,
    more: &[u8],
    ends: &[i32],
) -> Result<(), Reason> {
    let place = |at: Option<&i32>| at.and_then(|at| usize::try_from(*at).ok()).unwrap_or(0);
    let (from, to) = (place(ends.first()), place(ends.last()));
    let before = i32::try_from(bytes.len()).map_err(|_| TOO_MUCH_TEXT)?;
    i32::try_from(bytes.len() + (to - from)).map_err(|_| TOO_MUCH_TEXT)?;
    bytes.extend_from_slice(&more[from..to]);
    let shift = before - ends.first().copied().unwrap_or(0);
    offsets.extend(ends.iter().skip(1).map(|end| end + shift));
    Ok(())
}

/// Takes a buffer and leaves an empty one of the same size: the next batch will need as much.
fn take_values<T>(values: &mut Vec<T>) -> Vec<T> {
    let next = Vec::with_capacity(values.len());
    std::mem::replace(values, next)
}

fn take_offsets(offsets: &mut Vec<i32>) -> Vec<i32> {
    let taken = take_values(offsets);
    offsets.push(0);
    taken
}

fn data_type(parse: Parse) -> DataType {
    match parse {
        Parse::Text => DataType::Utf8,
        Parse::Integer | Parse::Scaled(_) => DataType::Int64,
        Parse::Day(_) => DataType::Date32,
    }
}
