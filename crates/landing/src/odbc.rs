//! A session through the ODBC driver of a database's vendor: one transaction that is rolled back at its
//! end, so that a query that writes has written nothing.
//!
//! A driver tells no count of the rows of a result, so the server is asked for one in the same
//! transaction. A driver that panics, or lets what speaks to it panic, is one that broke off.

mod dialect;
mod fault;
mod rows;

pub use fault::DriverFault;

use crate::address::driver_of;
use crate::error::Cause;
use crate::land::{Snapshot, Take};
use crate::password::named;
use crate::receipt::Wanted;
use dialect::{Counted, Dialect};
use model::{DatabaseContract, DriverAddress, Secret, caught};
use odbc_api::{Connection, ConnectionOptions, Error, environment};
use rows::Rows;
use std::path::Path;
use std::time::{Duration, Instant};

/// Seconds to wait for a connection.
const LOGIN_TIMEOUT: u32 = 30;

const NO_ROWS: &str = "there is none (right: a query that reads)";
const NO_SNAPSHOT: &str = "what gives all queries one state of this database is not known (right: \
    `snapshot` with the statement that does, or empty where there is none)";

/// A session with a database.
pub(crate) struct Session {
    /// None when it is given back.
    connection: Option<Connection<'static>>,
    dialect: &'static Dialect,
    at: String,
    /// Seconds that one query may take.
    timeout: u32,
}

impl Snapshot for Session {
    fn copy(&mut self, wanted: &Wanted, take: Take<'_>) -> Result<u64, Cause> {
        let copied = caught(|| match self.dialect.counted {
            Counted::Before(count) => {
                let counted = self.number(&dialect::around(count, &wanted.query))?;
                self.each(&wanted.query, Some(&wanted.columns), take)?;
                Ok(counted)
            }
            Counted::Behind(statement) => {
                self.each(&wanted.query, Some(&wanted.columns), take)?;
                self.number(statement)
            }
        });
        copied.unwrap_or_else(|| Err(fault::broken(&self.at)))
    }

    fn end(self: Box<Self>) -> Result<(), Cause> {
        self.run(Connection::rollback)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A driver that does not let go of a dead connection is not heard.
        caught(|| drop(self.connection.take()));
    }
}

impl Session {
    /// Connects, and begins the snapshot that all queries of the session see.
    pub(crate) fn snapshot_of(database: &DatabaseContract, base: &Path) -> Result<Self, Cause> {
        let address = driver_of(database)?;
        let password = named(database, base)?.or_else(|| address.password.clone());
        let at = address.to_string();
        let connected = caught(|| connect(&address, password.as_ref()));
        let connected = connected.unwrap_or_else(|| Err(Error::NoDiagnostics { function: "" }));
        let mut session = Self {
            connection: Some(connected.map_err(|error| fault::cause(&error, &at))?),
            dialect: &dialect::OTHER,
            at,
            timeout: database.statement_timeout,
        };
        session.begin(database.snapshot.as_deref())?;
        Ok(session)
    }

    /// `said`: the statement of the contract that begins a snapshot.
    fn begin(&mut self, said: Option<&str>) -> Result<(), Cause> {
        let name = self.run(Connection::database_management_system_name)?;
        self.dialect = dialect::of(&name);
        for statement in self.dialect.session {
            self.statement(statement)?;
        }
        let within = match (said, &self.dialect.snapshot) {
            (Some(said), _) => said,
            (None, dialect::Snapshot::Within(known)) => known,
            (None, dialect::Snapshot::Before(known)) => {
                self.statement(known)?;
                ""
            }
            (None, dialect::Snapshot::Unknown) => {
                return Err(Cause::Contract { problem: NO_SNAPSHOT.into() });
            }
        };
        self.run(|connection| connection.set_autocommit(false))?;
        self.statement(within)
    }

    /// Runs a statement that gives no rows; an empty one is none.
    fn statement(&self, statement: &str) -> Result<(), Cause> {
        if statement.trim().is_empty() {
            return Ok(());
        }
        let timeout = usize::try_from(self.timeout).ok();
        self.run(|connection| connection.execute(statement, (), timeout).map(drop))
    }

    fn run<T>(
        &self,
        call: impl FnOnce(&Connection<'static>) -> Result<T, Error>,
    ) -> Result<T, Cause> {
        let told = self.connection.as_ref().and_then(|connection| caught(|| call(connection)));
        let told = told.ok_or_else(|| fault::broken(&self.at))?;
        told.map_err(|error| fault::cause(&error, &self.at))
    }

    /// The one number that a query finds.
    fn number(&self, query: &str) -> Result<u64, Cause> {
        let mut found = Vec::new();
        self.each(query, None, &mut |bytes| {
            found.extend_from_slice(bytes);
            Ok(())
        })?;
        let text = std::str::from_utf8(&found).unwrap_or_default();
        let problem = "the count of the rows is none";
        text.trim().parse().map_err(|_| Cause::Column { column: 1, problem, of_query: false })
    }

    /// Hands the rows of a query to `take`, behind a line of names where `columns` names them.
    fn each(&self, query: &str, columns: Option<&[String]>, take: Take<'_>) -> Result<(), Cause> {
        let told = |error: Error| fault::cause(&error, &self.at);
        let seconds = u64::from(self.timeout);
        let until = Instant::now() + Duration::from_secs(seconds);
        let Some(connection) = &self.connection else { return Err(fault::broken(&self.at)) };
        // Some drivers put words of their own behind a query, which a comment at its end would take in.
        let query = format!("{query}\n");
        let timeout = usize::try_from(seconds).ok();
        let cursor = connection.execute(&query, (), timeout).map_err(told)?;
        let no_rows = Cause::Column { column: 1, problem: NO_ROWS, of_query: true };
        let mut rows = Rows::of(cursor.ok_or(no_rows)?, &self.at)?;
        if let Some(columns) = columns {
            take(rows.names(columns).as_bytes())?;
        }
        while let Some(text) = rows.next(&self.at)? {
            take(text.as_bytes())?;
            // A driver watches over the time until the first row at most.
            if Instant::now() > until {
                return Err(fault::too_long(&self.at));
            }
        }
        Ok(())
    }
}

fn connect(
    address: &DriverAddress,
    password: Option<&Secret>,
) -> Result<Connection<'static>, Error> {
    let given = address.with(password);
    let options =
        ConnectionOptions { login_timeout_sec: Some(LOGIN_TIMEOUT), ..Default::default() };
    environment()?.connect_with_connection_string(given.reveal(), options)
}
