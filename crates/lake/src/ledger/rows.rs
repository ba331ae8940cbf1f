//! The rows of the ledger and their SQL.

use crate::RunId;
use model::BusinessDate;
use rusqlite::types::Type;
use rusqlite::{Error, Row, Transaction, params};
use serde::Serialize;
use serde_json::Value;
use std::str::FromStr;

/// Where an attempt at a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Under way.
    Running,
    /// Published by this attempt.
    Published,
    /// Found published already: nothing to do.
    Unchanged,
    /// Ended with an exit code that is not success.
    Failed,
    /// Died; found by a later recovery.
    Interrupted,
    /// Published, then rolled back.
    Withdrawn,
    /// Published, then removed to save space.
    Collected,
}

impl RunState {
    const ALL: [Self; 7] = [
        Self::Running,
        Self::Published,
        Self::Unchanged,
        Self::Failed,
        Self::Interrupted,
        Self::Withdrawn,
        Self::Collected,
    ];

    /// The state as it stands in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Published => "published",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Withdrawn => "withdrawn",
            Self::Collected => "collected",
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct RunEnd<'a> {
    /// Published, unchanged or failed.
    pub state: RunState,
    /// Place in the order of publishing, when it published.
    pub seq: Option<u64>,
    /// Exit code of the process.
    pub exit_code: i32,
    /// When, as the caller said.
    pub at: &'a str,
    /// Why it failed, without personal data.
    pub message: Option<&'a str>,
    /// The summary of the night.
    pub summary: &'a Value,
}

/// One attempt at a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunRow {
    /// Its number, from 1 in the order of beginning.
    pub attempt: i64,
    /// The run.
    pub run: RunId,
    /// Its business date.
    #[serde(serialize_with = "crate::manifest::date::serialize")]
    pub as_of: BusinessDate,
    /// Where it stands.
    pub state: RunState,
    /// Place in the order of publishing.
    pub seq: Option<u64>,
    /// When it began; unknown when the ledger was made again.
    pub started_at: Option<String>,
    /// When it ended or was found dead.
    pub ended_at: Option<String>,
    /// Exit code of the process; none when it died.
    pub exit_code: Option<i32>,
    /// Why it failed.
    pub message: Option<String>,
    /// The summary of the night.
    pub summary: Value,
}

/// What a stage took and made.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StageCost {
    /// The stage.
    pub stage: String,
    /// Digest of everything it was made from.
    pub key: String,
    /// Seconds by the clock.
    pub seconds: f64,
    /// Seconds of all processors.
    pub cpu_seconds: f64,
    /// Rows read.
    pub rows_in: u64,
    /// Rows written.
    pub rows_out: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Peak memory of the process in bytes.
    pub peak_memory: u64,
    /// Whether an earlier stage of the same content was taken instead of running it.
    pub reused: bool,
}

/// An input file and what became of its rows: read = loaded + rejected + filtered + superseded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InputCounts {
    /// The source system.
    pub source: String,
    /// The feed of the source.
    pub feed: String,
    /// The file's name.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its bytes.
    pub blake3: String,
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows taken.
    pub rows_loaded: u64,
    /// Rows refused, kept with their reason.
    pub rows_rejected: u64,
    /// Rows left out by the contract.
    pub rows_filtered: u64,
    /// Rows replaced by a later one of the same key.
    pub rows_superseded: u64,
}

/// One entry of the audit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditEntry {
    /// What happened.
    pub event: String,
    /// When, as the caller said.
    pub at: String,
    /// Who did it.
    pub who: String,
    /// To what.
    pub what: Value,
}

impl RunEnd<'_> {
    pub(super) fn update(&self, t: &Transaction<'_>, attempt: i64) -> rusqlite::Result<()> {
        let sql = "UPDATE runs SET state = ?2, seq = ?3, ended_at = ?4, exit_code = ?5, \
                   message = ?6, summary = ?7 WHERE attempt = ?1";
        let (state, seq) = (self.state.as_str(), self.seq.map(int));
        let summary = self.summary.to_string();
        let values = params![attempt, state, seq, self.at, self.exit_code, self.message, summary];
        t.execute(sql, values).map(drop)
    }
}

impl RunRow {
    pub(super) const SELECT: &str = "SELECT attempt, run, as_of, state, seq, started_at, ended_at, \
                                     exit_code, message, summary FROM runs ORDER BY attempt";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let state: String = row.get(3)?;
        let known = RunState::ALL.into_iter().find(|s| s.as_str() == state);
        Ok(Self {
            attempt: row.get(0)?,
            run: parsed(row, 1)?,
            as_of: parsed(row, 2)?,
            state: known.ok_or_else(|| unreadable(3))?,
            seq: row.get::<_, Option<i64>>(4)?.map(count),
            started_at: row.get(5)?,
            ended_at: row.get(6)?,
            exit_code: row.get(7)?,
            message: row.get(8)?,
            summary: json(row, 9)?,
        })
    }
}

impl StageCost {
    pub(super) const SELECT: &str = "SELECT stage, key, seconds, cpu_seconds, rows_in, rows_out, \
         bytes_out, peak_memory, reused FROM stages \
         WHERE attempt = (SELECT max(attempt) FROM runs WHERE run = ?1) ORDER BY rowid";

    pub(super) fn insert(&self, t: &Transaction<'_>, attempt: i64) -> rusqlite::Result<()> {
        let sql = "INSERT INTO stages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let values = params![
            attempt,
            self.stage,
            self.key,
            self.seconds,
            self.cpu_seconds,
            int(self.rows_in),
            int(self.rows_out),
            int(self.bytes_out),
            int(self.peak_memory),
            self.reused,
        ];
        t.execute(sql, values).map(drop)
    }

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            stage: row.get(0)?,
            key: row.get(1)?,
            seconds: row.get(2)?,
            cpu_seconds: row.get(3)?,
            rows_in: row.get(4).map(count)?,
            rows_out: row.get(5).map(count)?,
            bytes_out: row.get(6).map(count)?,
            peak_memory: row.get(7).map(count)?,
            reused: row.get(8)?,
        })
    }
}

impl InputCounts {
    pub(super) const SELECT: &str = "SELECT source, feed, file, bytes, blake3, rows_read, \
         rows_loaded, rows_rejected, rows_filtered, rows_superseded FROM inputs \
         WHERE attempt = (SELECT max(attempt) FROM runs WHERE run = ?1) ORDER BY rowid";

    pub(super) fn insert(&self, t: &Transaction<'_>, attempt: i64) -> rusqlite::Result<()> {
        let sql = "INSERT INTO inputs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let values = params![
            attempt,
            self.source,
            self.feed,
            self.file,
            int(self.bytes),
            self.blake3,
            int(self.rows_read),
            int(self.rows_loaded),
            int(self.rows_rejected),
            int(self.rows_filtered),
            int(self.rows_superseded),
        ];
        t.execute(sql, values).map(drop)
    }

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            source: row.get(0)?,
            feed: row.get(1)?,
            file: row.get(2)?,
            bytes: row.get(3).map(count)?,
            blake3: row.get(4)?,
            rows_read: row.get(5).map(count)?,
            rows_loaded: row.get(6).map(count)?,
            rows_rejected: row.get(7).map(count)?,
            rows_filtered: row.get(8).map(count)?,
            rows_superseded: row.get(9).map(count)?,
        })
    }
}

impl AuditEntry {
    pub(super) const SELECT: &str = "SELECT event, at, who, what FROM audit ORDER BY entry";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { event: row.get(0)?, at: row.get(1)?, who: row.get(2)?, what: json(row, 3)? })
    }
}

/// A count as SQLite keeps it; what does not fit is beyond any lake.
pub(super) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn count(int: i64) -> u64 {
    u64::try_from(int).unwrap_or(0)
}

pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| unreadable(column))
}

fn json(row: &Row<'_>, column: usize) -> rusqlite::Result<Value> {
    let text: Option<String> = row.get(column)?;
    let text = text.unwrap_or_else(|| "null".to_owned());
    serde_json::from_str(&text).map_err(|_| unreadable(column))
}

pub(super) fn unreadable(column: usize) -> Error {
    let reason = "not a value of the ledger (was it edited?)";
    Error::FromSqlConversionFailure(column, Type::Text, reason.into())
}
