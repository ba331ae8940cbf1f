//! Growth potential: what expert points promise beyond today's margin.
//!
//! A point above neutral is worth so much a month, the bank realises a share of it, and it is earned
//! as long as the client stays: `max(0, points - neutral) * money per point * realisation * annuity`.
//! Never negative, as in `G_i = max(0, ...)`: few points promise nothing, they take nothing away.

use crate::lifetime::to_minor;
use crate::{Points, split_by_largest_remainder};
use model::MoneyError;

/// Parts per million.
const PPM: f64 = 1_000_000.0;

/// What a point is worth, for one kind of client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrowthParams {
    /// The total at which nothing is promised.
    pub neutral_points: i64,
    /// Worth of a point above neutral, minor units a month; below zero counts as zero.
    pub money_per_point: i64,
    /// Share of it the bank expects to win, ppm; below zero counts as zero.
    pub realisation_ppm: i64,
}

/// Expected growth of one client, minor units: `total` is the sum of `parts` and `base`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// Expected growth over the horizon, discounted.
    pub total: i64,
    /// What each demographic input adds or takes away, measured against its missing points.
    pub parts: [i64; 7],
    /// What a client that gave nothing would have: missing points against neutral.
    pub base: i64,
}

/// The growth of a client with these points.
///
/// `missing` are the card's missing points, `annuity` the discounted months an additional margin is
/// kept ([`crate::RetentionCurve::annuity`]). Parts are in proportion to points, by largest remainder.
pub fn growth(
    params: &GrowthParams,
    points: &Points,
    missing: &[i64; 7],
    annuity: f64,
) -> Result<Growth, MoneyError> {
    let above = points.total.saturating_sub(params.neutral_points);
    if above <= 0 {
        return Ok(Growth::default());
    }
    let monthly = i128::from(above) * i128::from(params.money_per_point.max(0));
    let realised = monthly as f64 * (params.realisation_ppm.max(0) as f64 / PPM);
    let total = to_minor(realised * annuity)?;
    let mut weights = [0; 8];
    for (weight, (part, missing)) in weights.iter_mut().zip(points.parts.iter().zip(missing)) {
        *weight = part - missing;
    }
    // The eight weights sum to the points above neutral.
    weights[7] = above - weights.iter().sum::<i64>();
    let shares = split_by_largest_remainder(total, &weights);
    let mut parts = [0; 7];
    parts.copy_from_slice(&shares[..7]);
    Ok(Growth { total, parts, base: shares[7] })
}

#[cfg(test)]
mod tests;
