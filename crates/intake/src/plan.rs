//! A feed's contract, ready to read by; a contract that contradicts itself is refused here.

use crate::error::Cause;
use crate::read::SOURCE_ROW;
use crate::typed::Rule;
use model::{FeedContract, FileShape};
use std::collections::BTreeSet;

/// A feed's contract, ready to read by.
pub(crate) struct Plan {
    /// The columns, in file order.
    pub(crate) rules: Vec<Rule>,
    /// The column whose sum is reconciled.
    pub(crate) amount: Option<usize>,
    /// The columns that name a row.
    pub(crate) unique: Vec<usize>,
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
        bounds_hold(feed)?;
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
        Ok(Self { rules, amount, unique })
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
            if let Some(column) = feed.columns.iter().find(|c| c.width.unwrap_or(0) == 0) {
                return Err(format!("fixed-width column `{}` needs `width`", column.name));
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

fn bounds_hold(feed: &FeedContract) -> Result<(), String> {
    if let Some(header) = &feed.header
        && (header.prefix.is_empty() || (header.date_field == 0 && header.date.is_none()))
    {
        return Err("`header` needs a `prefix`, and a `date` or a `date_field` from 1".into());
    }
    let Some(trailer) = &feed.trailer else { return Ok(()) };
    let no_count = trailer.count_field == 0 && trailer.count.is_none();
    if trailer.prefix.is_empty() || no_count || trailer.total_field == Some(0) {
        return Err("`trailer` needs a `prefix`, a `count`, and fields from 1".into());
    }
    let has_total = trailer.total_field.is_some() || trailer.total.is_some();
    if has_total && feed.amount.is_none() {
        return Err("a total in the `trailer` needs the feed's `amount` column".into());
    }
    Ok(())
}
