//! How tonight's clusters and the ids so far overlap.

use super::{AllocateInput, Held, Member};
use rustc_hash::FxHashSet;

/// The ids so far: the last client of every record there ever was.
pub(super) struct Prior {
    /// Sorted by record, one row for each.
    held: Vec<Held>,
    live: FxHashSet<i64>,
}

/// How well a record anchors its client: the least is the best. An authoritative number with a
/// check character goes first, then one without, then the longest standing, then the lowest record
/// id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seniority {
    pub(super) proof: u8,
    pub(super) opened_on: i32,
    pub(super) record_id: i64,
}

/// The records that an id so far and a cluster of tonight have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) client_id: i64,
    pub(super) cluster: i64,
    pub(super) rows: usize,
    /// The best anchor among them.
    pub(super) best: Seniority,
    /// The longest standing among them.
    pub(super) opened_on: i32,
    /// Whether the id had a record last night.
    pub(super) live: bool,
}

/// The record that anchors a cluster.
pub(super) struct Anchor {
    pub(super) cluster: i64,
    pub(super) record_id: i64,
}

/// All overlaps.
pub(super) struct Parts {
    /// By client; of one client the part with its anchor first, then the largest.
    parts: Vec<Part>,
    /// One for each cluster, by cluster.
    pub(super) anchors: Vec<Anchor>,
}

impl Seniority {
    fn of(member: &Member) -> Self {
        let proof = match member.authority {
            Some(authority) if authority.class.is_strong() => 0,
            Some(_) => 1,
            None => 2,
        };
        let opened_on = member.opened_on.unwrap_or(i32::MAX);
        Self { proof, opened_on, record_id: member.record_id }
    }
}

impl Prior {
    pub(super) fn new(input: &AllocateInput<'_>) -> Self {
        // Last night's row of a record goes before an older one.
        let mut held: Vec<Held> = input.previous.iter().chain(input.dormant).copied().collect();
        held.sort_by_key(|row| row.record_id);
        held.dedup_by_key(|row| row.record_id);
        let live = input.previous.iter().map(|row| row.client_id).collect();
        Self { held, live }
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = i64> {
        self.held.iter().map(|row| row.client_id)
    }

    pub(super) fn is_live(&self, client_id: i64) -> bool {
        self.live.contains(&client_id)
    }

    /// Ids with a record last night, in no order.
    pub(super) fn live_clients(&self) -> impl Iterator<Item = i64> {
        self.live.iter().copied()
    }

    /// The rows of records that are not there tonight, by record; `tonight` is sorted by record.
    pub(super) fn gone(&self, tonight: &[Held]) -> impl Iterator<Item = Held> {
        let mut tonight = tonight.iter().peekable();
        self.held.iter().copied().filter(move |row| {
            while tonight.next_if(|now| now.record_id < row.record_id).is_some() {}
            tonight.peek().is_none_or(|now| now.record_id != row.record_id)
        })
    }
}

impl Parts {
    pub(super) fn new(members: &[Member], prior: &Prior) -> Self {
        let mut sorted: Vec<Member> = members.to_vec();
        sorted.sort_unstable_by_key(|member| member.record_id);
        let mut overlaps = overlaps(&sorted, prior);
        overlaps.sort_unstable_by_key(|part| (part.client_id, part.cluster, part.best));
        let mut parts: Vec<Part> = overlaps
            .chunk_by(|a, b| (a.client_id, a.cluster) == (b.client_id, b.cluster))
            .map(|rows| Part {
                rows: rows.len(),
                opened_on: rows.iter().map(|row| row.opened_on).min().unwrap_or(i32::MAX),
                ..rows[0]
            })
            .collect();
        for of_client in parts.chunk_by_mut(|a, b| a.client_id == b.client_id) {
            of_client.sort_unstable_by_key(|part| part.best);
            let others = of_client.get_mut(1..).unwrap_or_default();
            others.sort_unstable_by_key(|part| (std::cmp::Reverse(part.rows), part.best));
        }
        sorted.sort_unstable_by_key(|member| (member.cluster, Seniority::of(member)));
        let anchors = sorted
            .chunk_by(|a, b| a.cluster == b.cluster)
            .map(|of_cluster| Anchor {
                cluster: of_cluster[0].cluster,
                record_id: of_cluster[0].record_id,
            })
            .collect();
        Self { parts, anchors }
    }

    pub(super) fn all(&self) -> &[Part] {
        &self.parts
    }

    pub(super) fn by_client(&self) -> impl Iterator<Item = &[Part]> {
        self.parts.chunk_by(|a, b| a.client_id == b.client_id)
    }
}

/// One part of one row for every record of tonight that has a last client; `members` are sorted.
fn overlaps(members: &[Member], prior: &Prior) -> Vec<Part> {
    let mut before = prior.held.iter().peekable();
    let mut overlaps = Vec::with_capacity(members.len());
    for member in members {
        while before.next_if(|row| row.record_id < member.record_id).is_some() {}
        let Some(row) = before.peek().filter(|row| row.record_id == member.record_id) else {
            continue;
        };
        let best = Seniority::of(member);
        overlaps.push(Part {
            client_id: row.client_id,
            cluster: member.cluster,
            rows: 1,
            best,
            opened_on: best.opened_on,
            live: prior.is_live(row.client_id),
        });
    }
    overlaps
}
