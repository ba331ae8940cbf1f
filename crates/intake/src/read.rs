//! Reads one feed, from its file to its outcome.

use crate::arrive::Arrived;
use crate::bytes::Source;
use crate::columnar;
use crate::decode::{Raw, Text};
use crate::error::{Cause, ErrorKind, IntakeError, Place, SinkError};
use crate::fields::Shape;
use crate::fixed::Fixed;
use crate::gate::Gate;
use crate::json::JsonLines;
use crate::lines::Window;
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::records::Records;
use crate::sheet;
use crate::split::Delimited;
use crate::unique::Unique;
use crate::whole::Whole;
use arrow::record_batch::RecordBatch;
use model::{BusinessDate, FeedContract, FileShape};
use std::path::Path;

/// The last column of every batch: the line of the file that a row begins on, from 1; in records
/// the number of the record.
pub const SOURCE_ROW: &str = "source_row";

/// Where the rows of a feed go.
pub trait Sink {
    /// Takes the next rows, in file order.
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError>;

    /// What was handed on so far is void: the feed is read again from its start. At most once in a
    /// feed, and only when its rows repeat keys that do not fit in memory.
    fn restart(&mut self) -> Result<(), SinkError>;
}

/// How much is done at a time. No result depends on it, but for feeds refused by `repeated`.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    /// Bytes read at a time.
    pub(crate) chunk: usize,
    /// Rows of a batch.
    pub(crate) rows: usize,
    /// Bytes of the file after which a batch is handed on even if it is not full.
    pub(crate) bytes: usize,
    /// Keys of a feed kept in memory.
    pub(crate) keys: usize,
    /// Keys that may repeat, in a feed of more than `keys`.
    pub(crate) repeated: usize,
    /// Keys spilled at a time, of each part of the spill.
    pub(crate) spill: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        // What a hash map of 2^21 places holds.
        let keys = 7 << 18;
        Self { chunk: 1 << 20, rows: 1 << 16, bytes: 1 << 26, keys, repeated: keys, spill: 1 << 13 }
    }
}

/// Reads one feed: decodes, cuts, checks.
///
/// The rows that hold go to `sink` in batches of 65,536 and in file order: the contract's columns
/// (`Utf8`, `Int64` in units of the last decimal, `Date32`), then [`SOURCE_ROW`]. `progress` is
/// told the bytes read from the disk since it was last told, those of a second reading excepted.
/// What was handed on before an error is void: only a feed that is read to its end is proven.
///
/// Keys of a feed that do not fit in memory wait in `scratch`, a folder that is there: 8 bytes a
/// row. Nothing is left in it, whatever happens.
pub fn read_feed(
    system: &str,
    feed: &FeedContract,
    arrived: &Arrived,
    as_of: BusinessDate,
    sink: &mut dyn Sink,
    progress: &(dyn Fn(u64) + Sync),
    scratch: &Path,
) -> Result<FeedOutcome, IntakeError> {
    let place =
        Place { system: system.to_owned(), feed: feed.name.clone(), file: arrived.file.clone() };
    read_sized(feed, arrived, as_of, sink, progress, scratch, Sizes::default())
        .map_err(|cause| cause.at(place))
}

/// [`read_feed`] with sizes.
pub(crate) fn read_sized(
    feed: &FeedContract,
    arrived: &Arrived,
    as_of: BusinessDate,
    sink: &mut dyn Sink,
    progress: &dyn Fn(u64),
    scratch: &Path,
    sizes: Sizes,
) -> Result<FeedOutcome, Cause> {
    let plan = Plan::of(feed)?;
    let reading = Reading { feed, plan: &plan, arrived, as_of, scratch, sizes };
    let mut unique = Unique::new(&plan, scratch, sizes);
    let outcome = reading.through(sink, &mut unique, progress)?;
    if !unique.again() {
        return Ok(outcome);
    }
    sink.restart().map_err(Cause::Sink)?;
    reading.through(sink, &mut unique, &|_| {})
}

/// What is read, and how.
struct Reading<'a> {
    feed: &'a FeedContract,
    plan: &'a Plan,
    arrived: &'a Arrived,
    as_of: BusinessDate,
    scratch: &'a Path,
    sizes: Sizes,
}

impl Reading<'_> {
    /// Reads the file from its start to its end.
    fn through(
        &self,
        sink: &mut dyn Sink,
        unique: &mut Unique<'_>,
        progress: &dyn Fn(u64),
    ) -> Result<FeedOutcome, Cause> {
        let (feed, arrived) = (self.feed, self.arrived);
        if feed.shape.is_typed() {
            return self.through_whole(sink, unique, progress);
        }
        let mut source = Source::open(&arrived.path, feed, self.as_of, progress)?;
        let result = self.judge(&mut source, sink, unique);
        let result = result.and_then(|outcome| self.proven(outcome, unique));
        match &result {
            Err(cause) if cause.kind() != ErrorKind::BadFile => result,
            // A file that changed explains whatever else was found in it.
            _ => match source.finish()? {
                (bytes, digest) if (bytes, &digest) == (arrived.bytes, &arrived.blake3) => result,
                _ => Err(Cause::Changed),
            },
        }
    }

    /// Reads a file that has types of its own, and cannot be read front to back.
    fn through_whole(
        &self,
        sink: &mut dyn Sink,
        unique: &mut Unique<'_>,
        progress: &dyn Fn(u64),
    ) -> Result<FeedOutcome, Cause> {
        let most = sheet::most_bytes(self.feed).unwrap_or(u64::MAX);
        let (feed, arrived, scratch) = (self.feed, self.arrived, self.scratch);
        let whole = Whole::open(feed, arrived, self.as_of, scratch, progress, most)?;
        let gate = Gate::new(feed, self.plan, self.as_of, sink, unique, self.sizes);
        let result = match &feed.shape {
            FileShape::Sheet { .. } => sheet::read(&whole, feed, gate),
            _ => columnar::read(&whole, feed, gate),
        };
        match result.and_then(|outcome| self.proven(outcome, unique)) {
            Err(cause) if cause.kind() != ErrorKind::BadFile => Err(cause),
            result => whole.prove_unchanged().and(result),
        }
    }

    /// What the file does not prove itself: that its keys are unique, and its rows all there.
    fn proven(&self, outcome: FeedOutcome, unique: &mut Unique<'_>) -> Result<FeedOutcome, Cause> {
        unique.prove()?;
        match self.arrived.flag_rows {
            Some(declared) if declared != outcome.rows_read => {
                Err(Cause::FlagCount { declared, found: outcome.rows_read })
            }
            _ => Ok(outcome),
        }
    }

    fn judge(
        &self,
        source: &mut Source<'_>,
        sink: &mut dyn Sink,
        unique: &mut Unique<'_>,
    ) -> Result<FeedOutcome, Cause> {
        let feed = self.feed;
        let gate = Gate::new(feed, self.plan, self.as_of, sink, unique, self.sizes);
        let (charset, chunk) = (feed.charset, self.sizes.chunk);
        match &feed.shape {
            FileShape::Delimited { separator, quoted, .. } => {
                let shape = Delimited::new(separator, *quoted, feed.columns.len());
                run(gate, shape, Window::new(Text::new(charset), source, charset, chunk))
            }
            FileShape::Fixed => {
                let widths = feed.columns.iter().filter_map(|column| column.width).collect();
                let shape = Fixed::new(widths, charset);
                run(gate, shape, Window::new(Raw::new(charset), source, charset, chunk))
            }
            FileShape::JsonLines => {
                let shape = JsonLines::new(&feed.columns);
                run(gate, shape, Window::new(Text::new(charset), source, charset, chunk))
            }
            FileShape::Records(shape) => {
                let (framing, as_of) = (shape.framing, self.as_of);
                let mut records = Records::new(feed, self.plan, framing, as_of, source, chunk)?;
                gate.take_rows(&mut records)
            }
            FileShape::Parquet | FileShape::Sheet { .. } => {
                Err(Cause::Contract { problem: "a file of types is not read by lines".into() })
            }
        }
    }
}

fn run<S: Shape>(
    mut gate: Gate<'_, '_>,
    mut shape: S,
    mut window: Window<'_, '_, S::Store>,
) -> Result<FeedOutcome, Cause> {
    window.skip_mark()?;
    while let Some(line) = window.line()? {
        match gate.take(&mut shape, &window, line)? {
            Some(next) => window.consume(line, next),
            None => window.fill()?,
        }
    }
    gate.end(window.number())
}
