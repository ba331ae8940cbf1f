//! Values counted: what cuts and scales are made of. Ranges of clients hand on such counts.

/// A value and how many clients have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// A score, or the bin of an amount or a raw measure.
    pub value: i64,
    /// Clients, at least one.
    pub clients: u64,
}

/// The values of a population: bars ascending, each value once, none empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    bars: Vec<Bar>,
}

impl Histogram {
    /// Counts values in any order.
    pub fn of_values(mut values: Vec<i64>) -> Self {
        values.sort_unstable();
        let runs = values.chunk_by(|a, b| a == b);
        Self { bars: runs.map(|run| Bar { value: run[0], clients: run.len() as u64 }).collect() }
    }

    /// Takes bars in any order; equal values are added up.
    pub fn of_bars(mut bars: Vec<Bar>) -> Self {
        bars.retain(|bar| bar.clients > 0);
        bars.sort_unstable_by_key(|bar| bar.value);
        bars.dedup_by(|bar, kept| {
            let same = bar.value == kept.value;
            kept.clients += if same { bar.clients } else { 0 };
            same
        });
        Self { bars }
    }

    /// Both populations together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.bars.extend(other.bars);
        Self::of_bars(self.bars)
    }

    /// The bars, ascending.
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }

    /// Number of clients.
    pub fn clients(&self) -> u64 {
        self.bars.iter().map(|bar| bar.clients).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_counted_in_order() {
        let bar = |value, clients| Bar { value, clients };
        let histogram = Histogram::of_values(vec![3, -1, 3, 0]);
        assert_eq!(histogram.bars(), [bar(-1, 1), bar(0, 1), bar(3, 2)]);
        assert_eq!(histogram.clients(), 4);
        let bars = vec![bar(3, 1), bar(0, 1), bar(9, 0), bar(-1, 1), bar(3, 1)];
        assert_eq!(Histogram::of_bars(bars), histogram);
    }

    proptest! {
        #[test]
        fn buckets_merge_to_the_whole(values in prop::collection::vec(-5_i64..5, 0..60), at in 0_usize..60) {
            let (left, right) = values.split_at(at.min(values.len()));
            let merged = Histogram::of_values(left.to_vec()).merge(Histogram::of_values(right.to_vec()));
            prop_assert_eq!(merged, Histogram::of_values(values.clone()));
        }
    }
}
