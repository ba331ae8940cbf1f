//! What is wrong with a record, so that its file is refused.

use model::{BusinessDate, RECORD_CAP};

/// What is wrong with a record, so that nothing behind it can be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// The file ends within it.
    #[error("ends after {found} bytes of {expected} (expected a complete file: it was cut)")]
    CutShort {
        /// Bytes that are there.
        found: usize,
        /// Bytes that it should have.
        expected: usize,
    },
    /// Its descriptor word is none.
    #[error(
        "{word} {bytes:02X?} is none (expected a big-endian length of at least {least}, then {then})"
    )]
    Word {
        /// `record descriptor word` or `block descriptor word`.
        word: &'static str,
        /// Its four bytes.
        bytes: [u8; 4],
        /// The shortest length it can have.
        least: usize,
        /// What follows the length.
        then: &'static str,
    },
    /// It goes on behind its block.
    #[error("goes on behind its block (expected whole records or segments in a block)")]
    OverBlock,
    /// Its segments do not follow each other.
    #[error(
        "{found} (expected the segments of a record one behind the other: first, middle, last)"
    )]
    Segments {
        /// What was found.
        found: &'static str,
    },
    /// It is longer than any record of an extract.
    #[error("is longer than {RECORD_CAP} bytes")]
    TooLong,
    /// The first record is not the header.
    #[error("is not the header (expected `{prefix}` at byte {at} of the record)")]
    HeaderMissing {
        /// What a header holds.
        prefix: String,
        /// Where, from 1.
        at: usize,
    },
    /// The header is of another day.
    #[error("the header's date is {} (expected {})", crate::error::Day(*.found), .expected.compact())]
    HeaderDate {
        /// The date found, when it is one.
        found: Option<BusinessDate>,
        /// The business date.
        expected: BusinessDate,
    },
    /// A value of the trailer is not a number.
    #[error("byte {at} of the trailer is not {expected}")]
    TrailerValue {
        /// Where it begins, from 1.
        at: usize,
        /// What it should be.
        expected: &'static str,
    },
    /// Something follows the trailer.
    #[error(
        "{what} follows the trailer (expected the trailer last, and a `prefix` that no row holds)"
    )]
    TrailerNotLast {
        /// `a row` or `a second trailer`.
        what: &'static str,
    },
    /// The file ends without its trailer.
    #[error("the trailer is missing (expected a last record with `{prefix}` at byte {at})")]
    TrailerMissing {
        /// What a trailer holds.
        prefix: String,
        /// Where, from 1.
        at: usize,
    },
}
