use super::*;
use crate::Histogram;
use proptest::prelude::*;

fn standing(value_money: i64, value_points: i64, loyalty_points: i64) -> Standing {
    Standing { value_money, value_points, loyalty_points }
}

fn cuts(value: Cut) -> Cuts {
    Cuts { value, loyalty_points: 6_000 }
}

#[test]
fn the_cut_belongs_to_the_high_side() {
    for (value, loyalty, cell) in [
        (8_000, 6_000, Cell::HvHl),
        (8_000, 5_999, Cell::HvLl),
        (7_999, 6_000, Cell::LvHl),
        (7_999, 5_999, Cell::LvLl),
    ] {
        let client = standing(0, value, loyalty);
        assert_eq!(classify(&client, &cuts(Cut::on_points(8_000)), false), Some(cell));
    }
}

#[test]
fn a_money_cut_looks_at_money() {
    let scale = Scale::of(&Histogram::of_values(vec![100, 200, 300, 400])).unwrap();
    let cut = Cut::on_money(300, &scale);
    assert_eq!(cut.points, 6_250);
    assert_eq!(classify(&standing(300, 0, 0), &cuts(cut), false), Some(Cell::HvLl));
    assert_eq!(classify(&standing(299, 10_000, 0), &cuts(cut), false), Some(Cell::LvLl));
}

#[test]
fn who_refused_profiling_is_not_graded() {
    let cell = classify(&standing(0, 9_000, 9_000), &cuts(Cut::on_points(8_000)), true);
    assert_eq!((cell, tier_of(cell)), (None, Tier::Unprofiled));
}

#[test]
fn the_nearer_cut_is_the_nearest_flip() {
    let cuts = cuts(Cut::on_points(8_000));
    for (value, loyalty, axis, distance) in [
        (8_100, 5_800, Axis::Value, 100),
        (8_300, 5_800, Axis::Loyalty, -200),
        (8_000, 6_000, Axis::Value, 0),
        (7_700, 6_300, Axis::Value, -300),
    ] {
        assert_eq!(nearest_flip(&standing(0, value, loyalty), &cuts), Flip { axis, distance });
    }
}

proptest! {
    #[test]
    fn a_tier_never_falls_when_a_score_rises(
        value in 0_i64..10_000, loyalty in 0_i64..10_000, up in 0_i64..5_000, right in 0_i64..5_000,
        value_cut in 0_i64..10_000, loyalty_points in 0_i64..10_000,
    ) {
        let cuts = Cuts { value: Cut::on_points(value_cut), loyalty_points };
        let tier = |value, loyalty| tier_of(classify(&standing(0, value, loyalty), &cuts, false));
        prop_assert!(tier(value + up, loyalty + right) >= tier(value, loyalty));
    }

    #[test]
    fn crossing_the_nearest_cut_changes_the_cell(
        value in 0_i64..=10_000, loyalty in 0_i64..=10_000, value_cut in 1_i64..10_000,
    ) {
        let cuts = cuts(Cut::on_points(value_cut));
        let mut client = standing(0, value, loyalty);
        let before = classify(&client, &cuts, false);
        let flip = nearest_flip(&client, &cuts);
        let step = if flip.distance < 0 { -flip.distance } else { -flip.distance - 1 };
        match flip.axis {
            Axis::Value => client.value_points += step,
            Axis::Loyalty => client.loyalty_points += step,
        }
        prop_assert_ne!(classify(&client, &cuts, false), before);
    }
}
