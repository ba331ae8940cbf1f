//! Bins: values put together so finely that ranks hardly move, and so coarsely that the counts of a
//! whole bank fit a small table, whatever its number of clients.

/// Binary digits that a bin keeps of a value after the first one.
const DIGITS: u32 = 12;

/// The bin of a value, named by the lowest value in it.
///
/// Log-linear, as in HDR histograms: every doubling of the amount is cut into 2^12 bins of equal
/// width. Values less than 2^13 from zero are bins of their own; beyond, a bin is at most 2^-12 of its
/// values wide. Amounts below zero mirror those above. The order of values is kept, and a bin
/// does not depend on what else is counted, so that counts of ranges add up to the counts of all.
///
/// What is read from counts by bin instead of values: a rank is off by at most the clients of one
/// bin, an order statistic by less than the width of one.
pub fn bin(value: i64) -> i64 {
    let magnitude = value.unsigned_abs();
    let width = width(magnitude);
    let inner = magnitude - magnitude % width;
    if value < 0 {
        // The bin of the largest debt would begin below 64 bits.
        0_i64.checked_sub_unsigned(inner + (width - 1)).unwrap_or(i64::MIN)
    } else {
        0_i64.saturating_add_unsigned(inner)
    }
}

/// The lowest value at or above this one with which a bin begins: a cut there parts no bin. Above the
/// last bin the largest value.
pub fn bin_from(value: i64) -> i64 {
    let lowest = bin(value);
    let next = || lowest.saturating_add_unsigned(width(value.unsigned_abs()));
    if lowest == value { value } else { next() }
}

/// How many values share a bin at this distance from zero.
fn width(magnitude: u64) -> u64 {
    1 << magnitude.checked_ilog2().unwrap_or(0).saturating_sub(DIGITS)
}

#[cfg(test)]
mod tests;
