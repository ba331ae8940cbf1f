//! Fields into values, exactly or not at all.

use super::{feed, read, taken};

/// Values of one column, and for each what it is read as; none where its row is rejected.
#[track_caller]
fn check(column: &str, cases: &[(&str, Option<&str>)]) {
    let feed = feed(&format!(
        "shape = {{ kind = \"delimited\", separator = \"|\" }}\n\
         columns = [{{ name = \"v\", {column} }}, {{ name = \"w\", type = \"text\" }}]"
    ));
    for (text, expected) in cases {
        let (rows, rejects) = taken(&feed, format!("{text}|w\n"));
        let expected: Vec<_> = expected.iter().map(|value| format!("1: {value}, w")).collect();
        assert_eq!(rows, expected, "{text}");
        assert_eq!(rows.len() + rejects.len(), 1, "{text}");
        assert!(rejects.iter().all(|reject| reject.starts_with("1 v: ")), "{text} {rejects:?}");
        let told = |reject: &String| text.len() > 3 && reject.contains(text);
        assert!(!rejects.iter().any(told), "the value stands in {rejects:?}");
    }
}

#[test]
fn whole_numbers_fill_64_bits() {
    let cases = [
        ("0", Some("0")),
        ("+007", Some("7")),
        ("9223372036854775807", Some("9223372036854775807")),
        ("-9223372036854775808", Some("-9223372036854775808")),
        ("9223372036854775808", None),
        ("-9223372036854775809", None),
        ("1.0", None),
        ("1e3", None),
        ("1 000", None),
        ("0x10", None),
        ("١", None),
        ("-", None),
    ];
    check(r#"type = "integer""#, &cases);
}

#[test]
fn amounts_are_minor_units() {
    let cases = [
        ("12.3", Some("1230")),
        ("-0.0", Some("0")),
        ("+.5", Some("50")),
        ("92233720368547758.07", Some("9223372036854775807")),
        ("92233720368547758.08", None),
        ("99999999999999999999999999999999999999", None),
        ("1.234", None),
        ("1e308", None),
        ("NaN", None),
        ("inf", None),
        ("1,000.00", None),
        ("1,5", None),
        ("(1.00)", None),
        ("1.00-", None),
    ];
    check(r#"type = "money""#, &cases);
}

#[test]
fn decimals_have_the_scale_of_the_contract() {
    let cases = [("0.0425", Some("42500")), ("4.1234567", None), ("1", Some("1000000"))];
    check(r#"type = "decimal", scale = 6"#, &cases);
}

#[test]
fn dates_exist_or_are_the_banks_word_for_none() {
    let dashed = [
        ("2024-02-29", Some("2024-02-29")),
        ("1900-01-00", None),
        ("1900-01-01", Some("1900-01-01")),
        ("2026-02-30", None),
        ("2023-02-29", None),
        ("9999-12-31", Some("-")),
        ("0001-01-01", Some("-")),
        ("20240229", None),
        ("2024-2-29", None),
        ("2024-02-29 00:00:00", None),
        ("+024-02-29", None),
    ];
    check(r#"type = "date", format = "%Y-%m-%d""#, &dashed);
    let compact = [
        ("20240229", Some("2024-02-29")),
        ("99991231", Some("-")),
        ("00010101", Some("-")),
        ("00000000", None),
        ("20241301", None),
    ];
    check(r#"type = "date", format = "%Y%m%d""#, &compact);
    let short = [("930101", Some("1993-01-01")), ("991231", Some("1999-12-31")), ("706213", None)];
    check(r#"type = "date", format = "%y%m%d""#, &short);
    let required = [("99991231", None), ("20240229", Some("2024-02-29"))];
    check(r#"type = "date", format = "%Y%m%d", required = true"#, &required);
}

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
