//! What a header or a trailer promises of the rows, and whether it is kept.

use crate::error::Cause;
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use model::{ControlRecord, Money};

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

impl Promise {
    /// What a control record promises; `field` gives its fields, from 1.
    pub(crate) fn read<'l>(
        record: &'static str,
        declared: &ControlRecord,
        field: &dyn Fn(usize) -> Option<&'l str>,
        plan: &Plan,
    ) -> Result<Self, Cause> {
        let decimals = plan.amount.and_then(|at| plan.rules[at].parse.decimals()).unwrap_or(2);
        let money = |text: &str| Money::parse_scaled(text, decimals).ok();
        let read = Reading { record, field };
        Ok(Self {
            record,
            count: read.number(declared.count_field, "a count of records", whole)?,
            around: declared.count_includes.around(),
            total: read.number(declared.total_field, "a total of the amount column", money)?,
            debit: read.number(declared.debit_field, "a total of the debits", money)?,
            credit: read.number(declared.credit_field, "a total of the credits", money)?,
            hash: read.number(declared.hash_field, "a hash total", whole)?,
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

/// The fields of a control record.
struct Reading<'r, 'l> {
    record: &'static str,
    field: &'r dyn Fn(usize) -> Option<&'l str>,
}

impl Reading<'_, '_> {
    fn number<T>(
        &self,
        field: Option<usize>,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Cause> {
        let Some(field) = field else { return Ok(None) };
        match (self.field)(field).and_then(parse) {
            Some(number) => Ok(Some(number)),
            None => Err(Cause::ControlField { record: self.record, field, expected }),
        }
    }
}

fn whole(text: &str) -> Option<u64> {
    text.parse().ok()
}
