//! What a driver says when it fails: its codes, never its text, which may quote values.

use crate::error::{Cause, ErrorKind};
use odbc_api::Error;
use std::fmt;

/// An error of a driver, or of the driver manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverFault {
    /// SQLSTATE, five characters.
    pub state: String,
    /// The database's own number.
    pub native: i32,
}

/// Numbers by which databases say that somebody has no right, where the state does not: SQL Server
/// (229, 230, 262, 297, 916, 18456) and Oracle (1017, 1031, 1045).
const NO_RIGHT: [i32; 9] = [229, 230, 262, 297, 916, 18_456, 1017, 1031, 1045];

impl DriverFault {
    /// What the caller must do about it: by the state (ODBC 3.8, appendix A); of ODBC 2, whose states some drivers tell, the same.
    pub fn kind(&self) -> ErrorKind {
        let class = self.state.get(..2).unwrap_or_default();
        match (class, self.state.as_str()) {
            ("28", _) | (_, "42501") => ErrorKind::Refused,
            ("42" | "HY", _) if NO_RIGHT.contains(&self.native) => ErrorKind::Refused,
            ("42" | "3D" | "3F" | "0A" | "07" | "IM" | "37" | "S0", _)
            | (_, "25006" | "HYC00" | "HY024" | "22023") => ErrorKind::Query,
            ("22" | "21", _) => ErrorKind::Data,
            _ => ErrorKind::Unreachable,
        }
    }

    fn meaning(&self) -> &'static str {
        match (self.state.as_str(), self.kind()) {
            ("IM002", _) => "no such driver or data source (`odbcinst -q -d`, `odbcinst -q -s`)",
            ("01000" | "IM003" | "IM004", _) => "the driver cannot be loaded (`odbcinst -q -d`)",
            ("IM012" | "IM010", _) => "the connection string is wrong",
            ("HYT00" | "HYT01" | "57014" | "HY008", _) => "over a timeout, or cancelled",
            ("25006", _) => "the query writes (right: one that reads)",
            (_, ErrorKind::Refused) => "user, password or right refused",
            (_, ErrorKind::Query) => "the query or a setting is wrong",
            (_, ErrorKind::Data) => "a value does not let itself be converted or computed",
            _ => "not reachable, or it gave up",
        }
    }
}

impl fmt::Display for DriverFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "state {}, code {}: {}", self.state, self.native, self.meaning())
    }
}

/// What `error` of the database at `at` means.
pub(super) fn cause(error: &Error, at: &str) -> Cause {
    let (Error::Diagnostics { record, .. }
    | Error::InvalidRowArraySize { record, .. }
    | Error::UnsupportedOdbcApiVersion(record)
    | Error::UnableToRepresentNull(record)
    | Error::OracleOdbcDriverDoesNotSupport64Bit(record)) = error
    else {
        return broken(at);
    };
    let letters = record.state.0.iter().map(|byte| char::from(*byte));
    let state: String = letters.filter(char::is_ascii_alphanumeric).collect();
    fault(&state, record.native_error, at)
}

/// A driver that says nothing, or something it may not.
pub(super) fn broken(at: &str) -> Cause {
    fault("HY000", 0, at)
}

/// The rows of a query have not come in the time it has.
pub(super) fn too_long(at: &str) -> Cause {
    fault("HYT00", 0, at)
}

fn fault(state: &str, native: i32, at: &str) -> Cause {
    let fault = DriverFault { state: state.to_owned(), native };
    Cause::Driver { at: at.to_owned(), fault }
}
