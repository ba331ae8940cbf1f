//! All texts of a job as one value: what a worker on another machine needs to know the job.

use model::{
    Calendar, ContractError, Job, JobError, JobFile, ProductBook, Scoring, SourceContract,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The job file with everything it names, as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    job: Text,
    sources: Vec<Text>,
    products: Text,
    scoring: Text,
    calendar: Option<Text>,
}

/// One file of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Text {
    place: String,
    text: String,
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
    /// The calendar; of nothing where the job has none.
    pub calendar: String,
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

impl Bundle {
    /// Reads the job file at `path` and all it names.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let job = Text { place: path.display().to_string(), text: read_text(path)? };
        let file = JobFile::parse(&job.text, &job.place)?;
        let named = |name: &String, place: String| {
            read_text(&folder.join(name)).map(|text| Text { place, text })
        };
        let sources = file.sources.iter().map(|s| named(s, folder.join(s).display().to_string()));
        Ok(Self {
            job,
            sources: sources.collect::<Result<_, _>>()?,
            products: named(&file.products, file.products.clone())?,
            scoring: named(&file.scoring, file.scoring.clone())?,
            calendar: file.calendar.as_ref().map(|c| named(c, c.clone())).transpose()?,
        })
    }

    /// The job file as written.
    pub fn file(&self) -> Result<JobFile, PlanError> {
        Ok(JobFile::parse(&self.job.text, &self.job.place)?)
    }

    /// The checked job.
    pub fn check(&self) -> Result<Job, PlanError> {
        let sources = self.sources.iter().map(|s| SourceContract::parse(&s.text, &s.place));
        let sources = sources.collect::<Result<_, _>>()?;
        let products = ProductBook::parse(&self.products.text, &self.products.place)?;
        let scoring = Scoring::parse(&self.scoring.text, &self.scoring.place)?;
        let job = Job::check(&self.file()?, sources, products, scoring, &self.job.place)?;
        Ok(match &self.calendar {
            Some(text) => job.with_calendar(Calendar::parse(&text.text, &text.place)?),
            None => job,
        })
    }

    /// The digests of its parts.
    pub fn digests(&self) -> Digests {
        let mut sources = blake3::Hasher::new();
        for Text { text, .. } in &self.sources {
            sources.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        Digests {
            job: digest(&self.job.text),
            sources: sources.finalize().to_hex().to_string(),
            products: digest(&self.products.text),
            scoring: digest(&self.scoring.text),
            calendar: digest(self.calendar.as_ref().map_or("", |calendar| &calendar.text)),
        }
    }
}

pub(crate) fn read_text(path: &Path) -> Result<String, PlanError> {
    std::fs::read_to_string(path)
        .map_err(|source| PlanError::Read { path: path.to_owned(), source })
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
