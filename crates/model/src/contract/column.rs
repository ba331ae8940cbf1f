//! The columns of an extract: name, type, what counts as no value.

use super::cobol::Cobol;
use super::quality::Unmapped;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A column of an extract.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnContract {
    /// Name, also the key in JSON lines.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// How sensitive the column is.
    #[serde(default)]
    pub class: DataClass,
    /// A row without a value here is rejected.
    #[serde(default)]
    pub required: bool,
    /// Date format of `date` columns: `%Y-%m-%d`, `%Y%m%d`, `%y%m%d` (always 19yy). In Parquet and
    /// sheets it says that days are written as text; without it they must be days.
    #[serde(default)]
    pub format: Option<String>,
    /// Decimals of a `decimal` column (2 for money).
    #[serde(default)]
    pub scale: Option<u32>,
    /// Width in bytes of the encoded file, for fixed width.
    #[serde(default)]
    pub width: Option<usize>,
    /// Picture and usage, in records without a copybook: `S9(11)V99 COMP-3`.
    #[serde(default)]
    pub cobol: Option<Cobol>,
    /// Its first byte in the record, from 1; without it, behind the column before.
    #[serde(default)]
    pub at: Option<usize>,
    /// Its item in the copybook, an occurrence in brackets; without it, the name in capitals, with
    /// `-` for `_`.
    #[serde(default)]
    pub field: Option<String>,
    /// Bytes that mean "no value" in records, when the whole item consists of them.
    #[serde(default)]
    pub no_value: Vec<Fill>,
    /// The only texts allowed; any other rejects the row.
    #[serde(default)]
    pub values: Vec<String>,
    /// Texts that mean "no value" in this column.
    #[serde(default)]
    pub null: Vec<String>,
    /// The value that a quoted empty field (`""`) stands for; without it, no value.
    #[serde(default)]
    pub quoted_empty: Option<String>,
    /// The value that a field of blanks stands for; without it, no value.
    #[serde(default)]
    pub blank: Option<String>,
    /// The bank's word for each code of the source. The SQL of the contract sees the words.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// What becomes of a code that is not among them; it has no value where this says nothing.
    #[serde(default)]
    pub unmapped: Option<Unmapped>,
}

/// One byte all over an item of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// 0x00.
    LowValues,
    /// 0xFF.
    HighValues,
    /// The blank of the character set.
    Spaces,
}

/// The type of an extract's column and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text, outer blanks removed.
    Text,
    /// Whole number, 64 bits.
    Integer,
    /// Amount with at most two decimals, becomes minor units.
    Money,
    /// Number with `scale` decimals, becomes an integer in units of 10^-scale.
    Decimal,
    /// Calendar date by `format`; 9999-12-31 and 0001-01-01 mean "no date".
    Date,
}

/// How sensitive a column is (JR/T 0197 in five words).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataClass {
    /// Business data without a person in it.
    #[default]
    Internal,
    /// A key of the source system.
    Key,
    /// Names, documents: who somebody is.
    Identity,
    /// Phones, addresses: how to reach somebody.
    Contact,
    /// What somebody owns, owes or does.
    Financial,
}
