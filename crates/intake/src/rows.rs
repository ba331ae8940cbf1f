//! Rows that are no lines of text: records of bytes, cells of a sheet, columns of a file.

use crate::error::Cause;
use crate::fields::{Fields, RowFault};
use crate::outcome::FeedOutcome;

/// A row that has been found; its fields stand in the [`Fields`] that were handed in.
pub(crate) struct Found {
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// Bytes of the file it takes, roughly: what a batch is filled by.
    pub(crate) bytes: usize,
    /// Why it is no row of the contract, when it is none.
    pub(crate) fault: Option<RowFault>,
}

/// A file that gives rows one by one.
pub(crate) trait Rows {
    /// The next row, none at the proven end of the file. All fields are in the scratch text of
    /// `fields`, absent or broken: there is no line that they could point into.
    fn next(&mut self, fields: &mut Fields) -> Result<Option<Found>, Cause>;

    /// Holds what became of the rows against what the file says of them, at its end.
    fn prove(&self, _outcome: &FeedOutcome) -> Result<(), Cause> {
        Ok(())
    }
}
