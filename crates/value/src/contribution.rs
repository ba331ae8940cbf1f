//! Contribution margin of one account in one month: `CM = NII + fees - EL - cost to serve`.
//!
//! Source: funds transfer pricing and activity-based cost as in Adkins and Cokins, SAS Global Forum
//! 138-2012. Each part is one exact fraction, rounded once (half to even); the total is the sum of
//! the rounded parts, so that every cent lies in exactly one bucket.

use model::{Money, MoneyError};

/// Days of the year in a rate: actual days over 365, leap years included (Act/365 fixed).
const BASIS_DAYS: i64 = 365;
/// Parts per million.
const PPM: i64 = 1_000_000;
/// Denominator of a yearly ppm rate applied to days.
const YEAR_PPM: i64 = BASIS_DAYS * PPM;
/// Months of the horizon of a probability of default.
const PD_MONTHS: i64 = 12;

/// How a product earns on its balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FamilyKind {
    /// Money of the client: the bank earns the transfer price less the client's rate. An overdrawn
    /// (negative) average balance earns the client's rate less the transfer price.
    Deposit,
    /// Money lent: the bank earns the client's rate less the transfer price.
    Asset,
    /// No balance margin (payments, insurance, services).
    FeeOnly,
}

/// What a product earns and costs. Rates in ppm, money in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductTerms {
    /// How the balance earns.
    pub kind: FamilyKind,
    /// Funds transfer price per year, ppm.
    pub ftp_ppm: i64,
    /// Fee on the average balance per year, ppm.
    pub fee_balance_ppm: i64,
    /// Fee per month.
    pub fee_month: i64,
    /// Probability of default within twelve months, ppm.
    pub pd_ppm: i64,
    /// Loss given default, ppm of the exposure.
    pub lgd_ppm: i64,
    /// Cost of keeping the account, per month.
    pub cost_month: i64,
}

/// The month's events of one type and channel, with what each brings and costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventGroup {
    /// Number of events.
    pub count: i64,
    /// Sum of their amounts, unsigned.
    pub amount: i64,
    /// Fee per event.
    pub fee_each: i64,
    /// Fee on the amount, ppm.
    pub fee_ppm: i64,
    /// Cost per event in its channel.
    pub unit_cost: i64,
}

/// One account in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountMonth<'a> {
    /// Day-weighted average balance; for assets what the client owes, positive.
    pub average_balance: i64,
    /// The client's rate per year, ppm.
    pub client_rate_ppm: i64,
    /// Days the average covers.
    pub days: u32,
    /// What would be lost at default; nothing below zero counts.
    pub exposure: i64,
    /// Fees the source booked in the month, net of rebates.
    pub charged_fees: i64,
    /// The month's events.
    pub events: &'a [EventGroup],
}

/// The margin of an account and a month, minor units. Losses and costs are positive numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Margin {
    /// Net interest income against the transfer price.
    pub net_interest: i64,
    /// Fees.
    pub fees: i64,
    /// Expected loss.
    pub expected_loss: i64,
    /// Cost to serve.
    pub cost_to_serve: i64,
    /// `net_interest + fees - expected_loss - cost_to_serve`, exactly.
    pub total: i64,
}

impl Margin {
    /// The margin of the four parts; `OutOfRange` when the total does not fit.
    pub fn of(
        net_interest: i64,
        fees: i64,
        expected_loss: i64,
        cost_to_serve: i64,
    ) -> Result<Self, MoneyError> {
        let earned = i128::from(net_interest) + i128::from(fees);
        let total = earned - i128::from(expected_loss) - i128::from(cost_to_serve);
        let total = i64::try_from(total).map_err(|_| MoneyError::OutOfRange)?;
        Ok(Self { net_interest, fees, expected_loss, cost_to_serve, total })
    }

    /// The margin of two accounts or months together, part by part.
    pub fn checked_add(&self, other: &Self) -> Result<Self, MoneyError> {
        let sum = |a: i64, b: i64| a.checked_add(b).ok_or(MoneyError::OutOfRange);
        Self::of(
            sum(self.net_interest, other.net_interest)?,
            sum(self.fees, other.fees)?,
            sum(self.expected_loss, other.expected_loss)?,
            sum(self.cost_to_serve, other.cost_to_serve)?,
        )
    }
}

/// The contribution margin of one account in one month.
pub fn contribution(terms: &ProductTerms, month: &AccountMonth<'_>) -> Result<Margin, MoneyError> {
    Margin::of(
        net_interest(terms, month)?,
        fees(terms, month)?,
        expected_loss(terms, month)?,
        cost_to_serve(terms, month)?,
    )
}

/// `average balance * spread * days / 365`.
fn net_interest(terms: &ProductTerms, month: &AccountMonth<'_>) -> Result<i64, MoneyError> {
    let (earned, paid) = match terms.kind {
        FamilyKind::Deposit => (terms.ftp_ppm, month.client_rate_ppm),
        FamilyKind::Asset => (month.client_rate_ppm, terms.ftp_ppm),
        FamilyKind::FeeOnly => return Ok(0),
    };
    let spread = earned.checked_sub(paid).ok_or(MoneyError::OutOfRange)?;
    let numerator = product([month.average_balance, spread, i64::from(month.days)])?;
    round(numerator, YEAR_PPM)
}

/// Fees on the balance, per month, per event, on amounts, and as booked: one fraction over 365 ppm.
fn fees(terms: &ProductTerms, month: &AccountMonth<'_>) -> Result<i64, MoneyError> {
    let balance = month.average_balance.max(0);
    let on_balance = product([balance, terms.fee_balance_ppm, i64::from(month.days)])?;
    let fixed = product([terms.fee_month, YEAR_PPM, 1])?;
    let booked = product([month.charged_fees, YEAR_PPM, 1])?;
    let mut numerator = sum([on_balance, fixed, booked])?;
    for group in month.events {
        let each = product([group.count, group.fee_each, YEAR_PPM])?;
        let on_amount = product([group.amount, group.fee_ppm, BASIS_DAYS])?;
        numerator = sum([numerator, each, on_amount])?;
    }
    round(numerator, YEAR_PPM)
}

/// `PD / 12 * LGD * exposure`.
fn expected_loss(terms: &ProductTerms, month: &AccountMonth<'_>) -> Result<i64, MoneyError> {
    let numerator = product([month.exposure.max(0), terms.pd_ppm, terms.lgd_ppm])?;
    round(numerator, PD_MONTHS * PPM * PPM)
}

/// Fixed cost of the month and `count * unit cost` of its events; whole minor units, nothing to round.
fn cost_to_serve(terms: &ProductTerms, month: &AccountMonth<'_>) -> Result<i64, MoneyError> {
    let mut cost = i128::from(terms.cost_month);
    for group in month.events {
        cost = sum([cost, product([group.count, group.unit_cost, 1])?, 0])?;
    }
    round(cost, 1)
}

fn product(factors: [i64; 3]) -> Result<i128, MoneyError> {
    let [a, b, c] = factors.map(i128::from);
    // Two 64-bit factors always fit 128 bits; the third may not.
    (a * b).checked_mul(c).ok_or(MoneyError::OutOfRange)
}

fn sum(terms: [i128; 3]) -> Result<i128, MoneyError> {
    let [a, b, c] = terms;
    a.checked_add(b).and_then(|ab| ab.checked_add(c)).ok_or(MoneyError::OutOfRange)
}

fn round(numerator: i128, denominator: i64) -> Result<i64, MoneyError> {
    Money::round_ratio(numerator, i128::from(denominator)).map(|money| money.0)
}

#[cfg(test)]
mod tests;
