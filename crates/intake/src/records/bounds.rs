//! The header and the trailer of a file of records: found by bytes, held against what was read.

use super::fault::RecordFault;
use crate::bounds::compact_date;
use crate::cobol::Item;
use crate::decode::encode;
use crate::error::Cause;
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use model::{BusinessDate, FeedContract, Header, Money, Spot, Trailer};

/// What a record is.
pub(crate) enum Kind {
    /// A row.
    Row,
    /// The header or the trailer.
    Bound,
}

/// The records around the rows.
pub(crate) struct Around<'f> {
    header: Option<Begin<'f>>,
    trailer: Option<End<'f>>,
    as_of: BusinessDate,
    /// Whether the next record is the first.
    first: bool,
}

struct Begin<'f> {
    header: &'f Header,
    mark: Mark,
    date: Item,
}

struct End<'f> {
    trailer: &'f Trailer,
    mark: Mark,
    count: Item,
    total: Option<Item>,
    /// Decimals of the amount column.
    decimals: u32,
    /// What the trailer says, once it is there.
    told: Option<Told>,
}

/// What a trailer says.
struct Told {
    count: u64,
    total: Option<i64>,
}

/// The bytes that a header or trailer is known by.
struct Mark {
    at: usize,
    bytes: Vec<u8>,
}

impl Mark {
    /// `at` counts from 1.
    fn new(at: usize, prefix: &str, feed: &FeedContract) -> Option<Self> {
        let bytes = encode(feed.charset, prefix).filter(|bytes| !bytes.is_empty())?;
        Some(Self { at: at.checked_sub(1)?, bytes })
    }

    fn is_on(&self, record: &[u8]) -> bool {
        record.get(self.at..).is_some_and(|rest| rest.starts_with(&self.bytes))
    }
}

impl<'f> Around<'f> {
    pub(crate) fn of(
        feed: &'f FeedContract,
        plan: &Plan,
        as_of: BusinessDate,
    ) -> Result<Self, Cause> {
        let decimals = plan.amount.and_then(|at| plan.rules[at].parse.decimals()).unwrap_or(2);
        let begin = |header: &'f Header| {
            let mark = Mark::new(header.at, &header.prefix, feed)?;
            let date = Item::of_spot(header.date.as_ref()?, feed.charset)?;
            Some(Begin { header, mark, date })
        };
        let end = |trailer: &'f Trailer| {
            let mark = Mark::new(trailer.at, &trailer.prefix, feed)?;
            let count = Item::of_spot(trailer.count.as_ref()?, feed.charset)?;
            let total = trailer.total.as_ref().map(|spot| Item::of_spot(spot, feed.charset));
            let total = total.map_or(Some(None), |item| item.map(Some))?;
            Some(End { trailer, mark, count, total, decimals, told: None })
        };
        let problem = |what: &str| Cause::Contract {
            problem: format!(
                "`{what}` needs a `prefix` of single bytes in its `charset`, and places"
            ),
        };
        let (header, trailer) = (feed.header.as_ref(), feed.trailer.as_ref());
        let header = header.map(|h| begin(h).ok_or_else(|| problem("header"))).transpose()?;
        let trailer = trailer.map(|t| end(t).ok_or_else(|| problem("trailer"))).transpose()?;
        Ok(Self { header, trailer, as_of, first: true })
    }

    /// Whether records around the rows show that a file without rows is meant to have none.
    pub(crate) fn is_framed(&self) -> bool {
        self.header.is_some() || self.trailer.is_some()
    }

    /// Finds out what a record is; the header must be of the business date.
    pub(crate) fn judge(&mut self, record: &[u8]) -> Result<Kind, RecordFault> {
        if std::mem::take(&mut self.first)
            && let Some(begin) = &self.header
        {
            return begin.check(record, self.as_of).map(|()| Kind::Bound);
        }
        let Some(end) = &mut self.trailer else { return Ok(Kind::Row) };
        let is_trailer = end.mark.is_on(record);
        if end.told.is_some() {
            let what = if is_trailer { "a second trailer" } else { "a row" };
            return Err(RecordFault::TrailerNotLast { what });
        }
        if !is_trailer {
            return Ok(Kind::Row);
        }
        end.told = Some(end.read(record)?);
        Ok(Kind::Bound)
    }

    /// All records have been read: the trailer must count and sum them up.
    pub(crate) fn prove(
        &self,
        outcome: &FeedOutcome,
        fault: &dyn Fn(RecordFault) -> Cause,
    ) -> Result<(), Cause> {
        if let Some(begin) = self.header.as_ref().filter(|_| self.first) {
            return Err(fault(begin.missing()));
        }
        let Some(end) = &self.trailer else { return Ok(()) };
        let Some(told) = &end.told else {
            let (prefix, at) = (end.trailer.prefix.clone(), end.trailer.at);
            return Err(fault(RecordFault::TrailerMissing { prefix, at }));
        };
        let around = 1 + u64::from(self.header.is_some());
        let around = if end.trailer.count_includes_all { around } else { 0 };
        let found = outcome.rows_read + around;
        if told.count != found {
            return Err(Cause::TrailerCount { declared: told.count, found });
        }
        let (found, unreadable) = (outcome.amount_read, outcome.amount_unreadable);
        match told.total.map(i128::from) {
            Some(declared) if declared != found => {
                Err(Cause::TrailerTotal { declared, found, unreadable })
            }
            _ => Ok(()),
        }
    }
}

impl End<'_> {
    fn read(&self, record: &[u8]) -> Result<Told, RecordFault> {
        let count = self.count.text(record).and_then(|text| text.parse().ok());
        let count =
            count.ok_or_else(|| no_value(self.trailer.count.as_ref(), "a count of records"))?;
        let Some(item) = &self.total else { return Ok(Told { count, total: None }) };
        let total = item.text(record);
        let total = total.and_then(|text| Money::parse_scaled(&text, self.decimals).ok());
        let expected = "a total of the amount column";
        let total = total.ok_or_else(|| no_value(self.trailer.total.as_ref(), expected))?;
        Ok(Told { count, total: Some(total) })
    }
}

fn no_value(spot: Option<&Spot>, expected: &'static str) -> RecordFault {
    RecordFault::TrailerValue { at: spot.map_or(0, |spot| spot.at), expected }
}

impl Begin<'_> {
    fn check(&self, record: &[u8], as_of: BusinessDate) -> Result<(), RecordFault> {
        if !self.mark.is_on(record) {
            return Err(self.missing());
        }
        let found = self.date.text(record).as_deref().and_then(compact_date);
        if found == Some(as_of) {
            return Ok(());
        }
        Err(RecordFault::HeaderDate { found, expected: as_of })
    }

    fn missing(&self) -> RecordFault {
        RecordFault::HeaderMissing { prefix: self.header.prefix.clone(), at: self.header.at }
    }
}
