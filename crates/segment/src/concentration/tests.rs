use super::*;
use proptest::prelude::*;

fn shares(descending: &[i64]) -> [Option<i64>; 5] {
    concentration(descending).unwrap().tops.map(|top| top.share_ppm)
}

#[test]
fn equal_clients_hold_equal_shares() {
    assert_eq!(shares(&[5; 100]), TOP_SHARES_PPM.map(|ppm| Some(i64::from(ppm))));
}

#[test]
fn the_best_fifth_can_hold_four_fifths() {
    let values = [40, 40, 5, 5, 2, 2, 2, 2, 1, 1];
    let found = concentration(&values).unwrap();
    assert_eq!(found.tops[3], Share { clients: 2, amount: 80, share_ppm: Some(800_000) });
    assert_eq!((found.total, found.loss_makers), (100, 0));
}

#[test]
fn loss_makers_push_the_curve_above_the_total() {
    let found = concentration(&[90, 50, 10, 0, -50]).unwrap();
    assert_eq!(found.tops[3].share_ppm, Some(900_000));
    assert_eq!(found.tops[4].share_ppm, Some(1_500_000));
    assert_eq!(found.peak, Share { clients: 3, amount: 150, share_ppm: Some(1_500_000) });
    assert_eq!(found.loss_makers, 1);
}

#[test]
fn a_total_without_profit_has_amounts_but_no_shares() {
    let found = concentration(&[10, -4, -30]).unwrap();
    assert_eq!((found.total, found.peak.amount, found.loss_makers), (-24, 10, 2));
    assert!(found.tops.iter().all(|top| top.share_ppm.is_none()));
    let nobody = concentration(&[]).unwrap();
    assert_eq!((nobody.clients, nobody.tops[0].clients, nobody.peak.share_ppm), (0, 0, None));
}

#[test]
fn what_cannot_be_read_as_a_curve_is_refused() {
    assert_eq!(concentration(&[3, 1, 2]), Err(ConcentrationError::Order { at: 2 }));
    let error = concentration(&[i64::MAX, 1]).unwrap_err();
    assert_eq!(error, ConcentrationError::Sum(MoneyError::OutOfRange));
}

proptest! {
    #[test]
    fn the_peak_is_above_every_top(mut values in prop::collection::vec(-1_000_i64..1_000, 0..80)) {
        values.sort_unstable_by_key(|value| -value);
        let found = concentration(&values).unwrap();
        prop_assert!(found.tops.iter().all(|top| top.amount <= found.peak.amount));
        prop_assert!(found.total <= found.peak.amount);
        prop_assert!(found.tops.windows(2).all(|pair| pair[0].clients <= pair[1].clients));
    }
}
