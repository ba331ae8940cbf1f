use super::*;
use proptest::prelude::*;

const PARAMS: GrowthParams =
    GrowthParams { neutral_points: 100, money_per_point: 50, realisation_ppm: 200_000 };

fn points(parts: [i64; 7]) -> Points {
    Points { parts, total: parts.iter().sum(), known_permille: 1000 }
}

fn check(parts: [i64; 7], missing: [i64; 7], expect: Growth) {
    assert_eq!(growth(&PARAMS, &points(parts), &missing, 10.0).unwrap(), expect);
}

#[test]
fn points_above_neutral_are_worth_money() {
    // 20 points above neutral * 50 * 20 % * 10 months = 2 000.
    check(
        [20, 40, 20, 10, 40, -10, 0],
        [10, 20, 20, 10, 30, 10, 0],
        Growth { total: 2_000, parts: [1_000, 2_000, 0, 0, 1_000, -2_000, 0], base: 0 },
    );
}

#[test]
fn the_base_holds_what_missing_points_are_above_neutral() {
    check(
        [10, 130, 0, 0, 0, 0, 0],
        [10, 100, 0, 0, 0, 0, 0],
        Growth { total: 4_000, parts: [0, 3_000, 0, 0, 0, 0, 0], base: 1_000 },
    );
}

#[test]
fn few_points_promise_nothing_and_take_nothing() {
    check([0; 7], [20; 7], Growth::default());
    check([100, 0, 0, 0, 0, 0, 0], [0; 7], Growth::default());
}

proptest! {
    #[test]
    fn growth_is_never_negative_and_its_parts_sum(
        parts in prop::array::uniform7(-1_000_000_i64..1_000_000),
        missing in prop::array::uniform7(-1_000_000_i64..1_000_000),
        money in -10_i64..1_000_000,
        annuity in 0.0_f64..120.0,
    ) {
        let params = GrowthParams { money_per_point: money, ..PARAMS };
        let growth = growth(&params, &points(parts), &missing, annuity).unwrap();
        prop_assert!(growth.total >= 0);
        prop_assert_eq!(growth.total, growth.parts.iter().sum::<i64>() + growth.base);
    }

    #[test]
    fn growth_rises_with_points(total in -500_i64..500, more in 0_i64..500) {
        let at = |total| growth(&PARAMS, &points([total, 0, 0, 0, 0, 0, 0]), &[0; 7], 40.5).unwrap();
        prop_assert!(at(total).total <= at(total + more).total);
    }
}
