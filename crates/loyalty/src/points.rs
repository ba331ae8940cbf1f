//! Centi-points: the unit of scores.

/// The highest score: 100 points in centi-points.
pub const FULL: i64 = 10_000;

/// `numerator / denominator` to the nearest whole number, halves up; the denominator is positive.
///
/// It never falls when the numerator rises, so that cumulative sums round to parts of their sign.
pub(crate) fn nearest(numerator: i128, denominator: i128) -> i64 {
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator);
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up() {
        for (numerator, expect) in [(4, 0), (5, 1), (14, 1), (15, 2), (-5, 0), (-6, -1), (-15, -1)]
        {
            assert_eq!(nearest(numerator, 10), expect, "{numerator}");
        }
    }
}
