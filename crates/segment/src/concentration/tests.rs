use super::*;
use crate::bin;
use proptest::prelude::*;

/// Each client by itself, as one range after the other tells them.
fn found(values: &[i64]) -> Concentration {
    let total =
        |value: &i64| BinTotal { value: bin(*value), clients: 1, amount: i128::from(*value) };
    concentration(values.iter().map(total).collect()).unwrap()
}

fn shares(values: &[i64]) -> [Option<i64>; 5] {
    found(values).tops.map(|top| top.share_ppm)
}

#[test]
fn equal_clients_hold_equal_shares() {
    assert_eq!(shares(&[5; 100]), TOP_SHARES_PPM.map(|ppm| Some(i64::from(ppm))));
}

#[test]
fn the_best_fifth_can_hold_four_fifths() {
    let found = found(&[2, 40, 5, 1, 2, 2, 40, 2, 1, 5]);
    assert_eq!(found.tops[3], Share { clients: 2, amount: 80, share_ppm: Some(800_000) });
    assert_eq!((found.total, found.loss_makers), (100, 0));
}

#[test]
fn loss_makers_push_the_curve_above_the_total() {
    let found = found(&[90, 50, 10, 0, -50]);
    assert_eq!(found.tops[3].share_ppm, Some(900_000));
    assert_eq!(found.tops[4].share_ppm, Some(1_500_000));
    assert_eq!(found.peak, Share { clients: 3, amount: 150, share_ppm: Some(1_500_000) });
    assert_eq!(found.loss_makers, 1);
}

#[test]
fn a_total_without_profit_has_amounts_but_no_shares() {
    let found = found(&[10, -4, -30]);
    assert_eq!((found.total, found.peak.amount, found.loss_makers), (-24, 10, 2));
    assert!(found.tops.iter().all(|top| top.share_ppm.is_none()));
    let nobody = concentration(Vec::new()).unwrap();
    assert_eq!((nobody.clients, nobody.tops[0].clients, nobody.peak.share_ppm), (0, 0, None));
}

#[test]
fn a_top_that_ends_within_a_bin_takes_its_part_of_it_rounded_down() {
    let bins = vec![
        BinTotal { value: 16_384, clients: 3, amount: 49_157 },
        BinTotal { value: 0, clients: 7, amount: 0 },
    ];
    let amounts = concentration(bins).unwrap().tops.map(|top| top.amount);
    assert_eq!(amounts, [16_385, 16_385, 16_385, 32_771, 49_157]);
    // Below zero too: the part of a loss is not made smaller.
    let loss = vec![BinTotal { value: -16_387, clients: 3, amount: -49_157 }];
    assert_eq!(concentration(loss).unwrap().tops[4].amount, -32_772);
}

#[test]
fn a_sum_beyond_64_bits_is_refused() {
    let bins = [i64::MAX, 1].map(|value| BinTotal { value, clients: 1, amount: value.into() });
    assert_eq!(concentration(bins.to_vec()), Err(MoneyError::OutOfRange));
}

proptest! {
    #[test]
    fn the_peak_is_above_every_top(values in prop::collection::vec(-90_000_i64..90_000, 0..80)) {
        let found = found(&values);
        prop_assert!(found.tops.iter().all(|top| top.amount <= found.peak.amount));
        prop_assert!(found.total <= found.peak.amount);
        prop_assert!(found.tops.windows(2).all(|pair| pair[0].clients <= pair[1].clients));
    }

    #[test]
    fn tops_are_as_near_to_the_sorted_values_as_is_said(
        mut values in prop::collection::vec(-60_000_i64..60_000, 1..120),
    ) {
        let found = found(&values);
        values.sort_unstable_by_key(|value| -value);
        prop_assert_eq!(found.total, values.iter().sum::<i64>());
        prop_assert_eq!(found.peak.amount, values.iter().filter(|value| **value > 0).sum::<i64>());
        prop_assert_eq!(found.loss_makers, values.iter().filter(|value| **value < 0).count() as u64);
        for top in found.tops {
            let n = usize::try_from(top.clients).unwrap();
            let missing = values[..n].iter().sum::<i64>() - top.amount;
            let last = bin(values[n - 1]);
            let c = values.iter().filter(|value| bin(**value) == last).count();
            let k = values[..n].iter().filter(|value| bin(**value) == last).count();
            let width = (last.unsigned_abs() >> 12).max(1);
            let bound = c as u64 + (k * (c - k)) as u64 * width;
            prop_assert!(missing >= 0 && missing.unsigned_abs() * (c as u64) < bound, "{missing}");
        }
    }
}
