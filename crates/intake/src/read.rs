//! Reads one feed, from its file to its outcome.

use crate::arrive::Arrived;
use crate::bytes::Source;
use crate::decode::{Raw, Text};
use crate::error::{Cause, ErrorKind, IntakeError, Place, SinkError};
use crate::fields::Shape;
use crate::fixed::Fixed;
use crate::gate::Gate;
use crate::json::JsonLines;
use crate::lines::Window;
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::split::Delimited;
use arrow::record_batch::RecordBatch;
use model::{BusinessDate, FeedContract, FileShape};

/// The last column of every batch: the line of the file that a row begins on, from 1.
pub const SOURCE_ROW: &str = "source_row";

/// How much is done at a time. No result depends on it.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    /// Bytes read at a time.
    pub(crate) chunk: usize,
    /// Rows of a batch.
    pub(crate) rows: usize,
    /// Bytes of the file after which a batch is handed on even if it is not full.
    pub(crate) bytes: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { chunk: 1 << 20, rows: 1 << 16, bytes: 1 << 26 }
    }
}

/// Where the rows of a feed go.
pub(crate) type Sink<'a> = dyn FnMut(RecordBatch) -> Result<(), SinkError> + 'a;

/// Reads one feed: decodes, cuts, checks.
///
/// The rows that hold go to `sink` in batches of 65,536 and in file order: the contract's columns
/// (`Utf8`, `Int64` in units of the last decimal, `Date32`), then [`SOURCE_ROW`]. `progress` is
/// told the bytes read from the disk since it was last told. What was handed on before an error is
/// void: only a feed that is read to its end is proven.
pub fn read_feed(
    system: &str,
    feed: &FeedContract,
    arrived: &Arrived,
    as_of: BusinessDate,
    sink: &mut dyn FnMut(RecordBatch) -> Result<(), SinkError>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<FeedOutcome, IntakeError> {
    let place =
        Place { system: system.to_owned(), feed: feed.name.clone(), file: arrived.file.clone() };
    read_sized(feed, arrived, as_of, sink, progress, Sizes::default()).map_err(|c| c.at(place))
}

/// [`read_feed`] with sizes.
pub(crate) fn read_sized(
    feed: &FeedContract,
    arrived: &Arrived,
    as_of: BusinessDate,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(u64),
    sizes: Sizes,
) -> Result<FeedOutcome, Cause> {
    let plan = Plan::of(feed)?;
    let mut source = Source::open(&arrived.path, feed.gzip, progress)?;
    let gate = Gate::new(feed, &plan, as_of, sink, sizes);
    let (charset, chunk) = (feed.charset, sizes.chunk);
    let result = match &feed.shape {
        FileShape::Delimited { separator, quoted, .. } => {
            let shape = Delimited::new(separator, *quoted, feed.columns.len());
            run(gate, shape, Window::new(Text::new(charset), &mut source, charset, chunk))
        }
        FileShape::Fixed => {
            let widths = feed.columns.iter().filter_map(|column| column.width).collect();
            let shape = Fixed::new(widths, charset);
            run(gate, shape, Window::new(Raw::new(charset), &mut source, charset, chunk))
        }
        FileShape::JsonLines => {
            let shape = JsonLines::new(&feed.columns);
            run(gate, shape, Window::new(Text::new(charset), &mut source, charset, chunk))
        }
    };
    match &result {
        Err(cause) if cause.kind() != ErrorKind::BadFile => result,
        // A file that changed explains whatever else was found in it.
        _ => match source.finish()? {
            (bytes, digest) if (bytes, &digest) == (arrived.bytes, &arrived.blake3) => result,
            _ => Err(Cause::Changed),
        },
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
