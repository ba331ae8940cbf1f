//! The data dictionary, written from the one list of schemas.

use model::{Column, ColumnKind, DataClass, Table, Zone, tables};
use std::fmt::Write;

const HEAD: &str = "\
# Data dictionary

Every table of Clientele: published ones for downstream systems, canonical ones for the authors of
contracts, stage tables for whoever looks into a night, the vault for whoever mends a file. Written from `model::tables`, the list that
readers and writers go by; `UPDATE_GOLDEN=1 cargo test -p testkit --test tidy` writes it again.

* Every table is Parquet. A published table is sorted by its key and compressed with zstd.
* An empty cell is a null. Codes are words in capitals or in `snake_case`, never translated.
* `INT64 minor units` are hundredths of the bank's currency; `INT64 centi-points` are hundredths of a
  point; ppm are parts per million.
* Class says how sensitive a column is: `internal` business data without a person in it, `key` a key
  of a system or of the night, `identity` who somebody is, `contact` how to reach somebody,
  `financial` what somebody owns, owes or does. Grant `identity` and `contact` to nobody by default.
";

/// `docs/data-dictionary.md` as it should be.
pub fn data_dictionary() -> String {
    let mut text = HEAD.to_owned();
    let zones = [
        (
            Zone::Published,
            "Published tables",
            "`segments/current/<table>/part-*.parquet` in the lake. Within a contract version columns are only added.",
        ),
        (
            Zone::Kept,
            "Kept tables",
            "Rows as the sources sent them, for the night after: in the published set, beside the published tables, read by nobody but the next night and auditors ([load modes](load-modes.md)).",
        ),
        (
            Zone::Canonical,
            "Canonical tables",
            "What extracts are mapped to, by the SQL of their contracts. Ids, `source_file` and `source_row` are added by the load stage.",
        ),
        (
            Zone::Stage,
            "Stage tables",
            "What one stage of the night writes for the next. They may change with any release.",
        ),
        (
            Zone::Vault,
            "Vault",
            "Rows as the files have them: `tables/<table>/` in the lake, kept for the last night, never published, read by nobody but whoever has a file corrected.",
        ),
    ];
    for (zone, title, about) in zones {
        let of_zone: Vec<&Table> = tables().filter(|t| t.zone == zone).collect();
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {title}\n\n{about}\n\n");
        for table in &of_zone {
            let _ = writeln!(text, "* [`{0}`](#{0}): {1}", table.name, table.meaning);
        }
        for table in of_zone {
            describe(&mut text, table);
        }
    }
    text
}

fn describe(text: &mut String, table: &Table) {
    let sorted = table.order.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let _ = write!(
        text,
        "\n### {}\n\nOne row: {}. Key and order: {sorted}.",
        table.name, table.meaning
    );
    if let Some(key) = table.partition.filter(|_| !table.is_published()) {
        let _ = write!(text, " One part per range of `{key}`.");
    }
    text.push_str("\n\n| column | type | class | meaning |\n|---|---|---|---|\n");
    for column in table.columns {
        let (kind, class) = (type_of(table, column), class_of(column.class));
        let meaning = column.meaning.replace('|', "\\|");
        let _ = writeln!(text, "| `{}` | {kind} | {class} | {meaning} |", column.name);
    }
}

/// The type in the Parquet file.
fn type_of(table: &Table, column: &Column) -> &'static str {
    match (column.kind, table.is_published()) {
        (ColumnKind::Text, _) => "text",
        (ColumnKind::Date, _) => "DATE",
        (ColumnKind::Flag, _) => "BOOLEAN",
        (ColumnKind::Key | ColumnKind::Count, _) => "INT64",
        (ColumnKind::Ppm, _) => "INT64 ppm",
        (ColumnKind::Money, true) => "DECIMAL(18,2)",
        (ColumnKind::Money, false) => "INT64 minor units",
        (ColumnKind::Points, true) => "DECIMAL(9,2)",
        (ColumnKind::Points, false) => "INT64 centi-points",
    }
}

fn class_of(class: DataClass) -> &'static str {
    match class {
        DataClass::Internal => "internal",
        DataClass::Key => "key",
        DataClass::Identity => "identity",
        DataClass::Contact => "contact",
        DataClass::Financial => "financial",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_has_its_line() {
        let text = data_dictionary();
        for table in tables() {
            assert_eq!(text.matches(&format!("\n### {}\n", table.name)).count(), 1);
            for column in table.columns {
                assert!(text.contains(&format!("| `{}` | ", column.name)), "{}", column.name);
            }
        }
    }

    #[test]
    fn money_is_a_decimal_only_where_it_is_published() {
        let text = data_dictionary();
        let of = |table: &str| text.split("\n### ").find(|part| part.starts_with(table)).unwrap();
        assert!(
            of("client_segment\n").contains("| `lifetime_value` | DECIMAL(18,2) | financial |")
        );
        assert!(
            of("client_profile\n").contains("| `lifetime_value` | INT64 minor units | financial |")
        );
    }
}
