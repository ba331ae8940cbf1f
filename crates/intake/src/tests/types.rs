//! Fields into values, exactly or not at all.

use super::catalogue::check_values as check;
use super::{feed, read, taken};

#[test]
fn texts_are_trimmed_and_hold_no_character_that_a_table_cannot() {
    let cases = [
        ("  王 小明 ", Some("王 小明")),
        ("a\0b", None),
        ("a\u{1f}b", None),
        ("a\u{fffd}b", None),
        ("\u{ff0c}ok", Some("\u{ff0c}ok")),
    ];
    check(r#"type = "text""#, &cases);
    let listed = [("F", Some("F")), (" M ", Some("M")), ("f", None), ("X", None), ("", Some("-"))];
    check(r#"type = "text", values = ["F", "M"]"#, &listed);
}

#[test]
fn the_first_column_that_fails_gives_the_reason() {
    let (_, rejects) = taken(&super::pipes(), "x|one|two\n");
    assert_eq!(rejects, ["1 b: not a whole number of 64 bits"]);
}

#[test]
fn amounts_are_summed_where_they_can_be_read() {
    let file = "x|1|1.00\nx|one|2.00\nx|1|x\nx|1\nx||\n";
    let outcome = read(&super::pipes(), file).unwrap().outcome;
    assert_eq!((outcome.rows_read, outcome.rows_delivered, outcome.rows_rejected), (5, 2, 3));
    assert_eq!((outcome.amount_read, outcome.amount_delivered), (300, 100));
    assert_eq!((outcome.amount_rejected, outcome.amount_unreadable), (200, 2));
}

#[test]
fn a_contract_that_contradicts_itself_is_told() {
    let contradictions = [
        ("amount = \"v\"", "type = \"text\"", "`amount` column `v` is no number"),
        ("", "type = \"decimal\"", "decimal column `v` needs `scale`"),
        ("", "type = \"money\", scale = 4", "money column `v` has another `scale`"),
    ];
    for (more, column, message) in contradictions {
        let feed = feed(&format!(
            "shape = {{ kind = \"json_lines\" }}\n{more}\ncolumns = [{{ name = \"v\", {column} }}]"
        ));
        let cause = read(&feed, "{}\n").err().unwrap();
        assert_eq!(cause.kind(), crate::ErrorKind::Contract);
        assert!(cause.to_string().contains(message), "{cause}");
    }
}
