//! What is said of a night: for the person who reads it in the morning and for the ledger.

use crate::arrival;
use crate::engine::LoadedFeed;
use crate::kept;
use crate::plan::Plan;
use intake::Arrived;
use lake::StageCost;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The summary of a night.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// The job's name.
    pub job: String,
    /// Business date.
    pub as_of: String,
    /// The run.
    pub run: String,
    /// The run before and its date.
    pub previous: Option<(String, String)>,
    /// Feeds and their rows.
    pub feeds: Vec<LoadedFeed>,
    /// Feeds and the dates of their data.
    pub sources: Vec<SourceState>,
    /// What is worth a person's attention although the night is published.
    pub warnings: Vec<Warning>,
    /// Rows in the extracts.
    pub rows_read: u64,
    /// Rows refused.
    pub rows_rejected: u64,
    /// Clients.
    pub clients: u64,
    /// Clients and values by tier, the highest first.
    pub tiers: Vec<TierShare>,
    /// Clients who moved, by (from, to).
    pub moves: Vec<(String, String, u64)>,
    /// Ranges of the key space used.
    pub buckets: usize,
    /// What each stage took; empty in what is published, which may not depend on a clock.
    pub stages: Vec<StageSummary>,
}

/// Of which date the data of a feed are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// System.
    pub system: String,
    /// Feed.
    pub feed: String,
    /// The file that was read.
    pub file: String,
    /// The date of its data.
    pub source_as_of: String,
    /// The date of the data that were due.
    pub due: String,
    /// Whether the data are older than that.
    pub late: bool,
    /// Files of earlier deliveries of the same date, which were not read.
    pub superseded: Vec<String>,
}

/// What is worth a person's attention although the night is published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Warning {
    /// What, and where.
    pub message: String,
    /// The next step.
    pub hint: String,
}

/// A tier's share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierShare {
    /// Tier.
    pub tier: String,
    /// Clients.
    pub clients: u64,
    /// Their lifetime value, minor units.
    pub lifetime_value: i64,
}

/// What a stage took.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StageSummary {
    /// Stage.
    pub stage: String,
    /// Seconds by the clock.
    pub seconds: f64,
    /// Seconds of all processors.
    pub cpu_seconds: f64,
    /// Peak memory of the process so far, bytes.
    pub peak_memory: u64,
    /// Rows read.
    pub rows_in: u64,
    /// Rows written.
    pub rows_out: u64,
    /// Bytes read, as they lie on disk.
    pub bytes_in: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Of these, bytes laid out by another key than the stage ran by: what changes hands.
    pub shuffled: u64,
    /// The heaviest task against the mean, ppm of rows read by range: 1,000,000 is even.
    pub skew_ppm: u64,
    /// Taken from an earlier run of the same content.
    pub reused: bool,
}

/// What a summary is made from.
pub(crate) struct Facts<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) run: &'a str,
    pub(crate) previous: Option<(String, String)>,
    pub(crate) feeds: &'a [LoadedFeed],
    pub(crate) arrived: &'a [Arrived],
    pub(crate) implausible: &'a [Warning],
    pub(crate) stages: &'a [StageSummary],
    pub(crate) groups: &'a [Vec<String>],
    pub(crate) migration: &'a [Vec<String>],
    pub(crate) buckets: usize,
}

impl StageSummary {
    pub(crate) fn of(cost: &StageCost, note: &serde_json::Value) -> Self {
        let noted = |name: &str| note[name].as_u64().unwrap_or(0);
        Self {
            stage: cost.stage.clone(),
            seconds: cost.seconds,
            cpu_seconds: cost.cpu_seconds,
            peak_memory: cost.peak_memory,
            rows_in: cost.rows_in,
            rows_out: cost.rows_out,
            bytes_in: noted("bytes_in"),
            bytes_out: cost.bytes_out,
            shuffled: noted("shuffled"),
            skew_ppm: noted("skew_ppm"),
            reused: cost.reused,
        }
    }
}

impl Summary {
    /// The part that is the same whenever the same run is made again.
    pub(crate) fn lasting(&self) -> serde_json::Value {
        let lasting = Self { stages: Vec::new(), buckets: 0, ..self.clone() };
        serde_json::to_value(&lasting).unwrap_or(serde_json::Value::Null)
    }
}

pub(crate) fn build(facts: Facts<'_>) -> Summary {
    let tiers = tiers(facts.groups);
    Summary {
        job: facts.plan.job.name.clone(),
        as_of: facts.plan.as_of.to_string(),
        run: facts.run.to_owned(),
        previous: facts.previous,
        feeds: facts.feeds.to_vec(),
        sources: arrival::states(facts.arrived),
        warnings: [
            arrival::warnings(facts.arrived, facts.plan.as_of),
            kept::warnings(&facts.plan.job, facts.feeds),
            facts.implausible.to_vec(),
        ]
        .concat(),
        rows_read: facts.feeds.iter().map(|f| f.rows_read).sum(),
        rows_rejected: facts.feeds.iter().map(|f| f.rows_rejected).sum(),
        clients: tiers.iter().map(|t| t.clients).sum(),
        tiers,
        moves: moves(facts.migration),
        buckets: facts.buckets,
        stages: facts.stages.to_vec(),
    }
}

fn tiers(groups: &[Vec<String>]) -> Vec<TierShare> {
    let mut by_tier: BTreeMap<&str, TierShare> = BTreeMap::new();
    for row in groups {
        let [dimension, _, tier, clients, value] = row.as_slice() else { continue };
        if dimension == "bank" {
            let share = by_tier.entry(tier).or_default();
            share.tier.clone_from(tier);
            share.clients += clients.parse::<u64>().unwrap_or(0);
            share.lifetime_value += value.parse::<i64>().unwrap_or(0);
        }
    }
    let order = ["TOP", "MID", "SMALL", "UNPROFILED"];
    order.iter().filter_map(|tier| by_tier.remove(tier)).collect()
}

fn moves(migration: &[Vec<String>]) -> Vec<(String, String, u64)> {
    let mut moves = Vec::new();
    for row in migration {
        let [from, to, clients] = row.as_slice() else { continue };
        if from != to {
            moves.push((from.clone(), to.clone(), clients.parse().unwrap_or(0)));
        }
    }
    moves
}
