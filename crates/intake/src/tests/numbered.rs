//! Numbered deliveries: of packages, and what a header says of the number.

use super::packages::{archive, file};
use super::{Shown, arrive, arrive_watched, as_of, feed, put};
use crate::arrive::Arrived;
use crate::read::{Sizes, read_feed, read_sized};
use model::{FeedContract, SourceContract, Spot};
use std::fs;
use std::path::Path;
use std::slice::from_ref;
use std::sync::atomic::{AtomicU64, Ordering};

fn source() -> SourceContract {
    let feed = |name: &str| {
        format!(
            "[[feed]]\nname = \"{name}\"\npackage = \"P_{{date}}_{{rerun}}.tar\"\n\
             file = \"{name}_{{date}}_{{rerun}}.txt\"\nflag = \"P_{{rerun}}.OK\"\nflag_counts = true\n\
             shape = {{ kind = \"delimited\", separator = \"|\" }}\n\
             header = {{ prefix = \"H|\", date_field = 2, rerun_field = 3 }}\n\
             columns = [{{ name = \"a\", type = \"text\" }}]\n"
        )
    };
    let text = format!("version = 1\nsystem = \"s\"\ntitle = \"S\"\n{}{}", feed("a"), feed("b"));
    SourceContract::parse(&text, "test").unwrap()
}

/// Puts delivery `number` into a folder, its headers of delivery `header`.
fn deliver(folder: &Path, number: &str, header: &str) {
    let text = format!("H|20261120|{header}\nx\n");
    let member = |name: &str| format!("{name}_20261120_{number}.txt");
    let entries = [file(&member("a"), &text), file(&member("b"), &text)];
    fs::write(folder.join(format!("P_20261120_{number}.tar")), archive(&entries)).unwrap();
    let flag = format!("{} 1\n{} 1\n", member("a"), member("b"));
    fs::write(folder.join(format!("P_{number}.OK")), flag).unwrap();
}

#[test]
fn the_highest_number_of_a_package_is_read_and_digested_once() {
    let (source, folder) = (source(), tempfile::tempdir().unwrap());
    deliver(folder.path(), "1", "1");
    deliver(folder.path(), "02", "2");
    let told = AtomicU64::new(0);
    let progress = |bytes| {
        told.fetch_add(bytes, Ordering::Relaxed);
    };
    let both = arrive_watched(from_ref(&source), folder.path(), &progress).unwrap();
    assert_eq!(told.into_inner(), both[0].bytes, "one package, however many feeds");
    for (feed, arrived) in source.feeds.iter().zip(&both) {
        assert_eq!(arrived.file, format!("P_20261120_02.tar/{}_20261120_02.txt", feed.name));
        assert_eq!((arrived.rerun, arrived.flag_rows), (Some(2), Some(1)));
        assert_eq!(arrived.superseded, ["P_20261120_1.tar"]);
        assert_eq!(arrived.blake3, both[0].blake3);
        let mut sink = Shown::default();
        read_feed("s", feed, arrived, as_of(), &mut sink, &|_| {}, folder.path()).unwrap();
        assert_eq!(sink.rows, ["2: x"]);
    }

    deliver(folder.path(), "02", "1");
    let again = arrive(from_ref(&source), folder.path()).unwrap();
    let mut sink = Shown::default();
    let read = |feed: &FeedContract, sink: &mut Shown| {
        read_feed("s", feed, &again[0], as_of(), sink, &|_| {}, folder.path())
    };
    let message = read(&source.feeds[0], &mut sink).unwrap_err().to_string();
    assert!(message.ends_with("header field 3 holds 1 (the file's name says 2)"), "{message}");
}

#[test]
fn a_header_holds_its_number_at_a_place() {
    let fixed = feed(
        "shape = { kind = \"fixed\" }\ncolumns = [{ name = \"a\", type = \"text\", width = 4 }]\n\
         header = { prefix = \"H\", date = { at = 2, width = 8 } }",
    );
    let mut numbered = fixed.clone();
    let spot = Spot { at: 10, width: Some(2), cobol: None };
    numbered.header.as_mut().unwrap().rerun = Some(spot);
    let told = |feed: &FeedContract, number: &str| {
        let folder = tempfile::tempdir().unwrap();
        let arrived = put(folder.path(), format!("H20261120{number}\nabcd\n").as_bytes());
        let arrived = Arrived { rerun: Some(7), ..arrived };
        let mut sink = Shown::default();
        let sizes = Sizes::default();
        read_sized(feed, &arrived, as_of(), &mut sink, &|_| {}, folder.path(), sizes)
            .map(|outcome| outcome.rows_read)
            .map_err(|cause| cause.to_string())
    };
    assert_eq!(told(&fixed, "08"), Ok(1));
    assert_eq!(told(&numbered, "07"), Ok(1));
    let other = "header byte 10 holds 8 (the file's name says 7)";
    assert_eq!(told(&numbered, "08"), Err(other.to_owned()));
    let none = "header byte 10 holds no number (the file's name says 7)";
    assert_eq!(told(&numbered, "x7"), Err(none.to_owned()));
}
