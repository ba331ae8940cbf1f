//! The months of a bucket's accounts while balances and movements are read: one cell per account
//! and month, filled in any order.

use crate::columns::{days, keys, texts};
use crate::frames::StageError;
use crate::measure::terms::TermSheet;
use model::{BusinessDate, Month, ProductBook};
use polars::prelude::*;
use rustc_hash::FxHashMap;
use value::{LedgerRow, TRAILING_MONTHS};

/// The trailing months that are over at a business date.
pub(super) fn window(as_of: BusinessDate) -> Vec<Month> {
    let month = as_of.month();
    let over = month.last_day() == Some(as_of);
    let last = if over { month.0 } else { month.0 - 1 };
    let length = i32::try_from(TRAILING_MONTHS).unwrap_or(12);
    (last - length + 1..=last).map(Month).collect()
}

/// What is known of an account before its movements.
pub(super) struct AccountRow {
    pub(super) account_id: i64,
    pub(super) client_id: i64,
    pub(super) product: usize,
    pub(super) rate_ppm: i64,
    pub(super) opened_on: Option<i32>,
    pub(super) matures_on: Option<i32>,
    pub(super) closed_on: Option<i32>,
    /// Latest day with a movement the client made.
    pub(super) last_used: Option<i32>,
    /// Latest balance and its day.
    pub(super) latest: Option<(i32, i64)>,
    /// Latest balance before the window and its day.
    pub(super) carried: Option<(i32, i64)>,
}

/// One account in one month.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    /// Average and closing balance, where the source gives one, with its day.
    pub(super) balance: Option<(i32, i64, i64)>,
    /// Fees by event, minor units.
    pub(super) fees: i64,
    /// Amounts times their share in ppm.
    pub(super) fee_ppm_amount: i64,
    /// Cost of the movements, minor units.
    pub(super) cost: i64,
    /// Days with a movement the client made, one bit each.
    pub(super) active: u32,
    /// Movements the client made.
    pub(super) transactions: u32,
}

/// All accounts of a bucket.
pub(super) struct Ledger<'a> {
    pub(super) months: &'a [Month],
    pub(super) accounts: Vec<AccountRow>,
    pub(super) cells: Vec<Cell>,
    /// Movements with a stated balance, by account.
    pub(super) chain: Vec<(usize, LedgerRow)>,
    index: FxHashMap<i64, usize>,
    month_of: MonthOf,
    as_of: i32,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(
        accounts: &DataFrame,
        sheet: &TermSheet<'_>,
        months: &'a [Month],
        as_of: BusinessDate,
    ) -> Result<Self, StageError> {
        let accounts = account_rows(accounts, sheet)?;
        let index: FxHashMap<i64, usize> =
            accounts.iter().zip(0..).map(|(row, at)| (row.account_id, at)).collect();
        if index.len() != accounts.len() {
            let cause =
                "two accounts share an id (declare `unique` on the account key of the feed)";
            return Err(StageError::Data(cause.into()));
        }
        Ok(Self {
            months,
            cells: vec![Cell::default(); accounts.len() * months.len()],
            chain: Vec::new(),
            month_of: MonthOf::new(months),
            as_of: as_of.epoch_days(),
            accounts,
            index,
        })
    }

    pub(super) fn cell(&self, account: usize, month: usize) -> &Cell {
        &self.cells[account * self.months.len() + month]
    }

    /// Enters the balances the sources state.
    pub(super) fn add_balances(&mut self, frame: &DataFrame) -> Result<(), StageError> {
        let ids = frame.column("account_id")?.i64()?;
        let dates = frame.column("date")?.date()?.physical();
        let balances = frame.column("balance")?.i64()?;
        let averages = frame.column("average_balance")?.i64()?;
        for (((id, date), balance), average) in
            ids.iter().zip(dates.iter()).zip(balances.iter()).zip(averages.iter())
        {
            let (Some(id), Some(date), Some(balance)) = (id, date, balance) else { continue };
            let Some(&account) = self.index.get(&id).filter(|_| date <= self.as_of) else {
                continue;
            };
            let row = &mut self.accounts[account];
            keep_latest(&mut row.latest, date, balance);
            match self.month_of.index(date) {
                Some(month) => {
                    let cell = &mut self.cells[account * self.months.len() + month];
                    if cell.balance.is_none_or(|(day, ..)| day <= date) {
                        cell.balance = Some((date, average.unwrap_or(balance), balance));
                    }
                }
                None if self.month_of.is_before(date) => {
                    keep_latest(&mut row.carried, date, balance);
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Enters the movements.
    pub(super) fn add_events(
        &mut self,
        frame: &DataFrame,
        tariff: &Tariff<'_>,
    ) -> Result<(), StageError> {
        let ids = frame.column("account_id")?.i64()?;
        let dates = frame.column("date")?.date()?.physical();
        let amounts = frame.column("amount")?.i64()?;
        let after = frame.column("balance_after")?.i64()?;
        let directions = frame.column("direction")?.str()?;
        let types = frame.column("type")?.str()?;
        let channels = frame.column("channel")?.str()?;
        let money = ids.iter().zip(dates.iter()).zip(amounts.iter().zip(after.iter()));
        let words = directions.iter().zip(types.iter()).zip(channels.iter());
        for (((id, date), (amount, after)), ((direction, kind), channel)) in money.zip(words) {
            let (Some(id), Some(date), Some(amount)) = (id, date, amount) else { continue };
            let Some(&account) = self.index.get(&id).filter(|_| date <= self.as_of) else {
                continue;
            };
            if let Some(balance_after) = after {
                let amount = if direction == Some("D") { -amount } else { amount };
                self.chain.push((account, LedgerRow { day: date, amount, balance_after }));
            }
            let product = self.accounts[account].product;
            let charge = tariff.charge(product, kind, channel);
            self.enter(account, date, amount, &charge)?;
        }
        Ok(())
    }

    fn enter(
        &mut self,
        account: usize,
        date: i32,
        amount: i64,
        charge: &Charge,
    ) -> Result<(), StageError> {
        let row = &mut self.accounts[account];
        if charge.by_client {
            row.last_used = row.last_used.max(Some(date));
        }
        let Some(month) = self.month_of.index(date) else { return Ok(()) };
        let cell = &mut self.cells[account * self.months.len() + month];
        let too_much =
            || StageError::Data("the fees of an account and month are out of range".into());
        let share = amount.checked_mul(charge.fee_ppm).ok_or_else(too_much)?;
        cell.fee_ppm_amount = cell.fee_ppm_amount.checked_add(share).ok_or_else(too_much)?;
        cell.fees = cell.fees.checked_add(charge.fee).ok_or_else(too_much)?;
        cell.cost = cell.cost.checked_add(charge.cost).ok_or_else(too_much)?;
        if charge.by_client {
            let first = self.month_of.first_day(month);
            cell.active |= 1 << (date - first).clamp(0, 31);
            cell.transactions += 1;
        }
        Ok(())
    }
}

fn keep_latest(slot: &mut Option<(i32, i64)>, date: i32, balance: i64) {
    if slot.is_none_or(|held| held <= (date, balance)) {
        *slot = Some((date, balance));
    }
}

fn account_rows(frame: &DataFrame, sheet: &TermSheet<'_>) -> Result<Vec<AccountRow>, StageError> {
    let ids = keys(frame, "account_id")?;
    let clients = keys(frame, "client_id")?;
    let products = texts(frame, "product")?;
    let rates = frame.column("rate_ppm")?.i64()?;
    let (opened, matures, closed) =
        (days(frame, "opened_on")?, days(frame, "matures_on")?, days(frame, "closed_on")?);
    let unknown = || StageError::Data("an account's product is not in the product book".into());
    let mut rows = Vec::with_capacity(ids.len());
    for at in 0..ids.len() {
        let product = products[at].and_then(|code| sheet.index(code)).ok_or_else(unknown)?;
        rows.push(AccountRow {
            account_id: ids[at],
            client_id: clients[at],
            product,
            rate_ppm: rates.get(at).unwrap_or(sheet.products[product].client_rate_ppm),
            opened_on: opened[at],
            matures_on: matures[at],
            closed_on: closed[at],
            last_used: None,
            latest: None,
            carried: None,
        });
    }
    Ok(rows)
}

/// What a movement brings and costs.
#[derive(Clone, Copy)]
pub(super) struct Charge {
    fee: i64,
    fee_ppm: i64,
    cost: i64,
    by_client: bool,
}

/// Fees and costs by type and channel.
pub(super) struct Tariff<'a> {
    book: &'a ProductBook,
    by_bank: Vec<&'a str>,
}

impl<'a> Tariff<'a> {
    pub(super) fn new(book: &'a ProductBook) -> Self {
        Self { book, by_bank: book.bank_events.iter().map(String::as_str).collect() }
    }

    fn charge(&self, product: usize, kind: Option<&str>, channel: Option<&str>) -> Charge {
        let kind = kind.unwrap_or_default();
        let product = &self.book.products[product];
        let by_client = !self.by_bank.contains(&kind);
        let cost = channel.and_then(|c| self.book.unit_costs.get(c)).copied().unwrap_or(0);
        Charge {
            fee: self.book.event_fees.get(kind).copied().unwrap_or(0),
            fee_ppm: product.event_fee_ppm.get(kind).copied().unwrap_or(0),
            cost: if by_client { cost } else { 0 },
            by_client,
        }
    }
}

/// From a day to its place in the window, without calendar arithmetic per row.
struct MonthOf {
    first: i32,
    starts: Vec<i32>,
    by_day: Vec<u8>,
}

impl MonthOf {
    fn new(months: &[Month]) -> Self {
        let day = |d: Option<BusinessDate>| d.map_or(0, BusinessDate::epoch_days);
        let starts: Vec<i32> = months.iter().map(|m| day(m.first_day())).collect();
        let mut by_day = Vec::new();
        for (month, at) in months.iter().zip(0_u8..) {
            let length = day(month.last_day()) - day(month.first_day()) + 1;
            by_day.extend(std::iter::repeat_n(at, usize::try_from(length).unwrap_or(0)));
        }
        Self { first: starts.first().copied().unwrap_or(0), starts, by_day }
    }

    fn index(&self, day: i32) -> Option<usize> {
        let at = usize::try_from(day.checked_sub(self.first)?).ok()?;
        self.by_day.get(at).map(|month| usize::from(*month))
    }

    fn is_before(&self, day: i32) -> bool {
        day < self.first
    }

    fn first_day(&self, month: usize) -> i32 {
        self.starts[month]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_window_is_twelve_months_that_are_over() {
        let months = window(date("2026-11-20"));
        assert_eq!((months.len(), months[0].to_string()), (12, "2025-11".into()));
        assert_eq!(months[11].to_string(), "2026-10");
        assert_eq!(window(date("1994-03-31"))[11].to_string(), "1994-03");
    }

    #[test]
    fn days_find_their_month() {
        let months = window(date("2026-11-20"));
        let of = MonthOf::new(&months);
        let at = |text: &str| of.index(date(text).epoch_days());
        assert_eq!(at("2025-10-31"), None);
        assert_eq!(at("2025-11-01"), Some(0));
        assert_eq!(at("2026-02-28"), Some(3));
        assert_eq!(at("2026-03-01"), Some(4));
        assert_eq!(at("2026-10-31"), Some(11));
        assert_eq!(at("2026-11-01"), None);
    }
}
