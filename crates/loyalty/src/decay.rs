//! Exponential forgetting in whole numbers.

/// One, in the fixed point of weights: a millionth is 1.
pub const MICRO: i64 = 1_000_000;
/// Longest half-life, days: ten years.
const MAX_DAYS: u32 = 3_650;
/// Half-lives after which a weight rounds to zero millionths.
const HALVINGS: u32 = 21;

/// Weights that halve every so many days, tabled in millionths: a sum of them is exact, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfLife {
    by_age: Vec<i64>,
}

impl HalfLife {
    /// The weights of a half-life of 1 to 3650 days; `None` outside of it.
    pub fn new(days: u32) -> Option<Self> {
        if !(1..=MAX_DAYS).contains(&days) {
            return None;
        }
        let weight = |age: u32| (-f64::from(age) / f64::from(days)).exp2();
        Some(Self { by_age: (0..=days * HALVINGS).map(|age| to_micro(weight(age))).collect() })
    }

    /// The weight of what is `age_days` old, millionths: 1 000 000 today, 500 000 a half-life ago.
    pub fn weight(&self, age_days: u32) -> i64 {
        let age = usize::try_from(age_days).ok();
        age.and_then(|age| self.by_age.get(age)).copied().unwrap_or(0)
    }
}

/// A share or a small count in millionths.
#[expect(clippy::cast_possible_truncation, reason = "tabled weights lie between 0 and 64")]
pub(crate) fn to_micro(share: f64) -> i64 {
    (share * MICRO as f64).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_halve_and_end() {
        let weights = HalfLife::new(90).unwrap();
        for (age, weight) in [(0, MICRO), (90, 500_000), (180, 250_000), (45, 707_107)] {
            assert_eq!(weights.weight(age), weight, "{age}");
        }
        assert_eq!(weights.weight(90 * HALVINGS), 0);
        assert_eq!(weights.weight(u32::MAX), 0);
        assert!(weights.by_age.windows(2).all(|pair| pair[0] >= pair[1]));
    }

    // Catalogue I9: what is no number is in no output.
    #[test]
    fn every_weight_of_every_half_life_is_a_number() {
        for days in (1..=MAX_DAYS).step_by(73) {
            let weights = HalfLife::new(days).unwrap();
            assert_eq!(weights.weight(0), MICRO, "{days}");
            let within = |weight: &i64| (0..=MICRO).contains(weight);
            assert!(weights.by_age.iter().all(within), "{days}");
        }
    }

    #[test]
    fn a_half_life_lies_between_a_day_and_ten_years() {
        assert_eq!((HalfLife::new(0), HalfLife::new(3_651)), (None, None));
        assert_eq!(HalfLife::new(1).unwrap().weight(1), 500_000);
    }
}
