//! Pairs to clients, and clients to ids that do not move.

use super::link::rules;
use super::standardise::authorities;
use crate::columns::{
    date_column, days, frame, int_column, ints, keys, opt_int_column, text_column, texts,
};
use crate::frames::{Frames, Outputs, StageError};
use identity::{
    AllocateInput, Allocation, ClusterInput, Clusters, Edge, Held, IdEventKind, Member, PastEvent,
    allocate, cluster,
};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let columns = ["record_id", "authority_class", "authority", "opened_on"];
    let records = frames.take("record", &columns)?;
    unique_records(&records)?;
    let clusters = clusters(frames, &records)?;
    let past = Past::read(frames)?;
    let members = members(&records, &clusters)?;
    let allocation = allocate(&AllocateInput {
        members: &members,
        previous: &past.held,
        dormant: &past.dormant,
        crosswalk: &past.events,
    });
    let mut outputs = Outputs::default();
    outputs.add("record_client", record_client(&clusters, &allocation)?)?;
    outputs.add("client_id_crosswalk", crosswalk(&past.crosswalk, &allocation, settings)?)?;
    outputs.add("client_xref_past", held_frame(&allocation.dormant)?)?;
    outputs.add("match_review", review(frames, &clusters)?)?;
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
    let pairs = frames.take("edge", &["record_a", "record_b", "rule", "weight"])?;
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

/// What nights before left: ids by record, and the journal.
struct Past {
    held: Vec<Held>,
    dormant: Vec<Held>,
    events: Vec<PastEvent>,
    crosswalk: DataFrame,
}

impl Past {
    fn read(frames: &mut Frames) -> Result<Self, StageError> {
        let held = held(&frames.before("client_xref", &["record_id", "client_id"])?)?;
        let dormant = held_of_past(frames)?;
        let columns = ["old_id", "new_id", "event", "as_of", "cause"];
        let crosswalk = frames.before("client_id_crosswalk", &columns)?;
        let (old, new) = (keys(&crosswalk, "old_id")?, ints(&crosswalk, "new_id")?);
        let kinds = texts(&crosswalk, "event")?;
        let event = |((old_id, new_id), kind): ((i64, Option<i64>), Option<&str>)| {
            let event = IdEventKind::from_name(kind?)?;
            Some(PastEvent { old_id, new_id, event })
        };
        let events = old.into_iter().zip(new).zip(kinds).filter_map(event).collect();
        Ok(Self { held, dormant, events, crosswalk })
    }
}

fn held_of_past(frames: &mut Frames) -> Result<Vec<Held>, StageError> {
    held(&frames.before("client_xref_past", &["record_id", "client_id"])?)
}

fn held(frame: &DataFrame) -> Result<Vec<Held>, StageError> {
    let pairs = keys(frame, "record_id")?.into_iter().zip(keys(frame, "client_id")?);
    Ok(pairs.map(|(record_id, client_id)| Held { record_id, client_id }).collect())
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

/// The journal of all nights and what happened tonight. Births are not in it: the id says it.
fn crosswalk(
    past: &DataFrame,
    allocation: &Allocation,
    settings: &Settings<'_>,
) -> Result<DataFrame, StageError> {
    let events: Vec<_> =
        allocation.events.iter().filter(|e| e.event != IdEventKind::Birth).collect();
    let tonight = Some(settings.as_of.epoch_days());
    let kinds: Vec<&str> = events.iter().map(|e| e.event.name()).collect();
    let causes: Vec<&str> = events.iter().map(|e| e.cause).collect();
    let new = frame(vec![
        opt_int_column("old_id", events.iter().map(|e| e.old_id).collect()),
        opt_int_column("new_id", events.iter().map(|e| e.new_id).collect()),
        text_column("event", &kinds),
        date_column("as_of", vec![tonight; events.len()]),
        text_column("cause", &causes),
    ])?;
    Ok(past.vstack(&new)?)
}

/// Pairs in doubt and refused merges, for a steward.
fn review(frames: &mut Frames, clusters: &Clusters) -> Result<DataFrame, StageError> {
    let doubts = frames.take("doubt", &["record_a", "record_b", "rule", "cause"])?;
    let mut a = keys(&doubts, "record_a")?;
    let mut b = keys(&doubts, "record_b")?;
    let mut rule: Vec<&str> = rules(&doubts)?.into_iter().map(identity::Rule::name).collect();
    let mut cause: Vec<&str> =
        texts(&doubts, "cause")?.into_iter().map(Option::unwrap_or_default).collect();
    for rejected in &clusters.rejected {
        a.push(rejected.edge.a);
        b.push(rejected.edge.b);
        rule.push(rejected.edge.rule.name());
        cause.push(rejected.cause.name());
    }
    frame(vec![
        int_column("record_a", a),
        int_column("record_b", b),
        text_column("rule", &rule),
        text_column("cause", &cause),
    ])
}
