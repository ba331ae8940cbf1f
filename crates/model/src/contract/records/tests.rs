//! Contracts of records: what holds, and what is refused with its cause.

use crate::{Copybooks, SourceContract};

const COPYBOOK: &str = "       01 DEP-REC.\n          05 DEP-NO PIC 9(4).\n          \
                        05 DEP-AMT PIC S9(5)V99 COMP-3 OCCURS 2.\n          \
                        05 DEP-RATE PIC 9V9(6) COMP-3.\n          05 DEP-F COMP-1.\n";

fn parse(feed: &str) -> Result<SourceContract, String> {
    let text = format!(
        "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n{feed}"
    );
    let copybooks = Copybooks::from([("dep.cpy".to_owned(), COPYBOOK.to_owned())]);
    SourceContract::parse_with(&text, "test", &copybooks).map_err(|error| error.to_string())
}

/// The contract with `from` changed to `to` is refused, and why.
fn check(contract: &str, from: &str, to: &str, cause: &str) {
    assert!(contract.contains(from), "{from}");
    let found = parse(&contract.replacen(from, to, 1)).err();
    let found = found.unwrap_or_else(|| panic!("{to}: must be refused"));
    let place = if cause.starts_with("TOML ") { "" } else { "source `s`, feed `f`: " };
    let told = found.starts_with(place) && found.contains(cause.trim_start_matches("TOML "));
    assert!(told, "{to}: {found}");
}

const BY_COLUMNS: &str = r#"
charset = "cp037"
amount = "b"
shape = { kind = "records", framing = "fixed", length = 20 }
header = { prefix = "H", date = { at = 2, cobol = "9(8)" } }
trailer = { prefix = "T", at = 2, count = { at = 3, width = 4 }, total = { at = 7, cobol = "S9(7)V99 COMP-3" } }
columns = [
    { name = "a", type = "text", cobol = "X(4)" },
    { name = "b", type = "money", cobol = "S9(5)V99", no_value = ["low_values", "spaces"] },
    { name = "c", type = "integer", at = 13, cobol = "9(4) COMP" },
]
"#;

const BY_COPYBOOK: &str = r#"
charset = "cp1388"
shape = { kind = "records", framing = "rdw", copybook = "dep.cpy", record = "DEP-REC" }
columns = [
    { name = "dep_no", type = "text" },
    { name = "second", type = "money", field = "DEP-AMT(2)" },
]
"#;

#[test]
fn columns_have_their_places() {
    let places = |contract: &str| {
        let layout = parse(contract).unwrap().feeds.remove(0).layout.unwrap();
        let fields = layout.fields.iter().map(|field| (field.at, field.cobol.width));
        (layout.length, fields.collect::<Vec<_>>())
    };
    assert_eq!(places(BY_COLUMNS), (20, vec![(0, 4), (4, 7), (12, 2)]));
    assert_eq!(places(BY_COPYBOOK), (20, vec![(0, 4), (8, 4)]));
    let rdw = BY_COLUMNS.replace("\"fixed\", length = 20", "\"rdw\"");
    assert_eq!(places(&rdw).0, 14);
}

#[test]
fn contracts_that_contradict_themselves_are_refused() {
    let by_columns = [
        (", length = 20", "", "fixed records need `shape.length`"),
        ("length = 20", "length = 10", "`trailer.total` ends at byte 11"),
        ("length = 20", "length = 13", "column `c` ends at byte 14"),
        ("length = 20", "length = 0", "`header.date` ends at byte 9"),
        ("\"fixed\", length = 20", "\"rdw\", length = 13", "column `c` ends at byte 14"),
        ("length = 20", "length = 20, record = \"A\"", "`shape.record` needs a `copybook`"),
        ("length = 20", "length = 20, x = 1", "TOML unknown field `x`"),
        ("framing = \"fixed\", ", "", "TOML missing field `framing`"),
        (", cobol = \"X(4)\"", "", "column `a` needs `cobol`"),
        ("cobol = \"X(4)\"", "cobol = \"X(4)\", width = 4", "column `a` has `width`"),
        ("cobol = \"X(4)\"", "cobol = \"X(4)\", field = \"A\"", "column `a` has `field`"),
        (
            "cobol = \"X(4)\"",
            "cobol = \"G(2)\"",
            "column `a`: double-byte items need `charset = \"cp935\"`",
        ),
        ("X(4)", "Q", "TOML `cobol = \"Q\"`: picture `Q` is not known"),
        ("X(4)", "COMP-1", "column `a`: a hexadecimal float (COMP-1) is not read"),
        ("9(5)V99", "9(4)V999", "column `b`: 3 decimals in the picture (its type holds 2)"),
        (
            "9(4) COMP\"",
            "9(3)V9 COMP\"",
            "column `c`: 1 decimals in the picture (its type holds 0)",
        ),
        (
            "COMP\" }",
            "COMP\", no_value = [\"low_values\"] }",
            "column `c`: binary numbers have no bytes to spare",
        ),
        ("at = 13", "at = 0", "`at` counts from 1"),
        ("cp037", "utf-8", "a sign in the zone of a digit needs an EBCDIC `charset`"),
        (
            "date = { at = 2, cobol = \"9(8)\" }",
            "date_field = 2",
            "expected one of `header.date_field`",
        ),
        (", date = { at = 2, cobol = \"9(8)\" }", "", "expected one of `header.date_field`"),
        ("width = 4", "width = 4, cobol = \"9\"", "`trailer.count` needs `at` from 1"),
        ("at = 3", "at = 0", "`trailer.count` needs `at` from 1"),
        ("at = 2, count", "at = 0, count", "`at` of a header or trailer counts from 1"),
        (
            "S9(7)V99 COMP-3",
            "9V999",
            "`trailer.total`: 3 decimals in the picture (its type holds 2)",
        ),
        ("width = 4", "cobol = \"9V9\"", "`trailer.count`: 1 decimals in the picture"),
        ("S9(7)V99 COMP-3", "COMP-2", "`trailer.total`: a hexadecimal float (COMP-2) is not read"),
    ];
    for (from, to, cause) in by_columns {
        check(BY_COLUMNS, from, to, cause);
    }
    let by_copybook = [
        ("dep.cpy", "other.cpy", "copybook `other.cpy` was not read"),
        ("DEP-REC", "X", "copybook `dep.cpy`: record `X` not found (records: `DEP-REC`)"),
        (
            "copybook",
            "length = 19, copybook",
            "a record has 20 bytes (the contract says `length = 19`)",
        ),
        ("dep_no", "dep_nr", "copybook `dep.cpy`: column `dep_nr`: item `DEP-NR` not found"),
        ("AMT(2)", "AMT", "column `second`: item `DEP-AMT` needs 1 subscripts"),
        ("AMT(2)", "RATE", "column `second`: 6 decimals in the picture"),
        ("AMT(2)", "F", "column `second`: a hexadecimal float"),
        ("type = \"text\"", "type = \"text\", cobol = \"X\"", "column `dep_no` has `cobol`"),
        ("type = \"text\"", "type = \"text\", at = 1", "column `dep_no` has `at`"),
    ];
    for (from, to, cause) in by_copybook {
        check(BY_COPYBOOK, from, to, cause);
    }
}

/// What stands between a line and the end of its block in the document of this shape.
fn block(begin: &str) -> &'static str {
    let (_, rest) = include_str!("../../../../../docs/mainframe.md").split_once(begin).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_examples_of_the_document_hold() {
    let copybook = block("```cobol\n").to_owned();
    let copybooks = Copybooks::from([("copybooks/deposit.cpy".to_owned(), copybook)]);
    let text = format!("version{}", block("```toml\nversion"));
    let contract = SourceContract::parse_with(&text, "test", &copybooks).unwrap();
    let layout = contract.feeds[0].layout.as_ref().unwrap();
    let places: Vec<_> = layout.fields.iter().map(|field| field.at).collect();
    assert_eq!((layout.length, places), (165, vec![0, 16, 56, 63, 71]));
    let columns = parse(&format!("charset{}", block("```toml\ncharset"))).unwrap();
    let layout = columns.feeds[0].layout.as_ref().unwrap();
    assert_eq!(layout.fields.iter().map(|field| field.at).collect::<Vec<_>>(), [0, 16, 38]);
}

const LINES: &str = r#"
shape = { kind = "fixed" }
header = { prefix = "H", date = { at = 2, width = 8 } }
trailer = { prefix = "T", at = 3, count = { at = 4, cobol = "9(4)" } }
columns = [{ name = "a", type = "text", width = 4 }]
"#;

#[test]
fn keys_of_records_stand_in_no_other_shape() {
    assert!(parse(LINES).is_ok());
    let cases = [
        ("shape", "charset = \"cp037\"\nshape", "an EBCDIC `charset` needs records"),
        (
            "width = 4",
            "width = 4, cobol = \"X(4)\"",
            "column `a` has `cobol`, which is for records",
        ),
        ("width = 4", "width = 4, at = 1", "column `a` has `at`, which is for records"),
        ("width = 4", "width = 4, field = \"A\"", "column `a` has `field`, which is for records"),
        ("width = 4", "width = 4, no_value = [\"spaces\"]", "column `a` has `no_value`"),
        ("9(4)", "9(4) COMP-3", "`trailer.count`: lines hold text"),
        ("9(4)", "S9(4)", "`trailer.count`: a sign in the zone of a digit"),
        ("\"fixed\"", "\"json_lines\"", "`header.date`: lines of fields have no places"),
        ("date = { at = 2, width = 8 }", "date_field = 2, at = 2", "`at` of a header or trailer"),
        ("width = 8", "width = 8, x = 1", "TOML unknown field `x`"),
    ];
    for (from, to, cause) in cases {
        check(LINES, from, to, cause);
    }
}

#[test]
fn the_copybooks_of_a_contract_are_known_before_it_is_checked() {
    let head = "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n";
    let named = SourceContract::copybooks_of(&format!("{head}{BY_COPYBOOK}"), "test").unwrap();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), ["dep.cpy"]);
}
