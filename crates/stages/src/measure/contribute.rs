//! What every account contributed in every month, and how it was used.

use super::ledger::{AccountRow, Cell, Ledger, Tariff, window};
use super::terms::{Curves, TermSheet};
use crate::columns::{date_column, frame, int_column, opt_int_column, text_column};
use crate::frames::{Frames, Outputs, StageError};
use model::{BusinessDate, Month};
use night::Settings;
use polars::prelude::*;
use value::{
    AccountMonth, DayClose, EventGroup, Margin, average_balance, balance_chain, contribution,
};

/// Difference between a balance and the one it follows from that is rounding of the source, where
/// the job does not say otherwise, minor units.
const ROUNDING: i64 = 10;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let months = window(settings.as_of);
    let rates = frames.take("rate", &["curve", "date", "tenor_days", "rate_ppm"])?;
    let sheet = TermSheet::new(&settings.job.products, &Curves::read(&rates)?, &months);
    let columns =
        ["account_id", "client_id", "product", "rate_ppm", "opened_on", "matures_on", "closed_on"];
    let accounts = frames.take("client_account", &[&columns[..], &["branch"]].concat())?;
    let mut ledger = Ledger::new(&accounts, &sheet, &months, settings.as_of)?;
    let columns = ["account_id", "date", "balance", "average_balance"];
    ledger.add_balances(&frames.take("balance", &columns)?)?;
    let columns = ["account_id", "date", "amount", "balance_after", "direction", "type", "channel"];
    ledger.add_events(&frames.take("event", &columns)?, &Tariff::new(&settings.job.products))?;
    let judged = ledger.chain.len();
    let breaks = follow_balances(&mut ledger, settings);
    let mut outputs = Outputs::default();
    outputs.add("break_count", break_count(judged, &breaks)?)?;
    outputs.add("balance_break", breaks_frame(&breaks)?)?;
    outputs.add("account_month", month_rows(&ledger, &sheet)?)?;
    outputs.add("holding", holdings(&ledger, &sheet, &accounts)?)?;
    Ok(outputs)
}

/// Follows the balances stated with movements. Accounts without balances of their own take the
/// averages from them; every account's breaks are found.
fn follow_balances(ledger: &mut Ledger<'_>, settings: &Settings<'_>) -> Vec<(i64, i32, u32)> {
    let check = settings.job.checks.balances_follow.as_ref();
    let tolerance = check.map_or(ROUNDING, |c| c.tolerance);
    let known: Vec<i32> = check
        .iter()
        .flat_map(|c| &c.incomplete_days)
        .filter_map(|day| day.parse().ok())
        .map(BusinessDate::epoch_days)
        .collect();
    let mut chain = std::mem::take(&mut ledger.chain);
    chain.sort_by_key(|(account, row)| (*account, row.day));
    let mut breaks = Vec::new();
    for rows in chain.chunk_by(|a, b| a.0 == b.0) {
        let account = rows[0].0;
        let rows: Vec<_> = rows.iter().map(|(_, row)| *row).collect();
        let found = balance_chain(&rows, tolerance);
        let broken = found.days.iter().filter(|day| day.breaks > 0 && !known.contains(&day.day));
        let id = ledger.accounts[account].account_id;
        breaks.extend(broken.map(|day| (id, day.day, day.breaks)));
        if ledger.accounts[account].latest.is_none() {
            fill_averages(ledger, account, &found.days);
        }
    }
    breaks
}

fn fill_averages(ledger: &mut Ledger<'_>, account: usize, closings: &[DayClose]) {
    let first = closings.first().map_or(i32::MAX, |c| c.day);
    let months = ledger.months;
    for (at, month) in months.iter().enumerate() {
        let (Some(start), Some(end)) = (month.first_day(), month.last_day()) else { continue };
        let (start, end) = (start.epoch_days(), end.epoch_days());
        if end < first {
            continue;
        }
        let known = closings.partition_point(|c| c.day <= end);
        let closing = known.checked_sub(1).map_or(0, |at| closings[at].closing);
        if let Some(average) = average_balance(closings, start, end) {
            ledger.cells[account * months.len() + at].balance = Some((end, average, closing));
        }
    }
    ledger.accounts[account].latest = closings.last().map(|c| (c.day, c.closing));
}

/// The balance of a month: as stated, else the latest before it.
fn balances(ledger: &Ledger<'_>, account: usize) -> Vec<i64> {
    let mut carried = ledger.accounts[account].carried.map_or(0, |(_, balance)| balance);
    let mut averages = Vec::with_capacity(ledger.months.len());
    for month in 0..ledger.months.len() {
        match ledger.cell(account, month).balance {
            Some((_, average, closing)) => {
                averages.push(average);
                carried = closing;
            }
            None => averages.push(carried),
        }
    }
    averages
}

/// Whether an account was there in a month.
fn is_open(row: &AccountRow, month: Month) -> bool {
    let (Some(first), Some(last)) = (month.first_day(), month.last_day()) else { return false };
    let opened = row.opened_on.is_none_or(|day| day <= last.epoch_days());
    opened && row.closed_on.is_none_or(|day| day >= first.epoch_days())
}

fn margin(
    sheet: &TermSheet<'_>,
    row: &AccountRow,
    month: usize,
    days: u32,
    average: i64,
    cell: &Cell,
) -> Result<Margin, StageError> {
    let groups = [
        EventGroup { amount: cell.fee_ppm_amount, fee_ppm: 1, ..EventGroup::default() },
        EventGroup { count: 1, unit_cost: cell.cost, ..EventGroup::default() },
    ];
    let month_of = AccountMonth {
        average_balance: average,
        client_rate_ppm: row.rate_ppm,
        days,
        exposure: average,
        charged_fees: cell.fees,
        events: &groups,
    };
    Ok(contribution(sheet.of(row.product, month), &month_of)?)
}

fn month_rows(ledger: &Ledger<'_>, sheet: &TermSheet<'_>) -> Result<DataFrame, StageError> {
    let mut ints: [Vec<i64>; 10] = std::array::from_fn(|_| Vec::new());
    let mut dates = Vec::new();
    let mut products = Vec::new();
    for (account, row) in ledger.accounts.iter().enumerate() {
        let averages = balances(ledger, account);
        for (at, month) in ledger.months.iter().enumerate() {
            let (Some(first), true) = (month.first_day(), is_open(row, *month)) else { continue };
            let days = month.last_day().map_or(30, |d| d.ymd().2);
            let cell = ledger.cell(account, at);
            let margin = margin(sheet, row, at, days, averages[at], cell)?;
            let values = [
                row.client_id,
                row.account_id,
                averages[at],
                margin.net_interest,
                margin.fees,
                margin.expected_loss,
                margin.cost_to_serve,
                margin.total,
                i64::from(cell.active.count_ones()),
                i64::from(cell.transactions),
            ];
            ints.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            dates.push(Some(first.epoch_days()));
            products.push(row.product);
        }
    }
    let names = [
        "client_id",
        "account_id",
        "average_balance",
        "net_interest",
        "fees",
        "expected_loss",
        "cost_to_serve",
        "margin",
        "active_days",
        "transactions",
    ];
    let mut columns: Vec<Column> = names.iter().zip(ints).map(|(n, v)| int_column(n, v)).collect();
    columns.push(date_column("month", dates));
    columns.extend(product_columns(sheet, &products));
    frame(columns)
}

fn product_columns(sheet: &TermSheet<'_>, products: &[usize]) -> [Column; 2] {
    let codes: Vec<&str> = products.iter().map(|p| sheet.products[*p].product.as_str()).collect();
    let families: Vec<&str> = products.iter().map(|p| sheet.products[*p].family.code()).collect();
    [text_column("product", &codes), text_column("family", &families)]
}

fn holdings(
    ledger: &Ledger<'_>,
    sheet: &TermSheet<'_>,
    accounts: &DataFrame,
) -> Result<DataFrame, StageError> {
    let rows = &ledger.accounts;
    let products: Vec<usize> = rows.iter().map(|r| r.product).collect();
    let mut columns = vec![
        int_column("client_id", rows.iter().map(|r| r.client_id).collect()),
        int_column("account_id", rows.iter().map(|r| r.account_id).collect()),
        date_column("opened_on", rows.iter().map(|r| r.opened_on).collect()),
        date_column("matures_on", rows.iter().map(|r| r.matures_on).collect()),
        date_column("closed_on", rows.iter().map(|r| r.closed_on).collect()),
        date_column("last_used", rows.iter().map(|r| r.last_used).collect()),
        opt_int_column("balance", rows.iter().map(|r| r.latest.map(|(_, b)| b)).collect()),
        accounts.column("branch")?.clone(),
    ];
    columns.extend(product_columns(sheet, &products));
    frame(columns)
}

/// The breaks of a range of accounts in one row: what the driver of a night reads of them.
fn break_count(judged: usize, breaks: &[(i64, i32, u32)]) -> Result<DataFrame, StageError> {
    let accounts = breaks.chunk_by(|a, b| a.0 == b.0).count();
    let all: i64 = breaks.iter().map(|b| i64::from(b.2)).sum();
    frame(vec![
        int_column("judged", vec![i64::try_from(judged).unwrap_or(i64::MAX)]),
        int_column("accounts", vec![i64::try_from(accounts).unwrap_or(i64::MAX)]),
        int_column("breaks", vec![all]),
    ])
}

fn breaks_frame(breaks: &[(i64, i32, u32)]) -> Result<DataFrame, StageError> {
    frame(vec![
        int_column("account_id", breaks.iter().map(|b| b.0).collect()),
        date_column("date", breaks.iter().map(|b| Some(b.1)).collect()),
        int_column("breaks", breaks.iter().map(|b| i64::from(b.2)).collect()),
    ])
}
