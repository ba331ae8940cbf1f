//! What holds for every file, mangled or not.

use super::{abc, feed, read_with};
use crate::read::Sizes;
use model::FeedContract;
use proptest::prelude::*;

pub(super) fn feeds() -> Vec<FeedContract> {
    let unique = "unique = [\"a\"]\n";
    let trailer = "[feed.trailer]\nprefix = \"T\"\ncount_field = 2\n";
    let columns = "amount = \"c\"\ncolumns = [\n{ name = \"a\", type = \"text\", width = 2 },\n\
                   { name = \"b\", type = \"integer\", width = 1 },\n\
                   { name = \"c\", type = \"money\", width = 2 }]\n";
    vec![
        abc(r#"separator = ";", quoted = true"#, unique),
        abc(r#"separator = "|+|", quoted = true"#, ""),
        abc(r#"separator = "|""#, &format!("charset = \"gb18030\"\n{unique}")),
        abc(r#"separator = "|""#, trailer),
        feed(&format!("shape = {{ kind = \"json_lines\" }}\n{columns}")),
        feed(&format!("shape = {{ kind = \"fixed\" }}\ncharset = \"gb18030\"\n{columns}")),
    ]
}

/// Pieces that files are made of, right and wrong.
pub(super) fn piece() -> impl Strategy<Value = &'static [u8]> {
    let pieces: &[&[u8]] = &[
        b"x;1;2.5\n",
        b"y|2|3\n",
        b"x|+|1|+|2\n",
        b"\"a\"\"b\";1;1\n",
        b"\"",
        b"\"\"",
        b";",
        b"|",
        b"|+|",
        b"\n",
        b"\r\n",
        b"\r",
        b"12",
        b"-3.25",
        b" ",
        b"xx1 2\n",
        b"T|1\n",
        b"{\"a\":\"x\",\"b\":1,\"c\":2.5}\n",
        b"{\"a\":",
        b"}",
        b"\0",
        b"\xef\xbf\xbd",
        b"\xcd\xf5",
        b"\x81|",
        b"\xe7\x8e\x8b",
        b"\xff",
        b"99999999999999999999",
    ];
    prop::sample::select(pieces)
}

/// Files of such pieces, the larger part of them text with whole lines.
pub(super) fn file() -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec(piece(), 0..40), 0..4).prop_map(|(mut pieces, kind)| {
        if kind > 0 {
            pieces.retain(|piece| std::str::from_utf8(piece).is_ok());
            pieces.push(b"\nx|1|1\nT|3\n");
        }
        pieces.concat()
    })
}

/// Everything that came out, also of a refused file.
fn answer(feed: &FeedContract, file: &[u8], sizes: Sizes) -> String {
    match read_with(feed, file, sizes) {
        Ok(run) => format!("{:?} {:?}", run.outcome, run.rows),
        Err(cause) => format!("{cause}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// `read_with` holds every outcome to read = delivered + rejected + superseded.
    #[test]
    fn nothing_depends_on_the_sizes(
        file in file(), which in 0..6_usize, chunk in 1..40_usize, rows in 1..5_usize,
        keys in 1..5_usize,
    ) {
        let feed = &feeds()[which];
        let small = Sizes { chunk, rows, bytes: 64, keys, spill: 1, ..Sizes::default() };
        prop_assert_eq!(answer(feed, &file, small), answer(feed, &file, Sizes::default()));
    }

    #[test]
    fn every_value_survives_its_quotes(texts in prop::collection::vec("[a-z\";\n\r王]{1,12}", 1..20)) {
        let feed = &feeds()[0];
        let quoted = |(i, text): (usize, &String)| {
            format!("\"k{i}{}k\";{i};1\n", text.replace('"', "\"\""))
        };
        let file: String = texts.iter().enumerate().map(quoted).collect();
        let run = read_with(feed, file.as_bytes(), Sizes::default()).unwrap();
        prop_assert_eq!(run.rows.len(), texts.len());
        for (i, (row, text)) in run.rows.iter().zip(&texts).enumerate() {
            let value = format!(": k{i}{text}k, {i}, 100");
            prop_assert!(row.ends_with(&value), "{} {}", row, value);
        }
    }
}
