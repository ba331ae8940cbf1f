//! What products earn: the truth's copy of `jobs/products.toml` (a test holds the two together),
//! and what a client will truly bring.

use crate::latent::{HORIZON, Latent};
use crate::numbers::fen;
use crate::portfolio::Account;

/// The products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Product {
    Demand = 0, Term1y, Term3y, CorpCurrent, Mortgage, Consumer, Business, Credit, Debit,
    MoneyFund, EquityFund, Wealth, TermLife, Annuity, StandingOrder, Ebanking,
}

/// On which side of the book a balance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The bank owes it.
    Deposit,
    /// The client owes it.
    Loan,
    /// Neither: fees only.
    Fee,
}

/// What a product earns and costs; ppm a year and fen a month, as in the product book.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// Side of the book.
    pub(crate) side: Side,
    /// Transfer price.
    pub(crate) ftp: i64,
    /// Client rate where the account has none.
    pub(crate) rate: i64,
    /// Fee on the balance.
    pub(crate) fee: i64,
    /// Fee of a month.
    pub(crate) fee_month: i64,
    /// Share of what flows (purchases, premiums, subscriptions).
    pub(crate) flow: i64,
    /// Expected loss: probability of default times loss given default.
    pub(crate) loss: i64,
    /// Cost of a month.
    pub(crate) cost_month: i64,
}

#[expect(
    clippy::too_many_arguments,
    reason = "one line per product, like a row of the product book"
)]
const fn t(
    side: Side,
    ftp: i64,
    rate: i64,
    fee: i64,
    fee_month: i64,
    flow: i64,
    loss: i64,
    cost_month: i64,
) -> Terms {
    Terms { side, ftp, rate, fee, fee_month, flow, loss, cost_month }
}

/// By [`Product`].
#[rustfmt::skip]
pub(crate) static TERMS: [Terms; 16] = [
    //                 ftp    rate   fee month    flow   loss   cost
    t(Side::Deposit,  15_500,    500,     0,     0,       0,      0,    150), // demand
    t(Side::Deposit,  15_500, 11_000,     0,     0,       0,      0,     60), // term_1y
    t(Side::Deposit,  19_000, 14_500,     0,     0,       0,      0,     60), // term_3y
    t(Side::Deposit,  13_500,  1_000,     0, 3_000,       0,      0,  2_500), // corp_current
    t(Side::Loan,     19_000, 34_000,     0,     0,       0,  1_000,  1_200), // mortgage
    t(Side::Loan,     15_500, 62_000,     0,     0,       0, 13_200,    900), // consumer_loan
    t(Side::Loan,     15_500, 44_000,     0,     0,       0,  7_200, 15_000), // business_loan
    t(Side::Loan,     17_000,      0,     0,     0,   4_500, 19_500,    600), // credit_card
    t(Side::Fee,           0,      0,     0,     0,   2_000,      0,     80), // debit_card
    t(Side::Fee,           0,      0, 2_500,     0,       0,      0,     50), // money_fund
    t(Side::Fee,           0,      0, 9_000,     0,   8_000,      0,     80), // equity_fund
    t(Side::Fee,           0,      0, 4_500,     0,       0,      0,    100), // wealth_product
    t(Side::Fee,           0,      0,     0,     0, 180_000,      0,     40), // term_life
    t(Side::Fee,           0,      0,     0,     0,  60_000,      0,     60), // annuity
    t(Side::Fee,           0,      0,     0,     0,       0,      0,     20), // standing_order
    t(Side::Fee,           0,      0,     0,     0,       0,      0,     30), // ebanking
];

impl Product {
    /// What it earns and costs.
    pub(crate) fn terms(self) -> &'static Terms {
        &TERMS[self as usize]
    }

    /// Contribution margin of a month in yuan: interest against the transfer price, fees, less
    /// expected loss and cost.
    pub(crate) fn margin(self, balance: f64, rate_ppm: Option<i64>, flow: f64) -> f64 {
        let terms = self.terms();
        let client = rate_ppm.unwrap_or(terms.rate);
        let spread = match self.terms().side {
            Side::Deposit => terms.ftp - client,
            Side::Loan => client - terms.ftp - terms.loss,
            Side::Fee => 0,
        };
        let yearly = balance * (spread + terms.fee) as f64 / 1e6;
        let flowing = flow * terms.flow as f64 / 1e6;
        yearly / 12.0 + flowing + (terms.fee_month - terms.cost_month) as f64 / 100.0
    }
}

/// What a contact costs on average, yuan.
const CONTACT: f64 = 0.4;

/// What a client will bring in the 60 months after the last night, fen, not discounted: for each
/// month before the client leaves, the margin of every account on its true path, the margin of
/// what the client will buy, less contacts.
pub(crate) fn true_future(latent: &Latent, accounts: &[Account], contacts: f64) -> i64 {
    let mut yuan = 0.0;
    for t in 1..=HORIZON {
        if latent.leaves.is_some_and(|leaves| t >= leaves) {
            break;
        }
        for account in accounts {
            if let Some(balance) = account.path(latent, t) {
                yuan +=
                    account.product.margin(balance, account.rate_ppm, account.flow_at(latent, t));
            }
        }
        yuan -= contacts * CONTACT * latent.presence(t);
    }
    fen(yuan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Family, FtpMethod, ProductBook};

    #[rustfmt::skip]
    const CODES: [&str; 16] = [
        "demand", "term_1y", "term_3y", "corp_current", "mortgage", "consumer_loan", "business_loan", "credit_card",
        "debit_card", "money_fund", "equity_fund", "wealth_product", "term_life", "annuity", "standing_order", "ebanking",
    ];

    #[test]
    fn the_truth_uses_the_economics_of_the_product_book() {
        let text = include_str!("../../../jobs/products.toml");
        let book = ProductBook::parse(text, "jobs/products.toml").unwrap();
        assert_eq!(book.products.len(), TERMS.len());
        for (terms, code) in TERMS.iter().zip(CODES) {
            let product = book.get(code).unwrap();
            let ftp = match &product.ftp {
                Some(FtpMethod::Flat { ppm }) => *ppm,
                Some(FtpMethod::Curve { fallback_ppm, .. }) => *fallback_ppm,
                None => 0,
            };
            let flow = product.event_fee_ppm.values().sum::<i64>();
            let loss = product.pd_ppm * product.lgd_ppm / 1_000_000;
            let side = match product.family {
                Family::Current | Family::Term => Side::Deposit,
                Family::Loan => Side::Loan,
                Family::Card if product.ftp.is_some() => Side::Loan,
                _ => Side::Fee,
            };
            let seen =
                (ftp, product.client_rate_ppm, product.fee_ppm, product.fee_month, flow, loss);
            let want = (terms.ftp, terms.rate, terms.fee, terms.fee_month, terms.flow, terms.loss);
            assert_eq!(
                (seen, side, product.cost_month),
                (want, terms.side, terms.cost_month),
                "{code}"
            );
        }
    }

    #[test]
    fn a_deposit_earns_its_spread() {
        let margin = Product::Demand.margin(120_000.0, None, 0.0);
        assert!((margin - (150.0 - 1.5)).abs() < 1e-9, "{margin}");
        assert!(Product::Credit.margin(10_000.0, Some(182_500), 0.0) > 100.0);
    }
}
