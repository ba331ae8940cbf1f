//! Concentration: what share of the total the best clients hold (80/20, whale curve; S13).

use model::{Money, MoneyError};

/// The tops that are published, ppm of clients: 1, 5, 10, 20 and 50 %.
pub const TOP_SHARES_PPM: [u32; 5] = [10_000, 50_000, 100_000, 200_000, 500_000];
/// Parts per million.
const PPM: i128 = 1_000_000;

/// What the best clients hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Number of clients.
    pub clients: usize,
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
    pub clients: usize,
    /// What all hold, minor units.
    pub total: i64,
    /// What the tops hold, by [`TOP_SHARES_PPM`]; the number of clients is rounded up.
    pub tops: [Share; 5],
    /// The height of the whale curve: what all clients above zero hold.
    pub peak: Share,
    /// Clients below zero.
    pub loss_makers: usize,
}

/// Why values are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConcentrationError {
    /// Values that do not descend.
    #[error("values rise at position {at} (expected the largest first)")]
    Order {
        /// Index of the first value larger than the one before it.
        at: usize,
    },
    /// A sum beyond 64 bits.
    #[error("sum of the values: {0}")]
    Sum(#[from] MoneyError),
}

/// The concentration of values, the largest first.
pub fn concentration(descending: &[i64]) -> Result<Concentration, ConcentrationError> {
    if let Some(at) = descending.windows(2).position(|pair| pair[0] < pair[1]) {
        return Err(ConcentrationError::Order { at: at + 1 });
    }
    let clients = descending.len();
    let total = sum(descending)?;
    let top = |n: usize| -> Result<Share, ConcentrationError> {
        let amount = sum(&descending[..n])?;
        Ok(Share { clients: n, amount, share_ppm: share_ppm(amount, total) })
    };
    let mut tops = [top(0)?; 5];
    for (share, ppm) in tops.iter_mut().zip(TOP_SHARES_PPM) {
        *share = top(rounded_up(clients, ppm))?;
    }
    let peak = top(descending.partition_point(|&value| value > 0))?;
    let loss_makers = clients - descending.partition_point(|&value| value >= 0);
    Ok(Concentration { clients, total, tops, peak, loss_makers })
}

fn sum(values: &[i64]) -> Result<i64, MoneyError> {
    let sum: i128 = values.iter().copied().map(i128::from).sum();
    i64::try_from(sum).map_err(|_| MoneyError::OutOfRange)
}

fn share_ppm(amount: i64, total: i64) -> Option<i64> {
    let share = || Money::round_ratio(i128::from(amount) * PPM, i128::from(total)).ok();
    (total > 0).then(share).flatten().map(|ppm| ppm.0)
}

/// A share of the clients, at least one where there are any.
fn rounded_up(clients: usize, ppm: u32) -> usize {
    let share = (clients as u128 * u128::from(ppm)).div_ceil(PPM.unsigned_abs());
    usize::try_from(share).unwrap_or(clients)
}

#[cfg(test)]
mod tests;
