//! What can be wrong with what a feed comes in: packed bytes, a package, a Parquet file, a sheet.

use std::fmt;

/// What one packing packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A gzip member.
    Member,
    /// A Zstandard frame.
    Frame,
}

/// What is wrong with packed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackingFault {
    /// They end too early.
    Cut,
    /// They are not packed so, or their checksum is wrong.
    Damaged,
    /// A second member or frame follows.
    Second,
    /// Other bytes follow.
    Trailing,
    /// They hold more than an extract can.
    Bomb,
}

impl PackingFault {
    pub(crate) fn tell(self, unit: Unit) -> String {
        let (packing, one, several) = match unit {
            Unit::Member => ("gzip", "member", "gzip_members"),
            Unit::Frame => ("zstd", "frame", "zstd_frames"),
        };
        let what = match self {
            Self::Cut => format!("the stream is cut (expected one whole {one})"),
            Self::Damaged => {
                format!("the stream is damaged (expected one whole {one} with a matching checksum)")
            }
            Self::Second => {
                format!(
                    "a second {one} follows (expected one; several are `packing = \"{several}\"`)"
                )
            }
            Self::Trailing => format!("bytes follow the {one} (expected the end of the file)"),
            Self::Bomb => format!(
                "more than {} bytes come out of each packed one (expected an extract)",
                crate::packing::MOST_RATIO
            ),
        };
        format!("{packing}: {what}")
    }
}

/// What is wrong with a package. Entries are told by their number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageFault {
    /// It ends too early.
    #[error("the archive is cut (expected its end mark, two empty blocks)")]
    Cut,
    /// It is no archive, or a header of it is damaged.
    #[error("entry {0} has no valid header (expected a tar archive)")]
    Damaged(u64),
    /// A name that would leave the folder it is unpacked to.
    #[error("entry {0} has a name that is absolute or climbs (expected a path without `..`)")]
    Climbs(u64),
    /// A link, a device, a file with holes.
    #[error("entry {0} is neither file nor folder (expected no links and no devices)")]
    Special(u64),
    /// A name that stands twice.
    #[error("entry {0} has the name of an earlier one (expected each file once)")]
    Twice(u64),
    /// More entries than a delivery can have.
    #[error("more than {} entries (expected the files of one night)", crate::package::MOST_ENTRIES)]
    TooMany,
    /// The feed's file is not in it.
    #[error("no entry has the name of the feed's `file` (expected it in the package)")]
    NoMember,
    /// Something stands behind its end.
    #[error("bytes follow the end mark (expected empty blocks only)")]
    Trailing,
}

/// What is wrong with a Parquet file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParquetFault {
    /// It has no footer that can be read.
    #[error("the footer cannot be read (expected a whole Parquet file)")]
    Footer,
    /// Its data cannot be read.
    #[error("the data behind row {0} cannot be read (expected a whole Parquet file)")]
    Damaged(u64),
    /// The rows read are not those the footer counts.
    #[error("the footer counts {declared} rows (found {found})")]
    Count {
        /// By the footer.
        declared: u64,
        /// In the data.
        found: u64,
    },
    /// A codec that is not built in.
    #[error("codec {0} cannot be read (expected none, SNAPPY, GZIP or ZSTD)")]
    Codec(String),
    /// More comes out of it than an extract can hold.
    #[error(
        "more than {} rows or bytes come out of each byte (expected an extract)",
        crate::packing::MOST_RATIO
    )]
    Bomb,
}

/// What is wrong with the columns of a Parquet file, each by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnFaults {
    /// Columns of the contract that the file lacks.
    pub missing: Vec<String>,
    /// Columns that are not in the contract.
    pub extra: Vec<String>,
    /// Columns that the file holds twice.
    pub twice: Vec<String>,
    /// Columns of another type: name, type found, type expected.
    pub retyped: Vec<(String, String, String)>,
}

impl ColumnFaults {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for ColumnFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |what: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("{what} `{}`", names.join("`, `")))
        };
        let retyped = self.retyped.iter();
        let retyped = retyped.map(|(name, is, want)| format!("`{name}` is {is} (expected {want})"));
        let lists = [
            listed("missing", &self.missing),
            listed("not in the contract", &self.extra),
            listed("twice", &self.twice),
        ];
        let parts: Vec<String> = lists.into_iter().flatten().chain(retyped).collect();
        f.write_str(&parts.join("; "))
    }
}

/// What is wrong with a workbook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    /// It is no workbook, or damaged.
    #[error("{0} cannot be read (expected a whole .xlsx workbook without a password)")]
    Damaged(&'static str),
    /// It is larger than the contract allows.
    #[error("{what} is larger than {most} bytes (expected a sheet; `most_bytes` limits it)")]
    TooLarge {
        /// The file, or a part of it.
        what: &'static str,
        /// Most bytes.
        most: u64,
    },
    /// Rows beyond the limit.
    #[error("row {row} holds something (expected at most {most} rows; `most_rows` limits them)")]
    TooManyRows {
        /// The row, from 1.
        row: u64,
        /// The last row allowed.
        most: u32,
    },
    /// The sheet is not there.
    #[error("no sheet is called `{0}` (expected the contract's `sheet`)")]
    NoSheet(String),
    /// Several sheets, and no name.
    #[error("the workbook holds {0} sheets (expected one, or `sheet` in the contract)")]
    ManySheets(usize),
    /// Cells of the table are merged.
    #[error("cells are merged at row {row} (expected one value in each cell)")]
    Merged {
        /// First such row, from 1.
        row: u64,
    },
    /// Cells come in no order.
    #[error("row {row} does not follow the row before (expected rows and cells in order)")]
    Disorder {
        /// The row, from 1.
        row: u64,
    },
}
