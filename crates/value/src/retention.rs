//! How long a product is kept, and what a margin kept that long is worth today.
//!
//! `S(h) = r^h` with a monthly retention `r` per product; past its maturity a contract goes on with
//! the probability of renewal. Payments are discounted by `v^h`, `v = 1 / (1 + d_m)` and
//! `d_m = (1 + d)^(1/12) - 1`, the first month once. The horizon is finite by construction: an
//! endless one grows without bound as the discount rate goes to zero.

/// Longest horizon, months.
const MAX_HORIZON: u32 = 120;
/// Parts per million.
const PPM: i64 = 1_000_000;

/// How the future is counted, as a person writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifetimeSettings {
    /// Months ahead, 1 to 120.
    pub horizon_months: u32,
    /// Annual effective discount rate, ppm; 0 to 1 000 000.
    pub discount_ppm: i64,
    /// What a margin is expected to scatter from month to month, ppm of its level; counts as one
    /// observed month, so that a short history does not look certain. 0 to 10 000 000.
    pub scatter_ppm: i64,
}

impl Default for LifetimeSettings {
    /// Five years at 8 % a year, scatter of half the level.
    fn default() -> Self {
        Self { horizon_months: 60, discount_ppm: 80_000, scatter_ppm: 500_000 }
    }
}

/// What the settings say once checked.
#[derive(Clone, Debug, PartialEq)]
pub struct LifetimeParams {
    /// `v^h` for h = 1, 2, ... to the horizon.
    discount: Vec<f64>,
    /// Expected scatter as a share of the level.
    pub(crate) scatter: f64,
}

/// How a product is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionTerms {
    /// Probability that it is still held a month later, ppm.
    pub retention_ppm: i64,
    /// Probability that it goes on after its maturity, ppm.
    pub renewal_ppm: i64,
}

/// Why lifetime settings are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifetimeError {
    /// No horizon, or one too long to be believed.
    #[error("`horizon_months` is {months} (expected 1 to 120; an endless horizon is refused)")]
    Horizon {
        /// What was asked for.
        months: u32,
    },
    /// A rate outside its range.
    #[error("`{name}` is {ppm} ppm (expected 0 to {highest})")]
    Rate {
        /// Which rate.
        name: &'static str,
        /// What was asked for.
        ppm: i64,
        /// Highest value taken.
        highest: i64,
    },
}

impl LifetimeSettings {
    /// Checks the settings and works out the discount factors.
    pub fn check(&self) -> Result<LifetimeParams, LifetimeError> {
        if !(1..=MAX_HORIZON).contains(&self.horizon_months) {
            return Err(LifetimeError::Horizon { months: self.horizon_months });
        }
        let annual = share("discount_ppm", self.discount_ppm, PPM)?;
        let scatter = share("scatter_ppm", self.scatter_ppm, 10 * PPM)?;
        let monthly = (1.0 + annual).powf(1.0 / 12.0);
        let factor = |left: &mut f64| {
            *left /= monthly;
            Some(*left)
        };
        let months = (0..self.horizon_months).scan(1.0, |left, _| factor(left));
        Ok(LifetimeParams { discount: months.collect(), scatter })
    }
}

/// The worth of one unit of monthly margin of a product, by the months to its maturity.
///
/// Made once per product; reading it for a client costs nothing. Sums run from the first month on,
/// entry n holding the first n months.
#[derive(Clone, Debug, PartialEq)]
pub struct RetentionCurve {
    /// `sum r^h v^h`: expected discounted months.
    months: Vec<f64>,
    /// `sum r^h v^h (v^h + 2 sum_{k<h} v^k)`: second moment of the discounted months.
    second_moment: Vec<f64>,
    /// `sum r^h v^2h`: what independent monthly noise is multiplied by.
    noise: Vec<f64>,
    renewal: f64,
}

/// Moments of the discounted months a product is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moments {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
    pub(crate) noise: f64,
}

impl RetentionCurve {
    /// The curve of a product under the discounting of `params`.
    pub fn new(params: &LifetimeParams, terms: RetentionTerms) -> Result<Self, LifetimeError> {
        let retention = share("retention_ppm", terms.retention_ppm, PPM)?;
        let renewal = share("renewal_ppm", terms.renewal_ppm, PPM)?;
        let empty = || vec![0.0];
        let mut curve = Self { months: empty(), second_moment: empty(), noise: empty(), renewal };
        let (mut survival, mut certain) = (1.0, 0.0);
        let (mut months, mut second_moment, mut noise) = (0.0, 0.0, 0.0);
        for &discount in &params.discount {
            survival *= retention;
            months += survival * discount;
            second_moment += survival * discount * (discount + 2.0 * certain);
            noise += survival * discount * discount;
            certain += discount;
            curve.months.push(months);
            curve.second_moment.push(second_moment);
            curve.noise.push(noise);
        }
        Ok(curve)
    }

    /// Expected discounted months: what one unit of margin per month is worth today.
    ///
    /// `months_to_maturity` is `None` for a product without an end, 0 for one that has ended.
    pub fn annuity(&self, months_to_maturity: Option<u32>) -> f64 {
        self.at_maturity(&self.months, months_to_maturity)
    }

    /// Mean and variances of the discounted months.
    pub(crate) fn moments(&self, months_to_maturity: Option<u32>) -> Moments {
        let mean = self.annuity(months_to_maturity);
        let second_moment = self.at_maturity(&self.second_moment, months_to_maturity);
        // The difference of near numbers may fall below zero by a rounding.
        let variance = (second_moment - mean * mean).max(0.0);
        Moments { mean, variance, noise: self.at_maturity(&self.noise, months_to_maturity) }
    }

    /// The sum to the maturity in full and the rest with the probability of renewal. One renewal is
    /// assumed: the term of the next contract is not known.
    fn at_maturity(&self, sums: &[f64], months_to_maturity: Option<u32>) -> f64 {
        let all = sums.last().copied().unwrap_or(0.0);
        let maturity = months_to_maturity.and_then(|months| usize::try_from(months).ok());
        match maturity.and_then(|months| sums.get(months)) {
            Some(first) => first + self.renewal * (all - first),
            None => all,
        }
    }
}

fn share(name: &'static str, ppm: i64, highest: i64) -> Result<f64, LifetimeError> {
    if (0..=highest).contains(&ppm) {
        Ok(ppm as f64 / PPM as f64)
    } else {
        Err(LifetimeError::Rate { name, ppm, highest })
    }
}

#[cfg(test)]
mod tests;
