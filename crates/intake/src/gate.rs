//! The gate itself: what becomes of each line.

use crate::batch::{Batch, Sealed};
use crate::bounds::{BoundLine, Bounds};
use crate::control::Control;
use crate::decode::Store;
use crate::error::Cause;
use crate::fields::{Cut, Fields, RowFault, Shape};
use crate::lines::{Line, Window};
use crate::onward::{InOrder, Onward};
use crate::outcome::{FeedOutcome, Reject};
use crate::plan::Plan;
use crate::promise::Promise;
use crate::raw::RawRow;
use crate::rows::Rows;
use crate::totals::{Share, Side};
use crate::unique::Seen;
use model::{BusinessDate, ControlRecord, FeedContract, OnReject};

const EMPTY_LINE: &str = "empty line (expected a row)";
const SECOND_ROW: &str = "second row with the same key";

/// Where in the file the gate is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before the header.
    Header,
    /// Before the names.
    Names,
    /// Among the rows.
    Rows,
    /// Behind the trailer.
    Behind,
}

/// Judges a feed line by line.
pub(crate) struct Gate<'a, O> {
    pub(crate) plan: &'a Plan,
    bounds: Bounds<'a>,
    may_be_empty: bool,
    pub(crate) stage: Stage,
    /// Empty lines just before this one: refused rows, or the end of the file.
    pub(crate) blank: u64,
    fields: Fields,
    pub(crate) batch: Batch,
    /// Where rows go.
    pub(crate) onward: O,
    /// What the header promises.
    pub(crate) promised: Promise,
    /// Whether the file may have no reject.
    whole: bool,
    pub(crate) outcome: FeedOutcome,
}

impl<'a, O: Onward> Gate<'a, O> {
    pub(crate) fn new(
        feed: &'a FeedContract,
        plan: &'a Plan,
        as_of: BusinessDate,
        onward: O,
    ) -> Self {
        let bounds = Bounds::of(feed, as_of);
        let stage = if bounds.header.is_some() { Stage::Header } else { after_header(&bounds) };
        Self {
            plan,
            bounds,
            may_be_empty: feed.is_announced(),
            stage,
            blank: 0,
            fields: Fields::default(),
            batch: Batch::new(plan),
            onward,
            promised: Promise::default(),
            whole: feed.on_reject == OnReject::File,
            outcome: FeedOutcome::default(),
        }
    }

    /// The gate of a delivery with this number: a header that holds one must hold it.
    pub(crate) fn of_delivery(mut self, rerun: Option<u32>) -> Self {
        self.bounds.delivery.rerun = rerun;
        self
    }

    /// The gate of a part of a file that begins with a row.
    pub(crate) fn among_rows(mut self) -> Self {
        self.stage = Stage::Rows;
        self
    }

    /// Takes all lines of a window; whether its last row ends within it.
    pub(crate) fn run<S: Shape>(
        &mut self,
        shape: &mut S,
        window: &mut Window<'_, '_, S::Store>,
    ) -> Result<bool, Cause> {
        while let Some(line) = window.line()? {
            match self.take(shape, window, line)? {
                Some(next) => window.consume(line, next),
                None if !window.fill()? => return Ok(false),
                None => {}
            }
        }
        Ok(true)
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
        match (self.stage, &self.bounds.header, &self.bounds.trailer) {
            (Stage::Header, Some(header), _) => {
                let (text, bytes) = (window.text(line)?, window.line_bytes(line));
                if !is_on(window, line, header) {
                    return Err(header_missing(header));
                }
                let bound = BoundLine { text: &text, bytes };
                self.promised = self.bounds.promise(header, bound, self.plan)?;
                self.stage = after_header(&self.bounds);
            }
            (Stage::Header | Stage::Names, ..) => {
                self.bounds.check_names(&window.text(line)?, window.number(), self.plan)?;
                self.stage = Stage::Rows;
            }
            (Stage::Rows, ..) if empty => self.blank += 1,
            (Stage::Rows, _, Some(trailer)) if is_on(window, line, trailer) => {
                let (text, bytes) = (window.text(line)?, window.line_bytes(line));
                let bound = BoundLine { text: &text, bytes };
                let promise = self.bounds.promise(trailer, bound, self.plan)?;
                self.onward.trailer(promise, &self.outcome, self.plan)?;
                self.stage = Stage::Behind;
                // A file that ends within its trailer has shown all its rows.
                return Ok(Some(line.next));
            }
            (Stage::Rows, ..) => return self.row(shape, window, line),
            (Stage::Behind, _, trailer) if !empty => {
                let again = trailer.as_ref().is_some_and(|trailer| is_on(window, line, trailer));
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
            let raw = || rows.raw();
            if let Some(fault) = row.fault {
                self.reject(row.number, fault, self.plan.unreadable(), &raw);
            } else {
                let clean = self.fields.surely_clean(&[]);
                self.judge("", clean, row.number, row.bytes, &raw)?;
            }
        }
        rows.prove(&self.outcome)?;
        self.finish()
    }

    /// The file has been read to its end; `line` would be the next one.
    pub(crate) fn end(self, line: u64) -> Result<FeedOutcome, Cause> {
        match (self.stage, &self.bounds.header, &self.bounds.trailer) {
            (Stage::Header, Some(header), _) => Err(header_missing(header)),
            (Stage::Header | Stage::Names, ..) => Err(Bounds::names_missing(line, self.plan)),
            (Stage::Rows, _, Some(trailer)) => {
                let ControlRecord { prefix, at, .. } = trailer.declared;
                Err(Cause::TrailerMissing { prefix: prefix.clone(), at: *at })
            }
            (Stage::Rows, None, None)
                if self.outcome.rows_read == 0 && !self.bounds.names && !self.may_be_empty =>
            {
                Err(Cause::Empty)
            }
            (Stage::Rows | Stage::Behind, ..) => self.finish(),
        }
    }

    /// All rows have been read: whether they are as the header promised, and good enough.
    fn finish(mut self) -> Result<FeedOutcome, Cause> {
        self.promised.check(&self.outcome, self.plan)?;
        if let Some(first) = self.outcome.rejects.first().filter(|_| self.whole) {
            let column = first.column.iter().map(|name| format!("column `{name}`, "));
            let reason = column.chain([first.reason.clone()]).collect();
            let (rows, line) = (self.outcome.rows_rejected, first.source_row);
            return Err(Cause::Rejects { rows, line, reason });
        }
        self.onward.hand_on(&mut self.batch)?;
        Ok(self.outcome)
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
        let raw = || window.raw(next);
        if let Some(fault) = fault {
            self.reject(window.number(), fault, self.plan.unreadable(), &raw);
        } else {
            let row = if window.is_clean() { &[] } else { &S::Store::bytes(rest)[..next] };
            let clean = self.fields.surely_clean(row);
            self.judge(S::Store::text(rest), clean, window.number(), next, &raw)?;
        }
        Ok(Some(next))
    }

    /// Empty lines turn out to stand between rows.
    pub(crate) fn refuse_blank(&mut self, number: u64) {
        for line in number - self.blank..number {
            let share = self.plan.unreadable();
            self.reject(line, RowFault::of_row(EMPTY_LINE), share, &RawRow::default);
        }
        self.blank = 0;
    }

    /// Types a row's fields and finds out whether the row holds.
    fn judge(
        &mut self,
        row: &str,
        clean: bool,
        line: u64,
        bytes: usize,
        raw: &dyn Fn() -> RawRow,
    ) -> Result<(), Cause> {
        let plan = self.plan;
        let side = match self.push(row, clean) {
            Ok(side) => side,
            Err(fault) => {
                self.batch.drop_open();
                let share = plan.share(&self.fields, row);
                self.reject(line, fault, share, raw);
                return Ok(());
            }
        };
        let amount = plan.amount.map_or(0, |at| self.batch.open_number(at));
        let share = plan.totals.share_of(amount, side, &self.fields, row);
        match self.onward.see(&self.batch)? {
            Seen::New => {
                self.batch.close(signed(line), bytes);
                self.outcome.deliver(share);
                self.onward.closed(&mut self.batch)?;
            }
            Seen::Repeated => {
                self.batch.drop_open();
                self.outcome.supersede(share);
            }
            Seen::Second => {
                self.batch.drop_open();
                self.reject(line, RowFault::of_row(SECOND_ROW), share, raw);
            }
        }
        Ok(())
    }

    /// Types the fields into the open row of the batch; the first that does not hold is the fault.
    /// The side that the row tells.
    fn push(&mut self, row: &str, clean: bool) -> Result<Option<Side>, RowFault> {
        let rules = &self.plan.rules;
        for (at, rule) in rules.iter().enumerate() {
            rule.read(self.fields.get(at, row), clean)
                .and_then(|text| self.batch.push(at, rule, text))
                .map_err(|reason| RowFault { column: Some(at), reason: reason.into() })?;
        }
        self.plan.totals.check(rules, &self.fields, row)
    }

    fn reject(&mut self, line: u64, fault: RowFault, share: Share, raw: &dyn Fn() -> RawRow) {
        let column = fault.column.map(|at| self.plan.rules[at].name.clone());
        let (source_row, reason) = (signed(line), fault.reason.into_owned());
        let reject = Reject { source_row, column, reason, raw: None };
        self.outcome.reject(share, reject, raw);
    }
}

impl Gate<'_, InOrder<'_, '_>> {
    /// Takes rows of a part of the file that hold; `loads` says how many bytes the rows up to each
    /// one are. Batches end where they would if the rows came one by one.
    pub(crate) fn append(&mut self, rows: &Sealed, loads: &[usize]) -> Result<(), Cause> {
        let (mut from, mut load) = (0, 0);
        while from < loads.len() {
            let (sizes, batch) = (self.onward.sizes, &mut self.batch);
            let room = sizes.rows.saturating_sub(batch.rows()).max(1);
            let bytes = sizes.bytes.saturating_sub(batch.load());
            let reach = &loads[from..loads.len().min(from + room)];
            let light = reach.partition_point(|upto| upto - load < bytes);
            let to = from + (light + 1).min(reach.len());
            batch.append(rows, from..to, loads[to - 1] - load)?;
            self.onward.closed(batch)?;
            (from, load) = (to, loads[to - 1]);
        }
        Ok(())
    }
}

/// Whether a line is the header, or the trailer.
fn is_on<S: Store>(window: &Window<'_, '_, S>, line: Line, control: &Control<'_>) -> bool {
    window.holds(line, control.declared.at, &control.declared.prefix)
}

fn header_missing(header: &Control<'_>) -> Cause {
    let ControlRecord { prefix, at, .. } = header.declared;
    Cause::HeaderMissing { prefix: prefix.clone(), at: *at }
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
