//! The gate from outside: files in, rows and rejects out.

mod arrival;
mod beyond;
mod bounds;
mod catalogue;
mod columnar;
mod empties;
mod encodings;
mod flags;
mod infer;
mod late;
mod numbered;
mod open;
mod packages;
mod packings;
mod parallel;
mod presets;
mod preview;
mod properties;
mod real;
mod rejects;
mod samples;
mod shapes;
mod sheets;
mod stage;
mod totals;
mod types;

use crate::arrive::{Arrived, Awaited, Extracts};
use crate::error::{Cause, ErrorKind, IntakeError, SinkError};
use crate::outcome::FeedOutcome;
use crate::read::{Sink, Sizes, read_sized};
use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;
use model::{BusinessDate, Calendar, FeedContract, Moment, SourceContract};
use std::path::Path;

/// What came out of a file.
pub(crate) struct Run {
    pub(crate) outcome: FeedOutcome,
    /// `line: value, value`, with `-` for no value.
    pub(crate) rows: Vec<String>,
    /// How often the sink was told to begin anew.
    restarts: usize,
}

/// A sink of rows as they are shown.
#[derive(Default)]
struct Shown {
    rows: Vec<String>,
    restarts: usize,
}

impl Sink for Shown {
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError> {
        show(&batch, &mut self.rows);
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.rows.clear();
        self.restarts += 1;
        Ok(())
    }
}

/// A sink of a feed that is not read again.
pub(crate) struct Once<F>(pub(crate) F);

impl<F: FnMut(RecordBatch) -> Result<(), SinkError>> Sink for Once<F> {
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError> {
        (self.0)(batch)
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        Err("read again".into())
    }
}

pub(crate) fn as_of() -> BusinessDate {
    "2026-11-20".parse().unwrap()
}

/// What stands above a feed.
const HEAD: &str =
    "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f.txt\"\n";
/// What arrives in a folder for the night of [`as_of`], started a day and an hour later.
fn arrive(sources: &[SourceContract], folder: &Path) -> Result<Vec<Arrived>, IntakeError> {
    arrive_watched(sources, folder, &|_| {})
}

/// [`arrive`], and how far it has got.
fn arrive_watched(
    sources: &[SourceContract],
    folder: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Arrived>, IntakeError> {
    let (extracts, calendar) = (Extracts(folder.to_owned()), Calendar::every_day());
    let now = Moment::at(1_795_309_200, 0);
    let (as_of, extracts, calendar) = (as_of(), &extracts, &calendar);
    crate::arrive(&Awaited { sources, extracts, as_of, calendar, now }, progress)
}

/// A feed of a contract; `text` is what stands under `[[feed]]`.
pub(crate) fn feed(text: &str) -> FeedContract {
    SourceContract::parse(&format!("{HEAD}{text}"), "test").unwrap().feeds.remove(0)
}

/// Why a contract is refused.
fn contract_error(text: &str) -> String {
    SourceContract::parse(&format!("{HEAD}{text}"), "test").err().unwrap().to_string()
}

/// `a` text, `b` integer, `c` money (the amount), separated as told.
fn abc(shape: &str, more: &str) -> FeedContract {
    feed(&format!(
        r#"
shape = {{ kind = "delimited", {shape} }}
amount = "c"
columns = [
    {{ name = "a", type = "text" }},
    {{ name = "b", type = "integer" }},
    {{ name = "c", type = "money" }},
]
{more}
"#
    ))
}

fn pipes() -> FeedContract {
    abc(r#"separator = "|""#, "")
}

fn quoted() -> FeedContract {
    abc(r#"separator = ";", quoted = true"#, "")
}

pub(crate) fn put(folder: &Path, bytes: &[u8]) -> Arrived {
    let path = folder.join("f.txt");
    std::fs::write(&path, bytes).unwrap();
    Arrived {
        system: "s".into(),
        feed: "f".into(),
        path,
        file: "f.txt".into(),
        bytes: bytes.len() as u64,
        blake3: blake3::hash(bytes).to_hex().to_string(),
        source_as_of: as_of(),
        due: as_of(),
        rerun: None,
        declared_rows: None,
        declared_totals: Vec::new(),
        flag_rows: None,
        superseded: Vec::new(),
    }
}

pub(crate) fn read_with(feed: &FeedContract, bytes: &[u8], sizes: Sizes) -> Result<Run, Cause> {
    let (folder, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut arrived = put(folder.path(), bytes);
    if feed.package.is_some() {
        arrived.file = format!("{}/{}", arrived.file, feed.file);
    }
    let mut sink = Shown::default();
    let outcome = read_sized(feed, &arrived, as_of(), &mut sink, &|_| {}, scratch.path(), sizes);
    assert_eq!(scratch.path().read_dir().unwrap().count(), 0, "nothing is left in the scratch");
    let outcome = outcome?;
    assert_eq!(outcome.rows_delivered, sink.rows.len() as u64);
    assert_balanced(&outcome);
    Ok(Run { outcome, rows: sink.rows, restarts: sink.restarts })
}

pub(crate) fn read(feed: &FeedContract, bytes: impl AsRef<[u8]>) -> Result<Run, Cause> {
    read_with(feed, bytes.as_ref(), Sizes::default())
}

/// Reads a file that must be taken, and gives its rows and its rejects (`line column: reason`).
pub(crate) fn taken(feed: &FeedContract, bytes: impl AsRef<[u8]>) -> (Vec<String>, Vec<String>) {
    let run = read(feed, bytes).unwrap();
    let rejects = run.outcome.rejects.iter().map(|reject| {
        let column = reject.column.as_deref().unwrap_or("*");
        format!("{} {column}: {}", reject.source_row, reject.reason)
    });
    (run.rows, rejects.collect())
}

/// Reads a file that must be refused whole, and gives the message.
pub(crate) fn refused(feed: &FeedContract, bytes: impl AsRef<[u8]>) -> String {
    let cause = read(feed, bytes).err().expect("the file must be refused");
    assert_eq!(cause.kind(), ErrorKind::BadFile, "{cause}");
    cause.to_string()
}

/// Places in a file of some length, drawn from a seed.
fn drawn(seed: u64, length: usize) -> impl Iterator<Item = usize> {
    (0..100).map(move |i: u64| {
        let draw = xxhash_rust::xxh3::xxh3_64_with_seed(&i.to_le_bytes(), seed);
        usize::try_from(draw % length as u64).unwrap()
    })
}

fn assert_balanced(o: &FeedOutcome) {
    assert_eq!(o.rows_read, o.rows_delivered + o.rows_rejected + o.rows_superseded);
    let amounts = o.amount_delivered + o.amount_rejected + o.amount_superseded;
    assert_eq!(o.amount_read, amounts);
    assert_eq!(o.rows_rejected, o.rejects.len() as u64 + o.rejects_unlisted);
}

fn show(batch: &RecordBatch, rows: &mut Vec<String>) {
    let cell = |column: &dyn Array, row: usize| match column.data_type() {
        _ if column.is_null(row) => "-".to_owned(),
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            BusinessDate::from_epoch_days(days).unwrap().to_string()
        }
        other => panic!("unexpected type {other}"),
    };
    let (lines, columns) = batch.columns().split_last().unwrap();
    for row in 0..batch.num_rows() {
        let cells: Vec<_> = columns.iter().map(|column| cell(column, row)).collect();
        rows.push(format!("{}: {}", cell(lines, row), cells.join(", ")));
    }
}
