//! Character sets: as declared, or refused with the place.

use super::{abc, contract_error, pipes, read_with, refused, taken};
use crate::read::Sizes;
use model::FeedContract;

fn gb(separator: &str) -> FeedContract {
    abc(&format!("separator = \"{separator}\""), "charset = \"gb18030\"")
}

#[test]
fn gb18030_is_decoded_before_it_is_split() {
    // The second byte of 眧 is a bar in GBK, and of a four-byte character it is a digit.
    let name = "眧\u{1f600}㐂";
    let (bytes, _, lost) = encoding_rs::GB18030.encode(name);
    assert!(!lost && bytes.contains(&b'|') && bytes.iter().any(u8::is_ascii_digit));
    for separator in ["|", "|+|", "+"] {
        let text = [name, "1", "2.50"].join(separator);
        let (file, _, _) = encoding_rs::GB18030.encode(&text);
        let file = [&file, &b"\n"[..]].concat();
        assert_eq!(taken(&gb(separator), file).0, [format!("1: {name}, 1, 250")], "{separator}");
    }
}

#[test]
fn a_byte_order_mark_is_no_text() {
    assert_eq!(taken(&pipes(), "\u{feff}x|1|2\n").0, ["1: x, 1, 200"]);
    assert_eq!(taken(&gb("|"), b"\x84\x31\x95\x33x|1|2\n").0, ["1: x, 1, 200"]);
}

#[test]
fn a_file_in_another_character_set_is_refused_with_the_place() {
    let (gbk, _, _) = encoding_rs::GBK.encode("王小明");
    let cases: [(FeedContract, Vec<u8>, &str); 8] = [
        (pipes(), [b"x|1|1\n\n".as_slice(), &gbk, b"|1|1\n"].concat(), "byte 7 on line 3"),
        (pipes(), b"caf\xe9|1|1\n".to_vec(), "byte 3 on line 1"),
        (pipes(), b"x|1|1\nx\xff|1|1\n".to_vec(), "byte 7 on line 2"),
        (pipes(), b"x|1|1\n\xe7\x8e".to_vec(), "byte 6 on line 2"),
        (pipes(), b"\xff\xfex\0|\0".to_vec(), "byte 0 on line 1"),
        (pipes(), b"\xed\xa0\x80|1|1\n".to_vec(), "byte 0 on line 1"),
        (gb("|"), b"\xff\xfex\0|\0".to_vec(), "byte 0 on line 1"),
        (gb("|"), b"x|1|1\nx|1|1\n\xcd".to_vec(), "byte 12 on line 3"),
    ];
    for (feed, file, place) in cases {
        for chunk in [1, 3, 1 << 20] {
            let sizes = Sizes { chunk, ..Sizes::default() };
            let cause = read_with(&feed, &file, sizes).err().unwrap();
            assert!(cause.to_string().starts_with(place), "{cause} ({place}, chunk {chunk})");
        }
    }
}

#[test]
fn a_fixed_width_file_in_another_character_set_is_refused_with_the_place() {
    let fixed = super::feed(
        "shape = { kind = \"fixed\" }\ncolumns = [{ name = \"a\", type = \"text\", width = 4 }]",
    );
    let place = "byte 9 on line 2 is not UTF-8 (expected a file in the declared `charset`)";
    assert_eq!(refused(&fixed, b"\xef\xbb\xbfabcd\na\xffcd\n"), place);
    assert_eq!(
        refused(&fixed, b"abcd\nabcd\na\xff\n"),
        place.replace("9 on line 2", "11 on line 3")
    );
}

fn wide(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

fn of(charset: &str) -> FeedContract {
    abc("separator = \"|\"", &format!("charset = \"{charset}\""))
}

#[test]
fn utf16_is_read_in_either_order() {
    let (text, row) = ("𠮷野|1|2.50\r\n上|2|1\n", ["1: 𠮷野, 1, 250", "2: 上, 2, 100"]);
    let marked = format!("\u{feff}{text}");
    let (little, big) = (u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes as _);
    for (charset, file) in [
        ("utf-16le", wide(text, little)),
        ("utf-16le", wide(&marked, little)),
        ("utf-16be", wide(text, big)),
        ("utf-16be", wide(&marked, big)),
        ("utf-16", wide(&marked, little)),
        ("utf-16", wide(&marked, big)),
    ] {
        for chunk in [1, 3, 1 << 20] {
            let sizes = Sizes { chunk, ..Sizes::default() };
            assert_eq!(read_with(&of(charset), &file, sizes).unwrap().rows, row, "{charset}");
        }
    }
}

#[test]
fn utf16_that_is_none_is_refused_with_the_place() {
    let little = |text: &str| wide(text, u16::to_le_bytes);
    let big = |text: &str| wide(text, u16::to_be_bytes);
    let row = little("x|1|1\n");
    let cases: [(&str, Vec<u8>, &str); 9] = [
        (
            "utf-16le",
            [&row[..], b"\x00\xd8x\x00|\x00"].concat(),
            "byte 12 on line 2 is not UTF-16LE",
        ),
        ("utf-16le", [&row[..], b"\x00\xdc|\x00"].concat(), "byte 12 on line 2 is not UTF-16LE"),
        ("utf-16le", [&row[..], b"x\x00\x00\xd8"].concat(), "byte 14 on line 2 is not UTF-16LE"),
        ("utf-16le", [&row[..], b"x"].concat(), "byte 12 on line 2 is not UTF-16LE"),
        ("utf-16le", big("\u{feff}x|1|1\n"), "byte 0 on line 1 is not UTF-16LE"),
        ("utf-16be", little("\u{feff}x|1|1\n"), "byte 0 on line 1 is not UTF-16BE"),
        (
            "utf-16be",
            [&big("x|1|1\n")[..], b"\xd8\x00\x00x"].concat(),
            "byte 12 on line 2 is not UTF-16BE",
        ),
        ("utf-16", row.clone(), "byte 0 on line 1 is not UTF-16 behind a byte order mark"),
        ("utf-16", b"\xff".to_vec(), "byte 0 on line 1 is not UTF-16 behind a byte order mark"),
    ];
    for (charset, file, place) in cases {
        for chunk in [1, 3, 1 << 20] {
            let sizes = Sizes { chunk, ..Sizes::default() };
            let cause = read_with(&of(charset), &file, sizes).err().unwrap();
            assert!(cause.to_string().starts_with(place), "{cause} ({place}, chunk {chunk})");
        }
    }
}

#[test]
fn big5_is_decoded_before_it_is_split() {
    // The second bytes of these are a bar and a backslash.
    let name = "育功許";
    let (bytes, _, lost) = encoding_rs::BIG5.encode(name);
    assert!(!lost && bytes.contains(&b'|') && bytes.contains(&b'\\'));
    let (file, _, _) = encoding_rs::BIG5.encode("育功許|1|2.50\n");
    assert_eq!(taken(&of("big5"), &file).0, ["1: 育功許, 1, 250"]);
    let by_backslash = abc(r#"separator = "\\""#, "charset = \"big5\"");
    let (file, _, _) = encoding_rs::BIG5.encode("育功許\\1\\2.50\n");
    assert_eq!(taken(&by_backslash, &file).0, ["1: 育功許, 1, 250"]);
}

#[test]
fn bytes_that_are_no_big5_or_gbk_are_refused_with_the_place() {
    let cases: [(&str, &[u8], &str); 6] = [
        ("big5", b"x|1|1\nx\x80|1|1\n", "byte 7 on line 2 is not Big5"),
        ("big5", b"x|1|1\nxy\xa5 |1|1\n", "byte 8 on line 2 is not Big5"),
        ("big5", b"x|1|1\n\xa5", "byte 6 on line 2 is not Big5"),
        ("gbk", b"x|1|1\nx\xff|1|1\n", "byte 7 on line 2 is not GBK"),
        ("gbk", b"x|1|1\n\xcd\xf5\xcd\n", "byte 8 on line 2 is not GBK"),
        ("gbk", b"\xff\xfex\0|\0", "byte 0 on line 1 is not GBK"),
    ];
    for (charset, file, place) in cases {
        for chunk in [1, 3, 1 << 20] {
            let sizes = Sizes { chunk, ..Sizes::default() };
            let cause = read_with(&of(charset), file, sizes).err().unwrap();
            assert!(cause.to_string().starts_with(place), "{cause} ({place}, chunk {chunk})");
        }
    }
}

#[test]
fn a_file_called_gbk_may_hold_what_only_gb18030_has() {
    let (file, _, lost) = encoding_rs::GB18030.encode("眧㐂|1|2.50\n");
    assert!(!lost);
    assert_eq!(taken(&of("gbk"), &file).0, ["1: 眧㐂, 1, 250"]);
}

#[test]
fn fixed_width_counts_bytes_of_big5_and_cannot_be_utf16() {
    let shape = "shape = { kind = \"fixed\" }\ncolumns = [{ name = \"a\", type = \"text\", width = 4 }, \
                 { name = \"b\", type = \"integer\", width = 2 }]";
    let (file, _, _) = encoding_rs::BIG5.encode("育功 7\n");
    let big5 = super::feed(&format!("charset = \"big5\"\n{shape}"));
    assert_eq!(taken(&big5, &file).0, ["1: 育功, 7"]);
    for charset in ["utf-16", "utf-16le", "utf-16be"] {
        let text = format!("charset = \"{charset}\"\n{shape}");
        let error = contract_error(&text);
        assert!(error.contains("fixed width cannot be UTF-16"), "{error}");
    }
}

#[test]
fn utf16_without_a_mark_gives_no_row() {
    let wide: Vec<u8> = "x|1|1\n".bytes().flat_map(|byte| [byte, 0]).collect();
    assert!(refused(&pipes(), wide).contains("ends without a line end"));
}
