//! Allocate: client ids that do not move.
//!
//! An id is born once, from the record that anchors its client, and from then on it is kept by
//! overlap of records: tonight's clusters inherit last night's ids. Where several ids meet in one
//! cluster (merge) the client of longest standing keeps, then the larger; where one id's records
//! part (split) the part with the anchor keeps. What is not kept gets an event, so that a join on
//! an old id loses no row. An id once used is never given to another client.

mod inherit;

mod parts;

#[cfg(test)]
mod tests;

use crate::authority::Authority;
use inherit::inherit;
use model::key63;
use parts::{Parts, Prior};
use rustc_hash::{FxHashMap, FxHashSet};

/// One record of tonight with its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The record.
    pub record_id: i64,
    /// Its cluster, by any name: equal for records of one client.
    pub cluster: i64,
    /// The number that proves who the record is.
    pub authority: Option<Authority>,
    /// Client of that system since, days since 1970-01-01.
    pub opened_on: Option<i32>,
}

/// A record with the id of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Held {
    /// The record.
    pub record_id: i64,
    /// The client.
    pub client_id: i64,
}

/// A row of the published crosswalk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastEvent {
    /// The id before.
    pub old_id: i64,
    /// The id after; none when retired.
    pub new_id: Option<i64>,
    /// What happened.
    pub event: IdEventKind,
}

/// What allocation reads; all lists in any order.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllocateInput<'a> {
    /// Every record of tonight once.
    pub members: &'a [Member],
    /// The records of last night with their clients.
    pub previous: &'a [Held],
    /// Records gone before last night with their last clients (`Allocation::dormant` of last
    /// night): a record that returns finds its client. May be empty; then a client returns to its
    /// id only if the record that anchors it is the one that gave it birth.
    pub dormant: &'a [Held],
    /// The crosswalk of all nights so far.
    pub crosswalk: &'a [PastEvent],
    /// Further ids that are in use, by clients none of whose records are in these lists.
    pub taken: &'a [i64],
}

/// Ids of tonight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// Every record of tonight with its client, sorted by record.
    pub held: Vec<Held>,
    /// Records that are gone, with their last clients, sorted by record: input of the next night.
    pub dormant: Vec<Held>,
    /// What happened to ids, sorted. Nothing happens where nothing changed.
    pub events: Vec<IdEvent>,
}

/// What happened to an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdEventKind {
    /// A client appears: a new id, or a retired one that returns.
    Birth,
    /// Two clients turned out to be one.
    Merge,
    /// One client turned out to be two.
    Split,
    /// No record of the client is left.
    Retire,
}

/// One event in the life of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdEvent {
    /// What happened.
    pub event: IdEventKind,
    /// The id before; none for a new client.
    pub old_id: Option<i64>,
    /// The id after; none for a retired client.
    pub new_id: Option<i64>,
    /// Why.
    pub cause: &'static str,
    /// The record that stands for the part of the client that moved; none when all are gone.
    pub record_id: Option<i64>,
}

impl IdEventKind {
    /// The event in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Birth => "birth",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Retire => "retire",
        }
    }

    /// The event of a name in a table.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Birth, Self::Merge, Self::Split, Self::Retire]
            .into_iter()
            .find(|event| event.name() == name)
    }
}

/// Gives tonight's clusters their ids.
pub fn allocate(input: &AllocateInput<'_>) -> Allocation {
    let prior = Prior::new(input);
    let parts = Parts::new(input.members, &prior);
    let mut id_of = inherit(&parts);
    let born = derive_ids(&parts, &prior, input, &mut id_of);
    let merged_into = merged_ids(&parts, &id_of);
    let mut events = births_and_splits(&parts, &born, &id_of);
    events.extend(merges_returns_and_retirements(&parts, &prior, &id_of));
    events.sort_unstable();
    let mut held: Vec<Held> = input
        .members
        .iter()
        .filter_map(|member| {
            let client_id = *id_of.get(&member.cluster)?;
            Some(Held { record_id: member.record_id, client_id })
        })
        .collect();
    held.sort_unstable();
    let dormant = prior.gone(&held).map(|gone| Held {
        client_id: merged_into.get(&gone.client_id).copied().unwrap_or(gone.client_id),
        ..gone
    });
    Allocation { dormant: dormant.collect(), held, events }
}

/// Clusters that inherited no id, with whether their id is a retired one that returns.
struct Born {
    cluster: i64,
    returns: bool,
}

/// Gives an id to every cluster that inherited none: the key of its anchor record, or the next free
/// value where that key was ever an id. Clusters come in the order of their keys, so that the
/// outcome of a collision is the same on every machine.
fn derive_ids(
    parts: &Parts,
    prior: &Prior,
    input: &AllocateInput<'_>,
    id_of: &mut FxHashMap<i64, i64>,
) -> Vec<Born> {
    let mut waiting: Vec<(i64, i64, i64)> = parts
        .anchors
        .iter()
        .filter(|anchor| !id_of.contains_key(&anchor.cluster))
        .map(|anchor| (derived_id(anchor.record_id), anchor.record_id, anchor.cluster))
        .collect();
    waiting.sort_unstable();
    let mut used = UsedIds::new(prior, input);
    let mut born = Vec::with_capacity(waiting.len());
    for (derived, _, cluster) in waiting {
        let (id, returns) = used.take(derived);
        id_of.insert(cluster, id);
        born.push(Born { cluster, returns });
    }
    born
}

/// The id a record gives birth to.
pub fn derived_id(anchor_record: i64) -> i64 {
    key63(&["client", &anchor_record.to_string()]).max(1)
}

/// Ids that were ever given.
struct UsedIds {
    used: FxHashSet<i64>,
    retired: FxHashSet<i64>,
}

impl UsedIds {
    fn new(prior: &Prior, input: &AllocateInput<'_>) -> Self {
        let crosswalk = input.crosswalk;
        let mut used: FxHashSet<i64> = prior.clients().chain(input.taken.iter().copied()).collect();
        let is_merge = |event: &&PastEvent| event.event == IdEventKind::Merge;
        let aliases: FxHashSet<i64> =
            crosswalk.iter().filter(is_merge).map(|event| event.old_id).collect();
        let retired = crosswalk
            .iter()
            .filter(|event| event.event == IdEventKind::Retire)
            .map(|event| event.old_id)
            .filter(|id| !aliases.contains(id) && !used.contains(id))
            .collect();
        used.extend(
            crosswalk.iter().flat_map(|event| [Some(event.old_id), event.new_id]).flatten(),
        );
        Self { used, retired }
    }

    /// The id for a derived key, and whether it is a retired one that comes back to the record that
    /// gave it birth.
    fn take(&mut self, derived: i64) -> (i64, bool) {
        if self.retired.remove(&derived) {
            return (derived, true);
        }
        let mut id = derived;
        while !self.used.insert(id) {
            id = id.checked_add(1).unwrap_or(1);
        }
        (id, false)
    }
}

/// Ids of last night that lost their cluster to another id, with that id.
fn merged_ids(parts: &Parts, id_of: &FxHashMap<i64, i64>) -> FxHashMap<i64, i64> {
    let mut merged = FxHashMap::default();
    for of_client in parts.by_client() {
        let client_id = of_client[0].client_id;
        let now = of_client.iter().filter_map(|part| id_of.get(&part.cluster));
        if now.clone().all(|id| *id != client_id) {
            merged.extend(now.take(1).map(|id| (client_id, *id)));
        }
    }
    merged
}

fn births_and_splits(parts: &Parts, born: &[Born], id_of: &FxHashMap<i64, i64>) -> Vec<IdEvent> {
    let born: FxHashMap<i64, bool> = born.iter().map(|b| (b.cluster, b.returns)).collect();
    let mut parted = FxHashSet::default();
    let mut events = Vec::new();
    for part in parts.all() {
        if born.contains_key(&part.cluster) {
            parted.insert(part.cluster);
            events.push(IdEvent {
                event: IdEventKind::Split,
                old_id: Some(part.client_id),
                new_id: id_of.get(&part.cluster).copied(),
                cause: "records parted",
                record_id: Some(part.best.record_id),
            });
        }
    }
    for anchor in &parts.anchors {
        let Some(returns) = born.get(&anchor.cluster).filter(|_| !parted.contains(&anchor.cluster))
        else {
            continue;
        };
        let new_id = id_of.get(&anchor.cluster).copied();
        events.push(IdEvent {
            event: IdEventKind::Birth,
            old_id: new_id.filter(|_| *returns),
            new_id,
            cause: if *returns { "record returned" } else { "new client" },
            record_id: Some(anchor.record_id),
        });
    }
    events
}

fn merges_returns_and_retirements(
    parts: &Parts,
    prior: &Prior,
    id_of: &FxHashMap<i64, i64>,
) -> Vec<IdEvent> {
    let mut events = Vec::new();
    let mut present = FxHashSet::default();
    for of_client in parts.by_client() {
        // The first part is the one with the anchor.
        let part = of_client[0];
        present.insert(part.client_id);
        let old_id = Some(part.client_id);
        let record_id = Some(part.best.record_id);
        let keeper =
            of_client.iter().find(|part| id_of.get(&part.cluster) == Some(&part.client_id));
        match keeper {
            Some(_) if prior.is_live(part.client_id) => {}
            Some(_) => events.push(IdEvent {
                event: IdEventKind::Birth,
                old_id,
                new_id: old_id,
                cause: "record returned",
                record_id,
            }),
            None => events.push(IdEvent {
                event: IdEventKind::Merge,
                old_id,
                new_id: id_of.get(&part.cluster).copied(),
                cause: "records joined",
                record_id,
            }),
        }
    }
    events.extend(prior.live_clients().filter(|id| !present.contains(id)).map(|id| IdEvent {
        event: IdEventKind::Retire,
        old_id: Some(id),
        new_id: None,
        cause: "no record left",
        record_id: None,
    }));
    events
}
