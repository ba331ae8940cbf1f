//! I2: the declared character set decodes exactly, or the file is refused with line and byte.

use crate::read::Sizes;
use crate::tests::{abc, pipes, read_with};
use model::FeedContract;

fn gb() -> FeedContract {
    abc(r#"separator = "|""#, "charset = \"gb18030\"")
}

fn in_gb(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost, "{text}");
    bytes.into_owned()
}

/// What a fixture must come to.
enum Is {
    /// The value of its first field.
    Read(&'static str),
    /// Where it is refused.
    Refused(&'static str),
}
use Is::{Read, Refused};

fn fixtures() -> Vec<(FeedContract, Vec<u8>, Is)> {
    let (gbk, _, _) = encoding_rs::GBK.encode("王小明");
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    vec![
        (pipes(), "王小明|1|2.50\n".into(), Read("王小明")),
        (pipes(), "\u{feff}王|1|2.50\n".into(), Read("王")),
        (pipes(), "𠮷\u{1f600}|1|2.50\n".into(), Read("𠮷\u{1f600}")),
        // What GBK could write, its second bytes a bar among them.
        (gb(), [&gbk, &b"|1|2.50\n"[..]].concat(), Read("王小明")),
        (gb(), in_gb("眧|1|2.50\n"), Read("眧")),
        // Four bytes, the second and fourth of them digits.
        (gb(), in_gb("\u{1f600}㐂|1|2.50\n"), Read("\u{1f600}㐂")),
        (gb(), b"\x84\x31\x95\x33x|1|2.50\n".to_vec(), Read("x")),
        (pipes(), [b"x|1|1\n\n".as_slice(), &gbk, b"|1|1\n"].concat(), Refused("byte 7 on line 3")),
        (pipes(), b"caf\xe9|1|1\n".to_vec(), Refused("byte 3 on line 1")),
        (pipes(), b"x|1|1\nx\xff|1|1\n".to_vec(), Refused("byte 7 on line 2")),
        (pipes(), b"x|1|1\n\xe7\x8e".to_vec(), Refused("byte 6 on line 2")),
        (pipes(), utf16("\u{feff}x|1|1\n"), Refused("byte 0 on line 1")),
        (pipes(), b"\xed\xa0\x80|1|1\n".to_vec(), Refused("byte 0 on line 1")),
        (gb(), utf16("\u{feff}x|1|1\n"), Refused("byte 0 on line 1")),
        (gb(), b"x|1|1\nx|1|1\n\xcd".to_vec(), Refused("byte 12 on line 3")),
        (gb(), b"x|1|1\n\x84\x31\x95|1|1\n".to_vec(), Refused("byte 6 on line 2")),
    ]
}

#[test]
fn a_file_is_decoded_exactly_or_refused_with_the_place() {
    for (feed, file, is) in fixtures() {
        for chunk in [1, 3, 1 << 20] {
            let sizes = Sizes { chunk, ..Sizes::default() };
            match (read_with(&feed, &file, sizes), &is) {
                (Ok(run), Read(name)) => assert_eq!(run.rows, [format!("1: {name}, 1, 250")]),
                (Err(cause), Refused(place)) => {
                    assert!(cause.to_string().starts_with(place), "{cause} ({place}, {chunk})");
                }
                (Ok(run), Refused(place)) => panic!("{:?} ({place})", run.rows),
                (Err(cause), Read(name)) => panic!("{cause} ({name})"),
            }
        }
    }
}
