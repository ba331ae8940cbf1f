//! A client's accounts as value and loyalty see them: margins by month, families held and used.

use super::contribution::{Amounts, Contribution};
use crate::columns::{Cursor, days, ints_or, keys, ordered, texts};
use crate::frames::StageError;
use model::{BusinessDate, Family, ProductBook};
use polars::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;
use value::{Holding, HoldingValue, LifetimeParams, RetentionCurve, RetentionTerms, holding_value};

/// Average days of a month, to count the months to a maturity.
const DAYS_PER_MONTH: f64 = 30.436_875;

/// Products by code, with their worth of a month.
pub(super) struct Shelf<'a> {
    by_code: FxHashMap<&'a str, usize>,
    families: Vec<usize>,
    curves: Vec<RetentionCurve>,
    /// Place of every product among the codes in order, and the codes so ordered.
    places: Vec<usize>,
    codes: Vec<&'a str>,
    family_codes: Vec<&'a str>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(book: &'a ProductBook, params: &LifetimeParams) -> Result<Self, StageError> {
        let place = |family: Family| Family::ALL.iter().position(|f| *f == family).unwrap_or(0);
        let curve = |p: &model::Product| {
            let terms =
                RetentionTerms { retention_ppm: p.retention_ppm, renewal_ppm: p.renewal_ppm };
            RetentionCurve::new(params, terms).map_err(|e| StageError::Data(e.to_string()))
        };
        let mut in_order: Vec<&model::Product> = book.products.iter().collect();
        in_order.sort_by_key(|p| p.product.as_str());
        let place_of = |p: &model::Product| {
            in_order.binary_search_by_key(&p.product.as_str(), |q| q.product.as_str()).unwrap_or(0)
        };
        Ok(Self {
            places: book.products.iter().map(place_of).collect(),
            codes: in_order.iter().map(|p| p.product.as_str()).collect(),
            family_codes: in_order.iter().map(|p| p.family.code()).collect(),
            by_code: book
                .products
                .iter()
                .zip(0..)
                .map(|(p, at)| (p.product.as_str(), at))
                .collect(),
            families: book.products.iter().map(|p| place(p.family)).collect(),
            curves: book.products.iter().map(curve).collect::<Result<_, _>>()?,
        })
    }

    /// The table of contributions.
    pub(super) fn table(&self, contribution: Contribution) -> Result<DataFrame, StageError> {
        contribution.frame(&self.codes, &self.family_codes)
    }

    fn indices(&self, codes: &[Option<&str>]) -> Result<Vec<usize>, StageError> {
        let unknown = || StageError::Data("a holding's product is not in the product book".into());
        let index = |code: Option<&str>| {
            code.and_then(|c| self.by_code.get(c).copied()).ok_or_else(unknown)
        };
        codes.iter().copied().map(index).collect()
    }
}

/// Holdings and their months, sorted by client and account.
pub(super) struct Holdings {
    pub(super) client_id: Vec<i64>,
    account_id: Vec<i64>,
    product: Vec<usize>,
    matures_on: Vec<Option<i32>>,
    closed_on: Vec<Option<i32>>,
    last_used: Vec<Option<i32>>,
    balance: Vec<i64>,
    months: Months,
}

/// Rows of `account_month`, sorted by account and month.
struct Months {
    account_id: Vec<i64>,
    product: Vec<usize>,
    day: Vec<Option<i32>>,
    amounts: Amounts,
    active_days: Vec<i64>,
}

/// What the accounts of one client come to.
#[derive(Default)]
pub(super) struct Held {
    /// Current return by family.
    pub(super) current: [i64; 8],
    /// Future by family.
    pub(super) future: [i64; 8],
    /// Accounts by family.
    pub(super) accounts: [u32; 8],
    /// Whether a family is held now.
    pub(super) open: [bool; 8],
    /// Latest use by family.
    pub(super) last_used: [Option<i32>; 8],
    /// Values of the holdings.
    pub(super) values: Vec<HoldingValue>,
    /// (first day of the month, active days).
    pub(super) activity: Vec<(i32, i64)>,
    /// Latest balances.
    pub(super) balance: i128,
    /// Months with an account.
    pub(super) months_observed: i64,
}

impl Holdings {
    pub(super) fn read(
        holding: &DataFrame,
        account_month: &DataFrame,
        shelf: &Shelf<'_>,
    ) -> Result<Self, StageError> {
        let holding = ordered(holding, &["client_id", "account_id"])?;
        let months = ordered(account_month, &["client_id", "account_id", "month"])?;
        Ok(Self {
            client_id: keys(&holding, "client_id")?,
            account_id: keys(&holding, "account_id")?,
            product: shelf.indices(&texts(&holding, "product")?)?,
            matures_on: days(&holding, "matures_on")?,
            closed_on: days(&holding, "closed_on")?,
            last_used: days(&holding, "last_used")?,
            balance: ints_or(&holding, "balance", 0)?,
            months: Months {
                account_id: keys(&months, "account_id")?,
                product: shelf.indices(&texts(&months, "product")?)?,
                day: days(&months, "month")?,
                amounts: Amounts::read(&months)?,
                active_days: keys(&months, "active_days")?,
            },
        })
    }

    /// Walks the rows of `account_month` in step with the holdings.
    pub(super) fn months_cursor(&self) -> MonthCursor<'_> {
        MonthCursor { rows: &self.months.account_id, at: 0 }
    }

    /// Adds the contribution of a client whose months the cursor has just passed.
    pub(super) fn contribute(
        &self,
        client: i64,
        months: Range<usize>,
        shelf: &Shelf<'_>,
        contribution: &mut Contribution,
    ) -> Result<(), StageError> {
        let product = |row: usize| shelf.places[self.months.product[row]];
        contribution.add(client, months, product, &self.months.day, &self.months.amounts)
    }

    /// Sums up the accounts of one client.
    pub(super) fn held(
        &self,
        rows: Range<usize>,
        cursor: &mut MonthCursor<'_>,
        shelf: &Shelf<'_>,
        params: &LifetimeParams,
        as_of: BusinessDate,
    ) -> Result<Held, StageError> {
        let mut held = Held::default();
        let mut observed: Vec<i32> = Vec::new();
        for row in rows {
            let months = cursor.next(self.account_id[row]);
            let family = shelf.families[self.product[row]];
            let margins = &self.months.amounts.margin()[months.clone()];
            let open = self.closed_on[row].is_none_or(|day| day > as_of.epoch_days());
            let curve = &shelf.curves[self.product[row]];
            let maturity = self.matures_on[row].map(|day| months_until(day, as_of));
            let months_to_maturity = if open { maturity } else { Some(0) };
            let mut value = holding_value(params, &Holding { curve, margins, months_to_maturity })?;
            if !open {
                // What is closed earns nothing more, renewed or not.
                (value.future, value.variance) = (0, 0.0);
            }
            held.current[family] += value.current;
            held.future[family] += value.future;
            held.accounts[family] += 1;
            held.open[family] |= open;
            held.last_used[family] = held.last_used[family].max(self.last_used[row]);
            held.balance += if open { i128::from(self.balance[row]) } else { 0 };
            held.values.push(value);
            for month in months {
                let Some(day) = self.months.day[month] else { continue };
                observed.push(day);
                held.activity.push((day, self.months.active_days[month]));
            }
        }
        observed.sort_unstable();
        observed.dedup();
        held.months_observed = i64::try_from(observed.len()).unwrap_or(12);
        Ok(held)
    }
}

/// Finds the months of one account after another.
pub(super) struct MonthCursor<'a> {
    rows: &'a [i64],
    at: usize,
}

impl MonthCursor<'_> {
    /// How many rows have been passed.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn next(&mut self, account_id: i64) -> Range<usize> {
        let rest = &self.rows[self.at..];
        let length = rest.iter().take_while(|id| **id == account_id).count();
        let range = self.at..self.at + length;
        self.at = range.end;
        range
    }
}

/// Whole months to a day, 0 when it is past.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a span of days, not negative"
)]
fn months_until(day: i32, as_of: BusinessDate) -> u32 {
    let days = day.saturating_sub(as_of.epoch_days()).max(0);
    (f64::from(days) / DAYS_PER_MONTH).floor() as u32
}

/// Families a client may use without owning the account.
pub(super) fn used_families(
    cursor: &mut Cursor<'_>,
    families: &[Option<&str>],
    client_id: i64,
) -> [bool; 8] {
    let mut used = [false; 8];
    for row in cursor.rows(client_id) {
        if let Some(at) = Family::ALL.iter().position(|f| families[row] == Some(f.code())) {
            used[at] = true;
        }
    }
    used
}
