//! What a run read of each feed: the file, the date of its data, and what it superseded.

use super::{Ledger, attempt};
use crate::{LakeError, RunId};
use model::BusinessDate;
use rusqlite::{Row, Transaction, params};
use serde::Serialize;

/// Beside the tables of the schema, and made where a ledger does not have it yet.
pub(super) const TABLE: &str = "
CREATE TABLE IF NOT EXISTS arrivals (
    attempt      INTEGER NOT NULL REFERENCES runs (attempt),
    source       TEXT NOT NULL,
    feed         TEXT NOT NULL,
    file         TEXT NOT NULL,
    source_as_of TEXT NOT NULL,   -- date of the data read
    due          TEXT NOT NULL,   -- date of the data that were due
    superseded   TEXT NOT NULL    -- JSON: files of earlier deliveries
);
CREATE INDEX IF NOT EXISTS arrivals_by_attempt ON arrivals (attempt);";

/// What a run read of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The source system.
    pub source: String,
    /// The feed of the source.
    pub feed: String,
    /// The file's name.
    pub file: String,
    /// The date whose data it holds.
    pub source_as_of: BusinessDate,
    /// The date whose data were due.
    pub due: BusinessDate,
    /// Files of earlier deliveries of the same date.
    pub superseded: Vec<String>,
}

impl Ledger {
    /// Records what the run reads of a feed.
    pub fn record_arrival(&self, run: &RunId, arrival: &Arrival) -> Result<(), LakeError> {
        self.change(|t| arrival.insert(t, attempt(t, run)?))
    }

    /// What the last attempt at a run read, in the order it was recorded.
    pub fn arrivals(&self, run: &RunId) -> Result<Vec<Arrival>, LakeError> {
        self.rows(Arrival::SELECT, &[run.as_str()], Arrival::from_row)
    }
}

impl Arrival {
    const SELECT: &str = "SELECT source, feed, file, source_as_of, due, superseded FROM arrivals \
         WHERE attempt = (SELECT max(attempt) FROM runs WHERE run = ?1) ORDER BY rowid";

    fn insert(&self, t: &Transaction<'_>, attempt: i64) -> rusqlite::Result<()> {
        let sql = "INSERT INTO arrivals VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (source_as_of, due) = (self.source_as_of.to_string(), self.due.to_string());
        let superseded = serde_json::Value::from(self.superseded.clone()).to_string();
        let values =
            params![attempt, self.source, self.feed, self.file, source_as_of, due, superseded];
        t.execute(sql, values).map(drop)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let superseded: String = row.get(5)?;
        Ok(Self {
            source: row.get(0)?,
            feed: row.get(1)?,
            file: row.get(2)?,
            source_as_of: super::rows::parsed(row, 3)?,
            due: super::rows::parsed(row, 4)?,
            superseded: serde_json::from_str(&superseded)
                .map_err(|_| super::rows::unreadable(5))?,
        })
    }
}
