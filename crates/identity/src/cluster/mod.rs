//! Cluster: accepted pairs to clients, without putting two persons into one.
//!
//! Bare connected components let one wrong pair fuse two families of records. Here pairs merge in
//! the order of their weight (Kruskal), and a merge that would give a client two authoritative
//! numbers of one kind, or go against a steward's no, is refused and kept for review. The order is
//! total (weight descending, then lower record id, then higher), so nothing of arrival is left in
//! the result.

mod holdings;

#[cfg(test)]
mod tests;

use crate::authority::Authority;
use crate::row_index::RowIndex;
use crate::rule::{Edge, Rule};
use crate::sets::Sets;
use holdings::Holdings;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;

/// What clustering reads.
#[derive(Clone, Copy, Debug)]
pub struct ClusterInput<'a> {
    /// Every record of the night once, in any order.
    pub record_id: &'a [i64],
    /// The number that proves who the record is, in the order of `record_id`.
    pub authority: &'a [Option<Authority>],
    /// Accepted pairs. A pair with a record that is not there is passed over.
    pub edges: &'a [Edge],
    /// Stewards' yes: merges before everything else and in spite of numbers.
    pub must_link: &'a [(i64, i64)],
    /// Stewards' no: never one client, not through third records either.
    pub cannot_link: &'a [(i64, i64)],
    /// Numbers that prove nothing because too many records carry them.
    pub void: &'a [Authority],
    /// Least weight, in thousandths of a bit, that merges in spite of two different numbers of
    /// which one has no check character behind it. Two numbers that both have are never merged.
    pub override_weight: i32,
}

/// Records with their client, in ascending order of record id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clusters {
    /// The record.
    pub record_id: Vec<i64>,
    /// The lowest record id of its cluster.
    pub representative: Vec<i64>,
    /// The rule by which the record joined; none for the representative, to which the others came.
    pub rule: Vec<Option<Rule>>,
    /// The weight of the pair by which it joined, thousandths of a bit; 0 for the representative.
    pub weight: Vec<i32>,
    /// Refused merges, one for each pair of clusters: the strongest pair first.
    pub rejected: Vec<RejectedMerge>,
}

/// A pair whose merge was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RejectedMerge {
    /// The pair.
    pub edge: Edge,
    /// The final cluster of `edge.a`.
    pub cluster_a: i64,
    /// The final cluster of `edge.b`.
    pub cluster_b: i64,
    /// Why it was refused.
    pub cause: RejectCause,
}

/// Why a merge was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RejectCause {
    /// A steward said no.
    Verdict,
    /// Two numbers of one kind, each with a right check character.
    TwoNumbers,
    /// Two numbers of one kind, one without a check character of its issuer, and too little weight.
    DoubtfulNumbers,
}

impl RejectCause {
    /// The cause in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::TwoNumbers => "two_numbers",
            Self::DoubtfulNumbers => "doubtful_numbers",
        }
    }
}

impl Default for ClusterInput<'_> {
    /// Nothing to cluster; a document in common is enough against a doubtful number.
    fn default() -> Self {
        Self {
            record_id: &[],
            authority: &[],
            edges: &[],
            must_link: &[],
            cannot_link: &[],
            void: &[],
            override_weight: Rule::Document.weight(),
        }
    }
}

/// Merges records into clients.
pub fn cluster(input: &ClusterInput<'_>) -> Clusters {
    let index = RowIndex::new(input.record_id.to_vec());
    let mut forest = Forest::new(&index, input);
    for candidate in candidates(&index, input) {
        forest.try_merge(&candidate);
    }
    forest.finish(index)
}

/// A pair by row; rows are in the order of record ids.
#[derive(Clone, Copy)]
struct Candidate {
    a: usize,
    b: usize,
    rule: Rule,
    weight: i32,
}

/// All pairs in the total order in which they merge.
fn candidates(index: &RowIndex, input: &ClusterInput<'_>) -> Vec<Candidate> {
    let yes = input
        .must_link
        .iter()
        .map(|(one, other)| Edge::between(*one, *other, Rule::Steward, Rule::Steward.weight()));
    let mut candidates: Vec<Candidate> = yes
        .chain(input.edges.iter().copied())
        .filter_map(|Edge { a, b, rule, weight }| {
            let (one, other) = (index.row(a)?, index.row(b)?);
            Some(Candidate { a: one.min(other), b: one.max(other), rule, weight })
        })
        .collect();
    candidates.sort_unstable_by_key(|pair| {
        let steward_last = pair.rule != Rule::Steward;
        (steward_last, Reverse(pair.weight), pair.a, pair.b, pair.rule)
    });
    candidates
}

/// Records united so far, and what forbids to unite more.
struct Forest {
    sets: Sets,
    joined: Vec<Option<(Rule, i32)>>,
    holdings: Holdings,
    override_weight: i32,
    refused: Vec<(Candidate, RejectCause)>,
}

impl Forest {
    fn new(index: &RowIndex, input: &ClusterInput<'_>) -> Self {
        let rows = index.ids().len();
        Self {
            sets: Sets::new(rows),
            joined: vec![None; rows],
            holdings: Holdings::new(index, input),
            override_weight: input.override_weight,
            refused: Vec::new(),
        }
    }

    fn try_merge(&mut self, pair: &Candidate) {
        let (a, b) = (self.sets.first(pair.a), self.sets.first(pair.b));
        if a == b {
            return;
        }
        if let Some(cause) = self.objection(a, b, pair) {
            self.refused.push((*pair, cause));
            return;
        }
        let (kept, gone) = (a.min(b), a.max(b));
        self.sets.join(kept, gone);
        self.holdings.absorb(kept, gone);
        for row in [pair.a, pair.b] {
            self.joined[row].get_or_insert((pair.rule, pair.weight));
        }
    }

    /// What forbids the merge of two clusters by this pair.
    fn objection(&mut self, a: usize, b: usize, pair: &Candidate) -> Option<RejectCause> {
        let sets = &mut self.sets;
        if self.holdings.verdict_forbids(a, b, |row| sets.first(row)) {
            return Some(RejectCause::Verdict);
        }
        match self.holdings.conflict(a, b) {
            Some(_) if pair.rule == Rule::Steward => None,
            Some(RejectCause::DoubtfulNumbers) if pair.weight >= self.override_weight => None,
            conflict => conflict,
        }
    }

    fn finish(mut self, index: RowIndex) -> Clusters {
        let roots: Vec<usize> = (0..self.joined.len()).map(|row| self.sets.first(row)).collect();
        let rejected = rejected(&self.refused, &roots, index.ids());
        let ids = index.into_ids();
        let joined = |row: usize| self.joined[row].filter(|_| roots[row] != row);
        Clusters {
            representative: roots.iter().map(|root| ids[*root]).collect(),
            rule: (0..ids.len()).map(|row| joined(row).map(|(rule, _)| rule)).collect(),
            weight: (0..ids.len()).map(|row| joined(row).map_or(0, |(_, weight)| weight)).collect(),
            record_id: ids,
            rejected,
        }
    }
}

/// The strongest refused pair of each pair of clusters, in the order of strength. A refusal lasts:
/// what two clusters hold only grows.
fn rejected(
    refused: &[(Candidate, RejectCause)],
    roots: &[usize],
    ids: &[i64],
) -> Vec<RejectedMerge> {
    let mut told = FxHashSet::default();
    let mut rejected = Vec::new();
    for (pair, cause) in refused {
        let (a, b) = (roots[pair.a], roots[pair.b]);
        if told.insert((a.min(b), a.max(b))) {
            rejected.push(RejectedMerge {
                edge: Edge::between(ids[pair.a], ids[pair.b], pair.rule, pair.weight),
                cluster_a: ids[a],
                cluster_b: ids[b],
                cause: *cause,
            });
        }
    }
    rejected
}
