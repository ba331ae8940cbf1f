//! Published tables as a reader without the engine sees them.

use crate::failure::Failure;
use arrow::array::{Array, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use lake::{Published, RunId};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

/// The published run, or the one asked for.
pub(crate) fn open(lake: &Path, run: Option<&str>) -> Result<Published, Failure> {
    let found = match run {
        Some(run) => {
            let run = RunId::new(run).map_err(|e| {
                Failure::new(64, e.to_string(), "`clientele status JOB` lists the runs")
            })?;
            Some(lake::published(lake, &run)?).flatten()
        }
        None => lake::current(lake)?,
    };
    let place = lake.display();
    let nothing = || {
        Failure::new(
            64,
            format!("nothing is published in {place}"),
            "run a night first: `clientele run JOB --as-of DATE`",
        )
    };
    found.ok_or_else(nothing)
}

/// Rows of a table as text.
#[derive(Default)]
pub(crate) struct Rows {
    /// Column names.
    pub(crate) header: Vec<String>,
    /// Values by row and column.
    #[expect(clippy::struct_field_names, reason = "rows of a result are rows")]
    pub(crate) rows: Vec<Vec<String>>,
    /// Rows that matched, printed or not.
    pub(crate) matched: u64,
}

impl Rows {
    /// The value of a column in a row; empty where there is none.
    pub(crate) fn get<'a>(&'a self, row: usize, column: &str) -> &'a str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.rows.get(row)?.get(at)).map_or("", String::as_str)
    }
}

/// The rows of a table, those with `column = value` only when a condition is given; at most `limit`.
pub(crate) fn read(
    published: &Published,
    table: &str,
    condition: Option<(&str, &str)>,
    limit: usize,
) -> Result<Rows, Failure> {
    let files = published.table_files(table);
    if files.is_empty() {
        let known: Vec<&str> = published.manifest.tables.iter().map(|t| t.name.as_str()).collect();
        let message = format!("table `{table}` not found (tables: `{}`)", known.join("`, `"));
        return Err(Failure::new(64, message, ""));
    }
    let mut rows = Rows::default();
    for file in files {
        let broken = |e: &dyn std::fmt::Display| {
            let message = format!("cannot read {}: {e}", file.display());
            Failure::new(16, message, "run `clientele verify JOB`")
        };
        let opened = File::open(&file).map_err(|e| broken(&e))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|e| broken(&e))?;
        for batch in reader.build().map_err(|e| broken(&e))? {
            take(&batch.map_err(|e| broken(&e))?, condition, limit, &mut rows)
                .map_err(|e| broken(&e))?;
        }
    }
    Ok(rows)
}

fn take(
    batch: &RecordBatch,
    condition: Option<(&str, &str)>,
    limit: usize,
    rows: &mut Rows,
) -> Result<(), arrow::error::ArrowError> {
    if rows.header.is_empty() {
        rows.header = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
    }
    let options = FormatOptions::default();
    let batch = match condition {
        None => batch.clone(),
        Some((column, value)) => {
            let Some(array) = batch.column_by_name(column) else { return Ok(()) };
            let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
            let equal = |row: usize| Some(formatter.value(row).to_string() == value);
            filter_record_batch(batch, &(0..array.len()).map(equal).collect())?
        }
    };
    rows.matched += batch.num_rows() as u64;
    let wanted = limit.saturating_sub(rows.rows.len()).min(batch.num_rows());
    if wanted == 0 {
        return Ok(());
    }
    let columns: Result<Vec<ArrayFormatter<'_>>, _> =
        batch.columns().iter().map(|c| ArrayFormatter::try_new(c.as_ref(), &options)).collect();
    let columns = columns?;
    rows.rows
        .extend((0..wanted).map(|row| columns.iter().map(|c| c.value(row).to_string()).collect()));
    Ok(())
}
