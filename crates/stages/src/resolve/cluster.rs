//! Pairs to clients, and clients to ids that do not move: within components.

use super::link::rules;
use super::standardise::authorities;
use crate::columns::{
    days, flags, frame, int_column, ints, keys, opt_int_column, text_column, texts,
};
use crate::frames::{Frames, Outputs, StageError};
use identity::{
    AllocateInput, Allocation, ClusterInput, Clusters, Edge, Held, IdEventKind, Member, PastEvent,
    allocate, cluster, derived_id,
};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let columns = ["record_id", "authority_class", "authority", "opened_on"];
    let records = frames.take("component_record", &columns)?;
    unique_records(&records)?;
    let clusters = clusters(frames, &records)?;
    let past = Past::read(frames)?;
    let members = members(&records, &clusters)?;
    let allocation = allocate(&AllocateInput {
        members: &members,
        previous: &past.held,
        dormant: &past.dormant,
        crosswalk: &past.events,
        taken: &past.taken,
    });
    let mut outputs = Outputs::default();
    outputs.add("record_client", record_client(&clusters, &allocation)?)?;
    outputs.add("refused_pair", refused(&clusters)?)?;
    outputs.add("id_event", events(&allocation)?)?;
    outputs.add("gone", held_frame(&allocation.dormant)?)?;
    Ok(outputs)
}

/// A record id is a hash: two records under one id would be one client without any evidence.
fn unique_records(records: &DataFrame) -> Result<(), StageError> {
    let mut ids = keys(records, "record_id")?;
    ids.sort_unstable();
    if ids.windows(2).any(|w| w[0] == w[1]) {
        let cause =
            "two party records share a record id (declare `unique` on the party key of the feed)";
        return Err(StageError::Data(cause.into()));
    }
    Ok(())
}

fn clusters(frames: &mut Frames, records: &DataFrame) -> Result<Clusters, StageError> {
    let pairs = frames.take("component_edge", &["record_a", "record_b", "rule", "weight"])?;
    let (a, b, weight) =
        (keys(&pairs, "record_a")?, keys(&pairs, "record_b")?, keys(&pairs, "weight")?);
    let edge = |((a, b), (rule, weight)): ((i64, i64), (identity::Rule, i64))| {
        Edge::between(a, b, rule, i32::try_from(weight).unwrap_or(i32::MAX))
    };
    let edges: Vec<Edge> =
        a.into_iter().zip(b).zip(rules(&pairs)?.into_iter().zip(weight)).map(edge).collect();
    let hot = frames.take("hot_block", &["authority_class", "authority"])?;
    let void: Vec<_> = authorities(&hot)?.into_iter().flatten().collect();
    Ok(cluster(&ClusterInput {
        record_id: &keys(records, "record_id")?,
        authority: &authorities(records)?,
        edges: &edges,
        void: &void,
        ..ClusterInput::default()
    }))
}

/// What nights before left of these components: ids by record, and the journal.
#[derive(Default)]
struct Past {
    held: Vec<Held>,
    dormant: Vec<Held>,
    /// Ids in use elsewhere that a record here would give birth to.
    taken: Vec<i64>,
    events: Vec<PastEvent>,
}

impl Past {
    fn read(frames: &mut Frames) -> Result<Self, StageError> {
        let mut past = Self { events: past_events(frames)?, ..Self::default() };
        let columns = ["record_id", "client_id", "dormant", "taken"];
        let rows = frames.take("held_component", &columns)?;
        let (records, clients) = (keys(&rows, "record_id")?, keys(&rows, "client_id")?);
        let (dormant, taken) = (flags(&rows, "dormant")?, flags(&rows, "taken")?);
        for (row, (record_id, client_id)) in records.into_iter().zip(clients).enumerate() {
            let list = if dormant[row] { &mut past.dormant } else { &mut past.held };
            list.push(Held { record_id, client_id });
            if taken[row] {
                past.taken.push(derived_id(record_id));
            }
        }
        Ok(past)
    }
}

fn past_events(frames: &mut Frames) -> Result<Vec<PastEvent>, StageError> {
    let crosswalk = frames.before("client_id_crosswalk", &["old_id", "new_id", "event"])?;
    let (old, new) = (keys(&crosswalk, "old_id")?, ints(&crosswalk, "new_id")?);
    let kinds = texts(&crosswalk, "event")?;
    let event = |((old_id, new_id), kind): ((i64, Option<i64>), Option<&str>)| {
        let event = IdEventKind::from_name(kind?)?;
        Some(PastEvent { old_id, new_id, event })
    };
    Ok(old.into_iter().zip(new).zip(kinds).filter_map(event).collect())
}

fn held_frame(held: &[Held]) -> Result<DataFrame, StageError> {
    frame(vec![
        int_column("record_id", held.iter().map(|h| h.record_id).collect()),
        int_column("client_id", held.iter().map(|h| h.client_id).collect()),
    ])
}

/// Clusters are in ascending order of record id; the records are brought into it.
fn members(records: &DataFrame, clusters: &Clusters) -> Result<Vec<Member>, StageError> {
    let record_id = keys(records, "record_id")?;
    let authority = authorities(records)?;
    let opened_on = days(records, "opened_on")?;
    let mut order: Vec<usize> = (0..record_id.len()).collect();
    order.sort_unstable_by_key(|row| record_id[*row]);
    let member = |(row, cluster): (usize, i64)| Member {
        record_id: record_id[row],
        cluster,
        authority: authority[row],
        opened_on: opened_on[row],
    };
    Ok(order.into_iter().zip(clusters.representative.iter().copied()).map(member).collect())
}

fn record_client(clusters: &Clusters, allocation: &Allocation) -> Result<DataFrame, StageError> {
    let rules: Vec<&str> =
        clusters.rule.iter().map(|r| r.map_or("anchor", identity::Rule::name)).collect();
    frame(vec![
        int_column("record_id", clusters.record_id.clone()),
        int_column("client_id", allocation.held.iter().map(|h| h.client_id).collect()),
        int_column("match_weight", clusters.weight.iter().map(|w| i64::from(*w)).collect()),
        text_column("rule", &rules),
    ])
}

/// What happened to ids. Births are not told: the id says it.
fn events(allocation: &Allocation) -> Result<DataFrame, StageError> {
    let events: Vec<_> =
        allocation.events.iter().filter(|e| e.event != IdEventKind::Birth).collect();
    let kinds: Vec<&str> = events.iter().map(|e| e.event.name()).collect();
    let causes: Vec<&str> = events.iter().map(|e| e.cause).collect();
    frame(vec![
        opt_int_column("old_id", events.iter().map(|e| e.old_id).collect()),
        opt_int_column("new_id", events.iter().map(|e| e.new_id).collect()),
        text_column("event", &kinds),
        text_column("cause", &causes),
    ])
}

fn refused(clusters: &Clusters) -> Result<DataFrame, StageError> {
    let pairs = &clusters.rejected;
    let causes: Vec<&str> = pairs.iter().map(|p| p.cause.name()).collect();
    frame(vec![
        int_column("record_a", pairs.iter().map(|p| p.edge.a).collect()),
        int_column("record_b", pairs.iter().map(|p| p.edge.b).collect()),
        int_column("rule", pairs.iter().map(|p| i64::from(p.edge.rule.code())).collect()),
        text_column("cause", &causes),
    ])
}
