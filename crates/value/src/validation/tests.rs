use super::*;
use proptest::prelude::*;

fn near(actual: Option<f64>, expect: f64) {
    let actual = actual.unwrap();
    assert!((actual - expect).abs() < 1e-12, "{actual} is not {expect}");
}

#[test]
fn rank_correlation_of_known_cases() {
    near(spearman(&[1.0, 2.0, 3.0], &[10.0, 20.0, 90.0]), 1.0);
    near(spearman(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), -1.0);
    // Without ties 1 - 6 sum d^2 / (n (n^2 - 1)): d = 1, 1, 1, 1, 0 of five.
    near(spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 4.0, 3.0, 5.0]), 0.8);
    // Ties at mid-ranks: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    near(spearman(&[1.0, 2.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]), 4.5 / (4.5_f64 * 5.0).sqrt());
    near(spearman(&[0.0, -0.0, 1.0], &[1.0, 1.0, 2.0]), 1.0);
}

#[test]
fn what_has_no_measure_has_no_number() {
    assert_eq!(spearman(&[1.0, 1.0], &[1.0, 2.0]), None);
    assert_eq!(spearman(&[1.0, f64::NAN], &[1.0, 2.0]), None);
    assert_eq!(spearman(&[1.0], &[1.0, 2.0]), None);
    assert_eq!(spearman(&[], &[]), None);
    assert_eq!(top_share_overlap(&[1.0; 4], &[1.0; 4], 200_000), None);
    assert_eq!(bias(&[1.0], &[0.0]), None);
    assert_eq!(mean_absolute_error(&[], &[]), None);
    assert_eq!(mean_absolute_error(&[1.0], &[1.0, 2.0]), None);
}

#[test]
fn the_top_share_counts_true_top_clients_found() {
    let actual = [9.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.0, 0.0, 0.0];
    let predicted = [9.0, 0.0, 8.0, 2.0, 3.0, 4.0, 5.0, 0.0, 0.0, 0.0];
    assert_eq!(top_share_overlap(&predicted, &actual, 200_000), Some(0.5));
    assert_eq!(top_share_overlap(&actual, &actual, 350_000), Some(1.0));
    assert_eq!(top_share_overlap(&actual, &actual, 1_000_001), Some(1.0));
}

#[test]
fn level_is_judged_by_bias_and_error() {
    near(bias(&[80.0, 100.0], &[100.0, 100.0]), -0.1);
    near(mean_absolute_error(&[80.0, 130.0], &[100.0, 100.0]), 25.0);
}

proptest! {
    #[test]
    fn correlation_is_bounded_symmetric_and_blind_to_scale(
        pairs in prop::collection::vec((-100_i32..100, -100_i32..100), 2..40),
    ) {
        let x: Vec<f64> = pairs.iter().map(|pair| f64::from(pair.0)).collect();
        let y: Vec<f64> = pairs.iter().map(|pair| f64::from(pair.1)).collect();
        let cubes: Vec<f64> = x.iter().map(|x| x.powi(3)).collect();
        let rho = spearman(&x, &y);
        prop_assert_eq!(rho, spearman(&y, &x));
        prop_assert_eq!(rho, spearman(&cubes, &y));
        prop_assert!(rho.is_none_or(|rho| rho.abs() <= 1.0 + 1e-12));
    }
}
