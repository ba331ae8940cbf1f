//! Character sets: as declared, or refused with the place.

use super::{abc, pipes, read_with, refused, taken};
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

#[test]
fn utf16_without_a_mark_gives_no_row() {
    let wide: Vec<u8> = "x|1|1\n".bytes().flat_map(|byte| [byte, 0]).collect();
    assert!(refused(&pipes(), wide).contains("ends without a line end"));
}
