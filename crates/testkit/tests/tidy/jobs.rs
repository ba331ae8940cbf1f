//! Job files: everything under `jobs/` is read by the code that reads it at night.

use model::{Calendar, Job, JobFile, ProductBook, Scoring, SourceContract};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use testkit::{files_below, read_text, repo_root};

/// What a file under `jobs/` is, by its folder or its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Contract,
    /// A contract to copy: it belongs to no job.
    Preset,
    Products,
    Scoring,
    Calendar,
    Job,
}

fn kind_of(file: &Path) -> Kind {
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    match folder.to_str() {
        Some("sources") => Kind::Contract,
        Some("presets") => Kind::Preset,
        Some("scoring") => Kind::Scoring,
        Some("products") => Kind::Products,
        Some("calendars") => Kind::Calendar,
        _ if name.split('_').any(|word| word == "products") => Kind::Products,
        _ if name.split('_').any(|word| word == "scoring") => Kind::Scoring,
        _ => Kind::Job,
    }
}

fn job_files() -> impl Iterator<Item = (PathBuf, Kind)> {
    let files = files_below(&repo_root().join("jobs")).into_iter();
    let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.map(|file| (kind_of(&file), file)).map(|(kind, file)| (file, kind))
}

/// What is wrong with a file, if anything.
fn finding(file: &Path, kind: Kind) -> Option<String> {
    let (text, place) = (read_text(file), file.display().to_string());
    match kind {
        Kind::Contract | Kind::Preset => contract_of(file, &text).err(),
        Kind::Products => ProductBook::parse(&text, &place).err().map(|e| e.to_string()),
        Kind::Scoring => Scoring::parse(&text, &place).err().map(|e| e.to_string()),
        Kind::Calendar => Calendar::parse(&text, &place).err().map(|e| e.to_string()),
        Kind::Job => open_job(file).err(),
    }
}

/// A contract, with the copybooks that it names beside it.
fn contract_of(file: &Path, text: &str) -> Result<SourceContract, String> {
    let place = file.display().to_string();
    let named = SourceContract::copybooks_of(text, &place).map_err(|e| e.to_string())?;
    let beside = |name: &str| read_text(&file.parent().unwrap_or(Path::new(".")).join(name));
    let copybooks = named.into_iter().map(|name| (name.clone(), beside(&name))).collect();
    SourceContract::parse_with(text, &place, &copybooks).map_err(|e| e.to_string())
}

/// Reads a job with every file it names, and checks them together.
fn open_job(path: &Path) -> Result<Job, String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let place = path.display().to_string();
    let job = JobFile::parse(&read_text(path), &place).map_err(|e| e.to_string())?;
    let text_of = |name: &str| {
        let file = folder.join(name);
        std::fs::read_to_string(&file).map_err(|e| format!("{place} names `{name}`: {e}"))
    };
    let contract = |name: &String| contract_of(&folder.join(name), &text_of(name)?);
    let sources = job.sources.iter().map(contract).collect::<Result<Vec<_>, _>>()?;
    let products = ProductBook::parse(&text_of(&job.products)?, &job.products);
    let products = products.map_err(|e| e.to_string())?;
    let scoring = Scoring::parse(&text_of(&job.scoring)?, &job.scoring);
    let scoring = scoring.map_err(|e| e.to_string())?;
    let calendar = job
        .calendar
        .as_ref()
        .map(|name| Calendar::parse(&text_of(name)?, name).map_err(|e| e.to_string()));
    let checked =
        Job::check(&job, sources, products, scoring, &place).map_err(|e| e.to_string())?;
    Ok(checked.with_calendar(calendar.transpose()?.unwrap_or_default()))
}

#[test]
fn every_file_under_jobs_is_accepted() {
    let findings: Vec<String> =
        job_files().filter_map(|(file, kind)| finding(&file, kind)).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn the_contract_in_the_documents_is_accepted() {
    let text = read_text(&repo_root().join("docs/databases.md"));
    let (_, example) = text.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let contract = SourceContract::parse(example, "docs/databases.md").unwrap();
    assert!(contract.database.is_some() && contract.feeds[0].query.is_some());
}

#[test]
fn the_sample_bank_has_its_job() {
    let nightly = repo_root().join("jobs/nightly.toml");
    assert!(nightly.exists(), "the README's first command runs jobs/nightly.toml");
}

#[test]
fn every_contract_belongs_to_a_job() {
    let mut named = BTreeSet::new();
    for (file, _) in job_files().filter(|(_, kind)| *kind == Kind::Job) {
        let job = JobFile::parse(&read_text(&file), &file.display().to_string()).unwrap();
        named.extend(job.sources.iter().map(|name| file.parent().unwrap().join(name)));
    }
    let contracts = job_files().filter(|(_, kind)| *kind == Kind::Contract);
    for (file, _) in contracts {
        assert!(named.contains(&file), "no job names {}", file.display());
    }
}
