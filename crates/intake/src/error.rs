//! Why a feed is refused, sorted by what the caller must do about it.

use crate::faults::{ColumnFaults, PackageFault, PackingFault, ParquetFault, SheetFault, Unit};
use crate::records::RecordFault;
use model::BusinessDate;
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

    /// The packed bytes are not what the contract says.
    #[error("{}", .fault.tell(*.unit))]
    Packing {
        /// What is packed in one.
        unit: Unit,
        /// What is wrong.
        fault: PackingFault,
    },

    /// The package is none, or lacks the file.
    #[error("package: {0}")]
    Package(PackageFault),

    /// The flag counts other rows.
    #[error("the flag counts {declared} rows (found {found})")]
    FlagCount {
        /// By the flag.
        declared: u64,
        /// In the file.
        found: u64,
    },

    /// A line of the flag is no count.
    #[error("line {line} of the flag is no count (expected `NAME COUNT` or `NAME|COUNT`)")]
    FlagLine {
        /// Line of the flag, from 1.
        line: u64,
    },

    /// A second line of the flag counts the file.
    #[error("line {line} of the flag counts the file again (expected one line for each file)")]
    FlagTwice {
        /// Line of the flag, from 1.
        line: u64,
    },

    /// No line of the flag counts the file.
    #[error("the flag does not count the file (expected a line `NAME COUNT` or `NAME|COUNT`)")]
    FlagSilent,

    /// The flag is no flag.
    #[error("the flag is longer than {most} bytes (expected a line for each file)")]
    FlagTooLong {
        /// Most bytes.
        most: u64,
    },

    /// The columns of a file that has types of its own are not those of the contract.
    #[error("columns differ from the contract: {0}")]
    Columns(ColumnFaults),

    /// The Parquet file is damaged.
    #[error("parquet: {0}")]
    Parquet(ParquetFault),

    /// The workbook is damaged, or not what the contract says.
    #[error("sheet: {0}")]
    Sheet(SheetFault),

    /// The first line is not the header record.
    #[error("line 1 is not the header (expected a line {})", Mark(.prefix, *.at))]
    HeaderMissing {
        /// What a header starts with, or has at `at`.
        prefix: String,
        /// The byte that it stands at, from 1.
        at: usize,
    },

    /// The header is of another day.
    #[error("header {field} holds {} (expected {})", Day(*.found), .expected.compact())]
    HeaderDate {
        /// Where in the header.
        field: ValuePlace,
        /// The date found, when it is one.
        found: Option<BusinessDate>,
        /// The business date.
        expected: BusinessDate,
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
    #[error("trailer is missing (expected a last line {})", Mark(.prefix, *.at))]
    TrailerMissing {
        /// What a trailer starts with, or has at `at`.
        prefix: String,
        /// The byte that it stands at, from 1.
        at: usize,
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
    #[error("trailer {field} is not {expected}")]
    TrailerField {
        /// Where in the trailer.
        field: ValuePlace,
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

    /// A record that is none, or not the one that the contract wants there.
    #[error("record {record} at byte {byte}: {fault}")]
    Record {
        /// Record, from 1; one more than there are where one is missing.
        record: u64,
        /// Where it begins in the (unpacked) file, from 0.
        byte: u64,
        /// What is wrong with it.
        fault: RecordFault,
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

/// Where a value of a header or trailer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuePlace {
    /// In a field, by its number from 1.
    Field(usize),
    /// At a byte, from 1.
    Byte(usize),
}

impl fmt::Display for ValuePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(number) => write!(f, "field {number}"),
            Self::Byte(at) => write!(f, "byte {at}"),
        }
    }
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
            Self::Missing { .. } | Self::Changed => ErrorKind::NotThere,
            Self::Contract { .. } => ErrorKind::Contract,
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

/// What a header or trailer is known by.
struct Mark<'a>(&'a str, usize);

impl fmt::Display for Mark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(prefix, 1) => write!(f, "that starts with `{prefix}`"),
            Self(prefix, at) => write!(f, "with `{prefix}` at byte {at}"),
        }
    }
}

struct More(usize);

impl fmt::Display for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { Ok(()) } else { write!(f, ", nor are {} further files", self.0) }
    }
}

/// A date, or that there is none.
pub(crate) struct Day(pub(crate) Option<BusinessDate>);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(date) => f.write_str(&date.compact()),
            None => f.write_str("no date"),
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
