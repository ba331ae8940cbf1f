//! The gate itself: what becomes of each line.

use crate::batch::Batch;
use crate::bounds::{BoundLine, Bounds};
use crate::decode::Store;
use crate::error::Cause;
use crate::fields::{Cut, Fields, RowFault, Shape};
use crate::lines::{Line, Window};
use crate::outcome::{FeedOutcome, Reject};
use crate::plan::Plan;
use crate::read::{Sink, Sizes};
use crate::rows::Rows;
use crate::unique::{Seen, Unique};
use model::{BusinessDate, FeedContract};

const EMPTY_LINE: &str = "empty line (expected a row)";
const SECOND_ROW: &str = "second row with the same key";

/// Where in the file the gate is.
#[derive(Clone, Copy)]
enum Stage {
    Header,
    Names,
    Rows,
    Behind,
}

/// Judges a feed line by line.
pub(crate) struct Gate<'a, 'p> {
    plan: &'a Plan,
    bounds: Bounds<'a>,
    may_be_empty: bool,
    sink: &'a mut dyn Sink,
    sizes: Sizes,
    stage: Stage,
    /// Empty lines just before this one: refused rows, or the end of the file.
    blank: u64,
    fields: Fields,
    batch: Batch,
    unique: &'a mut Unique<'p>,
    outcome: FeedOutcome,
}

impl<'a, 'p> Gate<'a, 'p> {
    pub(crate) fn new(
        feed: &'a FeedContract,
        plan: &'a Plan,
        as_of: BusinessDate,
        sink: &'a mut dyn Sink,
        unique: &'a mut Unique<'p>,
        sizes: Sizes,
    ) -> Self {
        let bounds = Bounds::of(feed, as_of);
        let stage = if bounds.header.is_some() { Stage::Header } else { after_header(&bounds) };
        Self {
            plan,
            bounds,
            may_be_empty: feed.flag.is_some(),
            sink,
            sizes,
            stage,
            blank: 0,
            fields: Fields::default(),
            batch: Batch::new(plan),
            unique,
            outcome: FeedOutcome::default(),
        }
    }

    /// Takes what begins with `line`, the line at the window's front; how far that goes, or none
    /// when more of the file is needed to tell.
    pub(crate) fn take<S: Shape>(
        &mut self,
        shape: &mut S,
        window: &Window<'_, '_, S::Store>,
        line: Line,
    ) -> Result<Option<usize>, Cause> {
        let empty = line.end == 0;
        match (self.stage, self.bounds.header, self.bounds.trailer) {
            (Stage::Header, Some(header), _) => {
                let (text, bytes) = (window.text(line)?, window.line_bytes(line));
                let begins = window.holds(line, header.at, &header.prefix);
                self.bounds.check_header(header, BoundLine { text: &text, bytes }, begins)?;
                self.stage = after_header(&self.bounds);
            }
            (Stage::Header | Stage::Names, ..) => {
                self.bounds.check_names(&window.text(line)?, window.number(), self.plan)?;
                self.stage = Stage::Rows;
            }
            (Stage::Rows, ..) if empty => self.blank += 1,
            (Stage::Rows, _, Some(trailer)) if window.holds(line, trailer.at, &trailer.prefix) => {
                let (text, bytes) = (window.text(line)?, window.line_bytes(line));
                let bound = BoundLine { text: &text, bytes };
                self.bounds.check_trailer(trailer, bound, &self.outcome, self.plan)?;
                self.stage = Stage::Behind;
                // A file that ends within its trailer has shown all its rows.
                return Ok(Some(line.next));
            }
            (Stage::Rows, ..) => return self.row(shape, window, line),
            (Stage::Behind, _, trailer) if !empty => {
                let again = trailer.is_some_and(|t| window.holds(line, t.at, &t.prefix));
                let what = if again { "a second trailer" } else { "a row" };
                return Err(Cause::TrailerNotLast { what, line: window.number() });
            }
            (Stage::Behind, ..) => {}
        }
        if line.ended { Ok(Some(line.next)) } else { Err(cut_short(window, line.next)) }
    }

    /// Takes all rows of a file whose rows are no lines.
    pub(crate) fn take_rows(mut self, rows: &mut dyn Rows) -> Result<FeedOutcome, Cause> {
        self.stage = Stage::Rows;
        while let Some(row) = rows.next(&mut self.fields)? {
            if let Some(fault) = row.fault {
                self.reject(row.number, fault, None);
            } else {
                let clean = self.fields.surely_clean(&[]);
                self.judge("", clean, row.number, row.bytes)?;
            }
        }
        rows.prove(&self.outcome)?;
        self.hand_on()?;
        Ok(self.outcome)
    }

    /// The file has been read to its end; `line` would be the next one.
    pub(crate) fn end(mut self, line: u64) -> Result<FeedOutcome, Cause> {
        match (self.stage, self.bounds.header, self.bounds.trailer) {
            (Stage::Header, Some(header), _) => {
                Err(Cause::HeaderMissing { prefix: header.prefix.clone(), at: header.at })
            }
            (Stage::Header | Stage::Names, ..) => Err(Bounds::names_missing(line, self.plan)),
            (Stage::Rows, _, Some(trailer)) => {
                Err(Cause::TrailerMissing { prefix: trailer.prefix.clone(), at: trailer.at })
            }
            (Stage::Rows, None, None)
                if self.outcome.rows_read == 0 && !self.bounds.names && !self.may_be_empty =>
            {
                Err(Cause::Empty)
            }
            (Stage::Rows | Stage::Behind, ..) => {
                self.hand_on()?;
                Ok(self.outcome)
            }
        }
    }

    fn row<S: Shape>(
        &mut self,
        shape: &mut S,
        window: &Window<'_, '_, S::Store>,
        line: Line,
    ) -> Result<Option<usize>, Cause> {
        self.refuse_blank(window.number());
        let rest = window.rest();
        let (next, ended, fault) = match shape.cut(rest, line, window.last(), &mut self.fields) {
            Cut::Row { next, ended } => (next, ended, None),
            Cut::Refused { fault, next, ended } => (next, ended, Some(fault)),
            Cut::Undecodable(within) => return Err(window.undecodable(within)),
            Cut::More if window.last() => return Err(cut_short(window, line.next)),
            Cut::More => return Ok(None),
        };
        if !ended {
            return Err(cut_short(window, next));
        }
        if let Some(fault) = fault {
            self.reject(window.number(), fault, None);
        } else {
            let clean = self.fields.surely_clean(&S::Store::bytes(rest)[..next]);
            self.judge(S::Store::text(rest), clean, window.number(), next)?;
        }
        Ok(Some(next))
    }

    /// Empty lines turn out to stand between rows.
    fn refuse_blank(&mut self, number: u64) {
        for line in number - self.blank..number {
            self.reject(line, RowFault::of_row(EMPTY_LINE), None);
        }
        self.blank = 0;
    }

    /// Types a row's fields and finds out whether the row holds.
    fn judge(&mut self, row: &str, clean: bool, line: u64, bytes: usize) -> Result<(), Cause> {
        if let Err(fault) = self.push(row, clean) {
            self.batch.drop_open();
            let rules = &self.plan.rules;
            let amount = self.plan.amount.and_then(|at| rules[at].amount(self.fields.get(at, row)));
            self.reject(line, fault, amount);
            return Ok(());
        }
        let amount = self.plan.amount.map_or(0, |at| self.batch.open_number(at));
        match self.unique.see(&self.batch)? {
            Seen::New => {
                self.batch.close(signed(line), bytes);
                self.outcome.deliver(amount);
                if self.batch.rows() >= self.sizes.rows || self.batch.load() >= self.sizes.bytes {
                    self.hand_on()?;
                }
            }
            Seen::Repeated => {
                self.batch.drop_open();
                self.outcome.supersede(amount);
            }
            Seen::Second => {
                self.batch.drop_open();
                self.reject(line, RowFault::of_row(SECOND_ROW), Some(amount));
            }
        }
        Ok(())
    }

    /// Types the fields into the open row of the batch; the first that does not hold is the fault.
    fn push(&mut self, row: &str, clean: bool) -> Result<(), RowFault> {
        for (at, rule) in self.plan.rules.iter().enumerate() {
            rule.read(self.fields.get(at, row), clean)
                .and_then(|text| self.batch.push(at, rule, text))
                .map_err(|reason| RowFault { column: Some(at), reason: reason.into() })?;
        }
        Ok(())
    }

    /// `amount` is none where it cannot be read; without an amount column there is none to read.
    fn reject(&mut self, line: u64, fault: RowFault, amount: Option<i64>) {
        let amount = if self.plan.amount.is_some() { amount } else { Some(0) };
        let column = fault.column.map(|at| self.plan.rules[at].name.clone());
        let reason = fault.reason.into_owned();
        self.outcome.reject(amount, Reject { source_row: signed(line), column, reason });
    }

    fn hand_on(&mut self) -> Result<(), Cause> {
        if self.batch.rows() == 0 {
            return Ok(());
        }
        let batch = self.batch.take().map_err(|error| Cause::Sink(error.into()))?;
        self.sink.take(batch).map_err(Cause::Sink)
    }
}

fn after_header(bounds: &Bounds<'_>) -> Stage {
    if bounds.names { Stage::Names } else { Stage::Rows }
}

/// The line that has no line end is the last one before `until`.
fn cut_short<S: Store>(window: &Window<'_, '_, S>, until: usize) -> Cause {
    Cause::CutShort { line: window.number() + window.lines_until(until) }
}

/// A line number as it stands in a column.
fn signed(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}
