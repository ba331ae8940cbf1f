//! What is there, and whether it stays what it was.

use super::{Once, arrive, as_of, pipes, put};
use crate::error::{Cause, ErrorKind};
use crate::read::{Sizes, read_feed, read_sized};
use model::SourceContract;

fn sources() -> Vec<SourceContract> {
    let source = |system: &str, feeds: &[(&str, &str)]| {
        let feeds: Vec<String> = feeds
            .iter()
            .map(|(name, more)| {
                format!(
                    "[[feed]]\nname = \"{name}\"\nfile = \"{system}_{name}_{{date}}.txt\"\n{more}\n\
                     shape = {{ kind = \"json_lines\" }}\ncolumns = [{{ name = \"a\", type = \"text\" }}]\n"
                )
            })
            .collect();
        let text = format!("version = 1\nsystem = \"{system}\"\ntitle = \"X\"\n{}", feeds.concat());
        SourceContract::parse(&text, "test").unwrap()
    };
    let flag = "flag = \"cards_{date}.OK\"";
    vec![source("deposits", &[("zz", ""), ("aa", "")]), source("cards", &[("card", flag)])]
}

#[test]
fn files_arrive_in_contract_order_with_their_digests() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["deposits_zz_20261120.txt", "deposits_aa_20261120.txt", "cards_card_20261120.txt"];
    for (i, file) in files.iter().enumerate() {
        std::fs::write(folder.path().join(file), "x".repeat(i + 1)).unwrap();
    }
    std::fs::write(folder.path().join("cards_20261120.OK"), "").unwrap();
    let arrived = arrive(&sources(), folder.path()).unwrap();
    let names: Vec<_> = arrived.iter().map(|a| a.file.as_str()).collect();
    assert_eq!(names, files);
    assert_eq!(arrived[2].blake3, blake3::hash(b"xxx").to_hex().to_string());
    assert_eq!((arrived[2].bytes, arrived[2].system.as_str()), (3, "cards"));
}

#[test]
fn what_is_missing_is_told_and_comes_later() {
    let folder = tempfile::tempdir().unwrap();
    let check = |message: &str| {
        let error = arrive(&sources(), folder.path()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::NotThere);
        let place = folder.path().display().to_string();
        assert_eq!(error.to_string().replace(&place, "IN"), message);
    };
    check(
        "source `deposits`, feed `zz`, file `deposits_zz_20261120.txt`: data file \
         `IN/deposits_zz_20261120.txt` is not there, nor are 2 further files \
         (expected before the night begins)",
    );
    for file in ["deposits_zz_20261120.txt", "deposits_aa_20261120.txt", "cards_card_20261120.txt"]
    {
        std::fs::write(folder.path().join(file), "x").unwrap();
    }
    check(
        "source `cards`, feed `card`, file `cards_card_20261120.txt`: flag `IN/cards_20261120.OK` \
         is not there (expected before the night begins)",
    );
    std::fs::create_dir(folder.path().join("cards_20261120.OK")).unwrap();
    assert!(arrive(&sources(), folder.path()).is_err());
}

#[test]
fn a_file_that_changed_since_it_arrived_is_not_there_yet() {
    let folder = tempfile::tempdir().unwrap();
    for (before, after) in [("x|1|1\n", "y|1|1\n"), ("x|1|1\n", "x|1|1\nx|1|"), ("x|1|1\n", "")] {
        let arrived = put(folder.path(), before.as_bytes());
        std::fs::write(&arrived.path, after).unwrap();
        let error = read_feed(
            "s",
            &pipes(),
            &arrived,
            as_of(),
            &mut Once(|_| Ok(())),
            &|_| {},
            folder.path(),
        );
        let error = error.err().unwrap();
        assert!(matches!(error.cause, Cause::Changed), "{error}");
        assert_eq!(error.kind(), ErrorKind::NotThere);
    }
    let arrived = put(folder.path(), b"x|1|1\n");
    std::fs::remove_file(&arrived.path).unwrap();
    let error =
        read_feed("s", &pipes(), &arrived, as_of(), &mut Once(|_| Ok(())), &|_| {}, folder.path());
    assert_eq!(error.err().unwrap().kind(), ErrorKind::NotThere);
}

#[test]
fn the_answer_of_the_sink_comes_through() {
    let folder = tempfile::tempdir().unwrap();
    let arrived = put(folder.path(), b"x|1|1\ny|1|1\nz|1|1\n");
    let mut batches = Vec::new();
    let sizes = Sizes { rows: 2, ..Sizes::default() };
    let mut sink = Once(|batch: arrow::record_batch::RecordBatch| {
        batches.push(batch.num_rows());
        Ok(())
    });
    read_sized(&pipes(), &arrived, as_of(), &mut sink, &|_| {}, folder.path(), sizes).unwrap();
    assert_eq!(batches, [2, 1]);
    let mut full = Once(|_| Err("full".into()));
    let error = read_feed("s", &pipes(), &arrived, as_of(), &mut full, &|_| {}, folder.path());
    let error = error.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Sink);
    assert_eq!(error.to_string(), "source `s`, feed `f`, file `f.txt`: rows were not taken: full");
}
