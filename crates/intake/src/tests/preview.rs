//! What a look at a file shows before it is read.

use super::{abc, feed, put, quoted};
use crate::arrive::Arrived;
use crate::preview::preview;
use model::FeedContract;

/// The changes seen in a file, one a line, and the rows promised.
fn look(feed: &FeedContract, bytes: &[u8], flag_rows: Option<u64>) -> (String, Option<u64>) {
    let folder = tempfile::tempdir().unwrap();
    let arrived = Arrived { flag_rows, ..put(folder.path(), bytes) };
    let seen = preview(feed, &arrived).unwrap();
    let drift: Vec<String> = seen.drift.iter().map(ToString::to_string).collect();
    (drift.join("\n"), seen.rows)
}

#[test]
fn changes_of_the_names_line_are_a_diff() {
    let names = abc(r#"separator = "|", names = true"#, "");
    let cases = [
        ("a|b|c", ""),
        ("a|b|c|d", "+ d (column 4 of the file)"),
        ("a|c", "- b"),
        ("a|x|c", "- b, + x in its place (renamed?)"),
        ("c|b|a", "~ another order: c, b, a"),
        ("王小明|1|2", "- the line of column names"),
    ];
    for (line, expect) in cases {
        assert_eq!(look(&names, format!("{line}\nx|1|2\n").as_bytes(), None).0, expect, "{line}");
    }
}

#[test]
fn without_names_most_rows_tell() {
    let expect = "~ 4 fields in most rows (expected 3)";
    assert_eq!(look(&quoted(), b"\"x;y\";1;2;3\nx;1;2;3\nx;1;2\n", None).0, expect);
    assert_eq!(look(&quoted(), b"\"x;y\";1;2\nx;1;2\nx;1\n", None).0, "");
    let columns = "columns = [{ name = \"a\", type = \"text\", width = 3 }]";
    let fixed = feed(&format!("shape = {{ kind = \"fixed\" }}\n{columns}"));
    assert_eq!(look(&fixed, b"abcd\nabcd\nabc\n", None).0, "~ 4 bytes in most rows (expected 3)");
    let json = feed(
        "shape = { kind = \"json_lines\" }\ncolumns = [{ name = \"a\", type = \"text\", \
         required = true }, { name = \"b\", type = \"text\" }]",
    );
    assert_eq!(look(&json, b"{\"b\":\"1\",\"c\":2}\n", None).0, "- a\n+ c");
    assert_eq!(look(&json, b"{\"a\":\"1\"}\n", None).0, "");
}

#[test]
fn rows_are_promised_by_the_flag_or_the_trailer() {
    let flagged = abc(r#"separator = "|""#, "");
    assert_eq!(look(&flagged, b"x|1|2\n", Some(17)).1, Some(17));
    assert_eq!(look(&flagged, b"x|1|2\n", None).1, None);
    let shape = feed(
        "shape = { kind = \"delimited\", separator = \",\" }\n\
         header = { prefix = \"H,\", date_field = 2 }\n\
         trailer = { prefix = \"T,\", count_field = 2 }\n\
         columns = [{ name = \"a\", type = \"text\" }, { name = \"b\", type = \"text\" }]",
    );
    assert_eq!(look(&shape, b"H,20261120\nx,1\ny,2\nT,2\n", None), (String::new(), Some(2)));
    assert_eq!(look(&shape, b"H,20261120\nx,1\n", None).1, None);
}

#[test]
fn what_is_packed_is_unpacked_and_what_has_no_lines_is_left_alone() {
    let packed = abc(r#"separator = "|", names = true"#, "packing = \"zstd\"");
    let bytes = zstd::encode_all(&b"a|c\nx|2\n"[..], 1).unwrap();
    assert_eq!(look(&packed, &bytes, None).0, "- b");
    assert_eq!(look(&packed, &bytes[..5], None).0, "", "refused when it is read");
    let typed = "shape = { kind = \"parquet\" }\ncolumns = [{ name = \"a\", type = \"text\" }]";
    assert_eq!(look(&feed(typed), b"PAR1", None), (String::new(), None));
}
