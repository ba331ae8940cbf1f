//! Several threads make of a file what one makes of it.

use super::{abc, as_of, feed, properties, put, show};
use crate::error::SinkError;
use crate::read::{Sink, Sizes, read_sized};
use arrow::record_batch::RecordBatch;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::FeedContract;
use proptest::prelude::*;
use std::io::Write;

/// Rows, batch by batch.
#[derive(Default)]
struct Batches(Vec<Vec<String>>);

impl Sink for Batches {
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError> {
        let mut rows = Vec::new();
        show(&batch, &mut rows);
        self.0.push(rows);
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.0 = vec![vec!["again".into()]];
        Ok(())
    }
}

/// Everything that came out, batch borders and rejected rows included.
fn answer(feed: &FeedContract, file: &[u8], sizes: Sizes) -> String {
    let (folder, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (arrived, mut sink) = (put(folder.path(), file), Batches::default());
    match read_sized(feed, &arrived, as_of(), &mut sink, &|_| {}, scratch.path(), sizes) {
        Ok(outcome) => {
            let raw = outcome.rejects.iter().map(|reject| reject.raw.as_ref().map(|r| &r.text));
            let raw: Vec<_> = raw.collect();
            format!("{outcome:?} {raw:?} {:?}", sink.0)
        }
        Err(cause) => format!("{cause}"),
    }
}

/// Contracts of lines, with all that stands around rows.
fn feeds() -> Vec<FeedContract> {
    let quoted = r#"separator = ";", quoted = true"#;
    let pipes = r#"separator = "|""#;
    let unique = "unique = [\"a\"]\n";
    let around = "header = { prefix = \"H\", date_field = 2 }\ntrailer = { prefix = \"T\", count_field = 2 }\n";
    let mut feeds = properties::feeds();
    feeds.extend([
        abc(&format!("{quoted}, names = true"), unique),
        abc(pipes, &format!("{unique}{around}")),
        abc(&format!("{pipes}, names = true"), &format!("charset = \"big5\"\n{around}")),
        abc(pipes, "direction = \"sign\"\nhash = { column = \"b\", modulo_digits = 3 }\n"),
        abc(pipes, "on_reject = \"file\"\n"),
        feed(&format!(
            "shape = {{ kind = \"delimited\", {pipes} }}\npacking = \"gzip\"\n{unique}columns = [\
             {{ name = \"a\", type = \"text\", width = 3 }}, {{ name = \"b\", type = \"text\" }}]"
        )),
    ]);
    feeds
}

/// What stands before and behind such rows, mostly.
fn around() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let heads: &[&str] =
        &["", "", "H|20261120\n", "H|20261120\na|b|c\n", "a;b;c\n", "\u{feff}", "\n", "H"];
    let tails: &[&str] = &[
        "",
        "",
        "T|1\n",
        "T|2\n",
        "T|2",
        "T|0\n\n\n",
        "T|1\nT|1\n",
        "\n\nT|3\n",
        "T|x\nx",
        "\n\n",
    ];
    let bytes = |text: &str| text.as_bytes().to_vec();
    (prop::sample::select(heads), prop::sample::select(tails))
        .prop_map(move |(head, tail)| (bytes(head), bytes(tail)))
}

/// Rows that hold, now and then one that repeats another or none that does.
fn rows() -> impl Strategy<Value = Vec<u8>> {
    let row = (0..30_u8, 0..12_u8, any::<bool>()).prop_map(|(key, kind, quoted)| {
        let separator = if quoted { ';' } else { '|' };
        match kind {
            0 => "\n".into(),
            1 => format!("\"k\n{key}\"{separator}1{separator}2\n"),
            2 => format!("k{key}{separator}x{separator}2\n"),
            3 => "\"open|1|2\n".into(),
            _ => format!("k{key}{separator}1{separator}2.5\n"),
        }
    });
    prop::collection::vec(row, 0..60).prop_map(|rows| rows.concat().into_bytes())
}

fn packed(file: &[u8]) -> Vec<u8> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(file).unwrap();
    packing.finish().unwrap()
}

#[test]
fn an_endless_line_is_told_by_the_same_line_and_reason() {
    let sizes = Sizes { chunk: 1 << 16, ..Sizes::default() };
    let gb = abc(r#"separator = "|""#, "charset = \"gb18030\"\n");
    let names = abc(r#"separator = "|", names = true"#, "");
    let quoted = abc(r#"separator = ";", quoted = true"#, "");
    let long = vec![b'x'; 3 << 20];
    let wide = [0x81, 0x30, 0x81, 0x30].repeat(1 << 20);
    let early = [b"x|1|1\n".as_slice(), &long[..1000], b"\xff", &long].concat();
    let files = [
        (&gb, [b"x|1|1\n".as_slice(), &long].concat(), "line 2 is longer"),
        (&gb, [b"x|1|1\n".as_slice(), &wide].concat(), "line 2 is longer"),
        (&gb, early, "line 2 is not GB18030"),
        (&names, long.clone(), "line 1 is longer"),
        (&names, [b"a|b|c\n".as_slice(), &long, b"\n"].concat(), "line 2 is longer"),
        (&quoted, [b"x;1;1\n\"a\n".as_slice(), &long].concat(), "line 3 is longer"),
    ];
    for (feed, file, told) in files {
        let one = answer(feed, &file, sizes);
        assert!(one.contains(told), "{one}");
        assert_eq!(answer(feed, &file, Sizes { threads: 2, ..sizes }), one);
    }
}

#[test]
fn what_stands_before_a_bad_character_is_judged_first() {
    let names = abc(r#"separator = "|", names = true"#, "");
    for chunk in [1, 2, 1 << 10] {
        for threads in [1, 2] {
            let told =
                answer(&names, b"\n\xcd\xf5\n", Sizes { chunk, threads, ..Sizes::default() });
            assert!(told.contains("line 1 holds none of the column names"), "{told}");
        }
    }
}

#[test]
fn a_large_file_is_cut_at_rows_in_quotes() {
    let quoted = abc(r#"separator = ";", quoted = true"#, "unique = [\"a\"]\n");
    let row = |i: u32| format!("\"k{i}\nof two lines; and \"\"quotes\"\"\";{i};1.5\n");
    let file: String = (0..3000).map(row).collect();
    let sizes = Sizes { chunk: 1 << 12, rows: 100, ..Sizes::default() };
    let one = answer(&quoted, file.as_bytes(), sizes);
    assert!(one.contains("rows_delivered: 3000"));
    assert_eq!(answer(&quoted, file.as_bytes(), Sizes { threads: 3, ..sizes }), one);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn the_number_of_threads_shows_nowhere(
        dirty in properties::file(), clean in rows(), which in 0..12_usize, mixed in 0..4_u8,
        (head, tail) in around(), chunk in 1..60_usize, rows in 1..7_usize, bytes in 20..90_usize,
        keys in 1..40_usize, threads in 2..4_usize, lost in prop::sample::select(&[0, 0, 1, 9, 20][..]),
    ) {
        let feed = &feeds()[which];
        let middle = match mixed { 0 => dirty, 1 => [clean, dirty].concat(), _ => clean };
        let mut file = [head, middle, tail].concat();
        if feed.packing != model::Packing::None {
            file = packed(&file);
        }
        file.truncate(file.len().saturating_sub(lost));
        let one = Sizes { chunk, rows, bytes, keys, spill: 1, ..Sizes::default() };
        let several = Sizes { threads, ..one };
        prop_assert_eq!(answer(feed, &file, several), answer(feed, &file, one));
    }
}
