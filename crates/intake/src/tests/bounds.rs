//! Header, names and trailer.

use super::{abc, feed, read, refused, taken};
use model::FeedContract;

pub(super) fn framed(trailer: &str) -> FeedContract {
    let more = format!("[feed.header]\nprefix = \"H|\"\ndate_field = 2\n[feed.trailer]\n{trailer}");
    abc(r#"separator = "|", names = true"#, &more)
}

pub(super) const DETAILS: &str = "prefix = \"T|\"\ncount_field = 2\ntotal_field = 3\n";

pub(super) const GOOD: &str = "H|20261120|x\na|b|c\nx|1|1.00\ny|2|2.00\nT|2|3.00\n";

#[test]
fn a_framed_file_is_proven_by_its_trailer() {
    let rows = ["3: x, 1, 100", "4: y, 2, 200"];
    for file in [GOOD, GOOD.trim_end(), &format!("{GOOD}\n\r\n"), &GOOD.replace('\n', "\r\n")] {
        assert_eq!(taken(&framed(DETAILS), file).0, rows, "{file:?}");
    }
    let all = framed(&format!("{DETAILS}count_includes = \"with_both\"\n"));
    assert_eq!(taken(&all, GOOD.replace("T|2", "T|0004")).0, rows);
    assert_eq!(taken(&framed(DETAILS), "H|20261120\na|b|c\nT|0|0\n").0.len(), 0);
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
