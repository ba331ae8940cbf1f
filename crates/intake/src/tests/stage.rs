//! A feed as one Parquet file: what the gate hands on, or no file.

use super::{HEAD, abc, as_of, put, read, show};
use crate::arrive::{Awaited, Extracts};
use crate::error::Cause;
use crate::outcome::FeedOutcome;
use crate::read::{Means, Sizes};
use crate::stage::{Limits, Staging};
use model::{Calendar, FeedContract, Moment, SourceContract};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::{self, File};
use std::path::Path;

/// A feed of texts.
const TEXTS: &str = r#"
shape = { kind = "delimited", separator = "|", names = true }
columns = [
    { name = "a", type = "text" },
    { name = "b", type = "text" },
    { name = "c", type = "text" },
]
"#;

/// Stages a file with so small groups that there are many, by some threads.
fn staged(
    feed: &FeedContract,
    file: &[u8],
    out: &Path,
    threads: usize,
) -> Result<FeedOutcome, Cause> {
    let folder = tempfile::tempdir().unwrap();
    let arrived = put(folder.path(), file);
    let sizes = Sizes { chunk: 64, rows: 7, keys: 3, threads, ..Sizes::default() };
    let limits = Limits { rows: 20, ..Limits::default() };
    let means = Means { progress: &|_| {}, scratch: folder.path(), threads };
    Staging { feed, arrived: &arrived, as_of: as_of(), sizes, limits }.write(out, &means)
}

/// Rows of a file, and how many groups they stand in.
fn held(out: &Path) -> (Vec<String>, usize) {
    let file = ParquetRecordBatchReaderBuilder::try_new(File::open(out).unwrap()).unwrap();
    let groups = file.metadata().num_row_groups();
    let mut rows = Vec::new();
    file.build().unwrap().for_each(|batch| show(&batch.unwrap(), &mut rows));
    (rows, groups)
}

fn named() -> FeedContract {
    abc(r#"separator = "|", names = true"#, "unique = [\"a\"]\n")
}

/// Rows with a value in every column, rows without, and some that do not hold.
fn file(rows: usize) -> Vec<u8> {
    let row = |i: usize| match i % 9 {
        3 => format!("k{i}||\n"),
        5 => format!("k{i}|x|1\n"),
        _ => format!("k{i}|{}|{}.25\n", i * 7, i),
    };
    let rows: String = (0..rows).map(row).collect();
    format!("a|b|c\n{rows}").into_bytes()
}

fn entries(folder: &Path) -> Vec<String> {
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    folder.read_dir().unwrap().map(|entry| name(entry.unwrap())).collect()
}

#[test]
fn a_staged_feed_holds_the_rows_of_the_gate_whatever_the_threads() {
    let (folder, file) = (tempfile::tempdir().unwrap(), file(200));
    let expected = read(&named(), &file).unwrap();
    let mut bytes = Vec::new();
    for threads in 1..4 {
        let out = folder.path().join("f.parquet");
        let outcome = staged(&named(), &file, &out, threads).unwrap();
        assert_eq!(outcome, expected.outcome);
        assert_eq!(held(&out), (expected.rows.clone(), 9));
        bytes.push(fs::read(&out).unwrap());
    }
    assert_eq!(entries(folder.path()), ["f.parquet"]);
    assert!(bytes.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_feed_that_is_read_again_is_staged_anew() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("f.parquet");
    let again = [file(100), b"k90|1|1\nk80|560|80.25\n".to_vec()].concat();
    let expected = read(&named(), &again).unwrap();
    assert_eq!(expected.outcome.rows_superseded, 1);
    for threads in 1..4 {
        assert_eq!(staged(&named(), &again, &out, threads).unwrap(), expected.outcome);
        assert_eq!(held(&out).0, expected.rows);
    }
}

#[test]
fn a_feed_without_a_row_is_a_file_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("f.parquet");
    staged(&named(), b"a|b|c\n", &out, 2).unwrap();
    assert_eq!(held(&out), (Vec::new(), 0));
}

#[test]
fn a_feed_that_is_refused_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("f.parquet");
    let cut = file(100);
    assert!(staged(&named(), &cut[..cut.len() - 1], &out, 2).is_err());
    assert_eq!(entries(folder.path()), Vec::<String>::new());
    fs::write(&out, "before").unwrap();
    assert!(staged(&named(), &cut[..cut.len() - 1], &out, 2).is_err());
    assert_eq!(fs::read(&out).unwrap(), b"before");
    assert_eq!(entries(folder.path()), ["f.parquet"]);
    let nowhere = folder.path().join("none/f.parquet");
    let cause = staged(&named(), &cut, &nowhere, 2).err().unwrap();
    assert_eq!(cause.kind(), crate::error::ErrorKind::Io);
}

#[test]
fn a_located_file_is_not_digested_and_must_keep_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("f.txt"), folder.path().join("f.parquet"));
    fs::write(&path, file(20)).unwrap();
    let contract = [HEAD, TEXTS].concat();
    let sources = [SourceContract::parse(&contract, "test").unwrap()];
    let (extracts, calendar) = (Extracts(folder.path().to_owned()), Calendar::every_day());
    let now = Moment::at(1_795_309_200, 0);
    let awaited = Awaited {
        sources: &sources,
        extracts: &extracts,
        as_of: as_of(),
        calendar: &calendar,
        now,
    };
    let located = crate::locate(&awaited, &|_| {}).unwrap();
    let size = fs::metadata(&path).unwrap().len();
    assert_eq!((located[0].bytes, located[0].blake3.as_str()), (size, ""));
    let means = Means { progress: &|_| {}, scratch: folder.path(), threads: 2 };
    let stage = || crate::stage_feed("s", &sources[0].feeds[0], &located[0], as_of(), &out, &means);
    assert_eq!(stage().unwrap().rows_delivered, 20);
    fs::write(&path, file(21)).unwrap();
    assert!(matches!(stage().err().unwrap().cause, Cause::Changed));
}
