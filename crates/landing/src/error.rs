//! Why a source was not landed, sorted by what the caller must do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A source that could not be landed: where and why. No secret and no value of a row stands in it.
#[derive(Debug, thiserror::Error)]
#[error("source `{system}`{}: {cause}", OfFeed(.feed.as_deref()))]
pub struct LandingError {
    /// Source system.
    pub system: String,
    /// Feed, when it is about one.
    pub feed: Option<String>,
    /// What is wrong and what would be right.
    #[source]
    pub cause: Box<Cause>,
}

/// What the caller must do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The database cannot be reached or gave up: try again later (exit 12).
    Unreachable,
    /// User, password, certificate or rights: have them corrected (exit 77).
    Refused,
    /// The contract or the query is wrong: correct it (exit 64).
    Query,
    /// The data does not let itself be queried, or came otherwise than announced (exit 8).
    Data,
    /// The file system refused something (exit 12).
    Io,
}

/// What is wrong and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The contract's database cannot be used as it is.
    #[error("`database`: {problem}")]
    Contract {
        /// What is wrong and what would be right.
        problem: String,
    },

    /// Nobody answers, or the connection ended.
    #[error("database {at}: {action}: {source}")]
    Unreachable {
        /// Host, port and database.
        at: String,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },

    /// The two sides do not trust each other.
    #[error("database {at}: {problem}")]
    Untrusted {
        /// Host, port and database.
        at: String,
        /// What is wrong and what would be right.
        problem: String,
    },

    /// A password cannot be had.
    #[error("{problem}")]
    Password {
        /// What is wrong and what would be right; never the password.
        problem: String,
    },

    /// The server answered with an error. Its text may quote values and is left out.
    #[error("database {at}: {fault}")]
    Server {
        /// Host, port and database.
        at: String,
        /// What the server says, without its text.
        fault: ServerFault,
    },

    /// The server says something that does not belong here.
    #[error("database {at}: {problem} (expected a server of PostgreSQL's protocol 3)")]
    Protocol {
        /// Host, port and database.
        at: String,
        /// What it was.
        problem: &'static str,
    },

    /// A driver of another database failed. Its text may quote values and is left out.
    #[cfg(feature = "odbc")]
    #[error("database {at}: {fault}")]
    Driver {
        /// Machine or data source, and database.
        at: String,
        /// What the driver says, without its text.
        fault: crate::odbc::DriverFault,
    },

    /// A column of a result, or a value in it, is none that can be landed without loss.
    #[cfg(feature = "odbc")]
    #[error("column {column} of the result: {problem}")]
    Column {
        /// From 1.
        column: usize,
        /// What is wrong and what would be right; never the value.
        problem: &'static str,
        /// Whether the query has to change.
        of_query: bool,
    },

    /// The rows that came are not as many as the server counts.
    #[error("{found} rows came (the server counts {declared}): nothing of them is kept")]
    Rows {
        /// Rows in what came.
        found: u64,
        /// By the server.
        declared: u64,
    },

    /// The file system refused something.
    #[error("cannot {action} `{}`: {source}", .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// An error of the server: its code and where in the query it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFault {
    /// `ERROR`, `FATAL`, `PANIC`.
    pub severity: String,
    /// SQLSTATE, five characters.
    pub code: String,
    /// Line and column of the query, from 1.
    pub place: Option<(usize, usize)>,
}

impl LandingError {
    /// What the caller must do about it.
    pub fn kind(&self) -> ErrorKind {
        self.cause.kind()
    }
}

impl ErrorKind {
    /// The exit code of a process that ends with it.
    pub fn exit_code(self) -> i32 {
        match self {
            Self::Unreachable | Self::Io => 12,
            Self::Refused => 77,
            Self::Query => 64,
            Self::Data => 8,
        }
    }
}

impl Cause {
    /// What the caller must do about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Contract { .. } => ErrorKind::Query,
            Self::Unreachable { .. } | Self::Protocol { .. } => ErrorKind::Unreachable,
            Self::Untrusted { .. } | Self::Password { .. } => ErrorKind::Refused,
            Self::Server { fault, .. } => fault.kind(),
            #[cfg(feature = "odbc")]
            Self::Driver { fault, .. } => fault.kind(),
            #[cfg(feature = "odbc")]
            Self::Column { of_query: true, .. } => ErrorKind::Query,
            #[cfg(feature = "odbc")]
            Self::Column { .. } => ErrorKind::Data,
            Self::Rows { .. } => ErrorKind::Data,
            Self::Io { .. } => ErrorKind::Io,
        }
    }

    pub(crate) fn at(self, system: &str, feed: Option<&str>) -> LandingError {
        let feed = feed.map(str::to_owned);
        LandingError { system: system.to_owned(), feed, cause: Box::new(self) }
    }
}

impl ServerFault {
    /// By the class of the code (PostgreSQL, appendix A).
    fn kind(&self) -> ErrorKind {
        let class = self.code.get(..2).unwrap_or_default();
        match (class, self.code.as_str()) {
            ("28", _) | (_, "42501") => ErrorKind::Refused,
            ("42" | "3D" | "3F" | "0A" | "26" | "34", _) | (_, "25006" | "22023") => {
                ErrorKind::Query
            }
            ("22" | "21", _) => ErrorKind::Data,
            _ => ErrorKind::Unreachable,
        }
    }

    /// What the code means, for the codes that a night meets.
    fn meaning(&self) -> &'static str {
        match self.code.as_str() {
            "28P01" | "28000" => "user or password refused, or no rule lets them in",
            "3D000" => "no such database",
            "42501" => "no right to read this",
            "42601" => "syntax error",
            "42P01" => "no such table",
            "42703" => "no such column",
            "42883" => "no such function or operator",
            "42704" | "22023" => "no such role, type or setting",
            "25006" => "the query writes (right: one that reads)",
            "57014" => "cancelled, or over `statement_timeout`",
            "53300" => "too many connections",
            "57P01" | "57P02" => "the server is being stopped",
            "57P03" => "the server does not take connections yet",
            code => match code.get(..2) {
                Some("22") => "a value does not let itself be converted or computed",
                Some("42") => "the query is wrong",
                Some("53") => "the server lacks memory, disk or connections",
                _ => "see the appendix on error codes in PostgreSQL's manual",
            },
        }
    }
}

impl fmt::Display for ServerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.severity, self.code)?;
        if let Some((line, column)) = self.place {
            write!(f, " at line {line}, column {column} of the query")?;
        }
        write!(f, ": {}", self.meaning())
    }
}

struct OfFeed<'a>(Option<&'a str>);

impl fmt::Display for OfFeed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |feed| write!(f, ", feed `{feed}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_to_do() {
        let kind = |code: &str| {
            ServerFault { severity: "ERROR".into(), code: code.into(), place: None }.kind()
        };
        for (codes, expected) in [
            (&["28P01", "28000", "42501"][..], ErrorKind::Refused),
            (&["42601", "42P01", "42703", "3D000", "25006", "0A000"], ErrorKind::Query),
            (&["22012", "22P02", "22P05", "22003"], ErrorKind::Data),
            (&["57P01", "53300", "57014", "40001", "XX000", "08006", "?"], ErrorKind::Unreachable),
        ] {
            for code in codes {
                assert_eq!(kind(code), expected, "{code}");
            }
        }
    }

    #[test]
    fn an_error_names_feed_code_and_place() {
        let place = Some((2, 7));
        let fault = ServerFault { severity: "ERROR".into(), code: "42703".into(), place };
        let cause = Cause::Server { at: "db:5432/core".into(), fault };
        assert_eq!(
            cause.at("deposits", Some("event")).to_string(),
            "source `deposits`, feed `event`: database db:5432/core: ERROR 42703 at line 2, column 7 of the query: no such column"
        );
    }
}
