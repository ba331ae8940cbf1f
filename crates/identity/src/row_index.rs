//! Record id to row, for ids that are spread evenly over the key space.

/// A sorted list of ids with a table of where each leading-bits prefix starts: a look-up touches
/// two places in memory. Uneven ids cost a longer binary search, never a wrong answer.
pub(crate) struct RowIndex {
    ids: Vec<i64>,
    starts: Vec<usize>,
    shift: u32,
}

/// Bits of a key: keys are not negative.
const KEY_BITS: u32 = 63;

impl RowIndex {
    /// An index of ids in any order; duplicates count once.
    pub(crate) fn new(mut ids: Vec<i64>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        let bits = ids.len().checked_ilog2().unwrap_or(0).clamp(1, 28);
        let shift = KEY_BITS - bits;
        let mut starts = vec![0; (1_usize << bits) + 1];
        for id in &ids {
            starts[prefix(*id, shift) + 1] += 1;
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        Self { ids, starts, shift }
    }

    /// The row of an id, if it is there.
    pub(crate) fn row(&self, id: i64) -> Option<usize> {
        let at = prefix(id, self.shift);
        let (from, to) = (self.starts[at], self.starts[at + 1]);
        self.ids[from..to].binary_search(&id).ok().map(|row| from + row)
    }

    /// The ids in ascending order: row `i` is the `i`-th.
    pub(crate) fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// The ids themselves, when the index is no longer needed.
    pub(crate) fn into_ids(self) -> Vec<i64> {
        self.ids
    }
}

/// The leading bits of a key.
fn prefix(id: i64, shift: u32) -> usize {
    usize::try_from(id.max(0) >> shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_id_is_found_at_its_place(
            small in prop::collection::vec(0_i64..50, 0..40),
            wide in prop::collection::vec(any::<i64>(), 0..40),
            probe in any::<i64>(),
        ) {
            let ids: Vec<i64> = small.into_iter().chain(wide).collect();
            let index = RowIndex::new(ids.clone());
            for id in &ids {
                prop_assert_eq!(index.row(*id).map(|row| index.ids()[row]), Some(*id));
            }
            prop_assert_eq!(index.row(probe).is_some(), ids.contains(&probe));
        }
    }
}
