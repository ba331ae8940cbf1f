//! The run ledger: what each night did, for `status` and for auditors.
//!
//! Nothing about publishing is read from it. When it is lost or damaged it is set aside and filled
//! again from the run records; only the story of failed nights is lost then.

use crate::layout::Layout;
use crate::record::{RecordState, RunRecord};
use crate::{LakeError, RunId, durable};
use model::BusinessDate;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, Transaction, params};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

mod arrivals;
mod rows;

pub use arrivals::Arrival;
pub use rows::{AuditEntry, InputCounts, RunEnd, RunRow, RunState, StageCost};

/// The ledger of one lake. Times are texts from the caller.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    connection: Mutex<Connection>,
    was_damaged: bool,
    was_missing: bool,
}

/// The ledger for readers, without the lock of the lake; nothing when there is none.
pub fn read_ledger(root: &Path) -> Result<Option<Ledger>, LakeError> {
    let path = Layout::new(root).ledger();
    if !path.exists() {
        return Ok(None);
    }
    // Writable when the reader may write: a journal left by a dead run is rolled back on opening.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags);
    let connection = connection.map_err(|error| failed(&path, error))?;
    set_up(&connection).map_err(|error| failed(&path, error))?;
    let found = version(&connection).map_err(|error| failed(&path, error))?;
    if found != VERSION {
        return Err(LakeError::Version { path, found, expected: VERSION });
    }
    let connection = Mutex::new(connection);
    Ok(Some(Ledger { path, connection, was_damaged: false, was_missing: false }))
}

impl Ledger {
    /// Opens or makes the ledger; one that is not a whole database is set aside as
    /// `ledger.sqlite.damaged`.
    pub(crate) fn open(layout: &Layout) -> Result<Self, LakeError> {
        let path = layout.ledger();
        let was_missing = !path.exists();
        let (connection, was_damaged) = match connect(&path) {
            Err(error) if is_damage(&error) => {
                set_aside(&path)?;
                (connect(&path), true)
            }
            other => (other, false),
        };
        let connection = connection.map_err(|error| error.into_lake(&path))?;
        Ok(Self { path, connection: Mutex::new(connection), was_damaged, was_missing })
    }

    /// Whether the ledger was lost or damaged when the lake was opened; a new lake has lost none.
    pub(crate) fn is_rebuilt(&self, records: &[RunRecord]) -> bool {
        self.was_damaged || (self.was_missing && !records.is_empty())
    }

    /// Begins an attempt at a run. What is recorded of the run next belongs to this attempt.
    pub fn begin_run(&self, run: &RunId, as_of: BusinessDate, at: &str) -> Result<(), LakeError> {
        let sql = "INSERT INTO runs (run, as_of, state, started_at) VALUES (?1, ?2, 'running', ?3)";
        self.change(|t| t.execute(sql, params![run.as_str(), as_of.to_string(), at]).map(drop))
    }

    /// Records what a stage of the run took and made.
    pub fn record_stage(&self, run: &RunId, stage: &StageCost) -> Result<(), LakeError> {
        self.change(|t| stage.insert(t, attempt(t, run)?))
    }

    /// Records an input file of the run and what became of its rows.
    pub fn record_input(&self, run: &RunId, input: &InputCounts) -> Result<(), LakeError> {
        self.change(|t| input.insert(t, attempt(t, run)?))
    }

    /// Ends the attempt: published, or failed with its exit code and message.
    pub fn end_run(&self, run: &RunId, end: &RunEnd<'_>) -> Result<(), LakeError> {
        self.change(|t| end.update(t, attempt(t, run)?))
    }

    /// Appends to the audit: entries are never changed or removed. `what` holds no personal data.
    pub fn audit(&self, event: &str, at: &str, who: &str, what: &Value) -> Result<(), LakeError> {
        let sql = "INSERT INTO audit (event, at, who, what) VALUES (?1, ?2, ?3, ?4)";
        self.change(|t| t.execute(sql, params![event, at, who, what.to_string()]).map(drop))
    }

    /// Every attempt at every run, the first one first.
    pub fn runs(&self) -> Result<Vec<RunRow>, LakeError> {
        self.rows(RunRow::SELECT, &[], RunRow::from_row)
    }

    /// The stages of the last attempt at a run, in the order they were recorded.
    pub fn stages(&self, run: &RunId) -> Result<Vec<StageCost>, LakeError> {
        self.rows(StageCost::SELECT, &[run.as_str()], StageCost::from_row)
    }

    /// The inputs of the last attempt at a run, in the order they were recorded.
    pub fn inputs(&self, run: &RunId) -> Result<Vec<InputCounts>, LakeError> {
        self.rows(InputCounts::SELECT, &[run.as_str()], InputCounts::from_row)
    }

    /// The audit, the first entry first.
    pub fn audit_trail(&self) -> Result<Vec<AuditEntry>, LakeError> {
        self.rows(AuditEntry::SELECT, &[], AuditEntry::from_row)
    }

    /// Brings the ledger in line with the run records, and marks attempts that died.
    pub(crate) fn fill(&self, records: &[RunRecord], at: &str) -> Result<(), LakeError> {
        self.change(|t| {
            records.iter().try_for_each(|record| fill_one(t, record))?;
            let sql =
                "UPDATE runs SET state = 'interrupted', ended_at = ?1 WHERE state = 'running'";
            t.execute(sql, params![at]).map(drop)
        })
    }

    fn change(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), LakeError> {
        let mut connection = self.connection();
        let done = connection.transaction().and_then(|transaction| {
            work(&transaction)?;
            transaction.commit()
        });
        done.map_err(|error| failed(&self.path, error))
    }

    fn rows<T>(
        &self,
        sql: &str,
        parameters: &[&str],
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, LakeError> {
        let connection = self.connection();
        let rows = connection.prepare(sql).and_then(|mut statement| {
            let rows = statement.query_map(rusqlite::params_from_iter(parameters), row)?;
            rows.collect()
        });
        rows.map_err(|error| failed(&self.path, error))
    }

    /// A panic elsewhere leaves no half-done change: the transaction was rolled back.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Format of the ledger, kept in `user_version`.
const VERSION: i64 = 1;

const SCHEMA: &str = include_str!("ledger/schema.sql");

enum OpenError {
    Sqlite(rusqlite::Error),
    NotWhole,
    Lake(LakeError),
}

impl OpenError {
    fn into_lake(self, path: &Path) -> LakeError {
        match self {
            Self::Sqlite(error) => failed(path, error),
            Self::NotWhole => LakeError::damaged(path, crate::Fault::Malformed),
            Self::Lake(error) => error,
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn connect(path: &Path) -> Result<Connection, OpenError> {
    // Made by us, so that the database and its journal get our mode whatever the umask.
    durable::open_or_make(path).map_err(OpenError::Lake)?;
    let connection = Connection::open(path)?;
    set_up(&connection)?;
    let verdict: String = connection.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(OpenError::NotWhole);
    }
    match version(&connection)? {
        0 => connection.execute_batch(SCHEMA)?,
        VERSION => {}
        found => {
            let path = path.to_owned();
            return Err(OpenError::Lake(LakeError::Version { path, found, expected: VERSION }));
        }
    }
    connection.execute_batch(arrivals::TABLE)?;
    Ok(connection)
}

/// Every commit is on disk before it returns; `EXTRA` syncs the folder of the journal too.
fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("PRAGMA synchronous = EXTRA; PRAGMA trusted_schema = OFF;")
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn is_damage(error: &OpenError) -> bool {
    match error {
        OpenError::NotWhole => true,
        OpenError::Sqlite(error) => matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        ),
        OpenError::Lake(_) => false,
    }
}

fn set_aside(path: &Path) -> Result<(), LakeError> {
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    durable::remove(&beside("-journal"))?;
    durable::rename(path, &beside(".damaged"), &["open.ledger_aside", "open.ledger_aside_synced"])
}

/// The attempt that what is recorded of a run belongs to: the last one.
fn attempt(transaction: &Transaction<'_>, run: &RunId) -> rusqlite::Result<i64> {
    let sql = "SELECT attempt FROM runs WHERE run = ?1 ORDER BY attempt DESC LIMIT 1";
    transaction.query_row(sql, params![run.as_str()], |row| row.get(0))
}

/// Corrects the attempt that published a run, or adds it when the ledger does not know it.
fn fill_one(transaction: &Transaction<'_>, record: &RunRecord) -> rusqlite::Result<()> {
    let state = match record.state {
        RecordState::Published => RunState::Published,
        RecordState::Withdrawn => RunState::Withdrawn,
        RecordState::Collected => RunState::Collected,
    };
    let (run, seq) = (record.run.as_str(), rows::int(record.seq));
    let known = "SELECT state FROM runs WHERE run = ?1 AND seq = ?2";
    let known = transaction.query_row(known, params![run, seq], |row| row.get::<_, String>(0));
    if let Some(known) = known.optional()? {
        let correct = "UPDATE runs SET state = ?3 WHERE run = ?1 AND seq = ?2";
        if known != state.as_str() {
            transaction.execute(correct, params![run, seq, state.as_str()])?;
        }
        return Ok(());
    }
    // Published again: the earlier place in the order no longer counts.
    let earlier = "UPDATE runs SET state = 'withdrawn' WHERE run = ?1 AND state = 'published'";
    transaction.execute(earlier, params![run])?;
    let died = "UPDATE runs SET state = ?3, seq = ?2, ended_at = ?4 \
                WHERE run = ?1 AND state = 'running'";
    let at = &record.published_at;
    if transaction.execute(died, params![run, seq, state.as_str(), at])? > 0 {
        return Ok(());
    }
    let unknown = "INSERT INTO runs (run, as_of, state, seq, ended_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
    let as_of = record.as_of.to_string();
    transaction.execute(unknown, params![run, as_of, state.as_str(), seq, at]).map(drop)
}

fn failed(path: &Path, source: rusqlite::Error) -> LakeError {
    LakeError::Ledger { path: path.to_owned(), source: Box::new(source) }
}

#[cfg(test)]
mod tests;
