//! What is kept of a rejected row, and what a rejected row may cost.

use super::{abc, feed, pipes, quoted, read, refused};
use crate::outcome::REJECTS_LISTED;
use crate::raw::RawRow;
use model::FeedContract;

/// The rejected rows of a file as they are kept.
fn kept(feed: &FeedContract, file: impl AsRef<[u8]>) -> Vec<RawRow> {
    let outcome = read(feed, file).unwrap().outcome;
    outcome.rejects.into_iter().map(|reject| reject.raw.unwrap()).collect()
}

fn texts(feed: &FeedContract, file: impl AsRef<[u8]>) -> Vec<String> {
    let kept = kept(feed, file);
    assert!(kept.iter().all(|raw| !raw.hex && !raw.cut));
    kept.into_iter().map(|raw| raw.text).collect()
}

#[test]
fn a_rejected_row_is_kept_as_it_stands() {
    assert_eq!(texts(&pipes(), "x|1|1\n 王 |1\r\n\ny|z|1\n"), [" 王 |1", "", "y|z|1"]);
    let keyed = abc(r#"separator = "|""#, "unique = [\"a\"]");
    assert_eq!(texts(&keyed, "x|1|1\nx|2|1\n"), ["x|2|1"]);
    let file = "\"a\r\nb\";\"1\"\n\"open;1;1\nx;1;1\n";
    assert_eq!(texts(&quoted(), file), ["\"a\r\nb\";\"1\"", "\"open;1;1"]);
    let json =
        feed("shape = { kind = \"json_lines\" }\ncolumns = [{ name = \"a\", type = \"integer\" }]");
    assert_eq!(texts(&json, "{\"a\":1}\n{\"a\":\"x\"}\n{\n"), ["{\"a\":\"x\"}", "{"]);
}

fn fixed() -> FeedContract {
    feed(
        "charset = \"gb18030\"\nshape = { kind = \"fixed\" }\ncolumns = [{ name = \"a\", \
         type = \"integer\", width = 4 }]",
    )
}

#[test]
fn a_row_of_bytes_is_kept_as_text_where_it_is_text() {
    let (file, _, _) = encoding_rs::GB18030.encode("0001\n王小\n王小明\n");
    assert_eq!(texts(&fixed(), file), ["王小", "王小明"]);
    let raw = RawRow::of(None, b"\x00\xa9\xff");
    assert_eq!((raw.text.as_str(), raw.hex, raw.cut), ("00a9ff", true, false));
}

#[test]
fn what_is_kept_is_bounded() {
    let long = format!("{}x", "王".repeat(2_000));
    let [raw] = <[RawRow; 1]>::try_from(kept(&pipes(), format!("{long}\n"))).unwrap();
    assert_eq!((raw.text.len(), raw.cut, long.starts_with(&raw.text)), (4_095, true, true));
    let bytes = RawRow::of_bytes(&[0xff; 5_000]);
    assert_eq!((bytes.text.len(), bytes.cut), (2 * 4_096, true));
    // 32 MiB in all, and 100,000 rows: what comes then is counted, and listed while there is room.
    let file = format!("{}\n", "x".repeat(4_096)).repeat(8_200);
    let outcome = read(&pipes(), file).unwrap().outcome;
    assert_eq!(outcome.rejects.len(), 8_200);
    assert_eq!(outcome.rejects.iter().filter(|reject| reject.raw.is_some()).count(), 8_192);
    let outcome = read(&pipes(), "x\n".repeat(REJECTS_LISTED + 1)).unwrap().outcome;
    assert_eq!((outcome.rejects.len(), outcome.rejects_unlisted), (REJECTS_LISTED, 1));
    assert!(outcome.rejects.iter().all(|reject| reject.raw.is_some()));
}

#[test]
fn a_row_is_told_to_nobody() {
    let outcome = read(&pipes(), "Wang Xiaoming|1\n").unwrap().outcome;
    let told = format!("{outcome:?}");
    assert!(told.contains("RawRow(15 bytes)") && !told.contains("Wang"), "{told}");
}

#[test]
fn a_feed_that_takes_no_reject_is_refused_for_one() {
    let whole = abc(r#"separator = "|""#, "on_reject = \"file\"\nunique = [\"a\"]");
    assert_eq!(read(&whole, "x|1|1\nx|1|1\n").unwrap().outcome.rows_superseded, 1);
    let message = refused(&whole, "x|1|1\ny|one|1\nz|1\nx|2|1\n");
    assert_eq!(
        message,
        "3 rows rejected, the first on line 2: column `b`, not a whole number of 64 bits (expected \
         none: `on_reject` is \"file\")"
    );
    let message = refused(&whole, "x|1|1\n\ny|1|1\n");
    assert!(message.starts_with("1 rows rejected, the first on line 2: empty line"), "{message}");
}
