//! Typed rows of the gate as frames.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType as ArrowType, Date32Type, Int64Type};
use polars::prelude::*;

/// A batch of the gate as a frame: text, whole numbers and dates, which is all the gate gives.
pub(crate) fn frame(batch: &RecordBatch) -> PolarsResult<DataFrame> {
    let schema = batch.schema();
    let columns = batch.columns().iter().zip(schema.fields());
    let columns: PolarsResult<Vec<Column>> =
        columns.map(|(array, field)| column(field.name(), array.as_ref())).collect();
    DataFrame::new(batch.num_rows(), columns?)
}

fn column(name: &str, array: &dyn Array) -> PolarsResult<Column> {
    Ok(match array.data_type() {
        ArrowType::Utf8 => {
            let mut texts: StringChunked = array.as_string::<i32>().iter().collect();
            texts.rename(name.into());
            texts.into_column()
        }
        ArrowType::Int64 => {
            let array = array.as_primitive::<Int64Type>();
            if array.null_count() == 0 {
                Int64Chunked::from_slice(name.into(), array.values()).into_column()
            } else {
                let mut numbers: Int64Chunked = array.iter().collect();
                numbers.rename(name.into());
                numbers.into_column()
            }
        }
        ArrowType::Date32 => {
            let mut days: Int32Chunked = array.as_primitive::<Date32Type>().iter().collect();
            days.rename(name.into());
            days.into_date().into_column()
        }
        other => polars_bail!(SchemaMismatch: "the gate gives no {other:?}"),
    })
}
