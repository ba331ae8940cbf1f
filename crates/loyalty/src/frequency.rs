//! Frequency: how often a client uses the bank, what is recent counting more (S05).

use crate::HalfLife;

/// The activity of one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Age of the month at the business date, days.
    pub age_days: u32,
    /// Active days or transactions in it.
    pub active: u32,
}

/// Exponentially weighted activity, millionths of an active day; ranked among clients by the caller,
/// which also takes the edge off outliers.
pub fn frequency(history: &[Activity], half_life: &HalfLife) -> i64 {
    let weighted =
        history.iter().map(|month| half_life.weight(month.age_days) * i64::from(month.active));
    weighted.fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(age_days: u32, active: u32) -> Activity {
        Activity { age_days, active }
    }

    #[test]
    fn recent_months_count_more() {
        let weights = HalfLife::new(90).unwrap();
        assert_eq!(frequency(&[], &weights), 0);
        assert_eq!(frequency(&[month(0, 10), month(90, 10), month(180, 4)], &weights), 16_000_000);
        assert_eq!(frequency(&[month(10_000, 31)], &weights), 0);
        assert!(frequency(&vec![month(0, u32::MAX); 3_000], &weights) > 0);
    }

    proptest! {
        #[test]
        fn it_rises_with_activity_falls_with_age_and_knows_no_order(
            mut months in prop::collection::vec((0_u32..800, 0_u32..32), 1..24),
            more in 0_u32..32,
            older in 0_u32..400,
        ) {
            let weights = HalfLife::new(90).unwrap();
            let of = |months: &[(u32, u32)]| {
                let history: Vec<_> = months.iter().map(|&(age, active)| month(age, active)).collect();
                frequency(&history, &weights)
            };
            let plain = of(&months);
            months.reverse();
            prop_assert_eq!(of(&months), plain);
            months[0].1 += more;
            let busier = of(&months);
            prop_assert!(busier >= plain);
            months[0].0 += older;
            prop_assert!(of(&months) <= busier);
        }
    }
}
