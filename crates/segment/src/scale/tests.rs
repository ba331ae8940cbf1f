use super::*;
use proptest::prelude::*;

fn scale(values: &[i64]) -> Scale {
    Scale::of(&Histogram::of_values(values.to_vec())).unwrap()
}

/// The exact mid-rank in centi-points, halves up.
fn exact(values: &[i64], value: i64) -> i64 {
    let below = values.iter().filter(|&&v| v < value).count();
    let equal = values.iter().filter(|&&v| v == value).count();
    let (twice, all) =
        (i64::try_from(2 * below + equal).unwrap(), i64::try_from(values.len()).unwrap());
    (twice * 10_000 + all) / (2 * all)
}

#[test]
fn a_score_is_the_share_below_and_half_of_the_ties() {
    let scale = scale(&[10, 20, 20, 30]);
    for (value, score) in
        [(9, 0), (10, 1_250), (15, 2_500), (20, 5_000), (25, 7_500), (30, 8_750), (31, 10_000)]
    {
        assert_eq!(scale.score(value), score, "{value}");
    }
}

#[test]
fn a_population_of_equals_stands_in_the_middle() {
    let scale = scale(&[7; 100]);
    assert_eq!([6, 7, 8].map(|value| scale.score(value)), [0, 5_000, 10_000]);
    assert_eq!(Scale::of(&Histogram::default()), None);
}

#[test]
fn a_large_population_keeps_ten_thousand_edges_within_a_centi_point() {
    let values: Vec<i64> = (0..70_001).map(|i| i * i % 9_973 * 1_000 + i).collect();
    let scale = scale(&values);
    assert_eq!(scale.edges().len(), MAX_EDGES);
    for value in values.iter().step_by(997) {
        assert!((scale.score(*value) - exact(&values, *value)).abs() <= 1, "{value}");
    }
    assert_eq!(Scale::of_edges(scale.edges().to_vec()), Some(scale));
}

proptest! {
    #[test]
    fn a_small_population_is_exact(
        values in prop::collection::vec(-50_i64..50, 1..80), value in -60_i64..60,
    ) {
        prop_assert_eq!(scale(&values).score(value), exact(&values, value));
    }

    #[test]
    fn few_edges_are_half_a_stratum_off_at_most(
        values in prop::collection::vec(-50_i64..50, 1..300), most in 1_usize..40, value in -60_i64..60,
    ) {
        let scale = Scale::with_edges(&Histogram::of_values(values.clone()), most).unwrap();
        let strata = i64::try_from(scale.edges().len()).unwrap();
        let error = (scale.score(value) - exact(&values, value)).abs();
        prop_assert!(error <= 10_000 / (2 * strata) + 1, "{error}");
    }

    #[test]
    fn scores_never_fall_and_stay_in_bounds(
        values in prop::collection::vec(any::<i64>(), 1..100), a: i64, b: i64,
    ) {
        let scale = scale(&values);
        prop_assert!(scale.score(a.min(b)) <= scale.score(a.max(b)));
        prop_assert!((0..=10_000).contains(&scale.score(a)));
    }
}
