//! Records of bytes: framed, held against their layout, their header and trailer proven.

mod bounds;
mod fault;
mod frames;
#[cfg(test)]
mod tests;

pub use fault::RecordFault;

use crate::bytes::Source;
use crate::cobol::Item;
use crate::error::Cause;
use crate::fields::{Fields, RowFault};
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::rows::{Found, Rows};
use bounds::{Around, Kind};
use frames::Frames;
use model::{BusinessDate, FeedContract, Framing};

/// A file of records.
pub(crate) struct Records<'f, 's, 'a> {
    frames: Frames<'s, 'a>,
    around: Around<'f>,
    /// Bytes of a row.
    length: usize,
    items: Vec<Item>,
    /// The record at hand.
    record: Vec<u8>,
    may_be_empty: bool,
}

impl<'f, 's, 'a> Records<'f, 's, 'a> {
    /// Reads the records of a feed; the error is a contract that does not hold.
    pub(crate) fn new(
        feed: &'f FeedContract,
        plan: &Plan,
        framing: Framing,
        as_of: BusinessDate,
        source: &'s mut Source<'a>,
        chunk: usize,
    ) -> Result<Self, Cause> {
        let no_layout = || Cause::Contract { problem: "records without a layout".into() };
        let layout = feed.layout.as_ref().ok_or_else(no_layout)?;
        let columns = layout.fields.iter().zip(&feed.columns);
        let items = columns
            .map(|(f, column)| Item::new(f.at, &f.cobol, feed.charset, &column.no_value))
            .collect();
        Ok(Self {
            frames: Frames::new(source, framing, layout.length, chunk),
            around: Around::of(feed, plan, as_of)?,
            length: layout.length,
            items,
            record: Vec::new(),
            may_be_empty: feed.flag.is_some(),
        })
    }

    fn row(&self, fields: &mut Fields) -> Found {
        fields.clear();
        let bytes = self.record.len();
        let fault = (bytes != self.length)
            .then(|| RowFault::of_row(format!("{bytes} bytes (expected {})", self.length)));
        if fault.is_none() {
            for item in &self.items {
                let slot = item.slot(&self.record, fields);
                fields.push(slot);
            }
        }
        Found { number: self.frames.number(), bytes, fault }
    }
}

impl Rows for Records<'_, '_, '_> {
    fn next(&mut self, fields: &mut Fields) -> Result<Option<Found>, Cause> {
        while self.frames.next(&mut self.record)? {
            let kind = self.around.judge(&self.record);
            match kind.map_err(|fault| self.frames.fault(fault))? {
                Kind::Bound => {}
                Kind::Row => return Ok(Some(self.row(fields))),
            }
        }
        Ok(None)
    }

    fn prove(&self, outcome: &FeedOutcome) -> Result<(), Cause> {
        if outcome.rows_read == 0 && !self.around.is_framed() && !self.may_be_empty {
            return Err(Cause::Empty);
        }
        self.around.prove(outcome, &|fault| self.frames.fault(fault))
    }
}
