//! Rows that stages have left in order, put into one part of a published table.

use crate::write::{Layout, TableWriter};
use crate::{library, read};
use model::Table;
use night::{Delivery, EngineError, GROUP_ROWS, Slice};
use polars::prelude::IdxSize;
use std::path::Path;

/// Writes part `part` of a table below `out`, from slices of files below `from`.
pub(crate) fn write(
    table: &'static Table,
    part: usize,
    slices: &[Slice],
    from: &Path,
    out: &Path,
) -> Result<Delivery, EngineError> {
    let mut writer = TableWriter::new(table, out, Layout::Part(part))?;
    for slice in slices {
        let rows = |rows: u64| IdxSize::try_from(rows).unwrap_or(IdxSize::MAX);
        let skip = i64::try_from(slice.skip).unwrap_or(i64::MAX);
        let frame = read::rows_as_written(table.name, &[from.join(&slice.path)])?;
        let frame = frame.slice(skip, rows(slice.rows));
        // A group's worth at a time: a part is larger than a worker wants to hold.
        let mut frame = frame.collect().map_err(|e| library(table.name, &e))?;
        while frame.height() > 0 {
            let (head, tail) = frame.split_at(i64::try_from(GROUP_ROWS).unwrap_or(i64::MAX));
            writer.add(head)?;
            frame = tail;
        }
    }
    Ok(Delivery { files: writer.finish()?, ..Delivery::default() })
}
