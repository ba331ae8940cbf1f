//! How bytes become characters, and characters fields.

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
