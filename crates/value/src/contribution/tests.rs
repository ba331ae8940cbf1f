use super::*;
use proptest::prelude::*;

const FREE: ProductTerms = ProductTerms {
    kind: FamilyKind::FeeOnly,
    ftp_ppm: 0,
    fee_balance_ppm: 0,
    fee_month: 0,
    pd_ppm: 0,
    lgd_ppm: 0,
    cost_month: 0,
};

const QUIET: AccountMonth<'_> = AccountMonth {
    average_balance: 0,
    client_rate_ppm: 0,
    days: 30,
    exposure: 0,
    charged_fees: 0,
    events: &[],
};

fn interest(kind: FamilyKind, balance: i64, rate: i64, ftp: i64, days: u32) -> i64 {
    let terms = ProductTerms { kind, ftp_ppm: ftp, ..FREE };
    let month = AccountMonth { average_balance: balance, client_rate_ppm: rate, days, ..QUIET };
    contribution(&terms, &month).unwrap().net_interest
}

#[test]
fn a_deposit_earns_the_transfer_price_less_its_rate() {
    // 100 000.00 at 2.5 % against 0.5 % for 31 days: 100000 * 0.02 * 31 / 365 = 169.863...
    assert_eq!(interest(FamilyKind::Deposit, 10_000_000, 5_000, 25_000, 31), 16_986);
    assert_eq!(interest(FamilyKind::Deposit, 10_000_000, 25_000, 5_000, 31), -16_986);
}

#[test]
fn an_asset_earns_its_rate_less_the_transfer_price() {
    assert_eq!(interest(FamilyKind::Asset, 10_000_000, 65_000, 30_000, 365), 350_000);
    assert_eq!(interest(FamilyKind::FeeOnly, 10_000_000, 65_000, 30_000, 365), 0);
}

#[test]
fn an_overdrawn_deposit_earns_like_a_loan() {
    let overdrawn = interest(FamilyKind::Deposit, -500_000, 150_000, 25_000, 30);
    assert_eq!(overdrawn, interest(FamilyKind::Asset, 500_000, 150_000, 25_000, 30));
}

#[test]
fn fees_are_summed_before_the_one_rounding() {
    // Three fees of 0.4 minor units each are 1.2 together, not 0 + 0 + 0.
    let group = EventGroup { count: 1, amount: 400, fee_ppm: 1_000, ..EventGroup::default() };
    let month = AccountMonth { events: &[group; 3], ..QUIET };
    assert_eq!(contribution(&FREE, &month).unwrap().fees, 1);

    let terms = ProductTerms { fee_balance_ppm: 12_000, fee_month: 500, ..FREE };
    let events =
        [EventGroup { count: 3, amount: 1_000_000, fee_each: 20, fee_ppm: 2_500, unit_cost: 7 }];
    let month = AccountMonth {
        average_balance: 36_500_000,
        days: 30,
        charged_fees: -100,
        events: &events,
        ..QUIET
    };
    // 36 000 on the balance, 500 fixed, 60 for events, 2 500 on amounts, 100 rebated.
    let margin = contribution(&terms, &month).unwrap();
    assert_eq!((margin.fees, margin.cost_to_serve), (38_960, 21));
}

#[test]
fn no_fee_is_earned_on_what_is_overdrawn() {
    let terms = ProductTerms { fee_balance_ppm: 12_000, ..FREE };
    let month = AccountMonth { average_balance: -36_500_000, ..QUIET };
    assert_eq!(contribution(&terms, &month).unwrap().fees, 0);
}

#[test]
fn expected_loss_is_a_twelfth_of_the_years() {
    let terms = ProductTerms { pd_ppm: 24_000, lgd_ppm: 450_000, ..FREE };
    let month = AccountMonth { exposure: 1_000_000, ..QUIET };
    assert_eq!(contribution(&terms, &month).unwrap().expected_loss, 900);
    let covered = AccountMonth { exposure: -1_000_000, ..QUIET };
    assert_eq!(contribution(&terms, &covered).unwrap().expected_loss, 0);
}

#[test]
fn what_does_not_fit_is_refused() {
    let terms = ProductTerms { kind: FamilyKind::Asset, ..FREE };
    let month =
        AccountMonth { average_balance: i64::MAX, client_rate_ppm: i64::MAX, days: 31, ..QUIET };
    assert_eq!(contribution(&terms, &month), Err(MoneyError::OutOfRange));
}

#[test]
fn margins_add_part_by_part() {
    let a = Margin::of(10, 5, 2, 1).unwrap();
    let b = Margin::of(-4, 0, 1, 3).unwrap();
    assert_eq!(a.checked_add(&b).unwrap(), Margin::of(6, 5, 3, 4).unwrap());
    assert!(Margin::of(i64::MAX, 1, 0, 0).is_err());
}

proptest! {
    #[test]
    fn the_parts_make_the_total(
        balance in -1_000_000_000_000_i64..1_000_000_000_000,
        rate in 0_i64..300_000,
        ftp in 0_i64..300_000,
        days in 0_u32..32,
        fee in 0_i64..50_000,
        pd in 0_i64..=1_000_000,
        count in 0_i64..1_000,
        amount in 0_i64..1_000_000_000,
        asset in any::<bool>(),
    ) {
        let kind = if asset { FamilyKind::Asset } else { FamilyKind::Deposit };
        let terms = ProductTerms {
            kind, ftp_ppm: ftp, fee_balance_ppm: fee, fee_month: 99,
            pd_ppm: pd, lgd_ppm: 450_000, cost_month: 31,
        };
        let events = [EventGroup { count, amount, fee_each: 3, fee_ppm: 700, unit_cost: 11 }];
        let month = AccountMonth {
            average_balance: balance, client_rate_ppm: rate, days,
            exposure: balance, charged_fees: 17, events: &events,
        };
        let m = contribution(&terms, &month).unwrap();
        prop_assert_eq!(m.total, m.net_interest + m.fees - m.expected_loss - m.cost_to_serve);
        prop_assert!(m.expected_loss >= 0);
    }

    #[test]
    fn client_and_treasury_share_the_spread_without_loss(
        balance in 0_i64..1_000_000_000_000,
        rate in 0_i64..300_000,
        ftp in 0_i64..300_000,
    ) {
        // The bank's margin on a deposit is the treasury's on an asset of the same terms.
        let deposit = interest(FamilyKind::Deposit, balance, rate, ftp, 31);
        prop_assert_eq!(deposit, -interest(FamilyKind::Asset, balance, rate, ftp, 31));
    }
}
