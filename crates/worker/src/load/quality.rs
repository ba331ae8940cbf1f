//! What is said of the values of a feed: rows held against its rules, and codes that no map knows.

use super::Loaded;
use super::report::write_whole;
use night::{EngineError, MadeFile};
use polars::prelude::*;
use stages::{RuleTally, Unknown};
use std::collections::BTreeMap;
use std::path::Path;

/// Codes of a feed that are told one by one, those met first; a column with more has no codes.
const MOST_CODES: usize = 1_000;
/// In the place of all others.
const OTHERS: &str = "(others)";

/// What was found in the rows of a feed so far.
#[derive(Default)]
pub(super) struct Found {
    /// By rule, in the order of the contract.
    rules: Vec<RuleTally>,
    /// By column and code.
    codes: BTreeMap<(String, String), Code>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Code {
    rows: i64,
    first_row: i64,
    treatment: &'static str,
}

impl Found {
    /// Adds what was found in the next rows.
    pub(super) fn add(&mut self, rules: Vec<RuleTally>, unknown: Vec<Unknown>) {
        self.rules.resize(self.rules.len().max(rules.len()), RuleTally::default());
        self.rules.iter_mut().zip(rules).for_each(|(all, more)| *all += more);
        for Unknown { column, code, source_row, treatment } in unknown {
            let mut key = (column, code);
            if self.codes.len() >= MOST_CODES && !self.codes.contains_key(&key) {
                OTHERS.clone_into(&mut key.1);
            }
            let first = Code { rows: 0, first_row: source_row, treatment };
            self.codes.entry(key).or_insert(first).rows += 1;
        }
    }
}

pub(super) fn write(
    feed: &Loaded<'_>,
    out: &Path,
    lane: usize,
) -> Result<Vec<MadeFile>, EngineError> {
    let mut files = Vec::new();
    let found = &feed.taken.quality;
    if !feed.feed.rules.is_empty() {
        let all = |text: &str| vec![text.to_owned(); feed.feed.rules.len()];
        let tally = |at: usize| found.rules.get(at).copied().unwrap_or_default();
        let tallies: Vec<RuleTally> = (0..feed.feed.rules.len()).map(tally).collect();
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let frame = df!(
            "system" => all(&feed.arrived.system),
            "feed" => all(&feed.arrived.feed),
            "rule" => feed.feed.rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>(),
            "judged" => tallies.iter().map(|tally| count(tally.judged)).collect::<Vec<_>>(),
            "broken" => tallies.iter().map(|tally| count(tally.broken)).collect::<Vec<_>>(),
            "first_row" => tallies.iter().map(|tally| tally.first_row).collect::<Vec<_>>(),
        );
        files.extend(write_whole("rule_count", frame, out, lane)?);
    }
    if !found.codes.is_empty() {
        let all = |text: &str| vec![text.to_owned(); found.codes.len()];
        let codes = found.codes.iter();
        let frame = df!(
            "system" => all(&feed.arrived.system),
            "feed" => all(&feed.arrived.feed),
            "column" => codes.clone().map(|((column, _), _)| column.as_str()).collect::<Vec<_>>(),
            "code" => codes.clone().map(|((_, code), _)| code.as_str()).collect::<Vec<_>>(),
            "rows" => codes.clone().map(|(_, code)| code.rows).collect::<Vec<_>>(),
            "first_row" => codes.clone().map(|(_, code)| code.first_row).collect::<Vec<_>>(),
            "treatment" => codes.map(|(_, code)| code.treatment).collect::<Vec<_>>(),
        );
        files.extend(write_whole("unmapped_code", frame, out, lane)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(code: &str, source_row: i64) -> Unknown {
        Unknown { column: "sex".into(), code: code.into(), source_row, treatment: "null" }
    }

    #[test]
    fn batches_add_up_and_the_first_line_stays() {
        let mut found = Found::default();
        let tally = |judged, broken, first_row| RuleTally { judged, broken, first_row };
        found.add(vec![tally(10, 0, None)], vec![unknown("9", 4)]);
        found.add(vec![tally(10, 2, Some(15))], vec![unknown("9", 12), unknown("x", 13)]);
        found.add(vec![tally(5, 1, Some(23))], vec![]);
        assert_eq!(found.rules, [tally(25, 3, Some(15))]);
        let codes: Vec<_> =
            found.codes.iter().map(|((_, code), c)| (code.as_str(), c.rows, c.first_row)).collect();
        assert_eq!(codes, [("9", 2, 4), ("x", 1, 13)]);
    }

    #[test]
    fn a_column_of_other_values_stays_bounded() {
        let mut found = Found::default();
        let rows = (0..5_000).map(|row| unknown(&format!("{row:04}"), row));
        found.add(Vec::new(), rows.collect());
        assert_eq!(found.codes.len(), MOST_CODES + 1);
        let others = found.codes[&("sex".to_owned(), OTHERS.to_owned())];
        assert_eq!((others.rows, others.first_row), (4_000, 1_000));
    }
}
