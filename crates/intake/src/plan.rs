//! A feed's contract, ready to read by; a contract that contradicts itself is refused here.

use crate::error::{Cause, IntakeError, Place};
use crate::fields::Fields;
use crate::lines::LINE_CAP;
use crate::read::SOURCE_ROW;
use crate::totals::{Share, Totals};
use crate::typed::Rule;
use model::{FeedContract, FileShape};
use std::collections::BTreeSet;

/// Whether the gate can read by a feed's contract; touches no file.
pub fn check_feed(system: &str, feed: &FeedContract) -> Result<(), IntakeError> {
    let place =
        || Place { system: system.to_owned(), feed: feed.name.clone(), file: feed.file.clone() };
    Plan::of(feed).map(drop).map_err(|cause| cause.at(place()))
}

/// A feed's contract, ready to read by.
pub(crate) struct Plan {
    /// The columns, in file order.
    pub(crate) rules: Vec<Rule>,
    /// The column whose sum is reconciled.
    pub(crate) amount: Option<usize>,
    /// The columns that name a row.
    pub(crate) unique: Vec<usize>,
    /// What is summed up besides.
    pub(crate) totals: Totals,
}

impl Plan {
    pub(crate) fn of(feed: &FeedContract) -> Result<Self, Cause> {
        Self::checked(feed).map_err(|problem| Cause::Contract { problem })
    }

    fn checked(feed: &FeedContract) -> Result<Self, String> {
        let rules: Vec<Rule> =
            feed.columns.iter().map(|column| Rule::of(feed, column)).collect::<Result<_, _>>()?;
        names_hold(&rules)?;
        shape_holds(feed)?;
        let place = |name: &String| {
            let at = rules.iter().position(|rule| rule.name == *name);
            at.ok_or_else(|| format!("column `{name}` not found"))
        };
        let unique = feed.unique.iter().map(place).collect::<Result<_, _>>()?;
        let amount = feed.amount.as_ref().map(place).transpose()?;
        if let Some(text) = amount.filter(|&at| rules[at].parse.decimals().is_none()) {
            return Err(format!(
                "`amount` column `{}` is no number (expected integer, money or decimal)",
                rules[text].name
            ));
        }
        let totals = Totals::of(feed, &rules)?;
        Ok(Self { rules, amount, unique, totals })
    }

    /// What a row adds to the totals whose fields cannot be told apart. Without an amount column
    /// there is no amount to read.
    pub(crate) fn unreadable(&self) -> Share {
        self.totals.unreadable(self.amount.is_none().then_some(0))
    }

    /// What a row adds to the totals, whether it holds or not.
    pub(crate) fn share(&self, fields: &Fields, row: &str) -> Share {
        let read = |at: usize| self.rules[at].amount(fields.get(at, row));
        let amount = self.amount.map_or(Some(0), read);
        self.totals.share(amount, &self.rules, fields, row)
    }
}

fn names_hold(rules: &[Rule]) -> Result<(), String> {
    if rules.is_empty() {
        return Err("no columns (expected at least one)".into());
    }
    let mut seen = BTreeSet::from([SOURCE_ROW]);
    match rules.iter().find(|rule| !seen.insert(rule.name.as_str())) {
        Some(rule) => Err(format!("column `{}` stands twice or is the gate's own", rule.name)),
        None => Ok(()),
    }
}

fn shape_holds(feed: &FeedContract) -> Result<(), String> {
    match &feed.shape {
        FileShape::Delimited { separator, quoted, .. } => {
            let breaks = |c| matches!(c, '\n' | '\r') || (*quoted && c == '"');
            if separator.is_empty() || separator.contains(breaks) {
                return Err("`separator` is empty, or holds a line end or a quote".into());
            }
        }
        FileShape::Fixed => {
            let fits = |width: Option<usize>| width.is_some_and(|w| (1..=LINE_CAP).contains(&w));
            if let Some(column) = feed.columns.iter().find(|column| !fits(column.width)) {
                return Err(format!(
                    "fixed-width column `{}` needs `width` (1 to {LINE_CAP})",
                    column.name
                ));
            }
        }
        FileShape::Records(_) if feed.layout.is_none() => {
            return Err("records without a layout (expected a contract that was read)".into());
        }
        FileShape::JsonLines
        | FileShape::Records(_)
        | FileShape::Parquet
        | FileShape::Sheet { .. } => {}
    }
    Ok(())
}
