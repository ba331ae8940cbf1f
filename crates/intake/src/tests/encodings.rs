//! Character sets: as declared, or refused with the place.

use super::{abc, pipes, refused, taken};
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
