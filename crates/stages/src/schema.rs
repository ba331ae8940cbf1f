//! The one list of schemas, in the words of the data-frame library.

use crate::columns::ordered;
use crate::frames::StageError;
use model::{Column as ModelColumn, ColumnKind, Table};
use polars::prelude::*;

/// Digits of published money.
const MONEY_DIGITS: usize = 18;
/// Digits of published points.
const POINTS_DIGITS: usize = 9;

fn stage_type(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => DataType::String,
        ColumnKind::Date => DataType::Date,
        ColumnKind::Flag => DataType::Boolean,
        ColumnKind::Key
        | ColumnKind::Count
        | ColumnKind::Ppm
        | ColumnKind::Money
        | ColumnKind::Points => DataType::Int64,
    }
}

fn known(table: &str) -> Result<&'static Table, StageError> {
    model::table(table).ok_or_else(|| StageError::Data(format!("table `{table}` has no schema")))
}

/// An empty frame of a table, as stages see it.
pub fn empty(table: &str) -> Result<DataFrame, StageError> {
    let column = |c: &ModelColumn| Column::new_empty(c.name.into(), &stage_type(c.kind));
    Ok(DataFrame::new(0, known(table)?.columns.iter().map(column).collect())?)
}

/// Puts a frame into the shape of its table: columns in order and typed, absent ones empty. Rows are
/// sorted by the table's key, but for tables that only the next stage reads, range by range: it puts
/// the rows of several ranges together and has to order them itself.
pub fn shape(table: &str, frame: &DataFrame) -> Result<DataFrame, StageError> {
    let schema = known(table)?;
    let frame = typed(table, frame)?;
    if !schema.is_published() && schema.partition.is_some() {
        return Ok(frame);
    }
    let is_number = |name: &&str| {
        let kind = schema.column(name).map(|c| c.kind);
        !matches!(kind, None | Some(ColumnKind::Text | ColumnKind::Flag))
    };
    if schema.order.len() <= 3 && schema.order.iter().all(is_number) {
        return ordered(&frame, schema.order);
    }
    let order: Vec<PlSmallStr> = schema.order.iter().map(|name| PlSmallStr::from(*name)).collect();
    let options = SortMultipleOptions::default().with_maintain_order(true);
    Ok(frame.sort(order, options)?)
}

/// The columns of a table in order and typed, absent ones empty, rows as they come.
pub(crate) fn typed(table: &str, frame: &DataFrame) -> Result<DataFrame, StageError> {
    let table = known(table)?;
    let height = frame.height();
    let mut columns = Vec::with_capacity(table.columns.len());
    for column in table.columns {
        let dtype = stage_type(column.kind);
        columns.push(match frame.column(column.name) {
            Ok(found) if found.dtype() == &dtype => found.clone(),
            Ok(found) => found.strict_cast(&dtype)?,
            Err(_) => Column::full_null(column.name.into(), height, &dtype),
        });
    }
    Ok(DataFrame::new(height, columns)?)
}

/// The form in which a published table is written: money and points as decimals.
pub fn publishable(table: &str, frame: DataFrame) -> Result<DataFrame, StageError> {
    let table = known(table)?;
    if !table.is_published() {
        return Ok(frame);
    }
    let height = frame.height();
    let mut columns = Vec::with_capacity(table.columns.len());
    for column in table.columns {
        let found = frame.column(column.name)?;
        columns.push(match column.kind {
            ColumnKind::Money => decimal(found, MONEY_DIGITS)?,
            ColumnKind::Points => decimal(found, POINTS_DIGITS)?,
            _ => found.clone(),
        });
    }
    Ok(DataFrame::new(height, columns)?)
}

/// Hundredths as a decimal with two places: the same digits, another type.
fn decimal(column: &Column, precision: usize) -> PolarsResult<Column> {
    let wide = column.cast(&DataType::Int128)?;
    let digits = wide.i128()?.clone().into_decimal(precision, 2)?;
    Ok(digits.into_series().into_column())
}

/// A published table as stages see it: decimals as minor units again.
pub fn minor(table: &str, frame: LazyFrame) -> Result<LazyFrame, StageError> {
    let table = known(table)?;
    let cast = |column: &ModelColumn| {
        if !matches!(column.kind, ColumnKind::Money | ColumnKind::Points) {
            return None;
        }
        let hundred = lit(100).cast(DataType::Decimal(3, 0));
        Some((col(column.name) * hundred).cast(DataType::Int64).alias(column.name))
    };
    let casts: Vec<Expr> = table.columns.iter().filter_map(cast).collect();
    Ok(if table.is_published() && !casts.is_empty() { frame.with_columns(casts) } else { frame })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_its_digits_through_publishing() {
        let values = [0_i64, 1, -1, 123_456_789_012_345, -99, 100];
        let ids: Vec<i64> = (0..6).collect();
        let frame =
            df!("client_id" => &ids, "lifetime_value" => &values, "value_score" => [9_999_i64; 6])
                .unwrap();
        let shaped = shape("client_segment", &frame).unwrap();
        let published = publishable("client_segment", shaped.clone()).unwrap();
        assert_eq!(published.column("lifetime_value").unwrap().dtype(), &DataType::Decimal(18, 2));
        assert_eq!(published.column("value_score").unwrap().dtype(), &DataType::Decimal(9, 2));
        let back = minor("client_segment", published.lazy()).unwrap().collect().unwrap();
        assert!(back.equals_missing(&shaped));
    }
}
