//! The contribution of a client by product and month, from that of its accounts.

use crate::columns::{date_column, frame, int_column, keys, text_column};
use crate::frames::StageError;
use polars::prelude::*;
use std::ops::Range;

/// The amounts that add up over accounts, in the order of the table.
const AMOUNTS: [&str; 6] =
    ["average_balance", "net_interest", "fees", "expected_loss", "cost_to_serve", "margin"];

/// The columns of `account_month` that are read here, besides the amounts' own.
pub(super) fn amount_columns() -> &'static [&'static str] {
    &AMOUNTS
}

/// The amounts of `account_month`, row by row.
pub(super) struct Amounts([Vec<i64>; 6]);

impl Amounts {
    pub(super) fn read(months: &DataFrame) -> Result<Self, StageError> {
        let mut amounts: [Vec<i64>; 6] = Default::default();
        for (column, name) in amounts.iter_mut().zip(AMOUNTS) {
            *column = keys(months, name)?;
        }
        Ok(Self(amounts))
    }

    /// Contribution margins.
    pub(super) fn margin(&self) -> &[i64] {
        &self.0[5]
    }
}

/// Rows of `client_contribution`, made in the order of its key.
#[derive(Default)]
pub(super) struct Contribution {
    client: Vec<i64>,
    product: Vec<usize>,
    month: Vec<Option<i32>>,
    amounts: [Vec<i64>; 6],
    order: Vec<(usize, i32, usize)>,
}

impl Contribution {
    /// Adds a client from its rows of `account_month`; `product` gives the place of a row's product
    /// among the codes in order.
    pub(super) fn add(
        &mut self,
        client: i64,
        rows: Range<usize>,
        product: impl Fn(usize) -> usize,
        days: &[Option<i32>],
        amounts: &Amounts,
    ) -> Result<(), StageError> {
        self.order.clear();
        self.order.extend(rows.filter_map(|row| Some((product(row), days[row]?, row))));
        self.order.sort_unstable();
        let too_much = || StageError::Data("the contribution of a client is out of range".into());
        let order = std::mem::take(&mut self.order);
        for &(product, day, row) in &order {
            let last = self.client.len().wrapping_sub(1);
            let follows = self.client.last() == Some(&client)
                && self.product[last] == product
                && self.month[last] == Some(day);
            if !follows {
                self.client.push(client);
                self.product.push(product);
                self.month.push(Some(day));
            }
            for (sums, amounts) in self.amounts.iter_mut().zip(&amounts.0) {
                match sums.last_mut().filter(|_| follows) {
                    Some(sum) => *sum = sum.checked_add(amounts[row]).ok_or_else(too_much)?,
                    None => sums.push(amounts[row]),
                }
            }
        }
        // The list goes back, so that the next client needs no other.
        self.order = order;
        Ok(())
    }

    /// The table; `codes` and `families` by place.
    pub(super) fn frame(self, codes: &[&str], families: &[&str]) -> Result<DataFrame, StageError> {
        let product: Vec<&str> = self.product.iter().map(|at| codes[*at]).collect();
        let family: Vec<&str> = self.product.iter().map(|at| families[*at]).collect();
        let mut columns = vec![
            int_column("client_id", self.client),
            text_column("product", &product),
            text_column("family", &family),
            date_column("month", self.month),
        ];
        columns.extend(AMOUNTS.iter().zip(self.amounts).map(|(n, v)| int_column(n, v)));
        frame(columns)
    }
}
