//! Link: the accepted pairs of each block, as few as hold a group together, and the pairs in doubt.
//!
//! All rows of a block have to be in one call; how many blocks are in it does not matter, and
//! neither does the order of the rows.

mod contact;

mod documents;

#[cfg(test)]
mod tests;

use crate::authority::Authority;
use crate::block::BlockKey;
use crate::rule::{Edge, Rule};

/// Settings of linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkParams {
    /// Most records on one key; above it the value is shared by the unrelated and links nobody.
    pub cap: usize,
}

impl Default for LinkParams {
    fn default() -> Self {
        Self { cap: 1_000 }
    }
}

/// What the blocks gave, each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Accepted pairs that span the groups.
    pub edges: Vec<Edge>,
    /// Pairs for a steward.
    pub doubts: Vec<Doubt>,
    /// Keys with too many records: findings for the bank.
    pub capped: Vec<Capped>,
}

/// A pair that shares a value and was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Doubt {
    /// The lower record id.
    pub a: i64,
    /// The higher record id.
    pub b: i64,
    /// The rule that found the pair.
    pub rule: Rule,
    /// Why it was not accepted.
    pub cause: DoubtCause,
}

/// Why a pair is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoubtCause {
    /// The id stands on a record whose name and birth date are another person's: a guardian's id,
    /// or a typo that hit a valid number.
    IdOfAnother,
    /// The same document number with another name and another birth date.
    NumberAlone,
    /// The same name, birth date and mobile with two different authoritative numbers.
    ConflictingIds,
    /// A record without an authoritative number that fits two clients.
    Ambiguous,
}

/// A key with more records than the cap. The value itself is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capped {
    /// The rule.
    pub rule: Rule,
    /// Key of (rule, value).
    pub block: i64,
    /// Records on it.
    pub records: usize,
    /// The authoritative number that the value is, which therefore proves nothing (`cluster` takes
    /// it as void).
    pub authority: Option<Authority>,
}

impl DoubtCause {
    /// The cause in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::IdOfAnother => "id_of_another",
            Self::NumberAlone => "number_alone",
            Self::ConflictingIds => "conflicting_ids",
            Self::Ambiguous => "ambiguous",
        }
    }
}

/// Links the records of every block.
pub fn link(mut rows: Vec<BlockKey>, params: &LinkParams) -> Linked {
    rows.sort_unstable();
    rows.dedup_by_key(|row| (row.rule, row.block, row.record_id));
    let mut linked = Linked::default();
    for group in rows.chunk_by(|a, b| (a.rule, a.block) == (b.rule, b.block)) {
        link_group(group, params.cap, &mut linked);
    }
    linked.edges.sort_unstable();
    linked.doubts.sort_unstable();
    linked.doubts.dedup();
    linked.capped.sort_unstable();
    linked
}

/// Links the records of one block, in ascending order of record id.
fn link_group(group: &[BlockKey], cap: usize, linked: &mut Linked) {
    let [first, _, ..] = group else { return };
    if group.len() > cap {
        linked.capped.push(Capped {
            rule: first.rule,
            block: first.block,
            records: group.len(),
            authority: documents::number_of_block(group),
        });
        return;
    }
    match first.rule {
        Rule::CitizenId => documents::citizen_id(group, linked),
        Rule::Document => documents::other_document(group, linked),
        Rule::NameBirthMobile => contact::name_birth_mobile(group, linked),
        Rule::Organisation | Rule::Steward => linked.star(group, first.rule),
    }
}

impl Linked {
    /// Accepts the pairs of the first record with each other one.
    fn star<'a>(&mut self, members: impl IntoIterator<Item = &'a BlockKey>, rule: Rule) {
        let mut members = members.into_iter();
        let Some(first) = members.next() else { return };
        for member in members {
            self.accept(first, member, rule);
        }
    }

    fn accept(&mut self, one: &BlockKey, other: &BlockKey, rule: Rule) {
        self.edges.push(Edge::between(one.record_id, other.record_id, rule, rule.weight()));
    }

    fn doubt(&mut self, one: &BlockKey, other: &BlockKey, cause: DoubtCause) {
        self.doubts.push(Doubt {
            a: one.record_id.min(other.record_id),
            b: one.record_id.max(other.record_id),
            rule: one.rule,
            cause,
        });
    }
}
