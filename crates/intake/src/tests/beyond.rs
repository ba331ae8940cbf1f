//! Feeds with more keys than fit in memory.

use super::{Shown, abc, as_of, put, read_with};
use crate::error::{Cause, ErrorKind, SinkError};
use crate::outcome::FeedOutcome;
use crate::read::{Sink, Sizes, read_sized};
use arrow::record_batch::RecordBatch;
use model::FeedContract;
use proptest::prelude::*;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

fn keyed() -> FeedContract {
    abc(r#"separator = "|""#, "unique = [\"a\"]")
}

fn tight(keys: usize) -> Sizes {
    Sizes { keys, rows: 3, spill: 2, ..Sizes::default() }
}

/// A feed that repeats: keys, what else stands on the row, and amounts that can be read or not.
fn file() -> impl Strategy<Value = Vec<(u8, u8, &'static str)>> {
    let amount = prop::sample::select(vec!["1", "2.5", "bad", "-3"]);
    prop::collection::vec((0..40_u8, 0..2_u8, amount), 1..80)
}

fn text(rows: &[(u8, u8, &str)]) -> String {
    let row = |(key, other, amount): &_| format!("k{key}|{other}|{amount}\n");
    rows.iter().map(row).collect::<Vec<_>>().concat()
}

/// Rows that differ in their keys only.
fn rows(keys: impl Iterator<Item = u32>) -> String {
    keys.map(|key| format!("k{key}|1|1\n")).collect::<Vec<_>>().concat()
}

/// Whether a key that is not among the first `keys` stands on several rows that hold.
fn repeats_beyond(rows: &[(u8, u8, &str)], keys: usize) -> bool {
    let mut seen = Vec::new();
    rows.iter().filter(|(_, _, amount)| *amount != "bad").any(|(key, ..)| {
        let at = seen.iter().position(|earlier| earlier == key);
        if at.is_none() {
            seen.push(*key);
        }
        at.is_some_and(|at| at >= keys)
    })
}

proptest! {
    #[test]
    fn no_result_depends_on_the_keys_in_memory(rows in file()) {
        let (feed, file) = (keyed(), text(&rows));
        let roomy = read_with(&feed, file.as_bytes(), Sizes::default()).unwrap();
        prop_assert_eq!(roomy.restarts, 0);
        for keys in [1, 2, 7] {
            let run = read_with(&feed, file.as_bytes(), tight(keys)).unwrap();
            prop_assert_eq!(&run.outcome, &roomy.outcome);
            prop_assert_eq!(&run.rows, &roomy.rows);
            prop_assert_eq!(run.restarts, usize::from(repeats_beyond(&rows, keys)));
        }
    }
}

#[test]
fn a_feed_without_repetition_is_read_once() {
    let file = rows(0..5_000);
    let run = read_with(&keyed(), file.as_bytes(), tight(7)).unwrap();
    assert_eq!((run.restarts, run.rows.len()), (0, 5_000));
}

#[test]
fn repetition_among_the_first_keys_is_judged_at_once() {
    let run = read_with(&keyed(), b"x|1|1\ny|1|1\nz|1|1\nx|1|1\ny|2|1\n", tight(2)).unwrap();
    assert_eq!((run.restarts, run.rows.len()), (0, 3));
    assert_eq!((run.outcome.rows_superseded, run.outcome.rows_rejected), (1, 1));
}

#[test]
fn a_feed_with_repetition_is_read_again_once() {
    let mut file = rows(0..5_000);
    file.push_str("k0|1|1\nk4000|2|1\nk4999|1|1\nk4000|1|1\n");
    let run = read_with(&keyed(), file.as_bytes(), tight(7)).unwrap();
    assert_eq!((run.restarts, run.rows.len()), (1, 5_000));
    assert_eq!((run.outcome.rows_superseded, run.outcome.rows_rejected), (3, 1));
    assert_eq!(run.outcome.rejects[0].source_row, 5_002);
}

#[test]
fn a_feed_in_which_too_many_keys_repeat_is_refused() {
    let feed = abc(r#"separator = "|""#, "unique = [\"a\", \"b\"]");
    let file = |repeated| rows((0..100).chain(0..repeated));
    let sizes = Sizes { repeated: 5, ..tight(3) };
    assert_eq!(read_with(&feed, file(5).as_bytes(), sizes).unwrap().outcome.rows_superseded, 5);
    let cause = read_with(&feed, file(6).as_bytes(), sizes).err().unwrap();
    assert_eq!(cause.kind(), ErrorKind::BadFile);
    assert_eq!(
        cause.to_string(),
        "more than 5 keys (`a`, `b`) stand on several rows (expected rows that the columns of \
         `unique` tell apart, each in the file once)"
    );
}

/// A file in which `y` is repeated beyond the first key.
const AGAIN: &[u8] = b"x|1|1\ny|1|1\ny|1|1\nz|1|1\n";

#[test]
fn progress_is_told_once() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(AGAIN).unwrap();
    let (packed, gzip) = (packed.finish().unwrap(), "unique = [\"a\"]\npacking = \"gzip\"");
    for (feed, bytes) in [(keyed(), AGAIN), (abc(r#"separator = "|""#, gzip), &packed)] {
        let folder = tempfile::tempdir().unwrap();
        let (arrived, mut sink, told) =
            (put(folder.path(), bytes), Shown::default(), AtomicU64::new(0));
        let progress = |bytes| _ = told.fetch_add(bytes, Ordering::Relaxed);
        let scratch = folder.path();
        read_sized(&feed, &arrived, as_of(), &mut sink, &progress, scratch, tight(1)).unwrap();
        assert_eq!((sink.restarts, sink.rows.len()), (1, 3));
        assert_eq!(told.load(Ordering::Relaxed), arrived.bytes);
    }
}

/// A sink that fails, or does something else, when it is told to begin anew.
struct Restart<F>(F);

impl<F: FnMut() -> Result<(), SinkError>> Sink for Restart<F> {
    fn take(&mut self, _: RecordBatch) -> Result<(), SinkError> {
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        (self.0)()
    }
}

fn read_again(
    scratch: &Path,
    restart: impl Fn(PathBuf) -> Result<(), SinkError>,
) -> Result<FeedOutcome, Cause> {
    let folder = tempfile::tempdir().unwrap();
    let arrived = put(folder.path(), AGAIN);
    let mut sink = Restart(|| restart(arrived.path.clone()));
    read_sized(&keyed(), &arrived, as_of(), &mut sink, &|_| {}, scratch, tight(1))
}

#[test]
fn a_second_reading_can_fail_as_the_first() {
    let scratch = tempfile::tempdir().unwrap();
    assert_eq!(read_again(scratch.path(), |_| Ok(())).unwrap().rows_superseded, 1);
    let cause = read_again(scratch.path(), |_| Err("full".into())).err().unwrap();
    assert_eq!(cause.to_string(), "rows were not taken: full");
    let change = |path| Ok(std::fs::write(path, b"x|1|1\n")?);
    let cause = read_again(scratch.path(), change).err().unwrap();
    assert!(matches!(cause, Cause::Changed), "{cause}");
    assert_eq!(scratch.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_scratch_folder_that_is_not_there_is_a_fault_of_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let cause = read_again(&folder.path().join("none"), |_| Ok(())).err().unwrap();
    assert_eq!(cause.kind(), ErrorKind::Io);
}
