//! Rows held against the rules of their contract.

use crate::frames::StageError;
use model::FeedContract;
use polars::prelude::*;

/// A rule of a feed, ready to be held against rows.
pub(super) struct Rule {
    pub(super) name: String,
    when: Option<Expr>,
    holds: Expr,
}

/// How many rows a rule was held against, and how many broke it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleTally {
    /// Rows judged.
    pub judged: u64,
    /// Of these, rows that break the rule.
    pub broken: u64,
    /// Line of the first of them.
    pub first_row: Option<i64>,
}

impl std::ops::AddAssign for RuleTally {
    fn add_assign(&mut self, other: Self) {
        self.judged += other.judged;
        self.broken += other.broken;
        self.first_row = self.first_row.or(other.first_row);
    }
}

/// The rules of a feed, their conditions read by `sql` (text, what it is).
pub(super) fn of(
    feed: &FeedContract,
    sql: impl Fn(&str, &str) -> Result<Expr, (String, String)>,
) -> Result<Vec<Rule>, (String, String)> {
    let rule = |rule: &model::FeedRule| {
        let what = |key: &str| format!("rule `{}`, key `{key}`", rule.name);
        let when = rule.when.as_deref().map(|text| sql(text, &what("when"))).transpose()?;
        Ok(Rule { name: rule.name.clone(), when, holds: sql(&rule.holds, &what("holds"))? })
    };
    feed.rules.iter().map(rule).collect()
}

impl Rule {
    /// Holds the rule against rows of its feed.
    pub(super) fn judge(&self, rows: &DataFrame) -> Result<RuleTally, StageError> {
        let mut lazy = rows.clone().lazy();
        if let Some(when) = &self.when {
            lazy = lazy.filter(when.clone());
        }
        let verdicts = lazy.select([self.holds.clone().alias("holds"), col("source_row")]);
        let verdicts = verdicts.collect()?;
        let holds = verdicts.column("holds")?.bool()?;
        let rows = verdicts.column("source_row")?.i64()?;
        let broken = holds.iter().zip(rows.iter()).filter(|(holds, _)| *holds == Some(false));
        let mut tally =
            RuleTally { judged: (holds.len() - holds.null_count()) as u64, ..RuleTally::default() };
        for (_, row) in broken {
            tally.broken += 1;
            tally.first_row = tally.first_row.or(row);
        }
        Ok(tally)
    }

    /// The key whose condition cannot be computed on such rows, and why.
    pub(super) fn fault(&self, rows: &DataFrame) -> Option<(&'static str, StageError)> {
        let error = |expr: &Expr| {
            let verdict = rows.clone().lazy().select([expr.clone().alias("holds")]).collect();
            verdict.and_then(|v| v.column("holds")?.bool().map(drop)).err()
        };
        if let Some(error) = self.when.as_ref().and_then(error) {
            return Some(("when", error.into()));
        }
        error(&self.holds).map(|error| ("holds", error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::sql::sql_expr;

    fn rule(when: Option<&str>, holds: &str) -> Rule {
        let when = when.map(|text| sql_expr(text).unwrap());
        Rule { name: "r".into(), when, holds: sql_expr(holds).unwrap() }
    }

    fn rows() -> DataFrame {
        df!(
            "before" => [Some(100_i64), Some(100), None, Some(5)],
            "amount" => [1_i64, 2, 3, 4],
            "after" => [101_i64, 99, 3, 8],
            "source_row" => [2_i64, 3, 4, 5],
        )
        .unwrap()
    }

    #[test]
    fn a_row_breaks_a_rule_only_where_it_can_be_judged() {
        let tally = rule(None, "after = before + amount").judge(&rows()).unwrap();
        assert_eq!(tally, RuleTally { judged: 3, broken: 2, first_row: Some(3) });
        let tally = rule(Some("amount <> 2"), "after = before + amount").judge(&rows()).unwrap();
        assert_eq!(tally, RuleTally { judged: 2, broken: 1, first_row: Some(5) });
        let mut sum = RuleTally { judged: 1, broken: 0, first_row: None };
        sum += tally;
        assert_eq!(sum, RuleTally { judged: 3, broken: 1, first_row: Some(5) });
    }

    #[test]
    fn what_is_no_condition_is_found_before_a_night() {
        assert_eq!(rule(None, "before + 1").fault(&rows()).unwrap().0, "holds");
        assert_eq!(rule(Some("beefore > 1"), "amount > 0").fault(&rows()).unwrap().0, "when");
        assert!(rule(Some("before > 1"), "amount > 0").fault(&rows()).is_none());
    }
}
