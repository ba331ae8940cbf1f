//! The records before and behind the rows, and what they promise.

use super::cobol::Cobol;
use serde::Deserialize;

/// A header record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// What the line starts with, or the record has at `at`.
    pub prefix: String,
    /// The byte (from 1) that `prefix` stands at, in fixed-width lines and in records.
    #[serde(default = "first")]
    pub at: usize,
    /// The field (from 1) that holds the business date as YYYYMMDD; 0 where `date` says it.
    #[serde(default)]
    pub date_field: usize,
    /// The bytes that hold it, in fixed-width lines and in records.
    #[serde(default)]
    pub date: Option<Spot>,
}

/// A trailer record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    /// What the line starts with, or the record has at `at`.
    pub prefix: String,
    /// The byte (from 1) that `prefix` stands at, in fixed-width lines and in records.
    #[serde(default = "first")]
    pub at: usize,
    /// The field (from 1) that holds the count of records; 0 where `count` says it.
    #[serde(default)]
    pub count_field: usize,
    /// The bytes that hold it, in fixed-width lines and in records.
    #[serde(default)]
    pub count: Option<Spot>,
    /// Whether that count includes the header and the trailer.
    #[serde(default)]
    pub count_includes_all: bool,
    /// The field (from 1) that holds the total of the feed's `amount` column.
    #[serde(default)]
    pub total_field: Option<usize>,
    /// The bytes that hold it, in fixed-width lines and in records.
    #[serde(default)]
    pub total: Option<Spot>,
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

/// The first byte.
fn first() -> usize {
    1
}
