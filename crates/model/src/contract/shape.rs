//! How bytes become characters, and characters fields.

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
}

impl CharSet {
    /// Whether digits and blanks are those of EBCDIC.
    pub fn is_ebcdic(self) -> bool {
        !matches!(self, Self::Utf8 | Self::Gb18030)
    }

    /// Whether it is EBCDIC with double-byte characters between shifts.
    pub fn is_mixed(self) -> bool {
        matches!(self, Self::Cp935 | Self::Cp1388)
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
}
