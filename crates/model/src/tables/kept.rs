//! What the next night needs of the rows of sources.

use super::common::{SYSTEM, c, t};
use crate::contract::DataClass::{Identity, Internal, Key as KeyClass};
use crate::table::ColumnKind::{Count, Date, Key, Text};
use crate::table::Table;
use crate::table::Zone::Kept;

pub(super) static KEPT: &[Table] = &[t(
    "source_version",
    Kept,
    Some("key"),
    &["system", "feed", "key", "row_key", "valid_from"],
    "a row of a feed while it stayed the same (SCD2); of feeds whose `load` is not `full`",
    &[
        SYSTEM,
        c("feed", Text, Internal, "feed"),
        c("key", Key, KeyClass, "key of `row_key`"),
        c("row_key", Text, Identity, "the columns that name the row, as a JSON array"),
        c("valid_from", Date, Internal, "business date of the night that found it"),
        c(
            "valid_to",
            Date,
            Internal,
            "business date of the night that found it changed or gone; empty while it holds",
        ),
        c("source_file", Text, Internal, "file that the version came from"),
        c("source_row", Count, Internal, "line of that file, from 1"),
        c("layout", Key, Internal, "digest of the columns by which `row` was written"),
        c("row", Text, Identity, "the typed columns of the contract, as a JSON array"),
    ],
)];
