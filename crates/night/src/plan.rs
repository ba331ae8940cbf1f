//! The plan of a night: the job file with everything it names, read once and checked, and the
//! digests by which a rerun knows what has changed.

use crate::bundle::{Bundle, Digests, PlanError};
use crate::stage::Param;
use intake::{Awaited, Extracts};
use model::{BusinessDate, Job, Moment};
use std::path::{Path, PathBuf};

/// A checked job with its date and places.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The job file.
    pub path: PathBuf,
    /// The checked job.
    pub job: Job,
    /// The texts it was checked from, for workers elsewhere.
    pub bundle: Bundle,
    /// The business date.
    pub as_of: BusinessDate,
    /// When the night was started: what deadlines and quiet seconds are held against.
    pub now: Moment,
    /// Why the inputs of a night that is closed may change, where a person has said so.
    pub restate: Option<String>,
    /// The run that was planned, where this night is to be that one and no other.
    pub planned: Option<String>,
    /// The lake's folder.
    pub lake: PathBuf,
    /// The extracts' folder of every date.
    pub extracts: Extracts,
    /// Digests of what the job says, by part.
    pub digests: Digests,
    /// Digest of the running binary: another one is another run.
    pub binary: String,
    /// Version of the engine, for people.
    pub engine_version: String,
}

/// Places that stand in for those of the job file.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The lake's folder.
    pub lake: Option<PathBuf>,
    /// The extracts' folder, with or without `{date}`.
    pub extracts: Option<PathBuf>,
}

impl Plan {
    /// Reads the job file at `path` and all it names; `places` override the job's own.
    pub fn open(
        path: &Path,
        as_of: BusinessDate,
        now: Moment,
        places: &Places,
        binary: String,
        engine_version: &str,
    ) -> Result<Self, PlanError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let bundle = Bundle::read(path)?;
        let file = bundle.file()?;
        let job = bundle.check()?;
        let digests = bundle.digests();
        Ok(Self {
            path: path.to_owned(),
            job,
            bundle,
            as_of,
            now,
            restate: None,
            planned: None,
            lake: places.lake.clone().unwrap_or_else(|| folder.join(&file.lake)),
            extracts: Extracts(match &places.extracts {
                Some(extracts) => extracts.clone(),
                None => folder.join(&file.extracts),
            }),
            digests,
            binary,
            engine_version: engine_version.to_owned(),
        })
    }

    /// What the night waits for.
    pub(crate) fn awaited(&self) -> Awaited<'_> {
        Awaited {
            sources: &self.job.sources,
            extracts: &self.extracts,
            as_of: self.as_of,
            calendar: &self.job.calendar,
            now: self.now,
        }
    }

    /// The digest of one part of the job, as far as stages depend on it.
    pub(crate) fn param(&self, param: Param, run: &str) -> String {
        match param {
            Param::Job => self.digests.job.clone(),
            Param::Products => self.digests.products.clone(),
            Param::Scoring => self.digests.scoring.clone(),
            Param::Run => run.to_owned(),
        }
    }
}

/// The lake of a job, for commands that need nothing else of it.
pub fn lake_of(path: &Path, places: &Places) -> Result<PathBuf, PlanError> {
    let file = crate::bundle::read_job_file(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(places.lake.clone().unwrap_or_else(|| folder.join(&file.lake)))
}
