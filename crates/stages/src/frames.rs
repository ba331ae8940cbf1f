//! What goes into a body and what comes out.

use crate::schema;
use polars::prelude::*;

/// The inputs of a stage, by table.
pub struct Frames {
    inputs: Vec<(&'static str, Origin, LazyFrame)>,
}

/// Whose table an input is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Tonight,
    Before,
}

/// What a body could not do.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The engine's library failed.
    #[error("{0}")]
    Library(#[from] PolarsError),
    /// The data breaks a promise; no value is named.
    #[error("{0}")]
    Data(String),
}

impl From<model::MoneyError> for StageError {
    fn from(error: model::MoneyError) -> Self {
        Self::Data(error.to_string())
    }
}

/// The tables a body has made.
#[derive(Default)]
pub struct Outputs {
    tables: Vec<(&'static str, DataFrame)>,
}

impl Frames {
    /// No inputs yet.
    pub fn new() -> Self {
        Self { inputs: Vec::new() }
    }

    /// Adds a table of tonight or, with `before`, of the night before.
    pub fn add(&mut self, table: &'static str, before: bool, frame: LazyFrame) {
        let origin = if before { Origin::Before } else { Origin::Tonight };
        self.inputs.push((table, origin, frame));
    }

    /// The named columns of a table of tonight.
    pub(crate) fn take(&mut self, table: &str, columns: &[&str]) -> Result<DataFrame, StageError> {
        collect(self.lazy_of(table, Origin::Tonight)?, columns)
    }

    /// The named columns of a table of the night before.
    pub(crate) fn before(
        &mut self,
        table: &str,
        columns: &[&str],
    ) -> Result<DataFrame, StageError> {
        collect(self.lazy_of(table, Origin::Before)?, columns)
    }

    /// A table of tonight, not yet read.
    pub(crate) fn lazy(&mut self, table: &str) -> Result<LazyFrame, StageError> {
        self.lazy_of(table, Origin::Tonight)
    }

    fn lazy_of(&mut self, table: &str, origin: Origin) -> Result<LazyFrame, StageError> {
        let found = self.inputs.iter().find(|(name, from, _)| *name == table && *from == origin);
        let missing = || StageError::Data(format!("input `{table}` is not declared"));
        found.map(|(_, _, frame)| frame.clone()).ok_or_else(missing)
    }
}

impl Default for Frames {
    fn default() -> Self {
        Self::new()
    }
}

fn collect(frame: LazyFrame, columns: &[&str]) -> Result<DataFrame, StageError> {
    let exprs: Vec<Expr> = columns.iter().map(|name| col(*name)).collect();
    let mut frame = frame.select(exprs).collect()?;
    frame.rechunk_mut();
    Ok(frame)
}

impl Outputs {
    /// Adds a table: columns in the order of the schema, rows in the order of its key.
    #[expect(clippy::needless_pass_by_value, reason = "a body gives its table away")]
    pub(crate) fn add(&mut self, table: &'static str, frame: DataFrame) -> Result<(), StageError> {
        self.tables.push((table, schema::shape(table, &frame)?));
        Ok(())
    }

    /// Adds a table whose rows were made in the order of its key.
    #[expect(clippy::needless_pass_by_value, reason = "a body gives its table away")]
    pub(crate) fn add_in_order(
        &mut self,
        table: &'static str,
        frame: DataFrame,
    ) -> Result<(), StageError> {
        self.tables.push((table, schema::typed(table, &frame)?));
        Ok(())
    }

    /// The tables.
    pub fn into_tables(self) -> Vec<(&'static str, DataFrame)> {
        self.tables
    }
}
