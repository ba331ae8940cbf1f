//! Sources that are databases: their rows are landed as files before anybody looks for files. Who asks
//! a database, and how, is not known here.

use crate::engine::{Unit, Watch};
use crate::error::NightError;
use crate::plan::Plan;
use intake::{Arrived, Awaited, Extracts};
use lake::Lake;
use model::{BusinessDate, SourceContract};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Who asks databases.
pub trait Databases: Sync {
    /// Lands all feeds of a source, or finds them landed; tells `watch` the bytes that come.
    fn land(&self, order: &LandOrder<'_>, watch: &dyn Watch) -> Result<Vec<Landed>, Unlanded>;

    /// Whether a source is landed already; asks nobody.
    fn is_landed(&self, order: &LandOrder<'_>) -> bool;
}

/// What is landed, and where.
#[derive(Clone, Copy, Debug)]
pub struct LandOrder<'a> {
    /// The source: a database.
    pub source: &'a SourceContract,
    /// The business date.
    pub as_of: BusinessDate,
    /// The folder of its files.
    pub folder: &'a Path,
    /// The lake, which is there and above that folder.
    pub lake: &'a Path,
    /// The folder that files named by a contract are relative to.
    pub base: &'a Path,
}

/// A feed that was landed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    /// System.
    pub system: String,
    /// Feed.
    pub feed: String,
    /// File name.
    pub file: String,
    /// Rows, as the database counts them.
    pub rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// BLAKE3 of these bytes, 64 hexadecimal digits.
    pub blake3: String,
    /// Whether the file was there from an earlier landing.
    pub reused: bool,
}

/// Why a source was not landed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Unlanded {
    /// The exit code that it has.
    pub exit_code: i32,
    /// Where, why, and what would be right.
    pub text: String,
}

/// Lands the databases of a job and does nothing else; takes the lake's lock while it does.
pub fn land(
    plan: &Plan,
    databases: &dyn Databases,
    watch: &dyn Watch,
) -> Result<Vec<Landed>, NightError> {
    let _locked = Lake::open(&plan.lake)?;
    sources(plan, databases, watch)
}

/// Lands the databases of a job, in the order of the contracts.
pub(crate) fn sources(
    plan: &Plan,
    databases: &dyn Databases,
    watch: &dyn Watch,
) -> Result<Vec<Landed>, NightError> {
    let mut landed = Vec::new();
    let asked: Vec<_> = plan.job.sources.iter().filter(|s| s.database.is_some()).collect();
    if asked.is_empty() {
        return Ok(landed);
    }
    watch.begin("land", None, Unit::Bytes);
    for source in asked {
        let folder = folder(plan, source);
        landed.extend(databases.land(&order(plan, source, &folder), watch)?);
    }
    watch.done("land", landed.iter().map(|one| one.rows).sum());
    Ok(landed)
}

/// Whether a night would land the source first: a database that has not been asked yet.
pub(crate) fn is_to_land(plan: &Plan, source: &SourceContract, databases: &dyn Databases) -> bool {
    let is_landed = || databases.is_landed(&order(plan, source, &folder(plan, source)));
    source.database.is_some() && !is_landed()
}

/// Where the extracts of a source lie: those of a database where they are landed.
pub(crate) fn extracts(plan: &Plan, source: &SourceContract) -> Extracts {
    match source.database {
        Some(_) => Extracts(folder(plan, source)),
        None => plan.extracts.clone(),
    }
}

/// Every file of the night: those that arrived in the folder of the extracts, and those that were
/// landed, in the order of the contracts.
pub(crate) fn arrive(
    plan: &Plan,
    landed: &[Landed],
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Arrived>, NightError> {
    let sources = &plan.job.sources;
    let awaited = plan.awaited();
    if sources.iter().all(|source| source.database.is_none()) {
        return Ok(intake::arrive(&awaited, progress)?);
    }
    let (asked, sent): (Vec<_>, Vec<_>) =
        sources.iter().cloned().partition(|source| source.database.is_some());
    let mut arrived = intake::arrive(&Awaited { sources: &sent, ..awaited }, progress)?;
    for source in &asked {
        let extracts = extracts(plan, source);
        let sources = std::slice::from_ref(source);
        let landed = Awaited { sources, extracts: &extracts, ..awaited };
        arrived.extend(intake::arrive(&landed, progress)?);
    }
    let place: BTreeMap<&str, usize> =
        sources.iter().enumerate().map(|(at, source)| (source.system.as_str(), at)).collect();
    arrived.sort_by_key(|file| place.get(file.system.as_str()).copied());
    unchanged(landed, &arrived)?;
    Ok(arrived)
}

/// What was landed is what is read: nobody has touched it since.
fn unchanged(landed: &[Landed], arrived: &[Arrived]) -> Result<(), Unlanded> {
    let changed = |one: &&Landed| {
        let found = arrived.iter().find(|a| a.system == one.system && a.feed == one.feed);
        found.is_none_or(|found| found.blake3 != one.blake3)
    };
    match landed.iter().find(changed) {
        None => Ok(()),
        Some(one) => Err(Unlanded {
            exit_code: 8,
            text: format!(
                "source `{}`, feed `{}`, file `{}`: not what was landed (right: leave it alone, or land it again)",
                one.system, one.feed, one.file
            ),
        }),
    }
}

fn order<'a>(plan: &'a Plan, source: &'a SourceContract, folder: &'a Path) -> LandOrder<'a> {
    let base = plan.path.parent().unwrap_or(Path::new(""));
    LandOrder { source, as_of: plan.as_of, folder, lake: &plan.lake, base }
}

fn folder(plan: &Plan, source: &SourceContract) -> PathBuf {
    plan.lake.join("landing").join(plan.as_of.to_string()).join(&source.system)
}
