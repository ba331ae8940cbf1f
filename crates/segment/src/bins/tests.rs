use super::*;
use crate::{Bar, Histogram};
use proptest::prelude::*;

/// Amounts of every size: a shifted draw is as likely small as large.
fn amounts() -> impl Strategy<Value = i64> {
    (any::<i64>(), 0_u32..64).prop_map(|(value, shift)| value >> shift)
}

#[test]
fn small_amounts_are_bins_of_their_own() {
    assert!((-8_191..=8_192).all(|value| bin(value) == value && bin_from(value) == value));
    assert_eq!([8_193, 8_194, 10_001].map(bin), [8_192, 8_194, 10_000]);
    assert_eq!([-8_192, -8_194, -8_195].map(bin), [-8_193, -8_195, -8_195]);
    assert_eq!([8_193, -8_192, -8_194].map(bin_from), [8_194, -8_191, -8_193]);
}

#[test]
fn a_large_amount_shares_its_bin_with_those_near_it() {
    // 1 234 567.89 in minor units: a bin of 2^14, which is 163.84 wide.
    assert_eq!(bin(123_456_789), 123_453_440);
    assert_eq!(bin_from(123_456_789) - bin(123_456_789), 16_384);
}

#[test]
fn the_ends_of_the_range_have_bins_too() {
    assert_eq!(bin(i64::MIN), i64::MIN);
    assert_eq!(bin(i64::MIN + 1), i64::MIN + 1);
    assert_eq!(bin(i64::MAX), i64::MAX - (i64::MAX >> 13));
    assert_eq!((bin_from(i64::MIN), bin_from(i64::MAX)), (i64::MIN, i64::MAX));
}

proptest! {
    #[test]
    fn a_bin_begins_at_its_lowest_value(value in amounts()) {
        let lowest = bin(value);
        prop_assert!(lowest <= value);
        prop_assert_eq!(bin(lowest), lowest);
        prop_assert_eq!(bin_from(lowest), lowest);
        let width = (value.unsigned_abs() >> 12).max(1);
        prop_assert!(value.abs_diff(lowest) < width, "{lowest}");
    }

    #[test]
    fn bins_keep_the_order(a in amounts(), b in amounts()) {
        prop_assert!(bin(a.min(b)) <= bin(a.max(b)));
        prop_assert!(bin_from(a.min(b)) <= bin_from(a.max(b)));
    }

    #[test]
    fn neighbours_part_where_a_bin_begins(value in amounts()) {
        let next = bin_from(value);
        prop_assert!(next >= value);
        let began = next == value || bin(next - 1) == bin(value);
        prop_assert!(began && (bin(next) == next || next == i64::MAX), "{next}");
    }

    #[test]
    fn debts_mirror_fortunes(a in amounts(), step in 0_i64..100_000) {
        let b = a.saturating_add(step);
        let mirrored = bin(a.saturating_neg()) == bin(b.saturating_neg());
        prop_assert!(a == i64::MIN || (bin(a) == bin(b)) == mirrored);
    }

    #[test]
    fn ranges_add_up_and_a_rank_is_off_by_one_bin_at_most(
        values in prop::collection::vec(-90_000_i64..90_000, 1..200), at in 0_usize..200, asked in -90_000_i64..90_000,
    ) {
        let counted = |values: &[i64]| Histogram::of_values(values.iter().copied().map(bin).collect());
        let (left, right) = values.split_at(at.min(values.len()));
        let whole = counted(&values);
        prop_assert_eq!(&counted(left).merge(counted(right)), &whole);
        let clients = |keep: &dyn Fn(&Bar) -> bool| -> u64 {
            whole.bars().iter().filter(|bar| keep(bar)).map(|bar| bar.clients).sum()
        };
        let rank = values.iter().filter(|value| **value < asked).count() as u64;
        let by_bins = clients(&|bar| bar.value < bin(asked));
        let within = clients(&|bar| bar.value == bin(asked));
        prop_assert!((by_bins..=by_bins + within).contains(&rank), "{rank}");
    }
}
