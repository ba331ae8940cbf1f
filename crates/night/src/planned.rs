//! A night as it was planned: a forecast that was written down, so that the night that is run is the one
//! that somebody has looked at, or none.

mod differ;
#[cfg(test)]
mod tests;

use crate::bundle::Digests;
use crate::engine::Engine;
use crate::error::NightError;
use crate::forecast::{AwaitedFile, Forecast, Foreseen, forecast};
use crate::land::Databases;
use crate::plan::Plan;
use serde::{Deserialize, Serialize};

/// Version of the file.
const VERSION: u32 = 1;

/// A forecast and what it was made from. It holds names, counts and digests, and no value of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    version: u32,
    as_of: String,
    /// Digest of the program, and of each part of the job.
    binary: String,
    job: Parts,
    files: Vec<PlannedFile>,
    /// None where a file was missing or a database not asked yet.
    night: Option<PlannedNight>,
    /// The run that readers see, and that moves are measured against.
    current: Option<String>,
    previous: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    job: String,
    sources: String,
    products: String,
    scoring: String,
    calendar: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedFile {
    system: String,
    feed: String,
    file: String,
    /// Whether a database would be asked for it first.
    to_land: bool,
    there: Option<There>,
    missing: Option<String>,
    drift: Vec<String>,
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct There {
    bytes: u64,
    blake3: String,
    source_as_of: String,
    due: String,
    /// Rows by its trigger and by its flag.
    declared_rows: Option<u64>,
    flag_rows: Option<u64>,
    superseded: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedNight {
    run: String,
    published: bool,
    ranges: usize,
    stages: Vec<PlannedStage>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedStage {
    stage: String,
    fate: String,
}

impl Planned {
    /// What `forecast` says of the night of `plan`.
    pub fn of(plan: &Plan, forecast: &Forecast) -> Self {
        let run = |of: &Option<(lake::RunId, model::BusinessDate)>| {
            of.as_ref().map(|(run, _)| run.as_str().to_owned())
        };
        Self {
            version: VERSION,
            as_of: plan.as_of.to_string(),
            binary: plan.binary.clone(),
            job: Parts::of(&plan.digests),
            files: forecast.files.iter().map(PlannedFile::of).collect(),
            night: forecast.night.as_ref().map(PlannedNight::of),
            current: run(&forecast.current),
            previous: run(&forecast.previous),
        }
    }

    /// A planned night as [`Self::text`] wrote it; what is wrong with a text that is none.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let planned: Self = serde_json::from_slice(text)
            .map_err(|error| format!("is no plan of a night: {error} (right: `plan -o`)"))?;
        match planned.version {
            VERSION => Ok(planned),
            other => Err(format!("is of version {other} (expected {VERSION})")),
        }
    }

    /// The planned night as text, the same for the same night.
    pub fn text(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// Holds the night of `plan` to this one: an error that says what is not as planned, or the same plan,
    /// which runs this night and no other.
    pub fn hold(
        &self,
        plan: Plan,
        engine: &dyn Engine,
        databases: &dyn Databases,
    ) -> Result<Plan, NightError> {
        let now = Self::of(&plan, &forecast(&plan, engine, databases)?);
        let mut differences = self.differences(&now);
        let Some(night) = self.night.as_ref().filter(|_| differences.is_empty()) else {
            if differences.is_empty() {
                differences
                    .push("it was planned while files were missing (right: plan it again)".into());
            }
            return Err(NightError::NotAsPlanned(differences));
        };
        Ok(Plan { planned: Some(night.run.clone()), ..plan })
    }
}

impl Parts {
    fn of(digests: &Digests) -> Self {
        let Digests { job, sources, products, scoring, calendar } = digests.clone();
        Self { job, sources, products, scoring, calendar }
    }
}

impl PlannedFile {
    fn of(file: &AwaitedFile) -> Self {
        let there = file.arrived.as_ref().map(|arrived| There {
            bytes: arrived.bytes,
            blake3: arrived.blake3.clone(),
            source_as_of: arrived.source_as_of.to_string(),
            due: arrived.due.to_string(),
            declared_rows: arrived.declared_rows,
            flag_rows: arrived.flag_rows,
            superseded: arrived.superseded.clone(),
        });
        Self {
            system: file.system.clone(),
            feed: file.feed.clone(),
            file: file.file.clone(),
            to_land: file.to_land,
            there,
            missing: file.missing.clone(),
            drift: file.drift.iter().map(ToString::to_string).collect(),
        }
    }
}

impl PlannedNight {
    fn of(night: &Foreseen) -> Self {
        let stage = |(stage, fate): &(&str, crate::forecast::Fate)| PlannedStage {
            stage: (*stage).to_owned(),
            fate: fate.word().to_owned(),
        };
        Self {
            run: night.run.as_str().to_owned(),
            published: night.published,
            ranges: night.layout.buckets,
            stages: night.stages.iter().map(stage).collect(),
        }
    }
}
