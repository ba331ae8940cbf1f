//! The header and the trailer of a file of records: found by bytes, held against what was read.

use super::fault::RecordFault;
use crate::control::{Control, ControlLine, Delivery};
use crate::decode::encode;
use crate::error::Cause;
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::promise::Promise;
use model::{ControlRecord, FeedContract};

/// What a record is.
pub(crate) enum Kind {
    /// A row.
    Row,
    /// The header or the trailer.
    Bound,
}

/// The records around the rows.
pub(crate) struct Around<'f> {
    header: Option<Bound<'f>>,
    trailer: Option<Bound<'f>>,
    delivery: Delivery,
    /// Whether the next record is the first.
    first: bool,
}

struct Bound<'f> {
    control: Control<'f>,
    mark: Mark,
    /// What it promises, once it is there.
    promise: Option<Promise>,
}

/// The bytes that a header or trailer is known by.
struct Mark {
    at: usize,
    bytes: Vec<u8>,
}

impl Mark {
    fn is_on(&self, record: &[u8]) -> bool {
        record.get(self.at..).is_some_and(|rest| rest.starts_with(&self.bytes))
    }
}

impl<'f> Around<'f> {
    pub(crate) fn of(feed: &'f FeedContract, delivery: Delivery) -> Result<Self, Cause> {
        let bound = |name, declared: &'f Option<ControlRecord>| {
            declared.as_ref().map(|declared| Bound::of(name, declared, feed)).transpose()
        };
        let (header, trailer) = (bound("header", &feed.header)?, bound("trailer", &feed.trailer)?);
        Ok(Self { header, trailer, delivery, first: true })
    }

    /// Whether records around the rows show that a file without rows is meant to have none.
    pub(crate) fn is_framed(&self) -> bool {
        self.header.is_some() || self.trailer.is_some()
    }

    /// Finds out what a record is; a header must be of the delivery.
    pub(crate) fn judge(
        &mut self,
        record: &[u8],
        plan: &Plan,
        fault: &dyn Fn(RecordFault) -> Cause,
    ) -> Result<Kind, Cause> {
        if std::mem::take(&mut self.first)
            && let Some(header) = &mut self.header
        {
            if !header.mark.is_on(record) {
                return Err(fault(header.missing_header()));
            }
            return header.read(record, self.delivery, plan);
        }
        let Some(trailer) = &mut self.trailer else { return Ok(Kind::Row) };
        let is_trailer = trailer.mark.is_on(record);
        if trailer.promise.is_some() {
            let what = if is_trailer { "a second trailer" } else { "a row" };
            return Err(fault(RecordFault::TrailerNotLast { what }));
        }
        if is_trailer { trailer.read(record, self.delivery, plan) } else { Ok(Kind::Row) }
    }

    /// All records have been read: what stands around the rows must count and sum them up.
    pub(crate) fn prove(
        &self,
        outcome: &FeedOutcome,
        plan: &Plan,
        fault: &dyn Fn(RecordFault) -> Cause,
    ) -> Result<(), Cause> {
        if let Some(header) = self.header.as_ref().filter(|_| self.first) {
            return Err(fault(header.missing_header()));
        }
        if let Some(trailer) = self.trailer.as_ref().filter(|trailer| trailer.promise.is_none()) {
            let ControlRecord { prefix, at, .. } = trailer.control.declared;
            return Err(fault(RecordFault::TrailerMissing { prefix: prefix.clone(), at: *at }));
        }
        let mut promises =
            self.trailer.iter().chain(&self.header).filter_map(|b| b.promise.as_ref());
        promises.try_for_each(|promise| promise.check(outcome, plan))
    }
}

impl<'f> Bound<'f> {
    fn of(
        name: &'static str,
        declared: &'f ControlRecord,
        feed: &FeedContract,
    ) -> Result<Self, Cause> {
        let bytes = encode(feed.charset, &declared.prefix).filter(|bytes| !bytes.is_empty());
        let Some((at, bytes)) = declared.at.checked_sub(1).zip(bytes) else {
            let problem = format!("`{name}` needs a `prefix` of single bytes in its `charset`");
            return Err(Cause::Contract { problem });
        };
        let control = Control::of(name, declared, feed.charset);
        Ok(Self { control, mark: Mark { at, bytes }, promise: None })
    }

    fn read(&mut self, record: &[u8], delivery: Delivery, plan: &Plan) -> Result<Kind, Cause> {
        let line = ControlLine { bytes: record, field: &|_| None };
        self.promise = Some(self.control.read(&line, delivery, plan)?);
        Ok(Kind::Bound)
    }

    fn missing_header(&self) -> RecordFault {
        let ControlRecord { prefix, at, .. } = self.control.declared;
        RecordFault::HeaderMissing { prefix: prefix.clone(), at: *at }
    }
}
