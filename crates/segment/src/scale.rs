//! The empirical scale: from a raw measure to the share of clients below it.

use crate::Histogram;

/// Most edges a scale keeps: one per centi-point.
pub const MAX_EDGES: usize = 10_000;
/// The highest score, centi-points.
const FULL: u64 = 10_000;

/// Order statistics of a population, ascending, at most [`MAX_EDGES`].
///
/// The score of a value is its mid-rank: the share of edges below it and half of those equal to it.
/// Up to 10 000 clients every client is an edge and the score is exact. Above that the edges are the
/// values at the middles of 10 000 equal strata, so that the share at any value is at most half a
/// stratum off and the rounded score at most one centi-point. Ranks need no winsorising: an outlier
/// is no further up than the last client.
///
/// Of a population counted by [`bin`](crate::bin) the bin of a value is what is ranked: the clients of
/// a bin share its mid-rank, which is off by at most half of their share of all clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    edges: Vec<i64>,
}

impl Scale {
    /// The scale of a population; `None` when it is empty.
    pub fn of(population: &Histogram) -> Option<Self> {
        Self::with_edges(population, MAX_EDGES)
    }

    /// A scale read back from the edges of an earlier night (a frozen scale); `None` when empty.
    pub fn of_edges(edges: Vec<i64>) -> Option<Self> {
        Self::of(&Histogram::of_values(edges))
    }

    /// The edges, ascending: what a scale is stored as.
    pub fn edges(&self) -> &[i64] {
        &self.edges
    }

    /// Centi-points of a value, 0 to 10 000; never falls when the value rises.
    pub fn score(&self, value: i64) -> i64 {
        let below = self.edges.partition_point(|&edge| edge < value);
        let equal = self.edges[below..].partition_point(|&edge| edge == value);
        let (twice_rank, all) = ((2 * below + equal) as u64, self.edges.len() as u64);
        // Halves up; `all` is at most ten thousand, so nothing overflows.
        let points = (twice_rank * FULL + all) / (2 * all);
        i64::try_from(points).unwrap_or(i64::MAX)
    }

    /// At most `most` edges: all values, or those at the middles of equal strata.
    fn with_edges(population: &Histogram, most: usize) -> Option<Self> {
        let clients = population.clients();
        let n_edges = usize::try_from(clients).map_or(most, |clients| clients.min(most));
        let mut edges = Vec::with_capacity(n_edges);
        let mut seen = 0;
        for bar in population.bars() {
            seen += bar.clients;
            while edges.len() < n_edges && middle(edges.len(), n_edges, clients) < seen {
                edges.push(bar.value);
            }
        }
        (!edges.is_empty()).then_some(Self { edges })
    }
}

/// Position of the middle client of a stratum among all, from 0.
fn middle(stratum: usize, strata: usize, clients: u64) -> u64 {
    let position = (2 * stratum as u128 + 1) * u128::from(clients) / (2 * strata as u128);
    u64::try_from(position).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
