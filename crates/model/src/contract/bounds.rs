//! The records before and behind the rows, and what they promise of them.

use super::cobol::Cobol;
use serde::{Deserialize, Serialize};

/// A header or trailer record. What it promises is held against what was read; a feed in which one
/// figure differs is refused whole. Each value stands in a field of the line, or at a place: bytes
/// of a fixed-width line or of a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlRecord {
    /// What the line starts with, or the record has at `at`.
    pub prefix: String,
    /// The byte (from 1) that `prefix` stands at, in fixed-width lines and in records.
    #[serde(default = "first")]
    pub at: usize,
    /// The field (from 1) that holds the business date as YYYYMMDD; every header has one.
    #[serde(default)]
    pub date_field: Option<usize>,
    /// The bytes that hold it.
    #[serde(default)]
    pub date: Option<Spot>,
    /// The field (from 1) that holds the number of the delivery, as in the file's name; only a header
    /// has one.
    #[serde(default)]
    pub rerun_field: Option<usize>,
    /// The bytes that hold it.
    #[serde(default)]
    pub rerun: Option<Spot>,
    /// The field (from 1) that holds the count of records.
    #[serde(default)]
    pub count_field: Option<usize>,
    /// The bytes that hold it.
    #[serde(default)]
    pub count: Option<Spot>,
    /// Which records that count includes.
    #[serde(default)]
    pub count_includes: CountIncludes,
    /// The field (from 1) that holds the total of the feed's `amount` column.
    #[serde(default)]
    pub total_field: Option<usize>,
    /// The bytes that hold it.
    #[serde(default)]
    pub total: Option<Spot>,
    /// The field (from 1) that holds the total of the amounts on the debit side.
    #[serde(default)]
    pub debit_field: Option<usize>,
    /// The bytes that hold it.
    #[serde(default)]
    pub debit: Option<Spot>,
    /// The field (from 1) that holds the total of the amounts on the credit side.
    #[serde(default)]
    pub credit_field: Option<usize>,
    /// The bytes that hold it.
    #[serde(default)]
    pub credit: Option<Spot>,
    /// The field (from 1) that holds the hash total of the feed's `hash` column.
    #[serde(default)]
    pub hash_field: Option<usize>,
    /// The bytes that hold it.
    #[serde(default)]
    pub hash: Option<Spot>,
}

/// A value that a control record may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlValue {
    /// The business date.
    Date,
    /// The number of the delivery.
    Rerun,
    /// Count of records.
    Count,
    /// Total of the amounts.
    Total,
    /// Total of the debits.
    Debit,
    /// Total of the credits.
    Credit,
    /// Hash total.
    Hash,
}

/// Where a value of a control record stands.
#[derive(Clone, Copy, Debug)]
pub enum ControlPlace<'a> {
    /// In a field, by its number from 1.
    Field(usize),
    /// In bytes.
    Spot(&'a Spot),
}

/// A value of a header or trailer by its place: text of a `width`, or a `cobol` item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// Its first byte in the line or record, from 1.
    pub at: usize,
    /// Bytes of text.
    #[serde(default)]
    pub width: Option<usize>,
    /// Picture and usage.
    #[serde(default)]
    pub cobol: Option<Cobol>,
}

/// Which records a count of records includes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountIncludes {
    /// The rows alone.
    #[default]
    Rows,
    /// The rows and the header.
    WithHeader,
    /// The rows and the trailer.
    WithTrailer,
    /// The rows, the header and the trailer.
    WithBoth,
}

impl ControlRecord {
    /// Where a value stands; the first where the contract wrongly has two, none where it has none.
    pub fn place(&self, value: ControlValue) -> Option<ControlPlace<'_>> {
        let (field, spot) = self.declared(value);
        field.map(ControlPlace::Field).or(spot.map(ControlPlace::Spot))
    }

    /// Both ways in which a value may be declared.
    pub(super) fn declared(&self, value: ControlValue) -> (Option<usize>, Option<&Spot>) {
        let (field, spot) = match value {
            ControlValue::Date => (self.date_field, &self.date),
            ControlValue::Rerun => (self.rerun_field, &self.rerun),
            ControlValue::Count => (self.count_field, &self.count),
            ControlValue::Total => (self.total_field, &self.total),
            ControlValue::Debit => (self.debit_field, &self.debit),
            ControlValue::Credit => (self.credit_field, &self.credit),
            ControlValue::Hash => (self.hash_field, &self.hash),
        };
        (field, spot.as_ref())
    }
}

impl ControlValue {
    /// All there are.
    pub const ALL: [Self; 7] =
        [Self::Date, Self::Rerun, Self::Count, Self::Total, Self::Debit, Self::Credit, Self::Hash];

    /// Its key in a contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Rerun => "rerun",
            Self::Count => "count",
            Self::Total => "total",
            Self::Debit => "debit",
            Self::Credit => "credit",
            Self::Hash => "hash",
        }
    }
}

impl Spot {
    /// What the bytes hold, none where the contract says both or neither.
    pub fn item(&self) -> Option<Cobol> {
        match (self.width, &self.cobol) {
            (Some(width), None) if width > 0 => Some(Cobol::text(width)),
            (None, Some(cobol)) => Some(cobol.clone()),
            _ => None,
        }
    }
}

impl CountIncludes {
    /// Records that are counted and are no rows.
    pub fn around(self) -> u64 {
        match self {
            Self::Rows => 0,
            Self::WithHeader | Self::WithTrailer => 1,
            Self::WithBoth => 2,
        }
    }

    /// Whether the header, and whether the trailer, is counted.
    pub(super) fn needs(self) -> (bool, bool) {
        match self {
            Self::Rows => (false, false),
            Self::WithHeader => (true, false),
            Self::WithTrailer => (false, true),
            Self::WithBoth => (true, true),
        }
    }
}

/// The first byte.
fn first() -> usize {
    1
}
