use super::*;
use proptest::prelude::*;

fn check(total: i64, weights: &[i64], expect: &[i64]) {
    assert_eq!(split_by_largest_remainder(total, weights), expect);
}

#[test]
fn units_left_go_to_the_largest_remainders() {
    check(100, &[1, 1, 1], &[34, 33, 33]);
    check(100, &[1, 2, 4], &[14, 29, 57]);
    check(7, &[5, 0, 5], &[4, 0, 3]);
    check(-100, &[1, 1, 1], &[-33, -33, -34]);
    check(0, &[3, 4], &[0, 0]);
}

#[test]
fn weights_that_say_nothing_share_alike() {
    check(5, &[0, 0], &[3, 2]);
    check(5, &[2, -2], &[3, 2]);
    check(5, &[], &[]);
}

#[test]
fn signs_pass_from_weights_to_parts() {
    check(60, &[5, -2, 3], &[50, -20, 30]);
    check(60, &[-5, 2, -3], &[50, -20, 30]);
}

#[test]
fn parts_that_would_not_fit_leave_the_negative_weights_out() {
    check(i64::MAX, &[i64::MAX, 1 - i64::MAX, 0], &[i64::MAX, 0, 0]);
}

#[test]
fn steps_follow_the_declared_order() {
    let rank = |money: i64| if money < 0 { 0 } else { (money / 10).min(100) };
    let steps = rank_steps(&[500, 700, -100], rank);
    assert_eq!(steps, RankSteps { base: 0, steps: vec![50, 50, 0] });
    assert_eq!(rank_steps(&[], rank).steps, Vec::<i64>::new());
}

proptest! {
    #[test]
    fn the_split_sums_to_its_total(total: i64, weights in prop::collection::vec(any::<i64>(), 1..12)) {
        let parts = split_by_largest_remainder(total, &weights);
        let sum: i128 = parts.iter().copied().map(i128::from).sum();
        prop_assert_eq!(sum, i128::from(total));
        prop_assert_eq!(parts.len(), weights.len());
    }

    #[test]
    fn a_share_is_less_than_one_unit_off(
        total in -1_000_000_i64..1_000_000,
        weights in prop::collection::vec(0_i64..1_000, 1..12),
    ) {
        let sum: i64 = weights.iter().sum();
        prop_assume!(sum > 0);
        for (part, weight) in split_by_largest_remainder(total, &weights).iter().zip(&weights) {
            prop_assert!((part * sum - total * weight).abs() < sum);
        }
    }

    #[test]
    fn steps_telescope_to_the_rank_of_the_sum(
        parts in prop::collection::vec(any::<i64>(), 0..10),
        edges in prop::collection::vec(any::<i64>(), 0..50),
    ) {
        let rank = |x: i64| i64::try_from(edges.iter().filter(|&&edge| edge <= x).count()).unwrap();
        let RankSteps { base, steps } = rank_steps(&parts, rank);
        let sum: i128 = parts.iter().copied().map(i128::from).sum();
        prop_assert_eq!(base + steps.iter().sum::<i64>(), rank(clamp(sum)));
        for (part, step) in parts.iter().zip(&steps) {
            prop_assert!(*step == 0 || step.signum() == part.signum());
        }
    }
}
