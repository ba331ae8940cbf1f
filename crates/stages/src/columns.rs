//! Columns as slices for the kernels, and slices as columns for the frames.

use crate::frames::StageError;
use polars::prelude::*;

/// Whole numbers, ids, minor units.
pub(crate) fn ints(frame: &DataFrame, name: &str) -> Result<Vec<Option<i64>>, StageError> {
    Ok(frame.column(name)?.i64()?.iter().collect())
}

/// Whole numbers that must be there.
pub(crate) fn keys(frame: &DataFrame, name: &str) -> Result<Vec<i64>, StageError> {
    let column = frame.column(name)?.i64()?;
    if column.null_count() > 0 {
        return Err(StageError::Data(format!("column `{name}` has rows without a value")));
    }
    Ok(column.into_no_null_iter().collect())
}

/// Whole numbers, `default` where there is none.
pub(crate) fn ints_or(frame: &DataFrame, name: &str, default: i64) -> Result<Vec<i64>, StageError> {
    Ok(frame.column(name)?.i64()?.iter().map(|v| v.unwrap_or(default)).collect())
}

/// Texts.
pub(crate) fn texts<'a>(
    frame: &'a DataFrame,
    name: &str,
) -> Result<Vec<Option<&'a str>>, StageError> {
    Ok(frame.column(name)?.str()?.iter().collect())
}

/// Dates as days since 1970-01-01.
pub(crate) fn days(frame: &DataFrame, name: &str) -> Result<Vec<Option<i32>>, StageError> {
    Ok(frame.column(name)?.date()?.physical().iter().collect())
}

/// Flags; no answer is no.
pub(crate) fn flags(frame: &DataFrame, name: &str) -> Result<Vec<bool>, StageError> {
    Ok(frame.column(name)?.bool()?.iter().map(|v| v.unwrap_or(false)).collect())
}

/// A column of whole numbers.
pub(crate) fn int_column(name: &str, values: Vec<i64>) -> Column {
    Column::new(name.into(), values)
}

/// A column of whole numbers with gaps.
pub(crate) fn opt_int_column(name: &str, values: Vec<Option<i64>>) -> Column {
    Column::new(name.into(), values)
}

/// A column of texts.
pub(crate) fn text_column<S: AsRef<str>>(name: &str, values: &[S]) -> Column {
    StringChunked::from_iter_values(name.into(), values.iter().map(AsRef::as_ref)).into_column()
}

/// A column of texts with gaps.
pub(crate) fn opt_text_column<S: AsRef<str>>(name: &str, values: &[Option<S>]) -> Column {
    let values = values.iter().map(|v| v.as_ref().map(AsRef::as_ref));
    let mut column: StringChunked = values.collect();
    column.rename(name.into());
    column.into_column()
}

/// A column of dates from days since 1970-01-01.
pub(crate) fn date_column(name: &str, values: Vec<Option<i32>>) -> Column {
    let mut days: Int32Chunked = values.into_iter().collect();
    days.rename(name.into());
    days.into_date().into_column()
}

/// A column of flags.
pub(crate) fn flag_column(name: &str, values: &[bool]) -> Column {
    Column::new(name.into(), values)
}

/// A frame of columns of one height.
pub(crate) fn frame(columns: Vec<Column>) -> Result<DataFrame, StageError> {
    Ok(DataFrame::new_infer_height(columns)?)
}

/// The rows of a frame in the order of columns of whole numbers or dates, at most three; rows with
/// equal keys stay as they were, rows without a value come first.
pub(crate) fn ordered(frame: &DataFrame, by: &[&str]) -> Result<DataFrame, StageError> {
    let mut keys = vec![[i64::MIN; 3]; frame.height()];
    for (at, name) in by.iter().enumerate().take(3) {
        let column = frame.column(name)?.cast(&DataType::Int64)?;
        for (key, value) in keys.iter_mut().zip(column.i64()?.iter()) {
            key[at] = value.unwrap_or(i64::MIN);
        }
    }
    if keys.is_sorted() {
        return Ok(frame.clone());
    }
    let mut order: Vec<([i64; 3], IdxSize)> = keys.into_iter().zip(0..).collect();
    order.sort_unstable();
    let rows: Vec<IdxSize> = order.into_iter().map(|(_, row)| row).collect();
    Ok(frame.take(&IdxCa::from_vec("".into(), rows))?)
}

/// The ranges of equal keys in a sorted column.
pub(crate) fn runs(sorted: &[i64]) -> impl Iterator<Item = (i64, std::ops::Range<usize>)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let key = *sorted.get(start)?;
        let length = sorted[start..].partition_point(|k| *k <= key);
        let range = start..start + length;
        start += length;
        Some((key, range))
    })
}

/// Where the rows of a key stand in a sorted column, for keys asked in ascending order.
pub(crate) struct Cursor<'a> {
    sorted: &'a [i64],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(sorted: &'a [i64]) -> Self {
        Self { sorted, at: 0 }
    }

    /// The rows of `key`; keys between the last one asked and this one are passed over.
    pub(crate) fn rows(&mut self, key: i64) -> std::ops::Range<usize> {
        let rest = &self.sorted[self.at..];
        let start = self.at + rest.iter().take_while(|k| **k < key).count();
        let length = self.sorted[start..].iter().take_while(|k| **k == key).count();
        self.at = start + length;
        start..self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ordered_by_numbers_and_dates_and_ties_stay() {
        let frame = df!("a" => [2_i64, 1, 2, 1], "b" => [Some(1_i64), Some(9), None, Some(9)], "row" => [0_i64, 1, 2, 3]);
        let sorted = ordered(&frame.unwrap(), &["a", "b"]).unwrap();
        assert_eq!(keys(&sorted, "row").unwrap(), [1, 3, 2, 0]);
    }

    #[test]
    fn runs_and_cursors_find_the_rows_of_a_key() {
        let sorted = [1, 1, 3, 7, 7, 7];
        let found: Vec<_> = runs(&sorted).collect();
        assert_eq!(found, [(1, 0..2), (3, 2..3), (7, 3..6)]);
        let mut cursor = Cursor::new(&sorted);
        assert_eq!(cursor.rows(1), 0..2);
        assert_eq!(cursor.rows(2), 2..2);
        assert_eq!(cursor.rows(7), 3..6);
        assert_eq!(cursor.rows(9), 6..6);
    }
}
