//! Concentration: what share of the total the best clients hold (80/20, whale curve; S13).

use model::{Money, MoneyError};
use std::cmp::Reverse;

/// The tops that are published, ppm of clients: 1, 5, 10, 20 and 50 %.
pub const TOP_SHARES_PPM: [u32; 5] = [10_000, 50_000, 100_000, 200_000, 500_000];
/// Parts per million.
const PPM: i128 = 1_000_000;

/// The clients whose values lie in one bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinTotal {
    /// The bin: its lowest value, minor units.
    pub value: i64,
    /// Clients.
    pub clients: u64,
    /// What they hold together, exactly, minor units.
    pub amount: i128,
}

/// What the best clients hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Number of clients.
    pub clients: u64,
    /// What they hold, minor units.
    pub amount: i64,
    /// Their share of the total, ppm, rounded half to even. Above one million where loss makers take
    /// back what the best earn; `None` where the total is not positive, or a share has no meaning.
    pub share_ppm: Option<i64>,
}

/// The concentration of one population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// Number of clients.
    pub clients: u64,
    /// What all hold, minor units.
    pub total: i64,
    /// What the tops hold, by [`TOP_SHARES_PPM`]; the number of clients is rounded up.
    pub tops: [Share; 5],
    /// The height of the whale curve: what all clients above zero hold.
    pub peak: Share,
    /// Clients below zero.
    pub loss_makers: u64,
}

/// The concentration of values counted by bin, in any order.
///
/// Clients, total, peak and loss makers are exact, as is a top that ends with a bin. A top that takes
/// `k` of the `c` clients of its last bin takes that part of the bin's amount, rounded down: the best
/// of a bin hold more, but the amount is too low by less than `k (c - k) / c` widths of the bin and
/// one unit.
///
/// Refuses a sum beyond 64 bits.
pub fn concentration(mut bins: Vec<BinTotal>) -> Result<Concentration, MoneyError> {
    bins.sort_unstable_by_key(|bin| Reverse(bin.value));
    bins.dedup_by(|bin, kept| {
        let same = bin.value == kept.value;
        if same {
            kept.clients += bin.clients;
            kept.amount += bin.amount;
        }
        same
    });
    let above = |least: i64| -> u64 {
        bins.iter().take_while(|bin| bin.value >= least).map(|bin| bin.clients).sum()
    };
    let clients = above(i64::MIN);
    let total = held_by_best(&bins, clients)?;
    let top = |n: u64| -> Result<Share, MoneyError> {
        let amount = held_by_best(&bins, n)?;
        Ok(Share { clients: n, amount, share_ppm: share_ppm(amount, total) })
    };
    let mut tops = [top(0)?; 5];
    for (share, ppm) in tops.iter_mut().zip(TOP_SHARES_PPM) {
        *share = top(rounded_up(clients, ppm))?;
    }
    Ok(Concentration {
        clients,
        total,
        tops,
        peak: top(above(1))?,
        loss_makers: clients - above(0),
    })
}

/// What the best `n` clients hold; bins descend.
fn held_by_best(bins: &[BinTotal], n: u64) -> Result<i64, MoneyError> {
    let (mut amount, mut left) = (0_i128, n);
    for bin in bins {
        if left < bin.clients {
            amount += (bin.amount * i128::from(left)).div_euclid(i128::from(bin.clients));
            break;
        }
        amount += bin.amount;
        left -= bin.clients;
    }
    i64::try_from(amount).map_err(|_| MoneyError::OutOfRange)
}

fn share_ppm(amount: i64, total: i64) -> Option<i64> {
    let share = || Money::round_ratio(i128::from(amount) * PPM, i128::from(total)).ok();
    (total > 0).then(share).flatten().map(|ppm| ppm.0)
}

/// A share of the clients, at least one where there are any.
fn rounded_up(clients: u64, ppm: u32) -> u64 {
    let share = (u128::from(clients) * u128::from(ppm)).div_ceil(PPM.unsigned_abs());
    u64::try_from(share).unwrap_or(clients)
}

#[cfg(test)]
mod tests;
