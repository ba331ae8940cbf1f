use super::*;
use proptest::prelude::*;

fn weights(
    frequency_ppm: i64,
    breadth_ppm: i64,
    advocacy_ppm: i64,
) -> Result<Weights, WeightError> {
    WeightSettings { frequency_ppm, breadth_ppm, advocacy_ppm }.check()
}

fn said(parts: [i64; 7]) -> Advocacy {
    Advocacy { points: parts.iter().sum(), parts, coverage_permille: 0 }
}

#[test]
fn the_index_is_the_weighted_sum() {
    let weights = WeightSettings::default().check().unwrap();
    let loyalty = loyalty(weights, 8_000, 5_000, &said([6_000, 0, -400, 0, 0, 0, 0]));
    let parts = [1_500, 0, -100, 0, 0, 0, 0];
    let expect = Loyalty {
        total: 6_350,
        frequency: 3_200,
        breadth: 1_750,
        advocacy: 1_400,
        advocacy_parts: parts,
    };
    assert_eq!(loyalty, expect);
}

#[test]
fn three_halves_do_not_lift_the_index_above_its_top() {
    let full = said([FULL, 0, 0, 0, 0, 0, 0]);
    for (f, b, a) in [(333_350, 333_350, 333_300), (333_333, 333_333, 333_334), (0, 0, 1_000_000)] {
        assert_eq!(loyalty(weights(f, b, a).unwrap(), FULL, FULL, &full).total, FULL);
    }
}

#[test]
fn weights_that_are_not_one_whole_are_refused() {
    assert_eq!(weights(400_000, 350_000, 200_000), Err(WeightError::Sum { sum: 950_000 }));
    let error = weights(-1, 500_001, 500_000).unwrap_err();
    assert_eq!(error.to_string(), "`frequency_ppm` is -1 (expected 0 to 1000000)");
}

fn any_weights() -> impl Strategy<Value = Weights> {
    (0_i64..=PPM, 0_i64..=PPM).prop_map(|(a, b)| {
        let (low, high) = (a.min(b), a.max(b));
        weights(low, high - low, PPM - high).unwrap()
    })
}

/// Parts that leave the sum within bounds, as advocacy makes them.
fn any_advocacy() -> impl Strategy<Value = Advocacy> {
    (0_i64..=FULL, prop::array::uniform6(-800_i64..800)).prop_map(|(behaviour, moves)| {
        let mut parts = [behaviour, 0, 0, 0, 0, 0, 0];
        let mut reached = behaviour;
        for (part, step) in parts[1..].iter_mut().zip(moves) {
            let next = (reached + step).clamp(0, FULL);
            *part = next - reached;
            reached = next;
        }
        said(parts)
    })
}

proptest! {
    #[test]
    fn parts_sum_exactly_and_the_index_is_bounded(
        weights in any_weights(), f in 0_i64..=FULL, b in 0_i64..=FULL, a in any_advocacy(),
    ) {
        let loyalty = loyalty(weights, f, b, &a);
        prop_assert_eq!(loyalty.total, loyalty.frequency + loyalty.breadth + loyalty.advocacy);
        prop_assert_eq!(loyalty.advocacy, loyalty.advocacy_parts.iter().sum::<i64>());
        prop_assert!((0..=FULL).contains(&loyalty.total));
    }

    #[test]
    fn the_index_never_falls_when_an_axis_rises(
        weights in any_weights(), f in 0_i64..FULL, b in 0_i64..FULL, a in any_advocacy(), up in 0_i64..500,
    ) {
        let at = |f, b, a: &Advocacy| loyalty(weights, f, b, a).total;
        let before = at(f, b, &a);
        prop_assert!(at(f + up, b, &a) >= before);
        prop_assert!(at(f, b + up, &a) >= before);
        let mut better = a.parts;
        better[0] += up;
        prop_assert!(at(f, b, &said(better)) >= before);
    }
}
