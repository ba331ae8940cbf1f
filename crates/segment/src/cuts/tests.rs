use super::*;
use proptest::prelude::*;

fn check(method: CutMethod, values: &[i64], expect: Result<i64, CutError>) {
    assert_eq!(threshold(method, &Histogram::of_values(values.to_vec())), expect, "{method:?}");
}

#[test]
fn a_fixed_cut_is_what_management_says() {
    check(CutMethod::Fixed(5_000_000), &[], Ok(5_000_000));
}

#[test]
fn a_share_takes_the_best_clients() {
    let ten: Vec<i64> = (1..=10).collect();
    for (ppm, cut) in [(200_000, 9), (400_000, 7), (250_000, 9), (260_000, 8), (999_999, 1)] {
        check(CutMethod::TopShare(ppm), &ten, Ok(cut));
    }
}

#[test]
fn clients_equal_at_the_boundary_stay_together_on_the_nearer_side() {
    // Two tenths asked: one without the five equals, six with them.
    check(CutMethod::TopShare(200_000), &[1, 1, 1, 1, 5, 5, 5, 5, 5, 9], Ok(9));
    // Four tenths asked: one without, five with them.
    check(CutMethod::TopShare(400_000), &[1, 1, 1, 1, 1, 5, 5, 5, 5, 9], Ok(5));
    // All equal: nobody is high.
    check(CutMethod::TopShare(200_000), &[5; 10], Ok(6));
}

#[test]
fn a_share_needs_clients_and_both_sides() {
    check(CutMethod::TopShare(0), &[1, 2], Err(CutError::Share { ppm: 0 }));
    check(CutMethod::TopShare(1_000_000), &[1, 2], Err(CutError::Share { ppm: 1_000_000 }));
    check(CutMethod::TopShare(1), &[], Err(CutError::Population { values: 0, needed: 1 }));
}

#[test]
fn a_natural_break_lies_in_the_gap() {
    let linear = CutMethod::NaturalBreaks(Spread::Linear);
    check(linear, &[1, 2, 3, 100, 101], Ok(100));
    check(linear, &[1, 2], Ok(2));
    check(linear, &[4, 4], Err(CutError::Population { values: 1, needed: 2 }));
    // One fortune is a group of its own unless money is spread out by asinh.
    let money = [10, 12, 15, 1_000, 1_200, 1_500, 90_000];
    check(linear, &money, Ok(90_000));
    check(CutMethod::NaturalBreaks(Spread::Asinh { unit: 1 }), &money, Ok(1_000));
}

/// Variance within two groups cut at a value, by definition.
fn within(values: &[i64], cut: i64) -> f64 {
    let squares = |group: Vec<f64>| {
        let mean = group.iter().sum::<f64>() / group.len() as f64;
        group.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
    };
    let group = |high| values.iter().filter(|v| (**v >= cut) == high).map(|v| *v as f64).collect();
    squares(group(true)) + squares(group(false))
}

proptest! {
    #[test]
    fn no_other_break_leaves_less_variance(values in prop::collection::vec(-200_i64..200, 2..40)) {
        let population = Histogram::of_values(values.clone());
        prop_assume!(population.bars().len() > 1);
        let cut = threshold(CutMethod::NaturalBreaks(Spread::Linear), &population).unwrap();
        let found = within(&values, cut);
        for bar in &population.bars()[1..] {
            prop_assert!(found <= within(&values, bar.value) + 1e-6);
        }
    }

    #[test]
    fn no_other_cut_comes_nearer_to_the_share(
        values in prop::collection::vec(-20_i64..20, 1..60), ppm in 1_u32..1_000_000,
    ) {
        let population = Histogram::of_values(values.clone());
        let cut = threshold(CutMethod::TopShare(ppm), &population).unwrap();
        let off = |cut: i64| {
            let high = values.iter().filter(|value| **value >= cut).count() as u128;
            (high * PPM).abs_diff(values.len() as u128 * u128::from(ppm))
        };
        for other in -21..=21 {
            prop_assert!(off(cut) <= off(other));
        }
    }
}
