//! What a mapped row must hold to be loaded.

use super::Refused;
use crate::frames::StageError;
use model::Job;
use polars::prelude::*;
use rustc_hash::FxHashSet;

/// The rules, with what they need of the job.
pub(super) struct Rules {
    products: FxHashSet<String>,
    currency: String,
}

impl Rules {
    pub(super) fn of(job: &Job) -> Self {
        Self {
            products: job.products.products.iter().map(|p| p.product.clone()).collect(),
            currency: job.currency.to_string(),
        }
    }

    /// The rows of a mapped table that break a rule, the first rule broken each.
    pub(super) fn refuse(
        &self,
        table: &str,
        frame: &DataFrame,
    ) -> Result<Vec<Refused>, StageError> {
        let mut refused = Vec::new();
        let required: &[&'static str] = match table {
            "party" => &["party_key", "kind"],
            "account" => &["account_key", "product"],
            "role" => &["account_key", "party_key", "role"],
            "balance" => &["account_key", "date", "balance"],
            "event" => &["account_key", "date", "direction", "amount"],
            "interaction" => &["party_key", "date", "touchpoint"],
            "feedback" => &["party_key", "date", "feedback_kind"],
            "rate" => &["curve", "date", "tenor_days", "rate_ppm"],
            "branch" => &["branch"],
            _ => &[],
        };
        for column in required {
            let nulls = frame.column(column)?.is_null();
            note(&mut refused, frame, &nulls, column, "no value")?;
        }
        match table {
            "party" => self.among(&mut refused, frame, "kind", &["person", "organisation"])?,
            "role" => self.among(&mut refused, frame, "role", &["owner", "joint", "user"])?,
            "event" => {
                self.among(&mut refused, frame, "direction", &["C", "D"])?;
                let negative = frame.column("amount")?.i64()?.lt(0);
                note(
                    &mut refused,
                    frame,
                    &negative,
                    "amount",
                    "negative (the sign belongs in the direction)",
                )?;
            }
            "account" => {
                self.known_product(&mut refused, frame)?;
                let wanted = [self.currency.as_str()];
                self.among(&mut refused, frame, "currency", &wanted)?;
            }
            _ => {}
        }
        Ok(refused)
    }

    fn known_product(
        &self,
        refused: &mut Vec<Refused>,
        frame: &DataFrame,
    ) -> Result<(), StageError> {
        let products = frame.column("product")?.str()?;
        let unknown: BooleanChunked =
            products.iter().map(|p| p.is_some_and(|p| !self.products.contains(p))).collect();
        note(refused, frame, &unknown, "product", "not in the product book")
    }

    /// A value that is there must be one of a few.
    #[expect(clippy::unused_self, reason = "reads as one of the rules")]
    fn among(
        &self,
        refused: &mut Vec<Refused>,
        frame: &DataFrame,
        column: &'static str,
        allowed: &[&str],
    ) -> Result<(), StageError> {
        let values = frame.column(column)?.str()?;
        let other: BooleanChunked =
            values.iter().map(|v| v.is_some_and(|v| !allowed.contains(&v))).collect();
        note(refused, frame, &other, column, &format!("not one of `{}`", allowed.join("`, `")))
    }
}

fn note(
    refused: &mut Vec<Refused>,
    frame: &DataFrame,
    bad: &BooleanChunked,
    column: &'static str,
    reason: &str,
) -> Result<(), StageError> {
    if !bad.any() {
        return Ok(());
    }
    let rows = frame.column("source_row")?.i64()?;
    for (row, bad) in rows.iter().zip(bad.iter()) {
        if let (Some(source_row), Some(true)) = (row, bad) {
            refused.push(Refused { source_row, column: column.into(), reason: reason.to_owned() });
        }
    }
    Ok(())
}
