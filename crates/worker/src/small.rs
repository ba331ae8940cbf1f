//! Small tables as text, for checks and summaries.

use crate::write::{Layout, TableWriter};
use crate::{known, library, of_stage, read as files};
use model::ColumnKind;
use night::{EngineError, SmallTables};
use polars::prelude::*;
use std::path::Path;

/// Small tables, read and written by this process.
#[derive(Clone, Copy, Debug)]
pub struct Small;

impl SmallTables for Small {
    fn read(
        &self,
        table: &str,
        dir: &Path,
        columns: &[&str],
    ) -> Result<Vec<Vec<String>>, EngineError> {
        read(table, dir, columns)
    }

    fn write(&self, table: &str, rows: &[Vec<String>], dir: &Path) -> Result<(), EngineError> {
        write(table, rows, dir)
    }
}

/// Columns of a small table as text; whole numbers and minor units in digits.
fn read(table: &str, dir: &Path, columns: &[&str]) -> Result<Vec<Vec<String>>, EngineError> {
    let table = known(table)?;
    let frame = files::scan(table.name, table, &files::parts(dir, "part-")?)?;
    let wanted: Vec<Expr> = columns.iter().map(|c| col(*c).cast(DataType::String)).collect();
    let frame = frame.select(wanted).collect().map_err(|e| library(table.name, &e))?;
    let mut rows = vec![Vec::with_capacity(columns.len()); frame.height()];
    for column in frame.columns() {
        let texts = column.str().map_err(|e| library(table.name, &e))?;
        for (row, text) in rows.iter_mut().zip(texts.iter()) {
            row.push(text.unwrap_or_default().to_owned());
        }
    }
    Ok(rows)
}

/// Writes a small table from text rows in the order of its columns.
fn write(table: &str, rows: &[Vec<String>], dir: &Path) -> Result<(), EngineError> {
    let table = known(table)?;
    let mut columns = Vec::with_capacity(table.columns.len());
    for (at, column) in table.columns.iter().enumerate() {
        let texts: Vec<Option<&str>> =
            rows.iter().map(|row| row.get(at).map(String::as_str)).collect();
        let texts = Column::new(column.name.into(), texts);
        let dtype =
            if column.kind == ColumnKind::Text { DataType::String } else { DataType::Int64 };
        columns.push(texts.strict_cast(&dtype).map_err(|e| library(table.name, &e))?);
    }
    let frame = DataFrame::new(rows.len(), columns).map_err(|e| library(table.name, &e))?;
    let frame = stages::shape(table.name, &frame).map_err(|e| of_stage(table.name, &e))?;
    let out = dir.parent().unwrap_or(dir);
    let mut writer = TableWriter::new(table, out, Layout::Part(0))?;
    let published = stages::publishable(table.name, frame);
    writer.add(published.map_err(|e| of_stage(table.name, &e))?)?;
    writer.finish().map(drop)
}
