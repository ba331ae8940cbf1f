//! The few factors that say why a client stands where it stands.

use crate::Axis;

/// One factor of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor<'a> {
    /// The axis it belongs to.
    pub axis: Axis,
    /// Its name in `score_reason`.
    pub name: &'a str,
    /// Its points, centi-points.
    pub points: i64,
    /// The points of an ordinary client: what the factor is measured against.
    pub neutral: i64,
}

/// Which way a factor moves the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Above neutral.
    High,
    /// Below neutral.
    Low,
}

/// One reason: which row, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Index of the factor among the rows given.
    pub row: usize,
    /// Which way it moves the client.
    pub direction: Direction,
}

impl Factor<'_> {
    /// The code of a reason by this factor, such as `LOYALTY_BREADTH_LOW`.
    pub fn code(&self, direction: Direction) -> String {
        let end = match direction {
            Direction::High => "HIGH",
            Direction::Low => "LOW",
        };
        format!("{}_{}_{end}", self.axis.code(), self.name).to_ascii_uppercase()
    }

    fn distance(&self) -> i64 {
        self.points.saturating_sub(self.neutral)
    }
}

/// The `K` factors furthest from neutral, the furthest first, ties in declared order. A factor at
/// neutral is no reason, so there may be fewer.
pub fn top_reasons<const K: usize>(rows: &[Factor<'_>]) -> [Option<Reason>; K] {
    let mut top: [Option<Reason>; K] = [None; K];
    let size = |reason: &Reason| rows[reason.row].distance().unsigned_abs();
    for (row, factor) in rows.iter().enumerate() {
        let direction = if factor.distance() < 0 { Direction::Low } else { Direction::High };
        let reason = Reason { row, direction };
        let further = |kept: &Option<Reason>| kept.is_none_or(|kept| size(&reason) > size(&kept));
        if factor.distance() == 0 {
            continue;
        }
        // The places stay sorted: the reason goes in before the first smaller one.
        if let Some(place) = top.iter().position(further) {
            top[place..].rotate_right(1);
            top[place] = Some(reason);
        }
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn factor(name: &str, points: i64, neutral: i64) -> Factor<'_> {
        Factor { axis: Axis::Loyalty, name, points, neutral }
    }

    #[test]
    fn the_furthest_from_neutral_come_first() {
        let rows = [
            factor("frequency", 2_100, 2_000),
            factor("breadth", 300, 1_750),
            factor("nps", 0, 0),
            factor("complaints", -100, 0),
            factor("referrals", 900, 0),
        ];
        let codes = |reasons: &[Option<Reason>]| -> Vec<String> {
            reasons.iter().flatten().map(|r| rows[r.row].code(r.direction)).collect()
        };
        let expect = ["LOYALTY_BREADTH_LOW", "LOYALTY_REFERRALS_HIGH", "LOYALTY_FREQUENCY_HIGH"];
        assert_eq!(codes(&top_reasons::<3>(&rows)), expect);
        assert_eq!(top_reasons::<3>(&rows[2..4])[1..], [None, None]);
    }

    proptest! {
        #[test]
        fn they_are_the_head_of_the_sorted_factors(points in prop::collection::vec(-9_i64..9, 0..12)) {
            let rows: Vec<_> = points.iter().map(|&points| factor("f", points, 1)).collect();
            let mut order: Vec<usize> = (0..rows.len()).filter(|&row| points[row] != 1).collect();
            order.sort_by_key(|&row| -(points[row] - 1).abs());
            order.truncate(3);
            let found: Vec<usize> = top_reasons::<3>(&rows).iter().flatten().map(|r| r.row).collect();
            prop_assert_eq!(found, order);
        }
    }
}
