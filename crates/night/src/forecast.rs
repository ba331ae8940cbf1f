//! What a night would do, without doing it: which files are there, how they differ from their
//! contracts, which stages would run. It takes no lock and writes nothing.
//!
//! A stage's key depends on the keys of what it reads and not on their rows, so every key is known
//! before the first row is read.

use crate::engine::{self, Engine, Layout};
use crate::error::NightError;
use crate::keys;
use crate::land::{self, Databases};
use crate::nightfall::unpacked;
use crate::plan::Plan;
use crate::stage::{LOAD_TABLES, STAGES, Source};
use intake::{Arrived, Awaited, Cause, Change, IntakeError};
use lake::{RecordState, RunId};
use model::{BusinessDate, FeedContract, SourceContract};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a night would do.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The business date.
    pub as_of: BusinessDate,
    /// The files of the night, in contract order.
    pub files: Vec<AwaitedFile>,
    /// What follows from them; none while a file is missing or a database is not asked yet.
    pub night: Option<Foreseen>,
    /// The run that readers see, and its date.
    pub current: Option<(RunId, BusinessDate)>,
    /// The run that moves would be measured against, and its date.
    pub previous: Option<(RunId, BusinessDate)>,
}

/// A night whose files are all there.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The run it would be.
    pub run: RunId,
    /// Whether that run stands published: there is nothing to do.
    pub published: bool,
    /// How it would be divided.
    pub layout: Layout,
    /// Bytes of its extracts, unpacked, roughly.
    pub bytes: u64,
    /// Memory that one range of the key space may take, roughly, in bytes.
    pub memory: u64,
    /// Its stages in their order, and whether each would run; none when it stands published.
    pub stages: Vec<(&'static str, Fate)>,
}

/// What would become of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It would run.
    Run,
    /// Its tables are there from an earlier attempt with the same content.
    Reuse,
}

/// A feed's file, there or not.
#[derive(Clone, Debug)]
pub struct AwaitedFile {
    /// System.
    pub system: String,
    /// Feed.
    pub feed: String,
    /// The file as it is named, or as the contract names it.
    pub file: String,
    /// Whether it is the answer of a database that a night would ask first.
    pub to_land: bool,
    /// Its size and digest, when it is there.
    pub arrived: Option<Arrived>,
    /// What is missing, when something is.
    pub missing: Option<String>,
    /// Rows that its flag or trailer promises, where that can be read at once.
    pub rows: Option<u64>,
    /// How its columns differ from the contract.
    pub drift: Vec<Change>,
}

impl Forecast {
    /// Whether a file is missing.
    pub fn is_waiting(&self) -> bool {
        self.files.iter().any(|file| file.missing.is_some())
    }

    /// Whether a database would be asked first: what follows is not known before.
    pub fn is_to_land(&self) -> bool {
        self.files.iter().any(|file| file.to_land)
    }

    /// Whether a file differs from its contract.
    pub fn has_drift(&self) -> bool {
        self.files.iter().any(|file| !file.drift.is_empty())
    }

    /// The forecast for machines.
    pub fn to_json(&self) -> Value {
        let run = |of: Option<&(RunId, BusinessDate)>| {
            of.map(|(run, day)| json!({ "run": run.as_str(), "as_of": day.to_string() }))
        };
        let files: Vec<Value> = self.files.iter().map(AwaitedFile::to_json).collect();
        json!({
            "as_of": self.as_of.to_string(), "files": files,
            "night": self.night.as_ref().map(Foreseen::to_json),
            "current": run(self.current.as_ref()), "previous": run(self.previous.as_ref()),
        })
    }
}

impl Foreseen {
    fn to_json(&self) -> Value {
        let stage = |(name, fate): &(&str, Fate)| json!({ "stage": name, "fate": fate.word() });
        let stages: Vec<Value> = self.stages.iter().map(stage).collect();
        json!({
            "run": self.run.as_str(), "published": self.published, "bytes": self.bytes,
            "ranges": self.layout.buckets, "memory_per_range": self.memory, "stages": stages,
        })
    }
}

impl Fate {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Reuse => "reuse",
        }
    }
}

impl AwaitedFile {
    fn to_json(&self) -> Value {
        let drift: Vec<String> = self.drift.iter().map(ToString::to_string).collect();
        let arrived = self.arrived.as_ref();
        json!({
            "system": self.system, "feed": self.feed, "file": self.file,
            "bytes": arrived.map(|a| a.bytes), "blake3": arrived.map(|a| &a.blake3),
            "source_as_of": arrived.map(|a| a.source_as_of.to_string()),
            "late": arrived.is_some_and(Arrived::is_late), "to_land": self.to_land,
            "rows": self.rows, "missing": self.missing, "drift": drift,
        })
    }
}

/// What the night of `plan` would do on `engine`. No database is asked.
pub fn forecast(
    plan: &Plan,
    engine: &dyn Engine,
    databases: &dyn Databases,
) -> Result<Forecast, NightError> {
    let sources = &plan.job.sources;
    let mut files = Vec::new();
    for source in sources {
        let to_land = land::is_to_land(plan, source, databases);
        for feed in &source.feeds {
            files.push(await_file(plan, source, feed, to_land)?);
        }
    }
    let arrived: Vec<Arrived> = files.iter().filter_map(|file| file.arrived.clone()).collect();
    let current = lake::current(&plan.lake)?;
    let previous = lake::latest_before(&plan.lake, plan.as_of)?;
    let dated = |p: lake::Published| (p.run, p.manifest.as_of);
    let (current, previous) = (current.map(dated), previous.map(dated));
    let mut forecast = Forecast { as_of: plan.as_of, files, night: None, current, previous };
    if !forecast.is_waiting() && !forecast.is_to_land() {
        forecast.night = Some(foresee(plan, engine, &arrived, &forecast)?);
    }
    Ok(forecast)
}

fn await_file(
    plan: &Plan,
    source: &SourceContract,
    feed: &FeedContract,
    to_land: bool,
) -> Result<AwaitedFile, NightError> {
    let mut file = AwaitedFile {
        system: source.system.clone(),
        feed: feed.name.clone(),
        file: feed.delivery().replace("{date}", &plan.as_of.compact()),
        to_land,
        arrived: None,
        missing: None,
        rows: None,
        drift: Vec::new(),
    };
    if to_land {
        return Ok(file);
    }
    let alone = [SourceContract { feeds: vec![feed.clone()], ..source.clone() }];
    let extracts = land::extracts(plan, source);
    let awaited = Awaited { sources: &alone, extracts: &extracts, ..plan.awaited() };
    let arrived = match intake::arrive(&awaited, &|_| {}) {
        Ok(arrived) => arrived.into_iter().next(),
        Err(error) if error.kind() == intake::ErrorKind::NotThere => {
            file.file.clone_from(&error.place.file);
            file.missing = Some(error.cause.to_string());
            None
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(arrived) = &arrived {
        file.file.clone_from(&arrived.file);
        let seen = intake::preview(feed, arrived).map_err(|source| IntakeError {
            place: Box::new(intake::Place {
                system: file.system.clone(),
                feed: file.feed.clone(),
                file: file.file.clone(),
            }),
            cause: Cause::Io { action: "read", path: arrived.path.clone(), source },
        })?;
        (file.drift, file.rows) = (seen.drift, seen.rows);
    }
    Ok(AwaitedFile { arrived, ..file })
}

/// The night of files that are all there.
fn foresee(
    plan: &Plan,
    engine: &dyn Engine,
    arrived: &[Arrived],
    so_far: &Forecast,
) -> Result<Foreseen, NightError> {
    let previous = so_far.previous.as_ref().map(|(run, _)| run.as_str());
    let run = RunId::new(keys::run_id(plan, arrived, previous))?;
    let bytes = unpacked(&plan.job, arrived);
    let layout = engine.layout(bytes);
    let memory = engine::memory_of(bytes, layout.buckets);
    let stands = |r: &lake::RunRecord| {
        r.run == run && r.as_of == plan.as_of && r.state == RecordState::Published
    };
    let published = lake::run_records(&plan.lake)?.iter().any(stands);
    let mut foreseen = Foreseen { run, published, layout, bytes, memory, stages: Vec::new() };
    if published {
        return Ok(foreseen);
    }
    if let Some((_, latest)) = so_far.current.as_ref().filter(|(_, day)| *day > plan.as_of) {
        return Err(NightError::EarlierThanPublished { asked: plan.as_of, latest: *latest });
    }
    let fate = |stage: &str, key: &str| -> Result<Fate, NightError> {
        let made = lake::is_stage_made(&plan.lake, plan.as_of, stage, key)?;
        Ok(if made { Fate::Reuse } else { Fate::Run })
    };
    for (stage, key) in stage_keys(plan, &foreseen, arrived, previous) {
        foreseen.stages.push((stage, fate(stage, &key)?));
    }
    Ok(foreseen)
}

/// Every stage with the key that it would have, loading first.
fn stage_keys(
    plan: &Plan,
    night: &Foreseen,
    arrived: &[Arrived],
    previous: Option<&str>,
) -> Vec<(&'static str, String)> {
    let buckets = night.layout.buckets;
    let load = keys::load_key(plan, arrived, buckets, previous);
    let mut made_by: BTreeMap<&str, String> =
        LOAD_TABLES.iter().map(|table| (*table, load.clone())).collect();
    let mut found = vec![("load", load)];
    for stage in STAGES {
        let inputs: Vec<String> = stage
            .inputs
            .iter()
            .map(|input| match input.source {
                Source::Tonight => made_by.get(input.table).cloned().unwrap_or_default(),
                Source::Previous => previous.unwrap_or_default().to_owned(),
            })
            .collect();
        let key = keys::stage_key(plan, stage, night.run.as_str(), buckets, &inputs);
        made_by.extend(stage.outputs.iter().map(|table| (*table, key.clone())));
        found.push((stage.name, key));
    }
    found
}
