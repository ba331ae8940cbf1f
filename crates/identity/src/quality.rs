//! Quality against the truth: how many pairs of records are rightly one client.

use rustc_hash::FxHashMap;

/// Pairwise quality of clusters. Pairs are unordered pairs of records of one person or client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Pairs of the truth, found or not: pairs lost in blocking count as missed.
    pub pairs_true: u64,
    /// Pairs put together.
    pub pairs_found: u64,
    /// Pairs put together that belong together.
    pub pairs_right: u64,
    /// Right pairs of those found; 1 where none was found.
    pub precision: f64,
    /// Right pairs of the true ones; 1 where there is none.
    pub recall: f64,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
}

/// Compares what was found with the truth, given as (record, person) and (record, client).
///
/// The truth says which records count: a record it does not know is passed over, and one that was
/// not found at all is a client by itself.
pub fn pairwise(truth: &[(i64, i64)], found: &[(i64, i64)]) -> Quality {
    let client_of: FxHashMap<i64, i64> = found.iter().copied().collect();
    let mut persons: FxHashMap<i64, u64> = FxHashMap::default();
    let mut clients: FxHashMap<i64, u64> = FxHashMap::default();
    let mut both: FxHashMap<(i64, i64), u64> = FxHashMap::default();
    for (record, person) in truth {
        *persons.entry(*person).or_default() += 1;
        if let Some(client) = client_of.get(record) {
            *clients.entry(*client).or_default() += 1;
            *both.entry((*person, *client)).or_default() += 1;
        }
    }
    let pairs_true = persons.into_values().map(pairs).sum();
    let pairs_found = clients.into_values().map(pairs).sum();
    let pairs_right = both.into_values().map(pairs).sum();
    let precision = share(pairs_right, pairs_found);
    let recall = share(pairs_right, pairs_true);
    let sum = precision + recall;
    let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
    Quality { pairs_true, pairs_found, pairs_right, precision, recall, f1 }
}

/// Unordered pairs among so many.
fn pairs(records: u64) -> u64 {
    records * records.saturating_sub(1) / 2
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(truth: &[(i64, i64)], found: &[(i64, i64)], pairs: (u64, u64, u64), f1: f64) {
        let quality = pairwise(truth, found);
        assert_eq!((quality.pairs_true, quality.pairs_found, quality.pairs_right), pairs);
        assert!((quality.f1 - f1).abs() < 1e-12, "{}", quality.f1);
    }

    #[test]
    fn pairs_are_counted_against_the_truth() {
        let truth = [(1, 10), (2, 10), (3, 10), (4, 20), (5, 20)];
        check(&truth, &[(1, 7), (2, 7), (3, 7), (4, 8), (5, 8)], (4, 4, 4), 1.0);
        check(&truth, &[(1, 7), (2, 7), (3, 8), (4, 8), (9, 8)], (4, 2, 1), 1.0 / 3.0);
        check(&truth, &[(1, 1), (2, 2), (3, 3)], (4, 0, 0), 0.0);
        check(&[(1, 10)], &[], (0, 0, 0), 1.0);
    }
}
