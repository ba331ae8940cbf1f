//! Packed files: as many members or frames as declared, whole, or refused.

use super::{abc, drawn, read, refused};
use flate2::Compression;
use flate2::write::GzEncoder;
use model::FeedContract;
use std::io::Write;

fn packed_as(packing: &str) -> FeedContract {
    abc(r#"separator = "|""#, &format!("packing = \"{packing}\""))
}

fn packed() -> FeedContract {
    packed_as("gzip")
}

fn pack(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn frame(text: &str) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn rows() -> String {
    let row = |i| format!("name {}|{i}|{}.25\n", i * 7_919 % 1_009, i * 31);
    (0..2_000).map(row).collect::<Vec<_>>().concat()
}

#[test]
fn a_whole_member_is_read() {
    let run = read(&packed(), pack(&rows())).unwrap();
    assert_eq!(run.rows.len(), 2_000);
}

#[test]
fn a_member_cut_anywhere_is_refused() {
    let whole = pack(&rows());
    let step = whole.len() / 100;
    let offsets = (0..100).map(|i| i * step).chain(whole.len() - 9..whole.len());
    for length in offsets {
        let message = refused(&packed(), &whole[..length]);
        assert!(message.starts_with("gzip: the stream is cut"), "{length}: {message}");
    }
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
    assert_eq!(
        second,
        "gzip: a second member follows (expected one; several are `packing = \"gzip_members\"`)"
    );
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

#[test]
fn a_whole_frame_is_read() {
    let run = read(&packed_as("zstd"), frame(&rows())).unwrap();
    assert_eq!(run.rows.len(), 2_000);
}

#[test]
fn what_is_cut_at_a_random_byte_is_refused() {
    for (packing, whole, seed) in [
        ("gzip", pack(&rows()), 1),
        ("gzip_members", pack(&rows()), 2),
        ("zstd", frame(&rows()), 3),
        ("zstd_frames", frame(&rows()), 4),
    ] {
        let feed = packed_as(packing);
        let refused = drawn(seed, whole.len()).chain([0, 1, whole.len() - 1]).map(|length| {
            let message = refused(&feed, &whole[..length]);
            assert!(message.contains(": the stream is cut"), "{packing} {length}: {message}");
        });
        assert_eq!(refused.count(), 103);
    }
}

#[test]
fn a_damaged_frame_is_refused() {
    let whole = frame(&rows());
    for at in (0..whole.len()).step_by(53).chain([whole.len() - 1]) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        refused(&packed_as("zstd"), damaged);
    }
    assert!(refused(&packed_as("zstd"), rows()).starts_with("zstd: the stream is damaged"));
}

#[test]
fn several_members_or_frames_are_declared() {
    let (first, second) = ("x|1|1\nx|2|", "2\nx|3|3\n");
    let both = [pack(first), pack(second)].concat();
    assert_eq!(read(&packed_as("gzip_members"), &both).unwrap().rows.len(), 3);
    let both = [frame(first), frame(second)].concat();
    assert_eq!(read(&packed_as("zstd_frames"), &both).unwrap().rows.len(), 3);
    assert_eq!(
        refused(&packed_as("zstd"), both),
        "zstd: a second frame follows (expected one; several are `packing = \"zstd_frames\"`)"
    );
    for (packing, whole) in [
        ("gzip_members", [pack(first), pack(second)].concat()),
        ("zstd_frames", [frame(first), frame(second)].concat()),
    ] {
        for tail in [&b"x"[..], b"\0\0\0\0", b"\n"] {
            refused(&packed_as(packing), [&whole, tail].concat());
        }
        refused(&packed_as(packing), &whole[..whole.len() - 1]);
    }
    let tailed = [&frame(second)[..], b"\0"].concat();
    assert_eq!(
        refused(&packed_as("zstd"), tailed),
        "zstd: bytes follow the frame (expected the end of the file)"
    );
}

#[test]
fn a_bomb_of_rows_is_refused_by_its_ratio() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    let rows = format!("{}|1|1\n", "x".repeat(1 << 19)).repeat(16);
    for _ in 0..16 {
        encoder.write_all(rows.as_bytes()).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 17, "{} bytes", bomb.len());
    assert_eq!(
        refused(&packed_as("zstd"), bomb),
        "zstd: more than 1100 bytes come out of each packed one (expected an extract)"
    );
}

#[test]
fn what_packs_well_is_no_bomb() {
    let text = format!("{}|1|1\n", "x".repeat(1 << 19)).repeat(100);
    assert_eq!(read(&packed_as("zstd"), frame(&text)).unwrap().outcome.rows_read, 100);
}
