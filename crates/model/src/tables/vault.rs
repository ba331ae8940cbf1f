//! What may leave no vault: rows as the files have them.

use super::common::{SOURCE_FILE, SOURCE_ROW, SYSTEM, c, t};
use crate::contract::DataClass::{Identity, Internal};
use crate::table::ColumnKind::{Flag, Text};
use crate::table::Table;
use crate::table::Zone::Vault;

pub(super) static VAULT: &[Table] = &[t(
    "reject_raw",
    Vault,
    None,
    &["system", "feed", "source_file", "source_row"],
    "a row that the reading gate refused, as it stands in its file; one file per feed",
    &[
        SYSTEM,
        c("feed", Text, Internal, "feed"),
        SOURCE_FILE,
        SOURCE_ROW,
        c(
            "form",
            Text,
            Internal,
            "text; hex where the bytes are no text of the declared character set",
        ),
        c("cut", Flag, Internal, "the row is longer than what is kept of it (4 KiB)"),
        c("row", Text, Identity, "the row without its line end"),
    ],
)];
