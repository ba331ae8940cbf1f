//! The records before and behind the rows, and what they promise of them.

use serde::Deserialize;

/// A header or trailer record. What it promises is held against what was read; a feed in which one
/// figure differs is refused whole.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlRecord {
    /// What the line starts with.
    pub prefix: String,
    /// The field (from 1) that holds the business date as YYYYMMDD; every header has one.
    #[serde(default)]
    pub date_field: Option<usize>,
    /// The field (from 1) that holds the count of records.
    #[serde(default)]
    pub count_field: Option<usize>,
    /// Which records that count includes.
    #[serde(default)]
    pub count_includes: CountIncludes,
    /// The field (from 1) that holds the total of the feed's `amount` column.
    #[serde(default)]
    pub total_field: Option<usize>,
    /// The field (from 1) that holds the total of the amounts on the debit side.
    #[serde(default)]
    pub debit_field: Option<usize>,
    /// The field (from 1) that holds the total of the amounts on the credit side.
    #[serde(default)]
    pub credit_field: Option<usize>,
    /// The field (from 1) that holds the hash total of the feed's `hash` column.
    #[serde(default)]
    pub hash_field: Option<usize>,
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

impl ControlRecord {
    /// The fields declared, with the names of their keys.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let declared = [
            ("date_field", self.date_field),
            ("count_field", self.count_field),
            ("total_field", self.total_field),
            ("debit_field", self.debit_field),
            ("credit_field", self.credit_field),
            ("hash_field", self.hash_field),
        ];
        declared.into_iter().filter_map(|(key, field)| field.map(|field| (key, field)))
    }
}
