//! A feed as one Parquet file: what the gate hands on, or no file.

use super::{abc, as_of, put, read, show};
use crate::error::Cause;
use crate::outcome::FeedOutcome;
use crate::read::{Means, Sizes};
use crate::stage::{Limits, Staging};
use model::FeedContract;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::{self, File};
use std::path::Path;

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
