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
mod decode;
mod error;
mod fields;
mod fixed;
mod gate;
mod infer;
mod json;
mod lines;
mod outcome;
mod plan;
mod preview;
mod read;
mod rows;
mod sample;
mod spill;
mod split;
mod typed;
mod unique;

#[cfg(test)]
mod tests;

pub use arrive::{Arrived, Awaited, Extracts, arrive};
pub use error::{Cause, ErrorKind, IntakeError, Place, SinkError};
pub use infer::{
    Guess, GuessedColumn, GuessedHeader, GuessedShape, GuessedTrailer, InferError, Naming, infer,
};
pub use outcome::{FeedOutcome, REJECTS_LISTED, Reject};
pub use plan::check_feed;
pub use preview::{Change, Preview, preview};
pub use read::{SOURCE_ROW, Sink, read_feed};
pub use sample::{SAMPLE_HEAD, Sample};
