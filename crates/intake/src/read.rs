//! Reads one feed, from its file to its outcome.

use crate::arrive::Arrived;
use crate::bytes::Source;
use crate::columnar;
use crate::control::Delivery;
use crate::decode::{Raw, Text};
use crate::error::{Cause, ErrorKind, IntakeError, Place, SinkError, ValuePlace};
use crate::fields::Shape;
use crate::fixed::Fixed;
use crate::gate::Gate;
use crate::json::JsonLines;
use crate::lines::Window;
use crate::onward::InOrder;
use crate::outcome::FeedOutcome;
use crate::parallel::{self, Judge};
use crate::parts::Parts;
use crate::plan::Plan;
use crate::pool::Pool;
use crate::promise::Promise;
use crate::records::Records;
use crate::sheet;
use crate::split::Delimited;
use crate::unique::Unique;
use crate::whole::Whole;
use arrow::record_batch::RecordBatch;
use model::{BusinessDate, ControlValue, FeedContract, FileShape};
use std::borrow::Cow;
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
    /// Threads that judge, where the file is one that can be cut.
    pub(crate) threads: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        // What a hash map of 2^21 places holds.
        let keys = 7 << 18;
        Self {
            chunk: 1 << 20,
            rows: 1 << 16,
            bytes: 1 << 26,
            keys,
            repeated: keys,
            spill: 1 << 13,
            threads: 1,
        }
    }
}

/// Reads one feed: decodes, cuts, checks.
///
/// The rows that hold go to `sink` in batches of 65,536 and in file order: the contract's columns
/// (`Utf8`, `Int64` in units of the last decimal, `Date32`), then [`SOURCE_ROW`]. `progress` is
/// told the bytes read from the disk since it was last told, those of a second reading excepted.
/// What was handed on before an error is void: only a feed that is read to its end is proven.
///
/// `as_of` is the date the file must be of: [`Arrived::source_as_of`].
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
    let means = Means { progress, scratch, threads: 1 };
    read_feed_by(system, feed, arrived, as_of, sink, &means)
}

/// What a reading may use.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Is told the bytes read from the disk since it was last told.
    pub progress: &'a (dyn Fn(u64) + Sync),
    /// A folder for keys that do not fit in memory.
    pub scratch: &'a Path,
    /// Threads that judge rows: of a file of lines in a character set whose line ends can be told by
    /// their bytes. Other files are read by one. What comes out does not depend on it.
    pub threads: usize,
}

/// [`read_feed`] with several threads.
pub fn read_feed_by(
    system: &str,
    feed: &FeedContract,
    arrived: &Arrived,
    as_of: BusinessDate,
    sink: &mut dyn Sink,
    means: &Means<'_>,
) -> Result<FeedOutcome, IntakeError> {
    let place =
        Place { system: system.to_owned(), feed: feed.name.clone(), file: arrived.file.clone() };
    let sizes = Sizes { threads: means.threads, ..Sizes::default() };
    read_sized(feed, arrived, as_of, sink, means.progress, means.scratch, sizes)
        .map_err(|cause| cause.at(place))
}

/// [`read_feed`] with sizes.
pub(crate) fn read_sized(
    feed: &FeedContract,
    arrived: &Arrived,
    as_of: BusinessDate,
    sink: &mut dyn Sink,
    progress: &(dyn Fn(u64) + Sync),
    scratch: &Path,
    sizes: Sizes,
) -> Result<FeedOutcome, Cause> {
    let plan = Plan::of(feed)?;
    Pool::with(sizes.threads, |pool| {
        Reading { feed, plan: &plan, arrived, as_of, scratch, sizes, pool }.read(sink, progress)
    })
}

/// What is read, and how.
pub(crate) struct Reading<'a, 'p> {
    pub(crate) feed: &'p FeedContract,
    pub(crate) plan: &'p Plan,
    pub(crate) arrived: &'a Arrived,
    pub(crate) as_of: BusinessDate,
    pub(crate) scratch: &'a Path,
    pub(crate) sizes: Sizes,
    pub(crate) pool: Option<&'a Pool<'p>>,
}

impl<'p> Reading<'_, 'p> {
    /// Reads the file, a second time if its keys ask for it.
    pub(crate) fn read(
        &self,
        sink: &mut dyn Sink,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<FeedOutcome, Cause> {
        let mut unique = Unique::new(self.plan, self.scratch, self.sizes);
        let outcome = self.through(sink, &mut unique, progress)?;
        if !unique.again() {
            return Ok(outcome);
        }
        sink.restart().map_err(Cause::Sink)?;
        self.through(sink, &mut unique, &|_| {})
    }

    /// Reads the file from its start to its end.
    fn through(
        &self,
        sink: &mut dyn Sink,
        unique: &mut Unique<'_>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<FeedOutcome, Cause> {
        let (feed, arrived) = (self.feed, self.arrived);
        if feed.shape.is_typed() {
            return self.through_whole(sink, unique, progress);
        }
        let mut source = Source::open(arrived, feed, progress)?;
        let result = self.judge(&mut source, sink, unique);
        let result = result.and_then(|outcome| self.proven(outcome, unique));
        match &result {
            Err(cause) if cause.kind() != ErrorKind::BadFile => result,
            // A file that changed explains whatever else was found in it.
            _ => match source.finish()? {
                (bytes, digest) if arrived.is(bytes, &digest) => result,
                _ => Err(Cause::Changed),
            },
        }
    }

    /// Reads a file that has types of its own, and cannot be read front to back.
    fn through_whole(
        &self,
        sink: &mut dyn Sink,
        unique: &mut Unique<'_>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<FeedOutcome, Cause> {
        let most = sheet::most_bytes(self.feed).unwrap_or(u64::MAX);
        let (feed, arrived, scratch) = (self.feed, self.arrived, self.scratch);
        let whole = Whole::open(feed, arrived, scratch, progress, most)?;
        let onward = InOrder { sink, unique, sizes: self.sizes };
        let gate = Gate::new(feed, self.plan, self.as_of, onward);
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
        let found = outcome.rows_read;
        let differs = |declared: &u64| *declared != found;
        if let Some(declared) = self.arrived.flag_rows.filter(differs) {
            return Err(Cause::FlagCount { declared, found });
        }
        if let Some(declared) = self.arrived.declared_rows.filter(differs) {
            return Err(Cause::TriggerCount { declared, found });
        }
        let totals = &self.arrived.declared_totals;
        let written = |figure: ControlValue| {
            let told = totals.iter().find(|total| total.figure == figure)?;
            Some((ValuePlace::Field(told.field), Some(Cow::Borrowed(told.text.as_str()))))
        };
        if !totals.is_empty() {
            Promise::read("trigger", 0, &written, self.plan)?.check(&outcome, self.plan)?;
        }
        Ok(outcome)
    }

    fn judge(
        &self,
        source: &mut Source<'_>,
        sink: &mut dyn Sink,
        unique: &mut Unique<'_>,
    ) -> Result<FeedOutcome, Cause> {
        let feed = self.feed;
        let onward = InOrder { sink, unique, sizes: self.sizes };
        let gate = Gate::new(feed, self.plan, self.as_of, onward).of_delivery(self.arrived.rerun);
        let charset = feed.charset;
        match &feed.shape {
            FileShape::Delimited { separator, quoted, .. } => {
                let columns = feed.columns.len();
                let shape = move || Delimited::new(separator, *quoted, columns);
                self.lines(gate, source, shape, || Text::new(charset))
            }
            FileShape::Fixed => {
                let widths =
                    move || feed.columns.iter().filter_map(|column| column.width).collect();
                let shape = move || Fixed::new(widths(), charset);
                self.lines(gate, source, shape, || Raw::new(charset))
            }
            FileShape::JsonLines => {
                let shape = move || JsonLines::new(&feed.columns);
                self.lines(gate, source, shape, || Text::new(charset))
            }
            FileShape::Records(shape) => {
                let delivery = Delivery { as_of: self.as_of, rerun: self.arrived.rerun };
                let (framing, chunk) = (shape.framing, self.sizes.chunk);
                let mut records = Records::new(feed, self.plan, framing, delivery, source, chunk)?;
                gate.take_rows(&mut records)
            }
            FileShape::Parquet | FileShape::Sheet { .. } => {
                Err(Cause::Contract { problem: "a file of types is not read by lines".into() })
            }
        }
    }

    /// Reads a file of lines: by several threads, or by one that sees it whole.
    fn lines<S, M>(
        &self,
        mut gate: Gate<'_, InOrder<'_, '_>>,
        source: &mut Source<'_>,
        shape: M,
        store: impl FnOnce() -> S::Store,
    ) -> Result<FeedOutcome, Cause>
    where
        S: Shape,
        S::Store: Send + 'p,
        M: Fn() -> S + Copy + Send + 'p,
    {
        let Self { feed, plan, as_of, pool, .. } = *self;
        if let Some(pool) = pool.filter(|_| parallel::has_byte_lines(feed.charset)) {
            let judge = Judge { feed, plan, as_of, rerun: self.arrived.rerun, shape };
            let parts = Parts::of(feed, source, self.sizes.chunk);
            return parallel::read(judge, parts, gate, pool);
        }
        let mut window = Window::new(store(), source, feed.charset, self.sizes.chunk);
        window.skip_mark()?;
        gate.run(&mut shape(), &mut window)?;
        gate.end(window.number())
    }
}
