//! Packed files: one whole member, or refused.

use super::{abc, read, refused};
use flate2::Compression;
use flate2::write::GzEncoder;
use model::FeedContract;
use std::io::Write;

pub(super) fn packed() -> FeedContract {
    abc(r#"separator = "|""#, "gzip = true")
}

pub(super) fn pack(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn rows() -> String {
    let row = |i| format!("name {}|{i}|{}.25\n", i * 7_919 % 1_009, i * 31);
    (0..2_000).map(row).collect::<Vec<_>>().concat()
}

#[test]
fn a_whole_member_is_read() {
    let run = read(&packed(), pack(&rows())).unwrap();
    assert_eq!(run.rows.len(), 2_000);
}

#[test]
fn a_damaged_member_is_refused() {
    let whole = pack(&rows());
    for at in [0, 1, whole.len() - 1, whole.len() - 5] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        let message = refused(&packed(), damaged);
        assert!(message.starts_with("gzip: the stream is damaged"), "{at}: {message}");
    }
    for at in (20..whole.len() - 8).step_by(97) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        refused(&packed(), damaged);
    }
    assert!(refused(&packed(), rows()).starts_with("gzip: the stream is damaged"));
}

#[test]
fn nothing_may_follow_the_member() {
    let whole = pack(&rows());
    let second = refused(&packed(), [whole.clone(), pack("x|1|1\n")].concat());
    assert_eq!(second, "gzip: a second member follows (expected one)");
    for tail in [&b"x"[..], b"\0\0\0\0", b"\n"] {
        let message = refused(&packed(), [&whole, tail].concat());
        assert_eq!(message, "gzip: bytes follow the member (expected the end of the file)");
    }
}

#[test]
fn a_bomb_of_one_line_is_refused_early() {
    let line = "x".repeat(64 << 20);
    assert!(refused(&packed(), pack(&line)).starts_with("line 1 is longer"));
}
