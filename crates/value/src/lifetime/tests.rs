use super::*;
use crate::{LifetimeSettings, RetentionTerms};
use proptest::prelude::*;

fn params(horizon_months: u32, discount_ppm: i64) -> LifetimeParams {
    LifetimeSettings { horizon_months, discount_ppm, ..Default::default() }.check().unwrap()
}

fn value(
    params: &LifetimeParams,
    retention_ppm: i64,
    margins: &[i64],
    months_to_maturity: Option<u32>,
) -> HoldingValue {
    let terms = RetentionTerms { retention_ppm, renewal_ppm: 500_000 };
    let curve = RetentionCurve::new(params, terms).unwrap();
    holding_value(params, &Holding { curve: &curve, margins, months_to_maturity }).unwrap()
}

#[test]
fn the_limits_are_those_of_plain_arithmetic() {
    for (horizon, discount, retention, maturity, expect) in [
        (60, 0, 1_000_000, None, 6_000),
        (1, 0, 900_000, None, 90),
        (24, 0, 1_000_000, Some(4), 1_400),
        (12, 0, 0, None, 0),
        // 100 / 1.08^(1/12) = 99.36
        (1, 80_000, 1_000_000, None, 99),
    ] {
        let holding = value(&params(horizon, discount), retention, &[100; 12], maturity);
        assert_eq!((holding.current, holding.future), (1_200, expect), "{horizon} {discount}");
    }
}

#[test]
fn a_short_history_is_not_scaled_up() {
    let holding = value(&params(10, 0), 1_000_000, &[90, 110], None);
    assert_eq!((holding.current, holding.future), (200, 1_000));
}

#[test]
fn only_the_last_twelve_months_count() {
    let mut margins = vec![1_000_000; 5];
    margins.extend([100; 12]);
    assert_eq!(value(&params(10, 0), 1_000_000, &margins, None).current, 1_200);
}

#[test]
fn a_holding_not_yet_observed_is_worth_nothing_yet() {
    let holding = value(&params(10, 0), 1_000_000, &[], None);
    assert_eq!(holding, HoldingValue { current: 0, future: 0, variance: 0.0 });
    let nobody = lifetime_value(&[], 0).unwrap();
    assert_eq!((nobody.total, nobody.p10, nobody.p90), (0, 0, 0));
}

#[test]
fn losses_are_expected_to_go_on() {
    let holding = value(&params(10, 0), 1_000_000, &[-50; 12], None);
    assert_eq!((holding.current, holding.future), (-600, -500));
}

#[test]
fn the_interval_is_known_where_it_can_be_counted() {
    // Certain months, no discount, two observations 80 and 120, no expected scatter: s^2 = 400,
    // error of the level 200, so Var = 200 * 10^2 + 400 * 10 = 24 000; 1.2816 sd = 198.5.
    let settings = LifetimeSettings { horizon_months: 10, discount_ppm: 0, scatter_ppm: 0 };
    let holding = value(&settings.check().unwrap(), 1_000_000, &[80, 120], None);
    assert!((holding.variance - 24_000.0).abs() < 1e-6);
    let client = lifetime_value(&[holding], 7).unwrap();
    assert_eq!((client.p10, client.total, client.p90), (1_008, 1_207, 1_406));
}

#[test]
fn a_longer_history_narrows_the_interval() {
    let width =
        |months: usize| value(&params(60, 80_000), 990_000, &vec![100; months], None).variance;
    assert!(width(1) > width(3) && width(3) > width(12));
}

#[test]
fn what_does_not_fit_is_refused() {
    let huge = HoldingValue { current: i64::MAX, future: 1, variance: 0.0 };
    assert_eq!(lifetime_value(&[huge], 0), Err(MoneyError::OutOfRange));
    for expectation in [f64::NAN, f64::INFINITY, 9.3e18, -9.3e18] {
        assert_eq!(to_minor(expectation), Err(MoneyError::OutOfRange));
    }
    assert_eq!([0.5, 1.5, -2.5].map(to_minor), [Ok(0), Ok(2), Ok(-2)]);
}

fn margins() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(-10_000_000_i64..10_000_000, 1..13)
}

proptest! {
    // Catalogue I9: what is no number is in no output.
    #[test]
    fn what_is_no_number_never_becomes_money(expectation in prop::num::f64::ANY) {
        match to_minor(expectation) {
            Ok(minor) => prop_assert!((minor as f64 - expectation.round_ties_even()).abs() < 1.0),
            Err(error) => {
                prop_assert_eq!(error, MoneyError::OutOfRange);
                prop_assert!(!expectation.is_finite() || expectation.abs() >= 9.2e18);
            }
        }
    }

    #[test]
    fn whatever_the_margins_the_value_is_a_number_or_refused(
        margins in prop::collection::vec(any::<i64>(), 0..20),
        retention in 0_i64..=1_000_000,
        discount in 0_i64..500_000,
        maturity in prop::option::of(any::<u32>()),
        growth in any::<i64>(),
    ) {
        let params = params(60, discount);
        let terms = RetentionTerms { retention_ppm: retention, renewal_ppm: 500_000 };
        let curve = RetentionCurve::new(&params, terms).unwrap();
        let holding = Holding { curve: &curve, margins: &margins, months_to_maturity: maturity };
        if let Ok(value) = holding_value(&params, &holding) {
            prop_assert!(value.variance.is_finite() && value.variance >= 0.0);
            let told = lifetime_value(&[value, value], growth);
            prop_assert!(told.is_err() || told.is_ok_and(|t| t.p10 <= t.total && t.total <= t.p90));
        }
    }

    #[test]
    fn value_never_rises_with_the_discount_rate(
        margins in prop::collection::vec(0_i64..10_000_000, 1..13),
        retention in 0_i64..=1_000_000,
        horizon in 1_u32..=120,
        discount in 0_i64..500_000,
        more in 0_i64..500_000,
        maturity in prop::option::of(0_u32..130),
    ) {
        let low = value(&params(horizon, discount), retention, &margins, maturity);
        let high = value(&params(horizon, discount + more), retention, &margins, maturity);
        prop_assert!(high.future <= low.future);
    }

    #[test]
    fn value_never_falls_with_retention(
        margins in prop::collection::vec(0_i64..10_000_000, 1..13),
        retention in 0_i64..900_000,
        more in 0_i64..100_000,
    ) {
        let params = params(60, 80_000);
        let less = value(&params, retention, &margins, None);
        prop_assert!(less.future <= value(&params, retention + more, &margins, None).future);
    }

    #[test]
    fn parts_sum_exactly_and_lie_in_the_interval(
        first in margins(), second in margins(), retention in 0_i64..=1_000_000, growth in 0_i64..1_000_000,
    ) {
        let params = params(60, 80_000);
        let holdings = [
            value(&params, retention, &first, None),
            value(&params, retention, &second, Some(9)),
        ];
        let client = lifetime_value(&holdings, growth).unwrap();
        prop_assert_eq!(client.total, client.current + client.held + client.growth);
        prop_assert_eq!(client.held, holdings[0].future + holdings[1].future);
        prop_assert!(client.p10 <= client.total && client.total <= client.p90);
    }
}
