//! What goes into a body and what comes out.

use crate::schema;
use polars::prelude::*;

/// Rows of a table that a body which sees all of it holds at once.
const PIECE_ROWS: IdxSize = 1 << 22;

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

    /// Hands over the named columns of a table of tonight piece by piece, at least one: a table of all
    /// ranges may be larger than what a body makes of it.
    pub(crate) fn in_pieces(
        &mut self,
        table: &str,
        columns: &[&str],
        each: impl FnMut(&DataFrame) -> Result<(), StageError>,
    ) -> Result<(), StageError> {
        pieces(&self.lazy_of(table, Origin::Tonight)?, columns, PIECE_ROWS, each)
    }

    /// A table of tonight with `sums` added up over rows that are equal `by` these columns.
    pub(crate) fn added_up(
        &mut self,
        table: &str,
        by: &[&str],
        sums: &[&str],
    ) -> Result<DataFrame, StageError> {
        let columns = [by, sums].concat();
        let mut all = collect(schema::empty(table)?.lazy(), &columns)?;
        self.in_pieces(table, &columns, |piece| {
            let by: Vec<Expr> = by.iter().map(|name| col(*name)).collect();
            let sums: Vec<Expr> = sums.iter().map(|name| col(*name).sum()).collect();
            all = all.vstack(piece)?.lazy().group_by(by).agg(sums).collect()?;
            Ok(())
        })?;
        Ok(all)
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

fn pieces(
    frame: &LazyFrame,
    columns: &[&str],
    rows: IdxSize,
    mut each: impl FnMut(&DataFrame) -> Result<(), StageError>,
) -> Result<(), StageError> {
    let mut first = 0;
    loop {
        let piece = collect(frame.clone().slice(first, rows), columns)?;
        each(&piece)?;
        if piece.height() < rows as usize {
            return Ok(());
        }
        first += i64::from(rows);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_table_once_and_in_order() {
        let values: Vec<i64> = (0..10).collect();
        let half = |values: &[i64]| df!("a" => values, "b" => values).unwrap().lazy();
        let all = concat([half(&values[..4]), half(&values[4..])], UnionArgs::default()).unwrap();
        for rows in [1, 3, 5, 10, 11] {
            let mut seen = Vec::new();
            pieces(&all, &["b"], rows, |piece| {
                assert!(piece.height() <= rows as usize && piece.width() == 1);
                seen.extend(crate::columns::keys(piece, "b")?);
                Ok(())
            })
            .unwrap();
            assert_eq!(seen, values, "{rows}");
        }
    }

    #[test]
    fn equal_rows_add_up_and_a_table_without_rows_stays_empty() {
        let mut frames = Frames::new();
        let ranges = df!(
            "from_tier" => ["TOP", "NEW", "TOP"], "to_tier" => ["MID", "MID", "MID"],
            "clients" => [1_i64, 2, 4], "lifetime_value" => [-5_i64, 7, 6],
        );
        frames.add("tier_count", false, ranges.unwrap().lazy());
        frames.add("group_count", false, schema::empty("group_count").unwrap().lazy());
        let sums = ["clients", "lifetime_value"];
        let all = frames.added_up("tier_count", &["from_tier", "to_tier"], &sums).unwrap();
        let all = schema::shape("tier_count", &all).unwrap();
        assert_eq!(crate::columns::keys(&all, "clients").unwrap(), [2, 5]);
        assert_eq!(crate::columns::keys(&all, "lifetime_value").unwrap(), [7, 1]);
        let none = frames.added_up("group_count", &["member"], &sums).unwrap();
        assert_eq!((none.height(), none.width()), (0, 3));
    }
}
