//! The reading gate: from the files of a night to typed rows, or a reason why not.
//!
//! [`arrive`] says which files are there, whether they are complete, what is read in place of one that
//! is late, and digests them; [`read_feed`] decodes one of them, cuts
//! it into rows and fields, checks every field against the contract and hands typed rows on in
//! batches. A bad row is rejected with its line and reason and never stops the night; a file that
//! is not what its contract says is refused whole. Nothing is lost silently: every row read is
//! delivered, rejected or superseded, by count and by amount. Keys that do not fit in memory wait in
//! a scratch file, so that a feed takes hardly more memory for having more rows.
//!
//! Knows files, character sets, rows and types. It does not know identity, scores, the engine, the
//! lake, or what the columns become.

mod arrive;
mod batch;
mod bounds;
mod bytes;
mod cobol;
mod columnar;
mod control;
mod decode;
mod ebcdic;
mod error;
mod faults;
mod fields;
mod fixed;
mod flag;
mod gate;
mod infer;
mod json;
mod lines;
mod listed;
mod onward;
mod outcome;
mod package;
mod packing;
mod parallel;
mod parts;
mod plan;
mod pool;
mod preview;
mod promise;
mod raw;
mod read;
mod records;
mod rows;
mod sample;
mod sheet;
mod spill;
mod split;
mod stage;
mod totals;
mod typed;
mod unique;
mod versions;
mod whole;

#[cfg(test)]
mod tests;

pub use arrive::{Arrived, Awaited, DeclaredTotal, Extracts, arrive, locate};
pub use ebcdic::EbcdicWriter;
pub use error::{Cause, ErrorKind, IntakeError, Place, SinkError, ValuePlace};
pub use faults::{ColumnFaults, PackageFault, PackingFault, ParquetFault, SheetFault, Unit};
pub use infer::{
    Guess, GuessedColumn, GuessedHeader, GuessedShape, GuessedTrailer, InferError, Naming, infer,
};
pub use outcome::{FeedOutcome, REJECTS_LISTED, Reject};
pub use plan::check_feed;
pub use preview::{Change, Preview, preview};
pub use raw::RawRow;
pub use read::{Means, SOURCE_ROW, Sink, read_feed, read_feed_by};
pub use records::RecordFault;
pub use sample::{SAMPLE_HEAD, Sample};
pub use stage::stage_feed;
pub use versions::{
    Counts, Encoded, Merged, Missing, Pile, RowCodec, Rules, Tonight, Version, What, merge,
};
