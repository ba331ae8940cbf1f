//! The plan of a night: the job file with everything it names, read once and checked, and the
//! digests by which a rerun knows what has changed.

use crate::stage::Param;
use model::{
    BusinessDate, ContractError, Job, JobError, JobFile, ProductBook, Scoring, SourceContract,
};
use std::path::{Path, PathBuf};

/// A checked job with its date and places.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The job file.
    pub path: PathBuf,
    /// The checked job.
    pub job: Job,
    /// The business date.
    pub as_of: BusinessDate,
    /// The lake's folder.
    pub lake: PathBuf,
    /// The extracts' folder of the date.
    pub extracts: PathBuf,
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
    /// The extracts' folder of the night.
    pub extracts: Option<PathBuf>,
}

/// Digests (BLAKE3, hex) of the parts of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    /// The job file itself.
    pub job: String,
    /// All contracts.
    pub sources: String,
    /// The product book.
    pub products: String,
    /// The scoring file.
    pub scoring: String,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A file the job needs could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What a file says is wrong.
    #[error(transparent)]
    Job(#[from] JobError),
}

impl From<ContractError> for PlanError {
    fn from(error: ContractError) -> Self {
        Self::Job(error.into())
    }
}

impl Plan {
    /// Reads the job file at `path` and all it names; `places` override the job's own.
    pub fn open(
        path: &Path,
        as_of: BusinessDate,
        places: &Places,
        binary: String,
        engine_version: &str,
    ) -> Result<Self, PlanError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let place = path.display().to_string();
        let job_text = read(path)?;
        let file = JobFile::parse(&job_text, &place)?;
        let mut sources = Vec::new();
        let mut hasher = blake3::Hasher::new();
        for name in &file.sources {
            let text = read(&folder.join(name))?;
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
            sources.push(SourceContract::parse(&text, &folder.join(name).display().to_string())?);
        }
        let products_text = read(&folder.join(&file.products))?;
        let products = ProductBook::parse(&products_text, &file.products)?;
        let scoring_text = read(&folder.join(&file.scoring))?;
        let scoring = Scoring::parse(&scoring_text, &file.scoring)?;
        let digests = Digests {
            job: digest(&job_text),
            sources: hasher.finalize().to_hex().to_string(),
            products: digest(&products_text),
            scoring: digest(&scoring_text),
        };
        let job = Job::check(&file, sources, products, scoring, &place)?;
        Ok(Self {
            path: path.to_owned(),
            job,
            as_of,
            lake: places.lake.clone().unwrap_or_else(|| folder.join(&file.lake)),
            extracts: match &places.extracts {
                Some(extracts) => extracts.clone(),
                None => folder.join(file.extracts.replace("{date}", &as_of.compact())),
            },
            digests,
            binary,
            engine_version: engine_version.to_owned(),
        })
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
    let file = JobFile::parse(&read(path)?, &path.display().to_string())?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(places.lake.clone().unwrap_or_else(|| folder.join(&file.lake)))
}

fn read(path: &Path) -> Result<String, PlanError> {
    std::fs::read_to_string(path)
        .map_err(|source| PlanError::Read { path: path.to_owned(), source })
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
