//! What a header or a trailer promises of the rows, and whether it is kept.

use crate::error::{Cause, ValuePlace};
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use model::{ControlValue, Money};
use std::borrow::Cow;

/// What somebody who is no row says of the rows.
#[derive(Default)]
pub(crate) struct Promise {
    /// Who says it: `header`, `trailer`.
    pub(crate) record: &'static str,
    /// Records.
    pub(crate) count: Option<u64>,
    /// Records that are counted and are no rows.
    pub(crate) around: u64,
    /// Total of the amount column, in units of its last decimal.
    pub(crate) total: Option<i64>,
    /// Total of the debits.
    pub(crate) debit: Option<i64>,
    /// Total of the credits.
    pub(crate) credit: Option<i64>,
    /// Hash total.
    pub(crate) hash: Option<u64>,
}

/// Where a value stands, and its text where something stands there; none where it is not declared.
pub(crate) type Written<'l> = Option<(ValuePlace, Option<Cow<'l, str>>)>;

impl Promise {
    /// What `record` promises, which counts so many records `around` the rows; `written` says where.
    pub(crate) fn read<'l>(
        record: &'static str,
        around: u64,
        written: &dyn Fn(ControlValue) -> Written<'l>,
        plan: &Plan,
    ) -> Result<Self, Cause> {
        let decimals = plan.amount.and_then(|at| plan.rules[at].parse.decimals()).unwrap_or(2);
        let whole =
            |figure: ControlValue| number(record, figure, written, |text| text.parse().ok());
        let money = |figure: ControlValue| {
            number(record, figure, written, |text| Money::parse_scaled(text, decimals).ok())
        };
        Ok(Self {
            record,
            count: whole(ControlValue::Count)?,
            around,
            total: money(ControlValue::Total)?,
            debit: money(ControlValue::Debit)?,
            credit: money(ControlValue::Credit)?,
            hash: whole(ControlValue::Hash)?,
        })
    }

    /// Whether the rows are as promised. A total that differs is refused, also when unreadable
    /// amounts may be the cause: it cannot be proven.
    pub(crate) fn check(&self, outcome: &FeedOutcome, plan: &Plan) -> Result<(), Cause> {
        let (record, found) = (self.record, outcome.rows_read + self.around);
        if let Some(declared) = self.count.filter(|declared| *declared != found) {
            return Err(Cause::ControlCount { record, declared, found });
        }
        let unsided = outcome.amount_unreadable + outcome.amount_unsided;
        let totals = [
            ("total", self.total, outcome.amount_read, outcome.amount_unreadable),
            ("debit total", self.debit, outcome.debit_read, unsided),
            ("credit total", self.credit, outcome.credit_read, unsided),
        ];
        for (total, declared, found, unreadable) in totals {
            let Some(declared) = declared.map(i128::from) else { continue };
            if declared != found {
                return Err(Cause::ControlTotal { record, total, declared, found, unreadable });
            }
        }
        let found = plan.totals.hash_total(outcome.hash_read);
        match self.hash {
            Some(declared) if u128::from(declared) != found => {
                Err(Cause::ControlHash { record, unreadable: outcome.hash_unreadable })
            }
            _ => Ok(()),
        }
    }
}

/// What should stand there.
fn expected(figure: ControlValue) -> &'static str {
    match figure {
        ControlValue::Date => "a date",
        ControlValue::Rerun => "the number of a delivery",
        ControlValue::Count => "a count of records",
        ControlValue::Total => "a total of the amount column",
        ControlValue::Debit => "a total of the debits",
        ControlValue::Credit => "a total of the credits",
        ControlValue::Hash => "a hash total",
    }
}

fn number<'l, T>(
    record: &'static str,
    figure: ControlValue,
    written: &dyn Fn(ControlValue) -> Written<'l>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Cause> {
    let Some((place, text)) = written(figure) else { return Ok(None) };
    match text.as_deref().and_then(parse) {
        Some(number) => Ok(Some(number)),
        None => Err(Cause::ControlField { record, place, expected: expected(figure) }),
    }
}
