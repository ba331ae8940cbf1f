//! Why a feed is refused, sorted by what the caller must do about it.

use model::{BusinessDate, NotCovered, TimeOfDay};
use std::fmt;
use std::io;
use std::path::PathBuf;

/// What a sink of rows may answer.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// A feed that cannot be read: where and why. No value of a row stands in it.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct IntakeError {
    /// Which feed and file.
    pub place: Box<Place>,
    /// What is wrong and what would be right.
    #[source]
    pub cause: Cause,
}

/// Which file of which feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Source system.
    pub system: String,
    /// Feed of that system.
    pub feed: String,
    /// File name.
    pub file: String,
}

/// What the caller must do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Come back later: an input is missing or still growing (exit 9).
    NotThere,
    /// Page the data owner: the file is not what its contract says (exit 8).
    BadFile,
    /// Correct the contract: it contradicts itself (exit 64).
    Contract,
    /// Repair the environment and run again (exit 12).
    Io,
    /// Ask the sink of the rows.
    Sink,
}

/// What is wrong with a feed and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// A file of the feed is not in the folder.
    #[error("{what} `{}` is not there{} (expected before the night begins)", .path.display(), More(*.more))]
    Missing {
        /// `data file` or `flag`.
        what: &'static str,
        /// Where it was looked for.
        path: PathBuf,
        /// How many further files of the night are missing.
        more: usize,
    },

    /// The file was written to just now.
    #[error(
        "file was last written to {since} s ago (expected no change for {quiet} s: it may still grow)"
    )]
    NotQuiet {
        /// Seconds since it was written to; negative where its time lies ahead.
        since: i64,
        /// Seconds it has to be quiet, by the contract.
        quiet: u32,
    },

    /// The file is smaller than it has to be.
    #[error("file holds {bytes} bytes (expected {least} or more: it may still grow)")]
    TooSmall {
        /// Bytes found.
        bytes: u64,
        /// Bytes of the contract or the trigger.
        least: u64,
    },

    /// The data were written to after their flag.
    #[error(
        "flag `{}` is older than the data file (expected the flag last: the data are being sent again)",
        .flag.display()
    )]
    FlagOlder {
        /// The flag.
        flag: PathBuf,
    },

    /// The deadline is over.
    #[error("{missed}; too late{} (`late = \"fail\"`)", Deadline(*.deadline))]
    Late {
        /// What is missing.
        missed: String,
        /// Until when it was waited for.
        deadline: Option<TimeOfDay>,
    },

    /// Neither the file due nor one that is old enough to be used and not too old.
    #[error(
        "{missed}; no complete file of at most {most} business days before either (`max_age_days`)"
    )]
    TooOld {
        /// What is missing.
        missed: String,
        /// How old data may be.
        most: u32,
    },

    /// The trigger cannot be read, or says nothing of the file.
    #[error("trigger `{}` {problem}", .trigger.display())]
    Trigger {
        /// The trigger.
        trigger: PathBuf,
        /// What is wrong and what would be right.
        problem: String,
    },

    /// The file is larger than its trigger says.
    #[error("file holds {bytes} bytes (the trigger says {declared})")]
    TriggerSize {
        /// Bytes found.
        bytes: u64,
        /// By the trigger.
        declared: u64,
    },

    /// The file has another checksum than its trigger says.
    #[error(
        "{algorithm} of the file is not that of the trigger (expected the bytes that were sent)"
    )]
    TriggerChecksum {
        /// How it is made.
        algorithm: &'static str,
    },

    /// The file has other rows than its trigger says.
    #[error("trigger counts {declared} rows (found {found})")]
    TriggerCount {
        /// By the trigger.
        declared: u64,
        /// In the file.
        found: u64,
    },

    /// Which file is due cannot be told.
    #[error(transparent)]
    Calendar(#[from] NotCovered),

    /// The bytes are not those that arrived.
    #[error(
        "file changed while it was read (expected a complete file: run again when it has arrived)"
    )]
    Changed,

    /// No row, and nothing says that there is none.
    #[error(
        "file holds no row (expected rows; a feed that may be empty declares a flag, header, names or trailer)"
    )]
    Empty,

    /// Bytes that are no characters of the declared set.
    #[error(
        "byte {byte} on line {line} is not {charset} (expected a file in the declared `charset`)"
    )]
    Undecodable {
        /// Line, from 1.
        line: u64,
        /// Byte of the (unpacked) file, from 0.
        byte: u64,
        /// The declared character set.
        charset: &'static str,
    },

    /// A line that no row can be.
    #[error("line {line} is longer than {} bytes (expected line ends)", crate::lines::LINE_CAP)]
    LineTooLong {
        /// Line, from 1.
        line: u64,
    },

    /// The last line does not end.
    #[error("line {line} ends without a line end (expected a complete file: it was cut)")]
    CutShort {
        /// Line, from 1.
        line: u64,
    },

    /// The gzip stream is not one whole member.
    #[error("gzip: {0}")]
    Gzip(GzipFault),

    /// The first line is not the header record.
    #[error("line 1 is not the header (expected a line that starts with `{prefix}`)")]
    HeaderMissing {
        /// What a header starts with.
        prefix: String,
    },

    /// The header is of another day.
    #[error("header field {field} holds {} (expected {})", Day(*.found), .expected.compact())]
    HeaderDate {
        /// Field of the header, from 1.
        field: usize,
        /// The date found, when it is one.
        found: Option<BusinessDate>,
        /// The business date.
        expected: BusinessDate,
    },

    /// The header is of another delivery.
    #[error("header field {field} holds {} (the file's name says {expected})", Number(*.found))]
    HeaderRerun {
        /// Field of the header, from 1.
        field: usize,
        /// The number found, when it is one.
        found: Option<u32>,
        /// The number in the file's name.
        expected: u32,
    },

    /// There is no line of column names.
    #[error("line {line} holds none of the column names (expected: `{}`)", .expected.join("`, `"))]
    NamesMissing {
        /// Line, from 1.
        line: u64,
        /// The contract's columns.
        expected: Vec<String>,
    },

    /// The columns are not those of the contract.
    #[error("columns are `{}` (expected: `{}`)", .found.join("`, `"), .expected.join("`, `"))]
    NamesDiffer {
        /// The file's columns.
        found: Vec<String>,
        /// The contract's columns.
        expected: Vec<String>,
    },

    /// The file ends without its trailer record.
    #[error("trailer is missing (expected a last line that starts with `{prefix}`)")]
    TrailerMissing {
        /// What a trailer starts with.
        prefix: String,
    },

    /// Something stands after the trailer record, be it a second one.
    #[error(
        "{what} on line {line} follows the trailer (expected the trailer on the last line, and a `prefix` that no row starts with)"
    )]
    TrailerNotLast {
        /// `a row` or `a second trailer`.
        what: &'static str,
        /// Line, from 1.
        line: u64,
    },

    /// A field of the trailer is not a number.
    #[error("trailer field {field} is not {expected}")]
    TrailerField {
        /// Field of the trailer, from 1.
        field: usize,
        /// What it should be.
        expected: &'static str,
    },

    /// The trailer counts other records.
    #[error("trailer counts {declared} records (found {found})")]
    TrailerCount {
        /// By the trailer.
        declared: u64,
        /// In the file, counted as the contract says.
        found: u64,
    },

    /// The trailer has another total.
    #[error("trailer total is {declared} (found {found}, in units of the last decimal{})", Unreadable(*.unreadable))]
    TrailerTotal {
        /// By the trailer, in minor units.
        declared: i128,
        /// Sum of the amount column, in minor units.
        found: i128,
        /// Rows whose amount cannot be read, so that the total cannot be proven.
        unreadable: u64,
    },

    /// Too many rows are not the only ones with their key.
    #[error(
        "more than {limit} keys (`{}`) stand on several rows (expected rows that the columns of `unique` tell apart, each in the file once)",
        .columns.join("`, `")
    )]
    NotUnique {
        /// The columns of the key.
        columns: Vec<String>,
        /// How many keys may repeat, in a feed of more keys than these.
        limit: usize,
    },

    /// The contract contradicts itself.
    #[error("contract: {problem}")]
    Contract {
        /// What is wrong and what would be right.
        problem: String,
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

    /// The rows could not be handed on.
    #[error("rows were not taken: {0}")]
    Sink(#[source] SinkError),
}

/// What is wrong with a gzip stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GzipFault {
    /// It ends too early.
    #[error("the stream is cut (expected one whole member)")]
    Cut,
    /// It is not gzip, or its checksum is wrong.
    #[error("the stream is damaged (expected one whole member with a matching checksum)")]
    Damaged,
    /// A second member follows.
    #[error("a second member follows (expected one)")]
    SecondMember,
    /// Other bytes follow.
    #[error("bytes follow the member (expected the end of the file)")]
    TrailingBytes,
}

impl IntakeError {
    /// What the caller must do about it.
    pub fn kind(&self) -> ErrorKind {
        self.cause.kind()
    }
}

impl Cause {
    /// What the caller must do about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Missing { .. }
            | Self::NotQuiet { .. }
            | Self::TooSmall { .. }
            | Self::FlagOlder { .. }
            | Self::Changed => ErrorKind::NotThere,
            Self::Contract { .. } | Self::Calendar(_) => ErrorKind::Contract,
            Self::Io { .. } => ErrorKind::Io,
            Self::Sink(_) => ErrorKind::Sink,
            _ => ErrorKind::BadFile,
        }
    }

    pub(crate) fn at(self, place: Place) -> IntakeError {
        IntakeError { place: Box::new(place), cause: self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source `{}`, feed `{}`, file `{}`", self.system, self.feed, self.file)
    }
}

struct More(usize);

impl fmt::Display for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { Ok(()) } else { write!(f, ", nor are {} further files", self.0) }
    }
}

struct Deadline(Option<TimeOfDay>);

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(time) => write!(f, ", it was due by {time}"),
            None => Ok(()),
        }
    }
}

struct Day(Option<BusinessDate>);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(date) => f.write_str(&date.compact()),
            None => f.write_str("no date"),
        }
    }
}

struct Number(Option<u32>);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("no number"),
        }
    }
}

struct Unreadable(u64);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return Ok(());
        }
        write!(f, "; {} rows with an unreadable amount: the total cannot be proven", self.0)
    }
}
