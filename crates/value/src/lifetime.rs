//! Lifetime value by the status quo: what a client earned, and what it earns on while it stays.
//!
//! `LTV = current return + sum over holdings of level * sum_h S(h) / (1+d_m)^h + growth`. The status
//! quo is the baseline no published model of individual clients beats clearly (Donkers, Verhoef and
//! de Jong 2007). Margins may be negative, and then so is their future.

use crate::{LifetimeParams, RetentionCurve};
use model::MoneyError;

/// Months of the current return.
pub const TRAILING_MONTHS: usize = 12;
/// The 90 % quantile of the standard normal distribution.
const NORMAL_P90: f64 = 1.2816;

/// One product held by a client.
#[derive(Clone, Copy, Debug)]
pub struct Holding<'a> {
    /// How the product is kept.
    pub curve: &'a RetentionCurve,
    /// Margin of each month observed, oldest first, minor units; the last twelve count.
    pub margins: &'a [i64],
    /// Whole months to the contract's end; `None` where it has none.
    pub months_to_maturity: Option<u32>,
}

/// What one holding is worth, minor units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HoldingValue {
    /// Sum of the trailing margins, as observed.
    pub current: i64,
    /// Expected discounted margin to the horizon.
    pub future: i64,
    /// Variance of the future, squared minor units.
    pub variance: f64,
}

/// Lifetime value of a client, minor units: `total = current + held + growth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Current return: trailing twelve months.
    pub current: i64,
    /// Expected future of what is held.
    pub held: i64,
    /// Growth potential, as given.
    pub growth: i64,
    /// Lifetime value.
    pub total: i64,
    /// One in ten such clients is worth less.
    pub p10: i64,
    /// One in ten such clients is worth more.
    pub p90: i64,
}

/// The current and the future return of one holding.
///
/// The level `m` is the mean over the months observed; a holding not yet observed has none. The
/// future is `sum_h v^h 1{kept in h} (mu + e_h)`, `mu` known up to the standard error of `m` and the
/// `e_h` independent, so that its variance is exactly
///
/// ```text
/// (m^2 + s^2/n) Var[a] + (s^2/n) E[a]^2 + s^2 sum_h S(h) v^2h
/// ```
///
/// with `a` the discounted months kept: the chance of leaving, the error of the level (the same in
/// every month), and the months' own noise. `s^2` is the observed sum of squares and one more month
/// that scatters as the settings expect, over n.
pub fn holding_value(
    params: &LifetimeParams,
    holding: &Holding<'_>,
) -> Result<HoldingValue, MoneyError> {
    let skip = holding.margins.len().saturating_sub(TRAILING_MONTHS);
    let margins = &holding.margins[skip..];
    let current: i128 = margins.iter().copied().map(i128::from).sum();
    let current = i64::try_from(current).map_err(|_| MoneyError::OutOfRange)?;
    if margins.is_empty() {
        return Ok(HoldingValue { current, future: 0, variance: 0.0 });
    }
    let months = margins.len() as f64;
    let level = current as f64 / months;
    let squares: f64 = margins.iter().map(|&margin| (margin as f64 - level).powi(2)).sum();
    let scatter = (squares + (params.scatter * level).powi(2)) / months;
    let level_error = scatter / months;
    let kept = holding.curve.moments(holding.months_to_maturity);
    let variance = (level * level + level_error) * kept.variance
        + level_error * kept.mean * kept.mean
        + scatter * kept.noise;
    Ok(HoldingValue { current, future: to_minor(level * kept.mean)?, variance })
}

/// The lifetime value of a client from its holdings and its growth potential.
///
/// P10 and P90 are the total and 1.2816 standard deviations of the future, holdings independent of
/// each other. The growth potential is an expert's expectation and adds nothing to the interval.
pub fn lifetime_value(holdings: &[HoldingValue], growth: i64) -> Result<Lifetime, MoneyError> {
    let current = sum(holdings.iter().map(|holding| holding.current))?;
    let held = sum(holdings.iter().map(|holding| holding.future))?;
    let total = sum([current, held, growth])?;
    let variance: f64 = holdings.iter().map(|holding| holding.variance).sum();
    let half_width = to_minor(NORMAL_P90 * variance.sqrt())?;
    let p10 = total.checked_sub(half_width).ok_or(MoneyError::OutOfRange)?;
    let p90 = total.checked_add(half_width).ok_or(MoneyError::OutOfRange)?;
    Ok(Lifetime { current, held, growth, total, p10, p90 })
}

fn sum(parts: impl IntoIterator<Item = i64>) -> Result<i64, MoneyError> {
    let sum: i128 = parts.into_iter().map(i128::from).sum();
    i64::try_from(sum).map_err(|_| MoneyError::OutOfRange)
}

/// An expectation in whole minor units, half to even: the one road from a score to money.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked before the cast")]
pub(crate) fn to_minor(expectation: f64) -> Result<i64, MoneyError> {
    let rounded = expectation.round_ties_even();
    // 2^63 as a float: the first value that does not fit.
    let limit = -(i64::MIN as f64);
    let fits = (-limit..limit).contains(&rounded);
    if fits { Ok(rounded as i64) } else { Err(MoneyError::OutOfRange) }
}

#[cfg(test)]
mod tests;
