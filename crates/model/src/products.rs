//! The product book: what each product earns and costs, as an analyst writes it down.

use crate::contract::{Check, ContractError};
use crate::toml_text::from_toml;
use serde::Deserialize;
use std::collections::BTreeMap;

/// All products of the bank, by code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductBook {
    /// Format version, 1.
    pub version: u32,
    /// What one contact costs, by channel or touchpoint, in minor units.
    #[serde(default)]
    pub unit_costs: BTreeMap<String, i64>,
    /// What the bank charges per event, by event type, in minor units (on top of product terms).
    #[serde(default)]
    pub event_fees: BTreeMap<String, i64>,
    /// Event types the bank books by itself (interest, fees): money, but not use by the client.
    #[serde(default)]
    pub bank_events: Vec<String>,
    /// The products.
    #[serde(rename = "product")]
    pub products: Vec<Product>,
}

/// The family of a product: what breadth counts and how margin is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Current accounts and demand deposits.
    Current,
    /// Term deposits.
    Term,
    /// Loans and mortgages.
    Loan,
    /// Cards.
    Card,
    /// Funds and wealth products.
    Fund,
    /// Insurance.
    Insurance,
    /// Standing orders and payment services.
    Payment,
    /// E-banking and other services.
    Service,
}

/// Where the transfer price of a balance comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum FtpMethod {
    /// A fixed rate.
    Flat {
        /// Annual rate in parts per million.
        ppm: i64,
    },
    /// The point of a curve, latest on or before the month's end; `fallback_ppm` where none is loaded.
    Curve {
        /// Curve name in table `rate`.
        curve: String,
        /// Tenor in days.
        tenor_days: i64,
        /// Annual rate in parts per million when the curve has no such point yet.
        fallback_ppm: i64,
    },
}

/// One product.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Code, as mapped from the extracts.
    pub product: String,
    /// What people call it.
    pub title: String,
    /// Family.
    pub family: Family,
    /// Funds transfer price; none for products without a balance margin.
    #[serde(default)]
    pub ftp: Option<FtpMethod>,
    /// Client rate per year in ppm where the account carries none.
    #[serde(default)]
    pub client_rate_ppm: i64,
    /// Fee on the average balance, per year in ppm.
    #[serde(default)]
    pub fee_ppm: i64,
    /// Fee per month in minor units.
    #[serde(default)]
    pub fee_month: i64,
    /// Share of the amount of events earned by the bank, by event type, in ppm.
    #[serde(default)]
    pub event_fee_ppm: BTreeMap<String, i64>,
    /// Probability of default within a year, ppm.
    #[serde(default)]
    pub pd_ppm: i64,
    /// Loss given default, ppm of exposure.
    #[serde(default)]
    pub lgd_ppm: i64,
    /// Cost of keeping it, per month in minor units.
    #[serde(default)]
    pub cost_month: i64,
    /// Probability that it is still held a month later, ppm.
    pub retention_ppm: i64,
    /// Probability that it is renewed at maturity, ppm.
    #[serde(default)]
    pub renewal_ppm: i64,
}

impl Family {
    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Term => "term",
            Self::Loan => "loan",
            Self::Card => "card",
            Self::Fund => "fund",
            Self::Insurance => "insurance",
            Self::Payment => "payment",
            Self::Service => "service",
        }
    }

    /// Every family, in the order of reports and reasons.
    pub const ALL: [Self; 8] = [
        Self::Current,
        Self::Term,
        Self::Loan,
        Self::Card,
        Self::Fund,
        Self::Insurance,
        Self::Payment,
        Self::Service,
    ];
}

impl ProductBook {
    /// Reads and checks a product book's text.
    pub fn parse(text: &str, place: &str) -> Result<Self, ContractError> {
        let book: Self = from_toml(text)
            .map_err(|e| ContractError { place: place.to_owned(), cause: e.to_string() })?;
        book.check().map_err(|e| ContractError { place: format!("{place}, {}", e.place), ..e })?;
        Ok(book)
    }

    /// The product of that code.
    pub fn get(&self, code: &str) -> Option<&Product> {
        self.products.iter().find(|p| p.product == code)
    }
}

impl Check for ProductBook {
    fn check(&self) -> Result<(), ContractError> {
        for (at, product) in self.products.iter().enumerate() {
            let fail = |cause: &str| {
                let place = format!("product `{}`", product.product);
                Err(ContractError { place, cause: cause.to_owned() })
            };
            if self.products[..at].iter().any(|p| p.product == product.product) {
                return fail("is declared twice");
            }
            let shares =
                [product.pd_ppm, product.lgd_ppm, product.retention_ppm, product.renewal_ppm];
            if shares.iter().any(|ppm| !(0..=1_000_000).contains(ppm)) {
                return fail(
                    "`pd_ppm`, `lgd_ppm`, `retention_ppm`, `renewal_ppm` must lie in 0..=1000000",
                );
            }
        }
        Ok(())
    }
}
