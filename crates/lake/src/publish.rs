//! Publishing: all tables of a run or none, in the order that survives a death at any step.
//!
//! Steps by number (the lock is step 1): the caller writes files (2), files (3) and folders (4) are
//! synced, the manifest is written (5), synced and renamed (6), the caller checks (7), the folder
//! moves into place (8), the pointer is written (9), renamed (10) and its folder synced (11), the
//! run is recorded (12). Each of files, manifest and pointer refers only to what is durable. The
//! pointer moves by one rename of one small file: that rename is the publishing.

use crate::layout::{Layout, MANIFEST};
use crate::manifest::{self, Manifest, PublishedTable, RunFacts};
use crate::record::{self, Publish, RecordState};
use crate::stage::{Keep, describe_files};
use crate::verify::check_run;
use crate::{Fault, Lake, LakeError, RunId, crash_point, durable, names, read, stale};
use std::path::{Path, PathBuf};

/// An empty staging folder for the set to publish.
#[derive(Debug)]
pub struct Publication {
    run: RunId,
    dir: PathBuf,
}

impl Publication {
    /// The folder; the caller writes `<table>/part-*.parquet` in it.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// A staged set with its manifest, durable and not yet visible. What the caller checks now is
/// exactly what the digests cover.
#[derive(Debug)]
pub struct Sealed {
    dir: PathBuf,
    manifest: Manifest,
    manifest_blake3: String,
}

impl Sealed {
    /// The staged folder, for checks before publishing.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What will be published.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

impl Lake {
    /// A fresh staging folder for the set of a run; what an earlier attempt left is removed.
    pub fn publication(&self, run: &RunId) -> Result<Publication, LakeError> {
        self.ready()?;
        let dir = self.layout.staging_of(run).join(crate::layout::PUBLISH);
        self.watch(durable::fresh_folder(&self.layout.root, &dir))?;
        Ok(Publication { run: run.clone(), dir })
    }

    /// Steps 3 to 6: makes the staged set durable and writes its manifest.
    pub fn seal(&self, publication: Publication, facts: RunFacts) -> Result<Sealed, LakeError> {
        self.ready()?;
        if facts.run != publication.run {
            let problem = "is the staging folder of another run (seal it with its own facts)";
            return Err(LakeError::Staging { path: publication.dir, problem });
        }
        self.watch(seal(publication.dir, facts))
    }

    /// Steps 8 to 12: makes a sealed set the published one. Returns its place in the order of
    /// publishing. `at` is the time, for the record only. A run that stands published already is
    /// left as it is, even when a later one has superseded it.
    pub fn publish(&mut self, sealed: Sealed, at: &str) -> Result<u64, LakeError> {
        self.ready()?;
        crash_point("publish.checked");
        self.watch(self.publish_steps(sealed, at))
    }

    /// Makes an earlier run the published one again and withdraws those published after it. A
    /// withdrawn run can be returned to in the same way.
    pub fn rollback(&mut self, to: &RunId, at: &str) -> Result<(), LakeError> {
        self.ready()?;
        let known = record::read(&self.layout, to)?;
        let known = known.filter(|record| record.state != RecordState::Collected);
        let Some(record) = known else {
            let root = self.layout.root.clone();
            return Err(LakeError::NotPublished { run: to.clone(), root });
        };
        let manifest = in_place(&self.layout, to)?;
        if manifest.blake3 != record.manifest_blake3 {
            return Err(LakeError::damaged(&self.layout.manifest_of(to), Fault::Digest));
        }
        let publish =
            Publish { run: to, as_of: record.as_of, manifest_blake3: &manifest.blake3, at };
        self.watch(point_at(&self.layout, to))?;
        self.watch(settle(&self.layout, &publish))?;
        Ok(())
    }

    /// Removes all staging of a run, for a night whose checks failed.
    pub fn discard(&self, run: &RunId) -> Result<(), LakeError> {
        self.ready()?;
        self.watch(durable::remove(&self.layout.staging_of(run)))?;
        Ok(())
    }

    fn publish_steps(&self, sealed: Sealed, at: &str) -> Result<u64, LakeError> {
        let Sealed { dir, manifest, manifest_blake3 } = sealed;
        let run = &manifest.run;
        if self.layout.data_of(run).exists() {
            same_content(&self.layout, run, &manifest_blake3)?;
        } else {
            durable::rename(&dir, &self.layout.data_of(run), &PLACED)?;
            crash_point("publish.staging_synced");
        }
        let known = record::read(&self.layout, run)?;
        let published = known.filter(|record| record.state == RecordState::Published);
        let seq = if let Some(record) = published {
            record.seq
        } else {
            point_at(&self.layout, run)?;
            let manifest_blake3 = &manifest_blake3;
            let publish = Publish { run, as_of: manifest.as_of, manifest_blake3, at };
            record::write_published(&self.layout, &publish)?
        };
        stale::unmark(&self.layout)?;
        durable::remove(&self.layout.staging_of(run))?;
        crash_point("publish.staging_removed");
        Ok(seq)
    }
}

/// Steps 9 to 11: the pointer, and the link that follows it.
pub(crate) fn point_at(layout: &Layout, run: &RunId) -> Result<(), LakeError> {
    if read::pointer(layout)?.as_ref() != Some(run) {
        durable::replace(&layout.pointer(), format!("{run}\n").as_bytes(), &POINTED)?;
    }
    if std::fs::read_link(layout.link()).ok() != Some(Layout::link_target(run)) {
        durable::replace_link(&layout.link(), &Layout::link_target(run), &LINKED)?;
    }
    Ok(())
}

/// Brings the records in line with the pointer after it has moved: a run not recorded as published
/// is recorded as the last; one that is has been returned to, so those after it are withdrawn.
pub(crate) fn settle(layout: &Layout, publish: &Publish<'_>) -> Result<Vec<RunId>, LakeError> {
    match record::read(layout, publish.run)? {
        Some(record) if record.state == RecordState::Published => {
            withdraw_after(layout, record.seq)
        }
        _ => record::write_published(layout, publish).map(|_| Vec::new()),
    }
}

/// Marks every run published after `seq` as withdrawn, the latest first.
fn withdraw_after(layout: &Layout, seq: u64) -> Result<Vec<RunId>, LakeError> {
    let mut withdrawn = Vec::new();
    for mut record in record::read_all(layout)?.into_iter().rev() {
        if record.seq > seq && record.state == RecordState::Published {
            record.state = RecordState::Withdrawn;
            record::write(layout, &record)?;
            crash_point("rollback.withdrawn");
            withdrawn.push(record.run);
        }
    }
    Ok(withdrawn)
}

/// The manifest of a run in place, after every file was found whole.
pub(crate) fn in_place(
    layout: &Layout,
    run: &RunId,
) -> Result<manifest::Whole<Manifest>, LakeError> {
    let path = layout.manifest_of(run);
    let manifest = manifest::read::<Manifest>(&path)?;
    let manifest = manifest.ok_or_else(|| LakeError::damaged(&path, Fault::Missing))?;
    if manifest.value.run != *run {
        return Err(LakeError::damaged(&path, Fault::Malformed));
    }
    let folder = layout.data_of(run);
    for verdict in check_run(&folder, &manifest.value)? {
        if let Some(fault) = verdict.fault {
            return Err(LakeError::damaged(&folder.join(verdict.path), fault));
        }
    }
    Ok(manifest)
}

const PLACED: [&str; 2] = ["publish.data_renamed", "publish.data_synced"];

const POINTED: durable::Points = [
    "publish.pointer_written",
    "publish.pointer_synced",
    "publish.pointer_renamed",
    "publish.target_synced",
];

const LINKED: [&str; 3] = ["publish.link_made", "publish.link_renamed", "publish.link_synced"];

const SEALED: durable::Points = [
    "seal.manifest_written",
    "seal.manifest_synced",
    "seal.manifest_renamed",
    "seal.manifest_folder_synced",
];

fn seal(dir: PathBuf, facts: RunFacts) -> Result<Sealed, LakeError> {
    crash_point("seal.files_written");
    let mut tables = Vec::new();
    for entry in durable::list(&dir)? {
        names::check("table", &entry.name)?;
        tables.push(staged_table(&entry.path, entry.name)?);
    }
    if tables.is_empty() {
        let problem = "holds no table (expected a folder per table)";
        return Err(LakeError::Staging { path: dir, problem });
    }
    crash_point("seal.files_synced");
    tables.iter().try_for_each(|table| durable::sync(&dir.join(&table.name)))?;
    durable::sync(&dir)?;
    crash_point("seal.folders_synced");

    let manifest = Manifest::new(facts, tables);
    let path = dir.join(MANIFEST);
    let text = manifest::to_text(&manifest)
        .map_err(|error| LakeError::io("write", &path, error.into()))?;
    durable::replace(&path, &text, &SEALED)?;
    let manifest_blake3 = blake3::hash(&text).to_hex().to_string();
    Ok(Sealed { dir, manifest, manifest_blake3 })
}

fn staged_table(folder: &Path, name: String) -> Result<PublishedTable, LakeError> {
    let described = describe_files(folder, Keep::Durably)?;
    let columns = described.first().map(|first| first.columns.clone()).unwrap_or_default();
    if let Some(other) = described.iter().find(|file| file.columns != columns) {
        let problem = "has other columns than the first file of its table (expected the same)";
        return Err(LakeError::Staging { path: folder.join(&other.file.name), problem });
    }
    Ok(PublishedTable {
        name,
        rows: described.iter().map(|d| d.file.rows).sum(),
        bytes: described.iter().map(|d| d.file.bytes).sum(),
        columns,
        files: described.into_iter().map(|d| d.file).collect(),
    })
}

/// A run that is in place already is published again only when it is the same and whole.
fn same_content(layout: &Layout, run: &RunId, blake3: &str) -> Result<(), LakeError> {
    if in_place(layout, run)?.blake3 == blake3 {
        return Ok(());
    }
    Err(LakeError::Conflict { run: run.clone() })
}
