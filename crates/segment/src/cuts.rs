//! Where high begins: fixed by management, by share, or by the natural break.

use crate::{Bar, Histogram};

/// Parts per million.
const PPM: u128 = 1_000_000;

/// How a cut is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutMethod {
    /// At this amount and above: minor units or centi-points, as the population is measured.
    Fixed(i64),
    /// The best share of clients, ppm. Clients equal at the boundary stay together, on the side that
    /// comes nearer to the share; when both are as near, below.
    TopShare(u32),
    /// The break that leaves least variance within two groups (Fisher 1958, Jenks 1967).
    NaturalBreaks(Spread),
}

/// How values are spread out before their natural break is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// As they are: scores.
    Linear,
    /// By `asinh(value / unit)`: money, where a few fortunes would else be a group of their own.
    Asinh {
        /// What counts as one, minor units; at least 1.
        unit: i64,
    },
}

/// Why there is no cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    /// A share that leaves nobody above or nobody below.
    #[error("top share of {ppm} ppm (expected 1 to 999999)")]
    Share {
        /// What was asked for.
        ppm: u32,
    },
    /// A population without two different values has no break.
    #[error("{values} different values in the population (expected at least {needed})")]
    Population {
        /// Different values seen.
        values: usize,
        /// Different values needed.
        needed: usize,
    },
}

/// The value from which a client of this population is high. Of a population counted by bins it is one
/// of their lowest values; when nobody is high one above the last of them, which
/// [`bin_from`](crate::bin_from) brings to the end of that bin.
pub fn threshold(method: CutMethod, population: &Histogram) -> Result<i64, CutError> {
    match method {
        CutMethod::Fixed(amount) => Ok(amount),
        CutMethod::TopShare(ppm) if !(1..1_000_000).contains(&ppm) => Err(CutError::Share { ppm }),
        CutMethod::TopShare(ppm) => top_share(ppm, population),
        CutMethod::NaturalBreaks(spread) => natural_break(spread, population.bars()),
    }
}

/// Walks from the top until the share is passed, then takes the nearer side of the last bar.
fn top_share(ppm: u32, population: &Histogram) -> Result<i64, CutError> {
    // Counts are compared times a million, so that the share need not be a whole number of clients.
    let asked = u128::from(population.clients()) * u128::from(ppm);
    let mut above: u128 = 0;
    let mut lowest_above = None;
    for bar in population.bars().iter().rev() {
        let with_bar = above + u128::from(bar.clients) * PPM;
        if with_bar >= asked {
            let take_bar = with_bar - asked < asked - above;
            let without = || lowest_above.unwrap_or(bar.value.saturating_add(1));
            return Ok(if take_bar { bar.value } else { without() });
        }
        above = with_bar;
        lowest_above = Some(bar.value);
    }
    Err(CutError::Population { values: 0, needed: 1 })
}

/// One pass over the bars: least variance within is most variance between, which for two groups of
/// weights `w` and sums `s` is `(s1 w2 - s2 w1)^2 / (w1 w2)` up to a constant. Of equals the lowest.
fn natural_break(spread: Spread, bars: &[Bar]) -> Result<i64, CutError> {
    let centre = bars.get(bars.len() / 2).map_or(0.0, |bar| spread.of(bar.value));
    // Measured from the middle bar, so that the sums do not lose digits to a common offset.
    let spread_out = || bars.iter().map(|bar| (bar.clients as f64, spread.of(bar.value) - centre));
    let (all, all_sum) = spread_out().fold((0.0, 0.0), |(w, s), (n, v)| (w + n, s + n * v));
    let (mut below, mut below_sum) = (0.0, 0.0);
    let mut best = None;
    for (pair, (clients, value)) in bars.windows(2).zip(spread_out()) {
        below += clients;
        below_sum += clients * value;
        let above = all - below;
        let gap = below_sum * above - (all_sum - below_sum) * below;
        let between = gap * gap / (below * above);
        if best.is_none_or(|(most, _)| between > most) {
            best = Some((between, pair[1].value));
        }
    }
    best.map(|(_, value)| value).ok_or(CutError::Population { values: bars.len(), needed: 2 })
}

impl Spread {
    fn of(self, value: i64) -> f64 {
        match self {
            Self::Linear => value as f64,
            Self::Asinh { unit } => (value as f64 / unit.max(1) as f64).asinh(),
        }
    }
}

#[cfg(test)]
mod tests;
