use super::*;
use proptest::prelude::*;

fn row(day: i32, amount: i64, balance_after: i64) -> LedgerRow {
    LedgerRow { day, amount, balance_after }
}

/// Day, closing, breaks of each day.
fn check(rows: &[LedgerRow], tolerance: i64, expect: &[(i32, i64, u32)]) {
    let chain = balance_chain(rows, tolerance);
    let days: Vec<_> = chain.days.iter().map(|d| (d.day, d.closing, d.breaks)).collect();
    assert_eq!(days, expect);
    assert_eq!(chain.breaks, expect.iter().map(|d| d.2).sum::<u32>());
}

#[test]
fn rows_in_order_follow() {
    check(&[], 0, &[]);
    check(&[row(1, 100, 100), row(2, -30, 70), row(2, 5, 75)], 0, &[(1, 100, 0), (2, 75, 0)]);
}

#[test]
fn rows_of_a_day_may_come_in_any_order() {
    check(&[row(1, -30, 70), row(1, 5, 75), row(1, 100, 100)], 0, &[(1, 75, 0)]);
}

#[test]
fn a_balance_visited_twice_needs_the_detour_first() {
    // Greedy 0 -> 100 -> 60 would strand the loop 100 -> 150 -> 100.
    let rows = [row(1, -40, 60), row(1, 100, 100), row(1, 50, 150), row(1, -50, 100)];
    check(&rows, 0, &[(1, 60, 0)]);
}

#[test]
fn a_missing_row_is_one_break_and_the_days_after_are_whole() {
    check(
        &[row(1, 100, 100), row(3, 10, 160), row(4, -60, 100)],
        0,
        &[(1, 100, 0), (3, 160, 1), (4, 100, 0)],
    );
}

#[test]
fn a_first_balance_that_does_not_start_at_zero_is_a_break() {
    check(&[row(1, 100, 600)], 0, &[(1, 600, 1)]);
}

#[test]
fn a_circle_apart_from_the_opening_is_a_break() {
    check(&[row(1, 100, 600), row(1, -100, 500)], 0, &[(1, 500, 1)]);
}

#[test]
fn two_faults_of_one_day_are_two_breaks() {
    check(&[row(1, 1, 11), row(1, 1, 21), row(1, 5, 5)], 0, &[(1, 5, 2)]);
}

#[test]
fn the_tolerance_is_in_minor_units_and_included() {
    let rows = [row(1, 100, 100), row(2, 50, 151)];
    check(&rows, 1, &[(1, 100, 0), (2, 151, 0)]);
    check(&rows, 0, &[(1, 100, 0), (2, 151, 1)]);
    // Out of order and one unit off.
    check(&[row(1, 50, 151), row(1, 100, 100)], 1, &[(1, 151, 0)]);
}

#[test]
fn extreme_amounts_do_not_wrap() {
    check(&[row(1, i64::MIN, i64::MAX)], i64::MAX, &[(1, i64::MAX, 1)]);
}

#[test]
fn a_busy_day_of_equal_rows_is_quick() {
    let mut rows = Vec::new();
    for _ in 0..20_000 {
        rows.push(row(1, -100, 0));
        rows.push(row(1, 100, 100));
    }
    check(&rows, 0, &[(1, 0, 0)]);
}

#[test]
fn the_average_carries_the_balance_forward() {
    let close = |day, closing| DayClose { day, closing, breaks: 0 };
    let closings = [close(0, 100), close(10, 400), close(19, -200)];
    for (first, last, expect) in [
        (0, 9, Some(100)),
        (1, 5, Some(100)),
        (-5, -1, Some(0)),
        (-10, 9, Some(50)),
        (10, 10, Some(400)),
        (9, 10, Some(250)),
        (0, 19, Some((10 * 100 + 9 * 400 - 200) / 20)),
        (100, 129, Some(-200)),
        (5, 4, None),
    ] {
        assert_eq!(average_balance(&closings, first, last), expect, "{first}..={last}");
    }
    assert_eq!(average_balance(&[], 0, 30), Some(0));
    // 1/2 and 3/2 go to the even neighbour.
    assert_eq!(average_balance(&[close(1, 1)], 0, 1), Some(0));
    assert_eq!(average_balance(&[close(1, 3)], 0, 1), Some(2));
}

/// The fewest jumps over every order of the rows.
fn fewest_breaks(opening: i64, rest: &mut Vec<LedgerRow>) -> u32 {
    if rest.is_empty() {
        return 0;
    }
    let mut best = u32::MAX;
    for at in 0..rest.len() {
        let next = rest.remove(at);
        let jump = u32::from(next.balance_after - next.amount != opening);
        best = best.min(jump + fewest_breaks(next.balance_after, rest));
        rest.insert(at, next);
    }
    best
}

proptest! {
    #[test]
    fn breaks_are_the_fewest_over_all_orders(
        steps in prop::collection::vec((-2_i64..3, 0_i64..4), 1..7),
    ) {
        let mut rows: Vec<_> = steps.iter().map(|&(amount, after)| row(1, amount, after)).collect();
        let chain = balance_chain(&rows, 0);
        prop_assert_eq!(chain.breaks, fewest_breaks(0, &mut rows));
    }

    #[test]
    fn a_true_ledger_has_no_breaks_in_any_order(
        days in prop::collection::vec(prop::collection::vec((-500_i64..500, any::<u32>()), 1..30), 1..6),
    ) {
        let mut balance = 0;
        let mut rows = Vec::new();
        let mut closings = Vec::new();
        for (day, amounts) in (0..).zip(&days) {
            let mut booked: Vec<_> = amounts.iter().map(|&(amount, shuffle)| {
                balance += amount;
                (shuffle, row(day, amount, balance))
            }).collect();
            booked.sort_by_key(|entry| entry.0);
            rows.extend(booked.iter().map(|entry| entry.1));
            closings.push(DayClose { day, closing: balance, breaks: 0 });
        }
        prop_assert_eq!(balance_chain(&rows, 0), BalanceChain { days: closings, breaks: 0 });
    }

    #[test]
    fn the_average_is_the_mean_of_the_days(
        closings in prop::collection::vec((0_i32..40, -1_000_i64..1_000), 0..12),
        first in -5_i32..35,
        length in 1_i32..32,
    ) {
        let mut days: Vec<_> = closings;
        days.sort_by_key(|entry| entry.0);
        days.dedup_by_key(|entry| entry.0);
        let closes: Vec<_> =
            days.iter().map(|&(day, closing)| DayClose { day, closing, breaks: 0 }).collect();
        let on = |day: i32| days.iter().rev().find(|d| d.0 <= day).map_or(0, |d| d.1);
        let sum: i64 = (first..first + length).map(on).sum();
        let expect = Money::round_ratio(i128::from(sum), i128::from(length)).unwrap().0;
        prop_assert_eq!(average_balance(&closes, first, first + length - 1), Some(expect));
    }
}
