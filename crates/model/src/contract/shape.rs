//! How bytes become characters, and characters fields; files that hold fields ready made.

use super::records::RecordShape;
use serde::Deserialize;

/// Character set of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum CharSet {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030-2022, which reads GBK as well.
    #[serde(rename = "gb18030")]
    Gb18030,
    /// EBCDIC, Latin 1 of the Americas (IBM CCSID 37).
    #[serde(rename = "cp037")]
    Cp037,
    /// EBCDIC, Latin 1 international (IBM CCSID 500).
    #[serde(rename = "cp500")]
    Cp500,
    /// EBCDIC, Latin 1 of open systems (IBM CCSID 1047).
    #[serde(rename = "cp1047")]
    Cp1047,
    /// EBCDIC, simplified Chinese of GB 2312, mixed single and double byte (IBM CCSID 935).
    #[serde(rename = "cp935")]
    Cp935,
    /// EBCDIC, simplified Chinese of GBK, mixed single and double byte (IBM CCSID 1388).
    #[serde(rename = "cp1388")]
    Cp1388,
    /// GBK, read by the rules of GB18030: files that are called GBK often are GB18030.
    #[serde(rename = "gbk")]
    Gbk,
    /// Big5 with the Hong Kong characters (WHATWG).
    #[serde(rename = "big5")]
    Big5,
    /// UTF-16, low byte first, with or without a byte order mark.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first, with or without a byte order mark.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// UTF-16 whose byte order mark, the first two bytes, tells the order.
    #[serde(rename = "utf-16")]
    Utf16,
}

impl CharSet {
    /// Whether digits and blanks are those of EBCDIC.
    pub fn is_ebcdic(self) -> bool {
        matches!(self, Self::Cp037 | Self::Cp500 | Self::Cp1047 | Self::Cp935 | Self::Cp1388)
    }

    /// Whether it is EBCDIC with double-byte characters between shifts.
    pub fn is_mixed(self) -> bool {
        matches!(self, Self::Cp935 | Self::Cp1388)
    }

    /// Whether a character takes two bytes or more, so that no byte stands for a line end.
    pub fn is_wide(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be | Self::Utf16)
    }
}

/// How a row is cut into fields.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FileShape {
    /// Fields between separators of one or several characters.
    Delimited {
        /// The separator, for example `|+|`, `,` or `\u0001`.
        separator: String,
        /// Whether fields may stand in double quotes (a doubled quote is one quote).
        #[serde(default)]
        quoted: bool,
        /// Whether the first line holds the column names; they must equal the contract's.
        #[serde(default)]
        names: bool,
    },
    /// Fields of fixed width, counted in bytes of the encoded file.
    Fixed,
    /// One JSON object per line.
    JsonLines,
    /// Records of bytes without line ends, as a mainframe writes them.
    Records(RecordShape),
    /// A Parquet file. Its columns are found by their names, in any order.
    Parquet,
    /// A sheet of an Excel workbook (`.xlsx`).
    Sheet {
        /// The sheet's name; without it the workbook must hold one sheet only.
        #[serde(default)]
        sheet: Option<String>,
        /// The row (from 1) that holds the column names; they must equal the contract's. What
        /// stands above is not read.
        #[serde(default = "first_row")]
        names_row: u32,
        /// The largest file, in bytes.
        #[serde(default = "sheet_bytes")]
        most_bytes: u64,
        /// The last row that may hold anything.
        #[serde(default = "sheet_rows")]
        most_rows: u32,
    },
}

impl FileShape {
    /// Whether the file itself says of which type its values are.
    pub fn is_typed(&self) -> bool {
        matches!(self, Self::Parquet | Self::Sheet { .. })
    }
}

fn first_row() -> u32 {
    1
}

fn sheet_bytes() -> u64 {
    64 << 20
}

fn sheet_rows() -> u32 {
    1_000_000
}

impl FileShape {
    /// What stands for a shape that a contract does not give: no row can be cut by it.
    pub(super) fn undeclared() -> Self {
        Self::Delimited { separator: String::new(), quoted: false, names: false }
    }

    /// The shape in which the result of a query is landed: CSV with the names of its columns, where
    /// nothing between separators is no value and a pair of quotes is an empty text.
    pub(super) fn landed() -> Self {
        Self::Delimited { separator: ",".into(), quoted: true, names: true }
    }
}
