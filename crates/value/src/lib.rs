//! What a client earns the bank: the contribution of an account and a month, the ledger behind it,
//! lifetime value with its interval, growth potential from demographic points, and the measures by
//! which a prediction is judged.
//!
//! Pure kernels on slices and small structs. Money is `i64` minor units of the book's currency, and
//! every list of parts sums exactly to its total. Knows no file, no frame, no clock, and nothing of
//! loyalty, tiers or cuts.

mod attribution;
mod balance;
mod contribution;
mod growth;
mod lifetime;
mod retention;
mod scorecard;
mod validation;

pub use attribution::{RankSteps, rank_steps, split_by_largest_remainder};
pub use balance::{BalanceChain, DayClose, LedgerRow, average_balance, balance_chain};
pub use contribution::{AccountMonth, EventGroup, FamilyKind, Margin, ProductTerms, contribution};
pub use growth::{Growth, GrowthParams, growth};
pub use lifetime::{
    Holding, HoldingValue, Lifetime, TRAILING_MONTHS, holding_value, lifetime_value,
};
pub use retention::{
    LifetimeError, LifetimeParams, LifetimeSettings, RetentionCurve, RetentionTerms,
};
pub use scorecard::{
    Answer, Attribute, Bins, DemographicInput, NumericBin, Points, Scorecard, ScorecardError,
    TextLevel,
};
pub use validation::{bias, mean_absolute_error, spearman, top_share_overlap};
