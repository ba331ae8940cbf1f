//! A typed row as text, and back, exactly: a JSON array (RFC 8259) of the contract's columns. Texts are
//! strings; whole numbers, decimals in units of the last and days since 1970-01-01 are numbers; no
//! value is `null`. The same row gives the same text.

use crate::read::SOURCE_ROW;
use arrow::array::{Array, ArrayRef, AsArray, Date32Builder, Int64Array, Int64Builder};
use arrow::array::{RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Date32Type, Field, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use model::{BusinessDate, ColumnType, FeedContract, LoadMode, key63};
use std::sync::Arc;

/// How the rows of a feed are written down.
pub struct RowCodec {
    schema: SchemaRef,
    /// The columns that name a row; none: its place in its file does.
    named_by: Vec<usize>,
    /// The column that says what is done with a row: part of a delivery, not of the row.
    operation: Option<usize>,
    delete: Vec<String>,
    /// The date of the delivery, for rows that only their place names.
    delivery: BusinessDate,
    layout: i64,
}

/// A row written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// 63-bit hash of `row_key`.
    pub key: i64,
    /// What names the row.
    pub row_key: String,
    /// Its line.
    pub source_row: i64,
    /// Whether it is a deletion.
    pub deletes: bool,
    /// The row.
    pub row: String,
}

impl RowCodec {
    /// The codec of a feed, for a delivery of this date.
    pub fn of(feed: &FeedContract, delivery: BusinessDate) -> Self {
        let place = |name: &String| feed.columns.iter().position(|column| column.name == *name);
        let field =
            |column: &model::ColumnContract| Field::new(&column.name, data_type(column.kind), true);
        let mut fields: Vec<Field> = feed.columns.iter().map(field).collect();
        fields.push(Field::new(SOURCE_ROW, DataType::Int64, true));
        let operation = feed.operation.as_ref().filter(|_| feed.load == LoadMode::DeltaDeletes);
        Self {
            schema: Arc::new(Schema::new(fields)),
            named_by: feed.unique.iter().filter_map(place).collect(),
            operation: operation.and_then(|operation| place(&operation.column)),
            delete: operation.map(|operation| operation.delete.clone()).unwrap_or_default(),
            delivery,
            layout: feed.kept_layout(),
        }
    }

    /// Digest of the columns by which rows are written down.
    pub fn layout(&self) -> i64 {
        self.layout
    }

    /// Writes down the rows of a batch of the gate.
    pub fn encode(&self, batch: &RecordBatch) -> Vec<Encoded> {
        let lines = batch.column(batch.num_columns() - 1).as_primitive::<Int64Type>();
        let all: Vec<usize> = (0..batch.num_columns() - 1).collect();
        let encoded = |row: usize| {
            let source_row = lines.value(row);
            let row_key = if self.named_by.is_empty() {
                format!("[\"{}\",{source_row}]", self.delivery)
            } else {
                self.text(batch, row, &self.named_by)
            };
            let key = key63(&["row", &row_key]);
            let (deletes, row) = (self.deletes(batch, row), self.text(batch, row, &all));
            Encoded { key, row_key, source_row, deletes, row }
        };
        (0..batch.num_rows()).map(encoded).collect()
    }

    /// Rows as the gate would give them; in place of their lines their place among these. Fails on a
    /// text that was not written by this layout; the error is that row's place.
    pub fn decode(&self, rows: &[&str]) -> Result<RecordBatch, usize> {
        let mut cells: Vec<Cells> =
            self.schema.fields().iter().map(|field| Cells::of(field.data_type())).collect();
        cells.pop();
        for (place, row) in rows.iter().enumerate() {
            let values: Vec<serde_json::Value> = serde_json::from_str(row).map_err(|_| place)?;
            if values.len() != cells.len() {
                return Err(place);
            }
            for (cells, value) in cells.iter_mut().zip(&values) {
                cells.push(value).ok_or(place)?;
            }
        }
        let mut arrays: Vec<ArrayRef> = cells.into_iter().map(Cells::finish).collect();
        let places = (0_i64..).take(rows.len()).collect::<Vec<_>>();
        arrays.push(Arc::new(Int64Array::from(places)));
        let batch: Result<_, ArrowError> = RecordBatch::try_new(Arc::clone(&self.schema), arrays);
        batch.map_err(|_| 0)
    }

    fn deletes(&self, batch: &RecordBatch, row: usize) -> bool {
        let Some(column) = self.operation.map(|at| batch.column(at).as_string::<i32>()) else {
            return false;
        };
        column.is_valid(row) && self.delete.iter().any(|text| text == column.value(row))
    }

    fn text(&self, batch: &RecordBatch, row: usize, columns: &[usize]) -> String {
        let mut text = String::from("[");
        for (nth, at) in columns.iter().enumerate() {
            if nth > 0 {
                text.push(',');
            }
            let column = batch.column(*at);
            if column.is_null(row) || self.operation == Some(*at) {
                text.push_str("null");
                continue;
            }
            match column.data_type() {
                DataType::Utf8 => {
                    let value = serde_json::Value::from(column.as_string::<i32>().value(row));
                    text.push_str(&value.to_string());
                }
                DataType::Date32 => {
                    text.push_str(&column.as_primitive::<Date32Type>().value(row).to_string());
                }
                _ => text.push_str(&column.as_primitive::<Int64Type>().value(row).to_string()),
            }
        }
        text.push(']');
        text
    }
}

enum Cells {
    Text(StringBuilder),
    Number(Int64Builder),
    Day(Date32Builder),
}

impl Cells {
    fn of(kind: &DataType) -> Self {
        match kind {
            DataType::Utf8 => Self::Text(StringBuilder::new()),
            DataType::Date32 => Self::Day(Date32Builder::new()),
            _ => Self::Number(Int64Builder::new()),
        }
    }

    fn push(&mut self, value: &serde_json::Value) -> Option<()> {
        match (self, value.is_null()) {
            (Self::Text(cells), true) => cells.append_null(),
            (Self::Number(cells), true) => cells.append_null(),
            (Self::Day(cells), true) => cells.append_null(),
            (Self::Text(cells), false) => cells.append_value(value.as_str()?),
            (Self::Number(cells), false) => cells.append_value(value.as_i64()?),
            (Self::Day(cells), false) => cells.append_value(i32::try_from(value.as_i64()?).ok()?),
        }
        Some(())
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut cells) => Arc::new(cells.finish()),
            Self::Number(mut cells) => Arc::new(cells.finish()),
            Self::Day(mut cells) => Arc::new(cells.finish()),
        }
    }
}

fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Date => DataType::Date32,
        ColumnType::Integer | ColumnType::Money | ColumnType::Decimal => DataType::Int64,
    }
}
