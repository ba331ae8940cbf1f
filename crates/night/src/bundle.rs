//! All texts of a job as one value: what a worker on another machine needs to know the job.

use model::{
    ContractError, Copybooks, Job, JobError, JobFile, ProductBook, Scoring, SourceContract,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The job file with everything it names, as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    job: Text,
    sources: Vec<SourceFiles>,
    products: Text,
    scoring: Text,
}

/// A contract with the copybooks that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SourceFiles {
    contract: Text,
    copybooks: Copybooks,
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
    /// All contracts, their copybooks included.
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

impl Bundle {
    /// Reads the job file at `path` and all it names.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let job = Text { place: path.display().to_string(), text: read_text(path)? };
        let file = JobFile::parse(&job.text, &job.place)?;
        let named = |name: &String, place: String| {
            read_text(&folder.join(name)).map(|text| Text { place, text })
        };
        let sources = file.sources.iter().map(|name| SourceFiles::read(&folder.join(name)));
        Ok(Self {
            job,
            sources: sources.collect::<Result<_, _>>()?,
            products: named(&file.products, file.products.clone())?,
            scoring: named(&file.scoring, file.scoring.clone())?,
        })
    }

    /// The job file as written.
    pub fn file(&self) -> Result<JobFile, PlanError> {
        Ok(JobFile::parse(&self.job.text, &self.job.place)?)
    }

    /// The checked job.
    pub fn check(&self) -> Result<Job, PlanError> {
        let sources = self.sources.iter().map(SourceFiles::check);
        let sources = sources.collect::<Result<_, _>>()?;
        let products = ProductBook::parse(&self.products.text, &self.products.place)?;
        let scoring = Scoring::parse(&self.scoring.text, &self.scoring.place)?;
        Ok(Job::check(&self.file()?, sources, products, scoring, &self.job.place)?)
    }

    /// The digests of its parts.
    pub fn digests(&self) -> Digests {
        let mut sources = blake3::Hasher::new();
        for text in self.sources.iter().flat_map(SourceFiles::texts) {
            sources.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        Digests {
            job: digest(&self.job.text),
            sources: sources.finalize().to_hex().to_string(),
            products: digest(&self.products.text),
            scoring: digest(&self.scoring.text),
        }
    }
}

impl SourceFiles {
    /// Reads the contract at `path`, and beside it what it names.
    fn read(path: &Path) -> Result<Self, PlanError> {
        let contract = Text { place: path.display().to_string(), text: read_text(path)? };
        let folder = path.parent().unwrap_or(Path::new(""));
        let named = SourceContract::copybooks_of(&contract.text, &contract.place)?;
        let copybook = |name: String| Ok((name.clone(), read_text(&folder.join(name))?));
        let copybooks = named.into_iter().map(copybook).collect::<Result<_, PlanError>>()?;
        Ok(Self { contract, copybooks })
    }

    fn check(&self) -> Result<SourceContract, ContractError> {
        SourceContract::parse_with(&self.contract.text, &self.contract.place, &self.copybooks)
    }

    /// The contract says how many copybooks follow it, so that no two sources have the same texts.
    fn texts(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.contract.text).chain(self.copybooks.values())
    }
}

pub(crate) fn read_text(path: &Path) -> Result<String, PlanError> {
    std::fs::read_to_string(path)
        .map_err(|source| PlanError::Read { path: path.to_owned(), source })
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = r#"
version = 1
system = "s"
title = "S"
[[feed]]
name = "f"
file = "f.bin"
charset = "cp037"
shape = { kind = "records", framing = "rdw", copybook = "books/dep.cpy" }
columns = [{ name = "dep_no", type = "text" }]
"#;

    /// A job of one contract with its copybook.
    fn bundle(contract: &Path) -> Result<Bundle, PlanError> {
        let empty = Text { place: String::new(), text: String::new() };
        let (job, products, scoring) = (empty.clone(), empty.clone(), empty);
        let sources = vec![SourceFiles::read(contract)?];
        Ok(Bundle { job, sources, products, scoring })
    }

    #[test]
    fn a_copybook_travels_with_its_contract_and_counts_in_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let (contract, book) = (folder.path().join("s.toml"), folder.path().join("books/dep.cpy"));
        std::fs::write(&contract, CONTRACT).unwrap();
        let missing = bundle(&contract).unwrap_err();
        assert!(matches!(missing, PlanError::Read { path, .. } if path == book));

        std::fs::create_dir(folder.path().join("books")).unwrap();
        std::fs::write(&book, "       01 DEP.\n          05 DEP-NO PIC X(4).\n").unwrap();
        let first = bundle(&contract).unwrap();
        std::fs::write(&book, "       01 DEP.\n          05 DEP-NO PIC X(5).\n").unwrap();
        let second = bundle(&contract).unwrap();
        assert_ne!(first.digests().sources, second.digests().sources);

        // What a worker is handed needs no file.
        std::fs::remove_file(&book).unwrap();
        let travelled = serde_json::to_string(&second).unwrap();
        let travelled: Bundle = serde_json::from_str(&travelled).unwrap();
        let width = |bundle: &Bundle| {
            let contract = bundle.sources[0].check().unwrap();
            contract.feeds[0].layout.as_ref().map(|layout| layout.length)
        };
        assert_eq!((width(&first), width(&travelled)), (Some(4), Some(5)));
    }
}
