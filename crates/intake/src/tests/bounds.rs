//! Header, names and trailer.

use super::{abc, feed, read, refused, taken};
use model::FeedContract;

fn framed(trailer: &str) -> FeedContract {
    let more = format!("[feed.header]\nprefix = \"H|\"\ndate_field = 2\n[feed.trailer]\n{trailer}");
    abc(r#"separator = "|", names = true"#, &more)
}

const DETAILS: &str = "prefix = \"T|\"\ncount_field = 2\ntotal_field = 3\n";

const GOOD: &str = "H|20261120|x\na|b|c\nx|1|1.00\ny|2|2.00\nT|2|3.00\n";

#[test]
fn a_framed_file_is_proven_by_its_trailer() {
    let rows = ["3: x, 1, 100", "4: y, 2, 200"];
    for file in [GOOD, GOOD.trim_end(), &format!("{GOOD}\n\r\n"), &GOOD.replace('\n', "\r\n")] {
        assert_eq!(taken(&framed(DETAILS), file).0, rows, "{file:?}");
    }
    let all = framed(&format!("{DETAILS}count_includes_all = true\n"));
    assert_eq!(taken(&all, GOOD.replace("T|2", "T|0004")).0, rows);
    assert_eq!(taken(&framed(DETAILS), "H|20261120\na|b|c\nT|0|0\n").0.len(), 0);
}

#[test]
fn every_untrue_trailer_is_refused() {
    let cases = [
        ("T|2|3.00", "T|1|3.00", "trailer counts 1 records (found 2)"),
        ("T|2|3.00", "T|3|3.00", "trailer counts 3 records (found 2)"),
        ("T|2|3.00", "T|2|2.99", "trailer total is 299 (found 300, in units of the last decimal)"),
        ("T|2|3.00", "T|2|3.01", "trailer total is 301 (found 300, in units of the last decimal)"),
        ("T|2|3.00", "T|2|x", "trailer field 3 is not a total of the amount column"),
        ("T|2|3.00", "T|2", "trailer field 3 is not a total of the amount column"),
        ("T|2|3.00", "T|-2|3.00", "trailer field 2 is not a count of records"),
        ("T|2|3.00\n", "", "trailer is missing (expected a last line that starts with `T|`)"),
        (
            "T|2|3.00\n",
            "T",
            "line 5 ends without a line end (expected a complete file: it was cut)",
        ),
        ("T|2|3.00", "T|2|3.00\nT|2|3.00", "a second trailer on line 6 follows the trailer"),
        ("T|2|3.00", "T|2|3.00\nz|1|1", "a row on line 6 follows the trailer"),
        ("H|20261120", "H|20261119", "header field 2 holds 20261119 (expected 20261120)"),
        ("H|20261120", "H|Wang", "header field 2 holds no date (expected 20261120)"),
        ("H|20261120|x\n", "", "line 1 is not the header (expected a line that starts with `H|`)"),
        ("a|b|c\n", "", "line 2 holds none of the column names (expected: `a`, `b`, `c`)"),
        ("a|b|c", "a|c|b", "columns are `a`, `c`, `b` (expected: `a`, `b`, `c`)"),
        ("a|b|c", "a|b|c|d", "columns are `a`, `b`, `c`, `d` (expected: `a`, `b`, `c`)"),
        ("a|b|c", "a|b", "columns are `a`, `b` (expected: `a`, `b`, `c`)"),
        ("a|b|c", "a|b|b", "columns are `a`, `b`, `b` (expected: `a`, `b`, `c`)"),
        (GOOD, "", "line 1 is not the header (expected a line that starts with `H|`)"),
        (GOOD, "H|20261120\n", "line 2 holds none of the column names (expected: `a`, `b`, `c`)"),
    ];
    for (from, to, message) in cases {
        let found = refused(&framed(DETAILS), GOOD.replacen(from, to, 1));
        assert!(found.starts_with(message), "{found}");
    }
}

#[test]
fn every_cut_of_a_proven_file_is_refused() {
    // Only the cuts that leave count and total as they are pass: 3, 3.0, 3.00 and the line end.
    let proven = GOOD.len() - "|3.00\n".len() + "|3".len();
    for length in 0..=GOOD.len() {
        let whole = length >= proven && !GOOD[..length].ends_with('.');
        assert_eq!(read(&framed(DETAILS), &GOOD[..length]).is_ok(), whole, "{length}");
    }
}

#[test]
fn the_total_counts_rejected_rows_and_an_unreadable_amount_fails_closed() {
    let run = read(&framed(DETAILS), GOOD.replace("y|2|", "y|two|")).unwrap();
    assert_eq!((run.outcome.rows_rejected, run.outcome.amount_rejected), (1, 200));
    let message = refused(&framed(DETAILS), GOOD.replace("2.00", "two"));
    assert!(message.contains("1 rows with an unreadable amount: the total cannot be proven"));
}

#[test]
fn names_may_stand_in_quotes_behind_a_byte_order_mark() {
    let names = abc(r#"separator = ";", quoted = true, names = true"#, "");
    let file = "\u{feff}\"a\";\"b\";\"c\"\r\n\"x\";1;2\r\n";
    assert_eq!(taken(&names, file).0, ["2: x, 1, 200"]);
}

#[test]
fn records_around_fixed_rows_are_cut_at_bars() {
    let fixed = feed(
        r#"
charset = "gb18030"
shape = { kind = "fixed" }
amount = "b"
columns = [{ name = "a", type = "text", width = 4 }, { name = "b", type = "decimal", scale = 3, width = 6 }]
header = { prefix = "头", date_field = 3 }
trailer = { prefix = "尾", count_field = 2, total_field = 3 }
"#,
    );
    let text = "头|批次|20261120\n王小 1.500\n李  -0.250\n尾| 2 |1.25\n";
    let (file, _, _) = encoding_rs::GB18030.encode(text);
    assert_eq!(taken(&fixed, &file).0, ["2: 王小, 1500", "3: 李, -250"]);
    let (short, _, _) = encoding_rs::GB18030.encode("头|批次|20261120\n尾|1|0\n");
    assert_eq!(refused(&fixed, short), "trailer counts 1 records (found 0)");
}

#[test]
fn blank_lines_before_the_trailer_are_no_rows() {
    assert_eq!(taken(&framed(DETAILS), GOOD.replace("\nT|", "\n\n\nT|")).1.len(), 0);
}
