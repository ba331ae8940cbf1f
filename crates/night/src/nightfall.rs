//! The night while it runs: what has been written so far, and how one stage follows another.

mod carry;
mod gate;
mod inputs;
mod publish;

use crate::arrival;
use crate::check::{self, Figures, Finding};
use crate::deal;
use crate::engine::{Engine, Layout, LoadedFeed, Settings, SmallTables, Unit, Watch};
use crate::error::NightError;
use crate::kept;
use crate::keys;
use crate::land::{self, Databases, Landed};
use crate::plan::Plan;
use crate::stage::{LOAD_TABLES, STAGES, Stage};
use crate::summary::{StageSummary, Summary, Warning};
use inputs::Found;
use intake::Arrived;
use lake::{InputCounts, Lake, Published, RunEnd, RunId, RunState, StageCost, StageRecord};
use model::{FeedContract, Job};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// How much smaller packing makes an extract, roughly.
const PACKING_RATIO: u64 = 6;

/// How a night ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The segment tables are published.
    Published(Summary),
    /// The same run stands published: nothing was done.
    AlreadyPublished(Summary),
}

/// A night that has begun, or had been published before.
pub(crate) enum Begun<'a> {
    Fresh(Box<Night<'a>>),
    Published(Box<Outcome>),
}

/// A running night.
pub(crate) struct Night<'a> {
    plan: &'a Plan,
    engine: &'a dyn Engine,
    small: &'a dyn SmallTables,
    watch: &'a dyn Watch,
    lake: Lake,
    run: RunId,
    previous: Option<Published>,
    landed: Vec<Landed>,
    arrived: Vec<Arrived>,
    layout: Layout,
    done: Vec<StageRecord>,
    feeds: Vec<LoadedFeed>,
    /// What the rules of contracts warn of.
    implausible: Vec<Warning>,
    stages: Vec<StageSummary>,
    /// Place in the order of publishing, once published.
    place: Option<u64>,
}

impl<'a> Night<'a> {
    /// Takes the lock, mends what a dead run left, lands what databases hold, digests the inputs and
    /// fixes the run id.
    pub(crate) fn begin(
        plan: &'a Plan,
        engine: &'a dyn Engine,
        small: &'a dyn SmallTables,
        databases: &dyn Databases,
        watch: &'a dyn Watch,
    ) -> Result<Begun<'a>, NightError> {
        let mut lake = Lake::open(&plan.lake)?;
        let recovery = lake.recover(&watch.now())?;
        tell_recovery(&recovery, watch);
        let landed = land::sources(plan, databases, watch)?;
        watch.begin("arrive", None, Unit::Bytes);
        let advance = |bytes| watch.advance(bytes);
        let arrived = land::arrive(plan, &landed, &advance)?;
        watch.done("arrive", arrived.len() as u64);
        for warning in arrival::warnings(&arrived, plan.as_of) {
            watch.say(&warning.message);
        }
        let previous = lake::latest_before(lake.root(), plan.as_of)?;
        let previous_run = previous.as_ref().map(|p| p.run.as_str());
        let run = RunId::new(keys::run_id(plan, &arrived, previous_run))?;
        if let Some(planned) = plan.planned.as_deref().filter(|planned| *planned != run.as_str()) {
            let told = format!("the run is {} (planned {planned})", run.as_str());
            return Err(NightError::NotAsPlanned(vec![told]));
        }
        if lake.is_published(plan.as_of, &run)? {
            let summary = published_summary(&lake, &run)?;
            return Ok(Begun::Published(Box::new(Outcome::AlreadyPublished(summary))));
        }
        if let Some(current) = lake::current(lake.root())?
            && current.manifest.as_of > plan.as_of
        {
            let latest = current.manifest.as_of;
            return Err(NightError::EarlierThanPublished { asked: plan.as_of, latest });
        }
        lake.ledger().begin_run(&run, plan.as_of, &watch.now())?;
        arrived
            .iter()
            .try_for_each(|a| lake.ledger().record_arrival(&run, &arrival::recorded(a)))?;
        let layout = engine.layout(unpacked(&plan.job, &arrived));
        let night = Self {
            plan,
            engine,
            small,
            watch,
            lake,
            run,
            previous,
            landed,
            arrived,
            layout,
            done: Vec::new(),
            feeds: Vec::new(),
            implausible: Vec::new(),
            stages: Vec::new(),
            place: None,
        };
        Ok(Begun::Fresh(Box::new(night)))
    }

    /// Extracts to canonical tables and rejects; the night stops here when a limit is passed.
    pub(crate) fn load(&mut self) -> Result<(), NightError> {
        let (job, previous) = (&self.plan.job, self.previous.as_ref());
        let previous_run = previous.map(|p| p.run.as_str());
        let key = keys::load_key(self.plan, &self.arrived, self.layout.buckets, previous_run);
        let tasks = deal::feeds(&self.arrived, |file| kept::before(job, file, previous));
        let bytes = self.arrived.iter().map(|a| a.bytes).sum();
        self.watch.begin("load", Some(bytes), Unit::Bytes);
        let note = self.made_once("load", &key, LOAD_TABLES, |night, out| {
            let carried = night.carry_out("load", &tasks, LOAD_TABLES, out)?;
            let rows_in = carried.feeds.iter().map(|f| f.rows_read).sum::<u64>();
            Ok(json!({
                "rows_in": rows_in, "bytes_in": bytes, "shuffled": carried.shuffled,
                "controls": carried.controls, "feeds": carried.feeds,
            }))
        })?;
        self.feeds = serde_json::from_value(note["feeds"].clone())
            .map_err(|e| NightError::Internal(format!("note of load: {e}")))?;
        self.record_inputs()?;
        let job = &self.plan.job;
        let mut findings = check::feeds(&job.limits, &job.sources, &self.feeds);
        findings.extend(check::landed(&self.landed, &self.feeds));
        let columns = ["system", "feed", "rule", "judged", "broken", "first_row"];
        let (broken, warnings) = check::rules(&job.sources, &self.small("rule_count", &columns)?);
        findings.extend(broken);
        for warning in &warnings {
            self.watch.say(&warning.message);
        }
        self.implausible = warnings;
        let previous = self.previous.as_ref();
        findings.extend(kept::guards(job, &self.feeds, &self.arrived, previous));
        if findings.is_empty() { Ok(()) } else { Err(NightError::Gate(findings)) }
    }

    /// Runs the stages of a chapter in their order.
    pub(crate) fn chapter(&mut self, chapter: &str) -> Result<(), NightError> {
        STAGES.iter().filter(|s| s.chapter == chapter).try_for_each(|stage| self.stage(stage))
    }

    fn stage(&mut self, stage: &'static Stage) -> Result<(), NightError> {
        let Found { inputs, keys, rows, bytes, weights } = self.inputs_of(stage)?;
        let buckets = self.buckets_of(stage);
        self.watch.begin(stage.name, Some(buckets as u64), Unit::Buckets);
        let key = keys::stage_key(self.plan, stage, self.run.as_str(), self.layout.buckets, &keys);
        let tasks = deal::stage(stage.name, &inputs, &weights, self.layout.hands);
        let skew = deal::skew_ppm(&tasks);
        self.made_once(stage.name, &key, stage.outputs, |night, out| {
            let carried = night.carry_out(stage.name, &tasks, stage.outputs, out)?;
            Ok(json!({
                "rows_in": rows, "bytes_in": bytes, "shuffled": carried.shuffled,
                "skew_ppm": skew, "controls": carried.controls,
            }))
        })?;
        Ok(())
    }

    fn buckets_of(&self, stage: &Stage) -> usize {
        if stage.keyed_by.is_some() { self.layout.buckets } else { 1 }
    }

    /// Makes the tables of a stage, unless the same stage of the same content was made before.
    fn made_once(
        &mut self,
        stage: &'static str,
        key: &str,
        tables: &[&'static str],
        make: impl FnOnce(&Self, &Path) -> Result<Value, NightError>,
    ) -> Result<Value, NightError> {
        let start = self.watch.meter();
        let found = self.lake.find_stage(self.plan.as_of, stage, key)?;
        let reused = found.is_some();
        let record = if let Some(record) = found {
            record
        } else {
            let out = self.lake.stage_dir(&self.run, stage)?;
            let note = make(self, &out)?;
            self.lake.finish_stage(self.plan.as_of, &self.run, stage, key, tables, note)?
        };
        let cost = stage_cost(&record, start, self.watch.meter(), reused);
        self.watch.done(stage, cost.rows_out);
        self.lake.ledger().record_stage(&self.run, &cost)?;
        let note = record.note.clone();
        self.stages.push(StageSummary::of(&cost, &note));
        self.done.push(record);
        Ok(note)
    }

    /// Holds the night against the limits of the job.
    pub(crate) fn check(&mut self) -> Result<(), NightError> {
        let figures = self.figures()?;
        let job = &self.plan.job;
        let findings: Vec<Finding> = check::figures(&job.limits, &job.checks, figures);
        if findings.is_empty() { Ok(()) } else { Err(NightError::Gate(findings)) }
    }

    fn figures(&self) -> Result<Figures, NightError> {
        let migration = self.small("tier_migration", &["from_tier", "to_tier", "clients"])?;
        let breaks = self.small("break_count", &["breaks"])?;
        let mut figures = Figures {
            balance_breaks: breaks.iter().filter_map(|row| row.first()?.parse::<u64>().ok()).sum(),
            ..Figures::default()
        };
        for row in &migration {
            let [from, to, clients] = row.as_slice() else { continue };
            let clients: u64 = clients.parse().unwrap_or(0);
            if to != "LEFT" {
                figures.clients += clients;
            }
            if from != "NEW" && to != "LEFT" {
                figures.stayed += clients;
                figures.moved += if from == to { 0 } else { clients };
            }
        }
        Ok(figures)
    }

    /// Says in the ledger how the night ended, and gives the lake back in order.
    pub(crate) fn end(self, told: Result<Summary, NightError>) -> Result<Outcome, NightError> {
        let at = self.watch.now();
        match told {
            Ok(summary) => {
                let value = serde_json::to_value(&summary).unwrap_or(Value::Null);
                let end = RunEnd {
                    state: RunState::Published,
                    seq: self.place,
                    exit_code: 0,
                    at: &at,
                    message: None,
                    summary: &value,
                };
                self.lake.ledger().end_run(&self.run, &end)?;
                Ok(Outcome::Published(summary))
            }
            Err(error) => {
                // The night has failed already: what the ledger adds may not hide why.
                let end = RunEnd {
                    state: RunState::Failed,
                    seq: None,
                    exit_code: error.exit_code(),
                    at: &at,
                    message: Some(&error.to_string()),
                    summary: &Value::Null,
                };
                let told = self.lake.ledger().end_run(&self.run, &end);
                let discarded = self.lake.discard(&self.run);
                if told.is_err() || discarded.is_err() {
                    self.watch.say("the failed run could not be put away; the next start does it");
                }
                Err(error)
            }
        }
    }

    fn settings(&self) -> Settings<'_> {
        Settings {
            job: &self.plan.job,
            as_of: self.plan.as_of,
            run: self.run.as_str(),
            buckets: self.layout.buckets,
        }
    }

    fn record_of(&self, table: &str) -> Result<&StageRecord, NightError> {
        let made = self.done.iter().find(|record| record.table(table).is_some());
        made.ok_or_else(|| missing(table))
    }

    fn small(&self, table: &str, columns: &[&str]) -> Result<Vec<Vec<String>>, NightError> {
        let record = self.record_of(table)?;
        let made = record.table(table).ok_or_else(|| missing(table))?;
        Ok(self.small.read(table, &made.dir, columns)?)
    }

    fn record_inputs(&self) -> Result<(), NightError> {
        for (arrived, feed) in self.arrived.iter().zip(&self.feeds) {
            let counts = InputCounts {
                source: feed.system.clone(),
                feed: feed.feed.clone(),
                file: arrived.file.clone(),
                bytes: arrived.bytes,
                blake3: arrived.blake3.clone(),
                rows_read: feed.rows_read,
                rows_loaded: feed.rows_loaded,
                rows_rejected: feed.rows_rejected,
                rows_filtered: feed.rows_filtered,
                rows_superseded: feed.rows_superseded,
            };
            self.lake.ledger().record_input(&self.run, &counts)?;
        }
        Ok(())
    }
}

/// Tells readers that what they see is older than was due: not after a job that cannot be read, nor where
/// another run is at work.
pub(crate) fn mark_stale(plan: &Plan, error: &NightError, watch: &dyn Watch) {
    let exit_code = error.exit_code();
    if ![8, 9, 12, 16].contains(&exit_code) {
        return;
    }
    let stale = lake::Stale::new(plan.as_of, exit_code, watch.now(), error.to_string());
    // The night has failed already: the mark may not hide why.
    if lake::mark_stale(&plan.lake, &stale).is_err() {
        watch.say("what is published could not be marked as older than was due");
    }
}

/// Bytes of the extracts once unpacked, roughly: what memory is planned by.
pub(crate) fn unpacked(job: &Job, arrived: &[Arrived]) -> u64 {
    let packed = |a: &&Arrived| {
        let source = job.sources.iter().find(|s| s.system == a.system);
        let feed = source.and_then(|s| s.feeds.iter().find(|f| f.name == a.feed));
        feed.is_some_and(FeedContract::is_packed)
    };
    // Feeds of one package share its bytes.
    let mut seen = BTreeSet::new();
    let each = arrived.iter().filter(|a| seen.insert(&a.path));
    each.map(|a| if packed(&a) { a.bytes * PACKING_RATIO } else { a.bytes }).sum()
}

fn missing(table: &str) -> NightError {
    NightError::Internal(format!("table `{table}` was read before it was written"))
}

fn tell_recovery(recovery: &lake::Recovery, watch: &dyn Watch) {
    if recovery.adopted {
        watch.say("a run had been published but not recorded: recorded now");
    }
    let left = recovery.staging_removed.len() + recovery.discarded.len();
    if left > 0 {
        watch.say(&format!("removed what {left} unfinished run(s) left"));
    }
}

fn published_summary(lake: &Lake, run: &RunId) -> Result<Summary, NightError> {
    let runs = lake::published_runs(lake.root())?;
    let found = runs.iter().find(|p| p.run == *run);
    let value = found.map_or(Value::Null, |p| p.manifest.summary.clone());
    serde_json::from_value(value)
        .map_err(|e| NightError::Internal(format!("summary of {run}: {e}")))
}

fn stage_cost(
    record: &StageRecord,
    start: (f64, f64, u64),
    end: (f64, f64, u64),
    reused: bool,
) -> StageCost {
    StageCost {
        stage: record.stage.clone(),
        key: record.key.clone(),
        seconds: end.0 - start.0,
        cpu_seconds: end.1 - start.1,
        rows_in: record.note["rows_in"].as_u64().unwrap_or(0),
        rows_out: record.tables.iter().map(lake::TableRecord::rows).sum(),
        bytes_out: record.tables.iter().map(lake::TableRecord::bytes).sum(),
        peak_memory: end.2,
        reused,
    }
}
