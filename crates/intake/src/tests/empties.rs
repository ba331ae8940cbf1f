//! The three kinds of empty, and texts that mean no value.

use super::{feed, taken};
use model::FeedContract;

fn letters(more: &str, a: &str, b: &str) -> FeedContract {
    feed(&format!(
        r#"
shape = {{ kind = "delimited", separator = ";", quoted = true }}
{more}
columns = [{{ name = "a", {a} }}, {{ name = "b", {b} }}]
"#
    ))
}

const TEXT: &str = r#"type = "text""#;

#[test]
fn nothing_empty_quotes_and_blanks_are_told_apart() {
    let kinds = r#"type = "text", quoted_empty = "unknown", blank = "none""#;
    let (rows, _) = taken(&letters("", kinds, TEXT), "\"\";\"\"\n;\n\" \";\" \"\n  ;\t\n");
    assert_eq!(rows, ["1: unknown, -", "2: -, -", "3: none, -", "4: none, -"]);
}

#[test]
fn what_an_empty_field_stands_for_is_a_value() {
    let kinds = r#"type = "integer", required = true, quoted_empty = "0", values = ["1"]"#;
    let (rows, rejects) = taken(&letters("", kinds, TEXT), "\"\";x\n;x\n1;x\n2;x\n");
    assert_eq!(rows, ["1: 0, x", "3: 1, x"]);
    assert_eq!(rejects.len(), 2);
    let text = r#"type = "text", quoted_empty = """#;
    assert_eq!(taken(&letters("", text, TEXT), "\"\";x\n;x\n").0, ["1: , x", "2: -, x"]);
}

#[test]
fn null_texts_of_feed_and_column_are_compared_without_blanks() {
    let of_feed = r#"null = ["?", " N/A "]"#;
    let column = r#"type = "integer", null = ["-1"]"#;
    let (rows, _) = taken(&letters(of_feed, TEXT, column), " ? ;?\nN/A;\" -1 \"\n?x;-2\n");
    assert_eq!(rows, ["1: -, -", "2: -, -", "3: ?x, -2"]);
}

#[test]
fn full_width_blanks_are_blanks() {
    assert_eq!(
        taken(&letters("", TEXT, TEXT), "\u{3000}王 小\u{3000};\u{3000}\n").0,
        ["1: 王 小, -"]
    );
}

#[test]
fn a_required_column_needs_a_value() {
    let feed = letters(r#"null = ["?"]"#, r#"type = "text", required = true"#, TEXT);
    let (rows, rejects) = taken(&feed, ";1\n\"\";2\n ;3\n?;4\nx;5\n");
    assert_eq!(rows, ["5: x, 5"]);
    let reason = "a: no value (expected one: the column is required)";
    assert_eq!(rejects, (1..=4).map(|line| format!("{line} {reason}")).collect::<Vec<_>>());
}
