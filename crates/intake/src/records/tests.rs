//! Files of records, from their bytes to rows and rejects.

use crate::cobol::tests::store;
use crate::ebcdic::tests::encode;
use crate::read::{Sizes, read_feed};
use crate::tests::{Once, as_of, feed, put, read, read_with, refused, taken};
use arrow::record_batch::RecordBatch;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::{CharSet, FeedContract, Framing};
use proptest::prelude::*;
use std::io::Write;

/// `no`, `name`, `amount`, `opened`, in 22 bytes, with header and trailer.
fn contract(shape: &str, more: &str) -> FeedContract {
    feed(&format!(
        r#"
charset = "cp1388"
shape = {{ kind = "records", {shape} }}
amount = "amount"
unique = ["no"]
columns = [
    {{ name = "no", type = "text", cobol = "9(4)", required = true }},
    {{ name = "name", type = "text", cobol = "X(10)" }},
    {{ name = "amount", type = "money", cobol = "S9(5)V99 COMP-3", no_value = ["low_values"] }},
    {{ name = "opened", type = "date", format = "%Y%m%d", cobol = "S9(8) COMP" }},
]
{more}
"#
    ))
}

const AROUND: &str = r#"
[feed.header]
prefix = "HDR"
date = { at = 5, cobol = "9(8)" }
[feed.trailer]
prefix = "TRL"
at = 2
count = { at = 5, cobol = "9(5)" }
total = { at = 10, cobol = "S9(7)V99 COMP-3" }
"#;

const FIXED: &str = r#"framing = "fixed", length = 22"#;

fn amount(value: i128) -> Vec<u8> {
    store(&"S9(5)V99 COMP-3".parse().unwrap(), value)
}

fn row(no: &str, name: &str, amount: &[u8], opened: i128) -> Vec<u8> {
    let mut name = encode(CharSet::Cp1388, name);
    name.resize(10, 0x40);
    let opened = store(&"S9(8) COMP".parse().unwrap(), opened);
    [encode(CharSet::Cp1388, no), name, amount.to_vec(), opened].concat()
}

fn wide(mut record: Vec<u8>) -> Vec<u8> {
    record.resize(22, 0x40);
    record
}

fn header(day: &str) -> Vec<u8> {
    wide(encode(CharSet::Cp1388, &format!("HDR {day}")))
}

fn trailer(count: &str, total: i128) -> Vec<u8> {
    let text = encode(CharSet::Cp1388, &format!(" TRL{count}"));
    wide([text, store(&"S9(7)V99 COMP-3".parse().unwrap(), total)].concat())
}

/// Two rows that hold, one whose amount cannot be read as it has no sign (1.00 in the total: none
/// can be told), one on a day that there is none.
fn rows() -> Vec<Vec<u8>> {
    vec![
        row("0001", "王小明", &amount(12_345), 20_200_229),
        row("0002", "LEE £", &amount(-45), 20_211_231),
        row("0003", "欧阳", &amount(100), 20_210_229),
        row("0001", "王小明", &amount(12_345), 20_200_229),
        row("0001", "WANG", &amount(1), 20_200_229),
        row("0004", "", &[0; 4], 20_200_101),
    ]
}

/// Sum of the amounts of [`rows`], and of those that are delivered.
const TOTAL: i128 = 12_345 - 45 + 100 + 12_345 + 1;

fn framed(rows: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let count = format!("{:05}", rows.len());
    [vec![header("20261120")], rows, vec![trailer(&count, TOTAL)]].concat()
}

fn rdw(record: &[u8], segment: u8) -> Vec<u8> {
    let length = u16::try_from(record.len() + 4).unwrap().to_be_bytes();
    [&length[..], &[segment, 0], record].concat()
}

/// The records as a file: spanned ones in segments of 7 bytes.
fn file(framing: Framing, records: &[Vec<u8>], spanned: bool) -> Vec<u8> {
    let segments = |record: &Vec<u8>| -> Vec<Vec<u8>> {
        let parts: Vec<_> = record.chunks(if spanned { 7 } else { usize::MAX }).collect();
        let last = parts.len().saturating_sub(1);
        let code = |at| match (at == 0, at == last) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        let some = parts.iter().enumerate().map(|(at, part)| rdw(part, code(at)));
        if parts.is_empty() { vec![rdw(&[], 0)] } else { some.collect() }
    };
    match framing {
        Framing::Fixed => records.concat(),
        Framing::Rdw => records.iter().flat_map(segments).collect::<Vec<_>>().concat(),
        Framing::BdwRdw => {
            let all: Vec<_> = records.iter().flat_map(segments).collect();
            let block = |records: &[Vec<u8>]| rdw(&records.concat(), 0);
            all.chunks(3).map(block).collect::<Vec<_>>().concat()
        }
    }
}

const DELIVERED: [&str; 3] = [
    "2: 0001, 王小明, 12345, 2020-02-29",
    "3: 0002, LEE £, -45, 2021-12-31",
    "7: 0004, -, -, 2020-01-01",
];

const REJECTED: [&str; 2] = [
    "4 opened: not a date (expected an existing day, YYYYMMDD)",
    "6 *: second row with the same key",
];

#[test]
fn a_feed_of_records_is_read_to_its_proven_end() {
    let framings = [
        (FIXED, Framing::Fixed, false),
        (r#"framing = "rdw""#, Framing::Rdw, false),
        (r#"framing = "rdw", length = 22"#, Framing::Rdw, true),
        (r#"framing = "bdw_rdw""#, Framing::BdwRdw, false),
        (r#"framing = "bdw_rdw""#, Framing::BdwRdw, true),
    ];
    for (shape, framing, spanned) in framings {
        let feed = contract(shape, AROUND);
        let bytes = file(framing, &framed(rows()), spanned);
        assert_eq!(taken(&feed, &bytes).0, DELIVERED, "{shape}");
        assert_eq!(taken(&feed, &bytes).1, REJECTED, "{shape}");
        let outcome = read(&feed, &bytes).unwrap().outcome;
        let counts = (outcome.rows_read, outcome.rows_delivered, outcome.rows_rejected);
        assert_eq!((counts, outcome.rows_superseded), ((6, 3, 2), 1));
        let amounts = (outcome.amount_read, outcome.amount_delivered, outcome.amount_rejected);
        assert_eq!((amounts, outcome.amount_superseded), ((TOTAL, 12_300, 101), 12_345));
    }
}

#[test]
fn a_packed_file_of_records_passes_the_door_that_nights_use() {
    let mut feed = contract(r#"framing = "bdw_rdw""#, AROUND);
    feed.gzip = true;
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&file(Framing::BdwRdw, &framed(rows()), true)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let arrived = put(folder.path(), &packer.finish().unwrap());
    let mut handed = 0;
    let mut sink = Once(|batch: RecordBatch| {
        handed += batch.num_rows() as u64;
        Ok(())
    });
    let outcome =
        read_feed("s", &feed, &arrived, as_of(), &mut sink, &|_| {}, folder.path()).unwrap();
    assert_eq!((handed, outcome.rows_delivered, outcome.amount_read), (3, 3, TOTAL));
}

#[test]
fn rows_that_do_not_hold_are_rejected_with_record_and_column() {
    let feed = contract(r#"framing = "rdw""#, "");
    let good = rows().remove(0);
    let mut half_name = good.clone();
    half_name[4..14].copy_from_slice(b"\x0e\x57\x96\x58\xa0\x52\x98\x57\x96\x58");
    let with = |at: usize, bytes: &[u8]| {
        let mut row = good.clone();
        row[at..at + bytes.len()].copy_from_slice(bytes);
        row
    };
    let cases = [
        (good[..21].to_vec(), "*: 21 bytes (expected 22)"),
        ([good.as_slice(), b"\x40"].concat(), "*: 23 bytes (expected 22)"),
        (Vec::new(), "*: 0 bytes (expected 22)"),
        (
            half_name,
            "name: bytes that are no text (expected assigned bytes and pairs, and as many shifts back as shifts out)",
        ),
        (with(0, b"\x40"), "no: not a zoned number (expected one digit a byte)"),
        (
            with(14, &[0x40; 4]),
            "amount: not a packed number (expected a sign, A to F, in the last half byte)",
        ),
        (with(14, &[0xff; 4]), "amount: not a packed number (expected two digits a byte)"),
        (with(18, &[0x7f; 4]), "opened: more digits than the picture has"),
        (with(4, &[0; 10]), "name: holds NUL, U+001F or U+FFFD (expected text without them)"),
    ];
    for (record, reject) in cases {
        let bytes = file(Framing::Rdw, &[good.clone(), record], false);
        let (rows, rejects) = taken(&feed, &bytes);
        assert_eq!((rows.len(), rejects), (1, vec![format!("2 {reject}")]));
    }
}

#[test]
fn an_unreadable_amount_fails_the_total() {
    let mut rows = rows();
    rows[2][17] = 0x00;
    let message = refused(&contract(FIXED, AROUND), framed(rows).concat());
    let expected = "trailer total is 24746 (found 24646, in units of the last decimal; 1 rows with \
                    an unreadable amount: the total cannot be proven)";
    assert_eq!(message, expected);
}

#[test]
fn a_file_that_is_not_what_its_words_say_is_refused() {
    let good = rdw(&rows().remove(0), 0);
    let then = |bytes: &[u8]| [&good[..], bytes].concat();
    let none = "is none (expected a big-endian length of at least 4, then two zero bytes, or the code of a segment and one)";
    let rdw_cases = [
        (then(b"\0"), "record 2 at byte 26: ends after 1 bytes of 4"),
        (then(b"\0\x1a\0"), "record 2 at byte 26: ends after 3 bytes of 4"),
        (then(b"\0\x1a\0\0"), "record 2 at byte 26: ends after 4 bytes of 26"),
        (
            then(&good[..25]),
            "record 2 at byte 26: ends after 25 bytes of 26 (expected a complete file: it was cut)",
        ),
        (
            then(b"\0\x03\0\0"),
            &format!("record 2 at byte 26: record descriptor word [00, 03, 00, 00] {none}"),
        ),
        (then(b"\0\0\0\0"), "record 2 at byte 26: record descriptor word [00, 00, 00, 00] is none"),
        (then(b"\x1a\0\0\0"), "record 2 at byte 26: ends after 4 bytes of 6656"),
        (
            then(b"\0\x1a\x04\0"),
            "record 2 at byte 26: record descriptor word [00, 1A, 04, 00] is none",
        ),
        (
            then(b"\0\x1a\0\x01"),
            "record 2 at byte 26: record descriptor word [00, 1A, 00, 01] is none",
        ),
        (then(b"\0\x05\x02\0A"), "record 2 at byte 26: a segment without the first one"),
        (then(b"\0\x05\x03\0A"), "record 2 at byte 26: a segment without the first one"),
        (then(b"\0\x05\x01\0A"), "record 2 at byte 26: the file ends within a record of segments"),
        (
            then(b"\0\x05\x01\0A\0\x05\0\0A"),
            "record 2 at byte 26: a new record before the last segment",
        ),
        (
            then(b"\0\x05\x01\0A\0\x05\x01\0A"),
            "record 2 at byte 26: a new record before the last segment",
        ),
    ];
    let feed = contract(r#"framing = "rdw""#, "");
    for (bytes, message) in rdw_cases {
        let found = refused(&feed, &bytes);
        assert!(found.starts_with(message), "{found} ({message})");
    }
    let block = |word: &[u8]| [word, &good].concat();
    let long = "goes on behind its block (expected whole records or segments in a block)";
    let block_cases = [
        (block(b"\0\x1d\0\0"), format!("record 1 at byte 4: {long}")),
        (block(b"\0\x20\0\0"), "record 2 at byte 30: ends after 0 bytes of 2".to_owned()),
        (block(b"\0\x1f\0\0"), "record 2 at byte 30: ends after 0 bytes of 1".to_owned()),
        (block(b"\0\x1e\0\x01"), "record 1 at byte 0: block descriptor word [00, 1E, 00, 01] is none (expected a big-endian length of at least 8, then two zero bytes)".to_owned()),
        (block(b"\0\x07\0\0"), "record 1 at byte 0: block descriptor word [00, 07, 00, 00] is none".to_owned()),
        (b"\0\x1e".to_vec(), "record 1 at byte 0: ends after 2 bytes of 4".to_owned()),
        (b"\0\x1e\0\0".to_vec(), "record 1 at byte 4: ends after 0 bytes of 26".to_owned()),
    ];
    let feed = contract(r#"framing = "bdw_rdw""#, "");
    for (bytes, message) in block_cases {
        let found = refused(&feed, &bytes);
        assert!(found.starts_with(&message), "{found} ({message})");
    }
    assert_eq!(taken(&feed, block(b"\0\x1e\0\0")).0.len(), 1);
    assert_eq!(taken(&feed, block(b"\x80\0\0\x1e")).0.len(), 1, "a large block");
}

#[test]
fn a_record_of_too_many_segments_is_refused() {
    let segment = |code| rdw(&vec![0x40; 0xfff0], code);
    let mut bytes = segment(1);
    for _ in 0..16 {
        bytes.extend(segment(3));
    }
    let message = refused(&contract(r#"framing = "rdw""#, ""), bytes);
    assert_eq!(message, "record 1 at byte 0: is longer than 1048576 bytes");
}

#[test]
fn a_fixed_file_of_another_length_is_refused() {
    let bytes = rows().concat();
    let feed = contract(FIXED, "");
    assert_eq!(
        refused(&feed, &bytes[..bytes.len() - 1]),
        "record 6 at byte 110: ends after 21 bytes of 22 (expected a complete file: it was cut)"
    );
    assert!(refused(&feed, [&bytes[..], b"\x25"].concat()).starts_with("record 7 at byte 132"));
    assert!(refused(&feed, b"").starts_with("file holds no row"));
    let may_be_empty = contract(FIXED, "flag = \"done\"");
    assert_eq!(taken(&may_be_empty, b"").0.len(), 0);
}

#[test]
fn every_untrue_header_or_trailer_is_refused() {
    let feed = contract(FIXED, AROUND);
    let good = framed(rows());
    let last = good.len() - 1;
    let with = |at: usize, record: Vec<u8>| {
        let mut records = good.clone();
        records[at] = record;
        records.concat()
    };
    let counting = "trailer counts 5 records (found 6)";
    let cases = [
        (
            with(0, header("20261119")),
            "record 1 at byte 0: the header's date is 20261119 (expected 20261120)",
        ),
        (
            with(0, header("2026112 ")),
            "record 1 at byte 0: the header's date is no date (expected 20261120)",
        ),
        (
            good[1..].concat(),
            "record 1 at byte 0: is not the header (expected `HDR` at byte 1 of the record)",
        ),
        (Vec::new(), "record 1 at byte 0: is not the header"),
        (with(last, trailer("00005", TOTAL)), counting),
        (
            with(last, trailer("00006", TOTAL + 1)),
            "trailer total is 24747 (found 24746, in units of the last decimal)",
        ),
        (
            with(last, trailer("0000X", TOTAL)),
            "record 8 at byte 154: byte 5 of the trailer is not a count of records",
        ),
        (
            with(last, wide(trailer("00006", 0)[..9].to_vec())),
            "record 8 at byte 154: byte 10 of the trailer is not a total of the amount column",
        ),
        (
            good[..last].concat(),
            "record 8 at byte 154: the trailer is missing (expected a last record with `TRL` at byte 2)",
        ),
        (
            [good.concat(), good[1].clone()].concat(),
            "record 9 at byte 176: a row follows the trailer",
        ),
        (
            [good.concat(), good[last].clone()].concat(),
            "record 9 at byte 176: a second trailer follows the trailer",
        ),
    ];
    for (bytes, message) in cases {
        let found = refused(&feed, bytes);
        assert!(found.starts_with(message), "{found} ({message})");
    }
    let all = contract(FIXED, &format!("{AROUND}count_includes_all = true\n"));
    assert!(read(&all, with(last, trailer("00008", TOTAL))).is_ok());
    let empty = [header("20261120"), trailer("00000", 0)].concat();
    assert_eq!(taken(&feed, empty).0.len(), 0);
}

#[test]
fn a_copybook_says_where_the_columns_stand() {
    let text = r#"
version = 1
system = "s"
title = "S"
[[feed]]
name = "f"
file = "f.txt"
charset = "cp037"
shape = { kind = "records", framing = "fixed", length = 16, copybook = "dep.cpy" }
columns = [
    { name = "dep_no", type = "text" },
    { name = "second", type = "money", field = "DEP-AMT(2)" },
    { name = "year", type = "integer", field = "DEP-YEAR" },
]
"#;
    let copybook = "       01 DEP.\n          05 DEP-NO PIC X(4).\n          05 DEP-DAY PIC 9(8).\n          \
                    05 DEP-DAY-X REDEFINES DEP-DAY.\n             10 DEP-YEAR PIC 9(4).\n          \
                    05 DEP-AMT PIC S9V99 COMP-3 OCCURS 2.\n";
    let copybooks = model::Copybooks::from([("dep.cpy".to_owned(), copybook.to_owned())]);
    let mut source = model::SourceContract::parse_with(text, "test", &copybooks).unwrap();
    let record = [encode(CharSet::Cp037, "A 1 20261120"), b"\x12\x3c\x45\x6d".to_vec()].concat();
    assert_eq!(taken(&source.feeds.remove(0), record).0, ["1: A 1, -456, 2026"]);
}

#[test]
fn places_find_the_values_of_fixed_width_lines_too() {
    let fixed = feed(
        r#"
charset = "gb18030"
shape = { kind = "fixed" }
amount = "b"
columns = [{ name = "a", type = "text", width = 4 }, { name = "b", type = "money", width = 6 }]
header = { prefix = "头", date = { at = 5, width = 8 } }
trailer = { prefix = "99", at = 3, count = { at = 5, cobol = "9(4)" }, total = { at = 9, cobol = "S9(5)V99 SIGN LEADING SEPARATE" } }
"#,
    );
    let text = "头  20261120\n王  -01.50\n9  9 02.00\n  990002+0000050\n";
    let encoded = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    assert_eq!(taken(&fixed, encoded(text)).0, ["2: 王, -150", "3: 9  9, 200"]);
    let cases = [
        ("20261120", "20261119", "header byte 5 holds 20261119 (expected 20261120)"),
        ("20261120", "", "header byte 5 holds no date (expected 20261120)"),
        ("头", "尾", "line 1 is not the header (expected a line that starts with `头`)"),
        ("0002+", "0003+", "trailer counts 3 records (found 2)"),
        ("0002+", "000A+", "trailer byte 5 is not a count of records"),
        ("+0000050", "-0000050", "trailer total is -50 (found 50, in units of the last decimal)"),
        ("+0000050", " 0000050", "trailer byte 9 is not a total of the amount column"),
        ("+0000050", "+00000", "trailer byte 9 is not a total of the amount column"),
        ("  99", " 99 ", "trailer is missing (expected a last line with `99` at byte 3)"),
    ];
    for (from, to, message) in cases {
        let found = refused(&fixed, encoded(&text.replacen(from, to, 1)));
        assert!(found.starts_with(message), "{found} ({message})");
    }
}

fn answer(feed: &FeedContract, file: &[u8], sizes: Sizes) -> String {
    match read_with(feed, file, sizes) {
        Ok(run) => format!("{:?} {:?}", run.outcome, run.rows),
        Err(cause) => format!("{cause}"),
    }
}

const SHAPES: [(&str, Framing); 3] = [
    (FIXED, Framing::Fixed),
    (r#"framing = "rdw""#, Framing::Rdw),
    (r#"framing = "bdw_rdw""#, Framing::BdwRdw),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Bytes of any kind, and files with some bytes changed: never a panic, whatever the chunks;
    /// what is taken is balanced (`read_with`).
    #[test]
    fn nothing_depends_on_the_sizes(
        which in 0..3_usize, spanned in any::<bool>(), bounds in any::<bool>(),
        noise in prop::option::of(prop::collection::vec(any::<u8>(), 0..200)),
        change in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        chunk in 1..40_usize, rows_at_once in 1..5_usize,
    ) {
        let (shape, framing) = SHAPES[which];
        let feed = contract(shape, if bounds { AROUND } else { "" });
        let mut bytes = noise.unwrap_or_else(|| {
            file(framing, &if bounds { framed(rows()) } else { rows() }, spanned)
        });
        for (at, byte) in change {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        let small = Sizes { chunk, rows: rows_at_once, bytes: 64, ..Sizes::default() };
        prop_assert_eq!(answer(&feed, &bytes, small), answer(&feed, &bytes, Sizes::default()));
    }

    /// Without the last bytes no file passes: descriptor words, lengths and the trailer see to it.
    #[test]
    fn every_cut_of_a_proven_file_is_refused(
        which in 0..3_usize, spanned in any::<bool>(), cut in any::<prop::sample::Index>(),
    ) {
        let (shape, framing) = SHAPES[which];
        let bytes = file(framing, &framed(rows()), spanned);
        let length = cut.index(bytes.len());
        refused(&contract(shape, AROUND), &bytes[..length]);
    }

    #[test]
    fn rows_survive(values in prop::collection::vec((0..100_000_i128, any::<bool>()), 1..40)) {
        let row = |(at, (value, minus)): (usize, &(i128, bool))| {
            row(&format!("{at:04}"), "李", &amount(if *minus { -value } else { *value }), 20_000_101)
        };
        let records: Vec<_> = values.iter().enumerate().map(row).collect();
        for (shape, framing) in SHAPES {
            let run = read(&contract(shape, ""), file(framing, &records, true)).unwrap();
            let signed = |(value, minus): &(i128, bool)| if *minus { -value } else { *value };
            prop_assert_eq!(run.outcome.amount_delivered, values.iter().map(signed).sum::<i128>());
            prop_assert_eq!(run.rows.len(), values.len());
        }
    }
}
