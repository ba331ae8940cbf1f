//! Rows cut exactly: delimited, quoted, fixed width, JSON lines.

use super::{abc, feed, pipes, quoted, refused, taken};
use crate::lines::LINE_CAP;
use model::FeedContract;

#[track_caller]
fn check(feed: &FeedContract, file: impl AsRef<[u8]>, rows: &[&str], rejects: &[&str]) {
    let (found_rows, found_rejects) = taken(feed, file);
    assert_eq!(found_rows, rows);
    assert_eq!(found_rejects, rejects);
}

#[test]
fn rows_are_cut_at_separators_of_any_length() {
    check(&pipes(), "x|1|2.50\ny|-7|0\n", &["1: x, 1, 250", "2: y, -7, 0"], &[]);
    let plus = abc(r#"separator = "|+|""#, "");
    check(&plus, "x|y|+|1|+|2.50\r\n", &["1: x|y, 1, 250"], &[]);
    let hive = abc(r#"separator = "\u0001""#, "");
    check(&hive, "x\u{1}1\u{1}2.5\n", &["1: x, 1, 250"], &[]);
    let wide = abc(r#"separator = "¦""#, "");
    check(&wide, "x¦1¦2.5\n", &["1: x, 1, 250"], &[]);
}

#[test]
fn fields_without_text_are_no_value() {
    check(&pipes(), "x|1|\n||\n", &["1: x, 1, -", "2: -, -, -"], &[]);
}

#[test]
fn empty_lines_are_rows_between_rows_and_nothing_at_the_end() {
    let empty = "empty line (expected a row)";
    let (rows, rejects) = taken(&pipes(), "x|1|2\n\r\n\ny|1|2\n\n\n");
    assert_eq!(rows, ["1: x, 1, 200", "4: y, 1, 200"]);
    assert_eq!(rejects, [format!("2 *: {empty}"), format!("3 *: {empty}")]);
}

#[test]
fn quotes_keep_separators_quotes_and_line_ends() {
    check(
        &quoted(),
        "\"a;b\";1;2\n\"say \"\"hi\"\"\";\"2\";\"3.00\"\n\"two\r\nlines\";3;4\r\nlast;4;5\n",
        &["1: a;b, 1, 200", "2: say \"hi\", 2, 300", "3: two\r\nlines, 3, 400", "5: last, 4, 500"],
        &[],
    );
    check(&quoted(), "5\" pipe;1;2\n", &["1: 5\" pipe, 1, 200"], &[]);
    check(&quoted(), "1;2;\"3\"\n", &["1: 1, 2, 300"], &[]);
    check(&pipes(), "\"x|1|2\n", &["1: \"x, 1, 200"], &[]);
}

#[test]
fn a_quoted_row_beyond_the_cap_is_unclosed() {
    let half = "x".repeat(LINE_CAP * 3 / 4);
    let file = format!("\"{half}\n{half}\";1\nx;1;1\n");
    let (rows, rejects) = taken(&quoted(), file);
    assert_eq!(rows, ["3: x, 1, 100"]);
    assert_eq!(rejects.len(), 2);
}

#[test]
fn a_line_beyond_the_cap_is_no_row() {
    let message = refused(&pipes(), format!("x|1|1\n{}", "y".repeat(5 * LINE_CAP)));
    assert_eq!(message, "line 2 is longer than 1048576 bytes (expected line ends)");
    let longest = format!("{}|1|1\n", "y".repeat(LINE_CAP - 4));
    assert_eq!(taken(&pipes(), longest).0.len(), 1);
    assert!(refused(&pipes(), format!("{}|1|1\n", "y".repeat(LINE_CAP))).contains("longer"));
}

#[test]
fn a_file_cut_inside_a_row_is_refused() {
    let cut = "line 2 ends without a line end (expected a complete file: it was cut)";
    assert_eq!(refused(&pipes(), "x|1|678\nx|1|67"), cut);
    assert_eq!(refused(&pipes(), "x|1|678\nx|1|678\r"), cut);
    assert_eq!(refused(&quoted(), "x;1;678\n\"x\";1;67"), cut);
    assert_eq!(refused(&quoted(), "x;1;678\n\"x"), cut);
    let names = abc(r#"separator = "|", names = true"#, "");
    assert_eq!(refused(&names, "a|b|c"), cut.replace("line 2", "line 1"));
}

#[test]
fn an_empty_file_needs_something_that_says_so() {
    for file in ["", "\n", "\r\n\n"] {
        assert!(refused(&pipes(), file).starts_with("file holds no row"), "{file:?}");
    }
    let flagged = abc(r#"separator = "|""#, "flag = \"f.ok\"");
    check(&flagged, "", &[], &[]);
    check(&abc(r#"separator = "|", names = true"#, ""), "a|b|c\n", &[], &[]);
}

fn fixed(charset: &str) -> FeedContract {
    feed(&format!(
        r#"
charset = "{charset}"
shape = {{ kind = "fixed" }}
amount = "c"
columns = [
    {{ name = "a", type = "text", width = 6 }},
    {{ name = "b", type = "integer", width = 3 }},
    {{ name = "c", type = "money", width = 8 }},
]
"#
    ))
}

#[test]
fn fixed_width_counts_bytes_of_the_file() {
    let rows = ["1: 王小, 12, 250", "2: x, -, -"];
    let (gb, _, _) = encoding_rs::GB18030.encode("王小   12    2.50\r\nx                \n");
    check(&fixed("gb18030"), gb, &rows, &[]);
    check(&fixed("utf-8"), "王小 12    2.50\nx                \n", &rows, &[]);
}

#[test]
fn a_fixed_row_of_another_width_is_rejected() {
    let file = "x      1    2.50\nx      1     2.50 \n";
    let rejects = ["1 *: 16 bytes (expected 17)", "2 *: 18 bytes (expected 17)"];
    check(&fixed("utf-8"), file, &[], &rejects);
}

#[test]
fn a_width_that_cuts_a_character_rejects_the_row_and_keeps_its_amount() {
    let (gb, _, _) = encoding_rs::GB18030.encode("x王小明 1    2.50\ny       1    1.00\n");
    let run = super::read(&fixed("gb18030"), gb).unwrap();
    assert_eq!(run.rows, ["2: y, 1, 100"]);
    assert_eq!(run.outcome.amount_rejected, 250);
    assert_eq!(run.outcome.rejects[0].column.as_deref(), Some("a"));
    assert!(run.outcome.rejects[0].reason.contains("cut a character"));
}

fn json() -> FeedContract {
    feed(
        r#"
shape = { kind = "json_lines" }
amount = "c"
columns = [
    { name = "a", type = "text" },
    { name = "b", type = "integer" },
    { name = "c", type = "money" },
]
"#,
    )
}

#[test]
fn json_lines_take_numbers_as_they_stand() {
    check(
        &json(),
        r#"{"a":"x","b":9223372036854775807,"c":0.07}
{ "c" : "90071992547409.93" , "a" : "\u738b \"q\"" }
{"b":null,"a":true,"c":90071992547409.93}
{}
"#,
        &[
            "1: x, 9223372036854775807, 7",
            "2: 王 \"q\", -, 9007199254740993",
            "3: true, -, 9007199254740993",
            "4: -, -, -",
        ],
        &[],
    );
}

#[test]
fn json_lines_that_are_no_row_are_rejected() {
    let cases = [
        (r#"{"a":"x","d":1}"#, "*: key `d` is not in the contract"),
        (r#"{"138 0013":1}"#, "*: a key is not in the contract"),
        (r#"{"a":"x","a":"x"}"#, "a: key stands twice"),
        (r#"{"a":null,"\u0061":"x"}"#, "a: key stands twice"),
        (r#"{"a":1}"#, "a: a number (expected a text in quotes)"),
        (r#"{"a":["x"]}"#, "a: an object or array (expected a single value)"),
        (r#"{"a":"\ud800"}"#, "a: an escape that is no character"),
        (r#"{"b":1e3}"#, "b: not a whole number of 64 bits"),
        (r#"{"b":1.0}"#, "b: not a whole number of 64 bits"),
        (r#"{"a":"x"} {}"#, "*: not a JSON object (character 11 of the line)"),
        (r#"{"a":"x""#, "*: not a JSON object (character 8 of the line)"),
        (r#"["x"]"#, "*: not a JSON object (character 0 of the line)"),
    ];
    for (line, reject) in cases {
        let (rows, rejects) = taken(&json(), format!("{line}\n{{\"b\":1}}\n"));
        assert_eq!(rows, ["2: -, 1, -"], "{line}");
        assert_eq!(rejects, [format!("1 {reject}")], "{line}");
    }
    let (_, nul) = taken(&json(), "{\"a\":\"x\\u0000\"}\n");
    assert_eq!(nul, ["1 a: holds NUL, U+001F or U+FFFD (expected text without them)"]);
}
