//! All texts of a job as one value: what a worker on another machine needs to know the job.

use model::{Calendar, CalendarFile, Flaw, Job, JobFile, ProductBook, Scoring, SourceContract};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
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
    /// What a file says is wrong, and where in it.
    #[error(transparent)]
    Flaw(Box<Flaw>),
}

impl Text {
    /// What is wrong with the text that should be a `T`.
    fn flaw<T: DeserializeOwned>(&self, error: &dyn Display) -> PlanError {
        PlanError::Flaw(Box::new(Flaw::of::<T>(&self.place, &self.text, &error.to_string())))
    }
}

impl Bundle {
    /// Reads the job file at `path` and all it names.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let job = Text { place: path.display().to_string(), text: read_text(path)? };
        let file = job_file(&job)?;
        let named = |name: &String| {
            let path = folder.join(name);
            read_text(&path).map(|text| Text { place: path.display().to_string(), text })
        };
        Ok(Self {
            job,
            sources: file.sources.iter().map(named).collect::<Result<_, _>>()?,
            products: named(&file.products)?,
            scoring: named(&file.scoring)?,
            calendar: file.calendar.as_ref().map(named).transpose()?,
        })
    }

    /// The job file as written.
    pub fn file(&self) -> Result<JobFile, PlanError> {
        job_file(&self.job)
    }

    /// The checked job.
    pub fn check(&self) -> Result<Job, PlanError> {
        let contract = |text: &Text| {
            SourceContract::parse(&text.text, &text.place)
                .map_err(|error| text.flaw::<SourceContract>(&error))
        };
        let sources = self.sources.iter().map(contract).collect::<Result<_, _>>()?;
        let products = ProductBook::parse(&self.products.text, &self.products.place)
            .map_err(|error| self.products.flaw::<ProductBook>(&error))?;
        let scoring = Scoring::parse(&self.scoring.text, &self.scoring.place)
            .map_err(|error| self.scoring.flaw::<Scoring>(&error))?;
        let job = Job::check(&self.file()?, sources, products, scoring, &self.job.place)
            .map_err(|error| self.job.flaw::<JobFile>(&error))?;
        let Some(text) = &self.calendar else { return Ok(job) };
        let calendar = Calendar::parse(&text.text, &text.place)
            .map_err(|error| text.flaw::<CalendarFile>(&error))?;
        Ok(job.with_calendar(calendar))
    }

    /// Where in its contract a message about a source stands (``source `cards`, feed ...``).
    pub fn flaw_of_source(&self, message: &str) -> Option<Flaw> {
        let is_of = |text: &&Text| {
            let contract = SourceContract::parse(&text.text, &text.place);
            contract.is_ok_and(|c| message.starts_with(&format!("source `{}`", c.system)))
        };
        let text = self.sources.iter().find(is_of)?;
        Some(Flaw::named(&text.place, &text.text, message))
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

/// The job file at `path`, and nothing of what it names.
pub(crate) fn read_job_file(path: &Path) -> Result<JobFile, PlanError> {
    job_file(&Text { place: path.display().to_string(), text: read_text(path)? })
}

fn job_file(text: &Text) -> Result<JobFile, PlanError> {
    JobFile::parse(&text.text, &text.place).map_err(|error| text.flaw::<JobFile>(&error))
}

fn read_text(path: &Path) -> Result<String, PlanError> {
    std::fs::read_to_string(path)
        .map_err(|source| PlanError::Read { path: path.to_owned(), source })
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
