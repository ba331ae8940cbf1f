//! The records before and behind the rows, and what they promise.

use serde::Deserialize;

/// A header record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// What the line starts with.
    pub prefix: String,
    /// The field (from 1) that holds the business date as YYYYMMDD.
    pub date_field: usize,
    /// The field (from 1) that holds the number of the delivery, as in the file's name.
    #[serde(default)]
    pub rerun_field: Option<usize>,
}

/// A trailer record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    /// What the line starts with.
    pub prefix: String,
    /// The field (from 1) that holds the count of records.
    pub count_field: usize,
    /// Whether that count includes the header and the trailer.
    #[serde(default)]
    pub count_includes_all: bool,
    /// The field (from 1) that holds the total of the feed's `amount` column.
    #[serde(default)]
    pub total_field: Option<usize>,
}
