//! The analyst's file: weights, cuts, grace, the expert scorecard.

use crate::contract::{Check, ContractError};
use crate::toml_text::from_toml;
use serde::{Deserialize, Serialize};

/// Everything an analyst may turn, checked.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// Format version, 1.
    pub version: u32,
    /// The name by which results say how they were scored.
    pub scoring_version: String,
    /// How the future is counted.
    pub lifetime: Lifetime,
    /// Weights of the loyalty parts.
    pub loyalty: LoyaltyWeights,
    /// The expert scorecard on the seven demographic inputs.
    pub scorecard: Scorecard,
    /// Where high begins on each axis.
    pub cuts: Cuts,
    /// How long a client keeps a tier it no longer reaches.
    #[serde(default)]
    pub grace: Grace,
}

/// How the future is counted.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lifetime {
    /// Months ahead, 1 to 120.
    pub horizon_months: u32,
    /// Discount rate per year, ppm.
    pub discount_ppm: i64,
}

/// Weights of the three loyalty parts, ppm, together one million.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LoyaltyWeights {
    /// Frequency of use.
    pub frequency_ppm: i64,
    /// Number of products and services held and used.
    pub breadth_ppm: i64,
    /// Word of mouth and feedback.
    pub advocacy_ppm: i64,
    /// How many answers count as much as what behaviour says.
    pub prior_answers: u32,
}

/// Expert points on demographic inputs, and what a point is worth.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// Who answers for it.
    pub owner: String,
    /// What a point above neutral is worth, minor units a month.
    pub money_per_point: i64,
    /// How much of that the bank expects to win, ppm.
    pub realisation_ppm: i64,
    /// Probability that what is won is still there a month later, ppm.
    pub retention_ppm: i64,
    /// The total at which nothing is added.
    pub neutral_points: i64,
    /// Points per attribute.
    #[serde(rename = "attribute")]
    pub attributes: Vec<Attribute>,
}

/// One demographic input.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// `sex`, `age`, `occupation`, `years_of_service`, `income`, `family_role`, `family_size`.
    pub name: String,
    /// Whether it counts; switched off it gives its missing points to everybody.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Points of a client that did not say.
    pub missing_points: i64,
    /// Numeric bins: at `from` and above; ascending.
    #[serde(default)]
    pub bins: Vec<Bin>,
    /// Text values.
    #[serde(default)]
    pub values: Vec<Level>,
    /// Points of a text value that is not listed.
    #[serde(default)]
    pub other_points: i64,
}

/// Points from a number on.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// The lower edge, which the bin owns.
    pub from: i64,
    /// Points.
    pub points: i64,
}

/// Points of a text value.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The value.
    pub value: String,
    /// Points.
    pub points: i64,
}

/// The two cuts, per axis.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cuts {
    /// On lifetime value.
    pub value: CutMethod,
    /// On the loyalty score.
    pub loyalty: CutMethod,
}

/// How a cut is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum CutMethod {
    /// At or above an amount (value: minor units; loyalty: hundredths of a point).
    Fixed {
        /// The amount.
        at: i64,
    },
    /// The best share of clients of a kind.
    Quantile {
        /// The share, ppm.
        top_ppm: u32,
    },
    /// The natural break of the scores in two groups (Jenks).
    NaturalBreaks,
}

/// How long a tier is kept that is no longer reached.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Grace {
    /// Whole months on watch before a demotion; 0 demotes at once.
    pub demote_after_months: u32,
}

/// The seven inputs of S03, in the order of the source.
pub const DEMOGRAPHIC_INPUTS: [&str; 7] =
    ["sex", "age", "occupation", "years_of_service", "income", "family_role", "family_size"];

fn yes() -> bool {
    true
}

impl Scoring {
    /// Reads and checks a scoring file's text.
    pub fn parse(text: &str, place: &str) -> Result<Self, ContractError> {
        let scoring: Self = from_toml(text)
            .map_err(|e| ContractError { place: place.to_owned(), cause: e.to_string() })?;
        scoring
            .check()
            .map_err(|e| ContractError { place: format!("{place}, {}", e.place), ..e })?;
        Ok(scoring)
    }
}

impl Check for Scoring {
    fn check(&self) -> Result<(), ContractError> {
        let fail = |place: &str, cause: String| Err(ContractError { place: place.into(), cause });
        if !(1..=120).contains(&self.lifetime.horizon_months) {
            return fail("[lifetime]", "`horizon_months` must lie in 1..=120".into());
        }
        let w = &self.loyalty;
        let sum = w.frequency_ppm + w.breadth_ppm + w.advocacy_ppm;
        let negative = w.frequency_ppm < 0 || w.breadth_ppm < 0 || w.advocacy_ppm < 0;
        if sum != 1_000_000 || negative {
            return fail(
                "[loyalty]",
                format!("weights sum to {sum} ppm (expected 1000000, none negative)"),
            );
        }
        for attribute in &self.scorecard.attributes {
            if !DEMOGRAPHIC_INPUTS.contains(&attribute.name.as_str()) {
                let known = DEMOGRAPHIC_INPUTS.join("`, `");
                return fail(
                    "[scorecard]",
                    format!("attribute `{}` not known (`{known}`)", attribute.name),
                );
            }
            if attribute.bins.windows(2).any(|w| w[0].from >= w[1].from) {
                return fail("[scorecard]", format!("bins of `{}` must ascend", attribute.name));
            }
        }
        let shares = [self.cuts.value, self.cuts.loyalty];
        let bad = |m: &CutMethod| matches!(m, CutMethod::Quantile { top_ppm } if !(1..1_000_000).contains(top_ppm));
        if shares.iter().any(bad) {
            return fail("[cuts]", "`top_ppm` must lie between 0 and 1000000".into());
        }
        Ok(())
    }
}
