//! The checks between computing and publishing: limits on rejects, balances, volumes and moves.

use crate::engine::LoadedFeed;
use crate::land::Landed;
use crate::summary::Warning;
use model::{Checks, FeedContract, Limits, OnBreak, OnReject, SourceContract};
use std::fmt;

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub check: &'static str,
    /// On what.
    pub place: String,
    /// What was found, and what the limit is.
    pub cause: String,
    /// The next step.
    pub hint: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {}", self.check, self.place, self.cause)
    }
}

/// The name of the check that every balance follows from the one before.
pub const BALANCES_FOLLOW: &str = "balances_follow";

/// The figures of a night that limits are held against.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figures {
    /// Clients tonight.
    pub(crate) clients: u64,
    /// Clients graded tonight and the night before.
    pub(crate) stayed: u64,
    /// Of these, those whose tier moved.
    pub(crate) moved: u64,
    /// Balances that do not follow from the one before.
    pub(crate) balance_breaks: u64,
}

/// A feed in place may not have lost a row, and may not have lost too many to rejects.
pub(crate) fn feeds(
    limits: &Limits,
    sources: &[SourceContract],
    feeds: &[LoadedFeed],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for feed in feeds {
        let place = format!("source `{}`, feed `{}`", feed.system, feed.feed);
        let parts =
            [feed.rows_loaded, feed.rows_rejected, feed.rows_filtered, feed.rows_superseded];
        if parts.iter().sum::<u64>() != feed.rows_read {
            findings.push(Finding {
                check: "reconciliation",
                place: place.clone(),
                cause: format!(
                    "{} rows read, {} accounted for",
                    feed.rows_read,
                    parts.iter().sum::<u64>()
                ),
                hint: "this is a bug of the gate: keep the extract and call engineering",
            });
        }
        let source = sources.iter().find(|source| source.system == feed.system);
        let contract = source.and_then(|s| s.feeds.iter().find(|f| f.name == feed.feed));
        findings.extend(rejects(limits, contract, feed, &place));
    }
    findings
}

/// What a feed has rejected beyond its limits; those of the job hold where it states none.
fn rejects(
    limits: &Limits,
    contract: Option<&FeedContract>,
    feed: &LoadedFeed,
    place: &str,
) -> Option<Finding> {
    let own = |limit: fn(&FeedContract) -> Option<u64>| contract.and_then(limit);
    let (ppm, rows) = (own(|f| f.max_rejects_ppm), own(|f| f.max_rejects_rows));
    let ppm = ppm.or_else(|| rows.is_none().then_some(limits.max_rejects_ppm));
    let (rejected, read) = (feed.rows_rejected, feed.rows_read);
    let beyond =
        |limit: &u64| u128::from(rejected) * 1_000_000 > u128::from(read) * u128::from(*limit);
    let (check, limit) = if contract.is_some_and(|f| f.on_reject == OnReject::File && rejected > 0)
    {
        ("on_reject", "the feed takes none".to_owned())
    } else if let Some(limit) = rows.filter(|limit| rejected > *limit) {
        ("max_rejects_rows", format!("limit {limit}"))
    } else {
        ("max_rejects_ppm", format!("limit {} ppm", ppm.filter(beyond)?))
    };
    Some(Finding {
        check,
        place: place.to_owned(),
        cause: format!("{rejected} of {read} rows rejected ({limit})"),
        hint: "look at the rejects with `clientele show`, have the source send a corrected file",
    })
}

/// A landed feed has the rows that its database counts.
pub(crate) fn landed(landed: &[Landed], feeds: &[LoadedFeed]) -> Vec<Finding> {
    let finding = |feed: &LoadedFeed| {
        let of = |one: &&Landed| one.system == feed.system && one.feed == feed.feed;
        let declared = landed.iter().find(of)?.rows;
        (declared != feed.rows_read).then(|| Finding {
            check: "landed_rows",
            place: format!("source `{}`, feed `{}`", feed.system, feed.feed),
            cause: format!("{} rows read, the database counts {declared}", feed.rows_read),
            hint: "land the source again with `--land-again`; if it stays so, call engineering",
        })
    };
    feeds.iter().filter_map(finding).collect()
}

/// Rows that break the rules of their contracts beyond the limit, by what they do to a night; `counts`
/// are the columns system, feed, rule, judged, broken and first row as text.
pub(crate) fn rules(
    sources: &[SourceContract],
    counts: &[Vec<String>],
) -> (Vec<Finding>, Vec<Warning>) {
    let (mut findings, mut warnings) = (Vec::new(), Vec::new());
    for row in counts {
        let [system, feed, name, judged, broken, first] = row.as_slice() else { continue };
        let source = sources.iter().find(|source| source.system == *system);
        let contract = source.and_then(|s| s.feeds.iter().find(|f| f.name == *feed));
        let declared = contract.and_then(|f| f.rules.iter().find(|r| r.name == *name));
        let (Some(rule), Ok(judged), Ok(broken)) = (declared, judged.parse(), broken.parse())
        else {
            continue;
        };
        if !rule.is_exceeded(judged, broken) {
            continue;
        }
        let finding = Finding {
            check: "rule",
            place: format!("source `{system}`, feed `{feed}`, rule `{name}`"),
            cause: format!(
                "{broken} of {judged} rows judged break it, line {first} first (limit {} ppm)",
                rule.max_breaks_ppm
            ),
            hint: "have the source explain the rows and send a corrected file; if the rule is wrong, correct it in the contract",
        };
        match rule.on_break {
            OnBreak::Fail => findings.push(finding),
            OnBreak::Warn => warnings.push(Warning {
                message: finding.to_string(),
                hint: "the table `plausibility` counts them; have the source explain the rows"
                    .into(),
            }),
        }
    }
    (findings, warnings)
}

/// The night as a whole must look like a night.
pub(crate) fn figures(limits: &Limits, checks: &Checks, figures: Figures) -> Vec<Finding> {
    let mut findings = Vec::new();
    if figures.clients < limits.min_clients {
        findings.push(Finding {
            check: "min_clients",
            place: "client_segment".into(),
            cause: format!("{} clients (at least {})", figures.clients, limits.min_clients),
            hint: "check that every extract is complete",
        });
    }
    let limit = limits.max_tier_moves_ppm;
    if u128::from(figures.moved) * 1_000_000 > u128::from(figures.stayed) * u128::from(limit) {
        findings.push(Finding {
            check: "max_tier_moves_ppm",
            place: "tier_move".into(),
            cause: format!("{} of {} clients moved (limit {limit} ppm)", figures.moved, figures.stayed),
            hint: "compare scoring file and extracts with the night before; raise the limit only with a reason",
        });
    }
    if let Some(check) = &checks.balances_follow
        && figures.balance_breaks > check.max_breaks
    {
        findings.push(Finding {
            check: BALANCES_FOLLOW,
            place: "event".into(),
            cause: format!("{} breaks (at most {})", figures.balance_breaks, check.max_breaks),
            hint: "ask the source for the missing movements",
        });
    }
    findings
}

#[cfg(test)]
mod tests;
