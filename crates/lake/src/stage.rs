//! Stage tables: a failed night resumes at the first stage whose content changed.
//!
//! A stage is named by its night, its name and a key, the digest of everything it was made from.
//! It counts only when its manifest exists, and the manifest is renamed into place last.

use crate::digest::{describe, two_at_a_time};
use crate::durable::{self, Entry};
use crate::layout::{Layout, MANIFEST, PUBLISH};
use crate::manifest::{self, FileRecord, VERSION};
use crate::verify::{Expected, check_files};
use crate::{Lake, LakeError, RunId, crash_point, names};
use model::BusinessDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A stage whose tables are in place and whole.
#[derive(Clone, Debug, PartialEq)]
pub struct StageRecord {
    /// The stage.
    pub stage: String,
    /// Digest of everything the stage was made from.
    pub key: String,
    /// The run that made it, perhaps an earlier one.
    pub run: RunId,
    /// Its tables, by name.
    pub tables: Vec<TableRecord>,
    /// What the stage noted of itself.
    pub note: Value,
}

/// One table of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRecord {
    /// Its name.
    pub name: String,
    /// The folder its files are in.
    pub dir: PathBuf,
    /// Its files, by name.
    pub files: Vec<FileRecord>,
}

impl StageRecord {
    /// The table of that name, when the stage made it.
    pub fn table(&self, name: &str) -> Option<&TableRecord> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl TableRecord {
    /// The paths of its files.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.files.iter().map(|file| self.dir.join(&file.name)).collect()
    }

    /// Rows of all its files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Bytes of all its files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

impl Lake {
    /// An empty staging folder for a stage; the stage writes `<table>/part-*.parquet` in it.
    pub fn stage_dir(&self, run: &RunId, stage: &str) -> Result<PathBuf, LakeError> {
        self.ready()?;
        check_stage(stage)?;
        let folder = self.layout.staging_of(run).join(stage);
        self.watch(durable::fresh_folder(&self.layout.root, &folder))?;
        crash_point("stage.folder");
        Ok(folder)
    }

    /// Makes the staged tables of a stage durable and puts them in place, the manifest last. Every
    /// table has at least one file: an empty table is a file without rows.
    pub fn finish_stage(
        &self,
        as_of: BusinessDate,
        run: &RunId,
        stage: &str,
        key: &str,
        tables: &[&str],
        note: Value,
    ) -> Result<StageRecord, LakeError> {
        self.ready()?;
        check_stage(stage)?;
        names::check("stage key", key)?;
        tables.iter().try_for_each(|table| names::check("table", table))?;
        let mut order: Vec<&str> = tables.to_vec();
        order.sort_unstable();
        order.dedup();
        let header = StageManifest {
            version: VERSION,
            as_of,
            stage: stage.to_owned(),
            key: key.to_owned(),
            run: run.clone(),
            tables: Vec::new(),
            note,
        };
        self.watch(self.place_stage(header, &order))
    }

    /// The stage of that night, name and key, when it is in place and every file matches its
    /// digest. The record of a stage that is not whole is removed: the stage has to run again.
    pub fn find_stage(
        &self,
        as_of: BusinessDate,
        stage: &str,
        key: &str,
    ) -> Result<Option<StageRecord>, LakeError> {
        self.ready()?;
        let path = self.layout.stage_manifest(as_of, stage, key);
        let manifest = match manifest::read::<StageManifest>(&path) {
            Ok(None) => return Ok(None),
            Ok(Some(whole)) => Some(whole.value),
            Err(LakeError::Damaged { .. } | LakeError::Version { .. }) => None,
            Err(error) => return Err(error),
        };
        let named = |m: &StageManifest| m.as_of == as_of && m.stage == stage && m.key == key;
        if let Some(manifest) = manifest.filter(named) {
            let record = self.record(manifest);
            if is_whole(&record)? {
                return Ok(Some(record));
            }
        }
        self.watch(durable::remove(&path))?;
        crash_point("stage.record_removed");
        Ok(None)
    }

    fn place_stage(
        &self,
        mut manifest: StageManifest,
        tables: &[&str],
    ) -> Result<StageRecord, LakeError> {
        let staged = self.layout.staging_of(&manifest.run).join(&manifest.stage);
        if let Some(other) =
            durable::list(&staged)?.into_iter().find(|e| !tables.contains(&e.name.as_str()))
        {
            let problem = "is not a table of the stage (name it, or write it elsewhere)";
            return Err(LakeError::Staging { path: other.path, problem });
        }
        for name in tables {
            let files = describe_files(&staged.join(name), Keep::WhileItLasts)?;
            let files = files.into_iter().map(|d| d.file).collect();
            manifest.tables.push(TableFiles { name: (*name).to_owned(), files });
        }
        crash_point("stage.files_described");
        self.clear_places(&manifest)?;
        crash_point("stage.replaced");

        let text = manifest::to_text(&manifest)
            .map_err(|error| LakeError::io("write", &staged, error.into()))?;
        let written = staged.join(MANIFEST);
        durable::write_synced(&written, &text, &MANIFEST_WRITTEN)?;
        for name in tables {
            let place = self.layout.table(name, manifest.as_of, &manifest.run);
            durable::make_folders(&self.layout.root, place.parent().unwrap_or(&place))?;
            durable::rename(&staged.join(name), &place, &TABLE_RENAMED)?;
        }
        let place = self.layout.stage_manifest(manifest.as_of, &manifest.stage, &manifest.key);
        durable::make_folders(&self.layout.root, place.parent().unwrap_or(&place))?;
        durable::rename(&written, &place, &MANIFEST_RENAMED)?;
        durable::remove(&staged)?;
        Ok(self.record(manifest))
    }

    /// Makes room for the tables of a stage this run has made before: first the manifests that
    /// name them, then the tables, so that no manifest ever outlives its data.
    fn clear_places(&self, manifest: &StageManifest) -> Result<(), LakeError> {
        let taken = |table: &&TableFiles| {
            self.layout.table(&table.name, manifest.as_of, &manifest.run).exists()
        };
        let taken: Vec<&TableFiles> = manifest.tables.iter().filter(taken).collect();
        if taken.is_empty() {
            return Ok(());
        }
        for (path, other) in self.stage_manifests(manifest.as_of)? {
            let names = |table: &TableFiles| taken.iter().any(|taken| taken.name == table.name);
            if other.is_none_or(|m| m.run == manifest.run && m.tables.iter().any(names)) {
                durable::remove(&path)?;
            }
        }
        for table in taken {
            durable::remove(&self.layout.table(&table.name, manifest.as_of, &manifest.run))?;
        }
        Ok(())
    }

    /// Every stage manifest of a night with its path; nothing in place of one that is not whole.
    pub(crate) fn stage_manifests(
        &self,
        as_of: BusinessDate,
    ) -> Result<Vec<(PathBuf, Option<StageManifest>)>, LakeError> {
        let mut found = Vec::new();
        for stage in durable::list(&self.layout.stages_of(as_of))? {
            for file in durable::list(&stage.path)? {
                let manifest = match manifest::read(&file.path) {
                    Ok(whole) => whole.map(|whole| whole.value),
                    Err(LakeError::Damaged { .. } | LakeError::Version { .. }) => None,
                    Err(error) => return Err(error),
                };
                found.push((file.path, manifest));
            }
        }
        Ok(found)
    }

    fn record(&self, manifest: StageManifest) -> StageRecord {
        let dir = |name: &str| self.layout.table(name, manifest.as_of, &manifest.run);
        let record = |table: TableFiles| TableRecord {
            dir: dir(&table.name),
            name: table.name,
            files: table.files,
        };
        StageRecord {
            tables: manifest.tables.into_iter().map(record).collect(),
            stage: manifest.stage,
            key: manifest.key,
            run: manifest.run,
            note: manifest.note,
        }
    }
}

/// Whether the tables of a stage stand there to be used again: its record and its files, of their
/// lengths. Their digests are compared when the night uses them.
pub fn is_stage_made(
    root: &Path,
    as_of: BusinessDate,
    stage: &str,
    key: &str,
) -> Result<bool, LakeError> {
    let layout = Layout::new(root);
    let path = layout.stage_manifest(as_of, stage, key);
    let made = match manifest::read::<StageManifest>(&path) {
        Ok(whole) => whole.map(|whole| whole.value),
        Err(LakeError::Damaged { .. } | LakeError::Version { .. }) => None,
        Err(error) => return Err(error),
    };
    let Some(made) = made else { return Ok(false) };
    let is_there = |table: &TableFiles| {
        let folder = layout.table(&table.name, made.as_of, &made.run);
        let same = |file: &FileRecord| {
            folder.join(&file.name).metadata().is_ok_and(|found| found.len() == file.bytes)
        };
        table.files.iter().all(same)
    };
    Ok(made.as_of == as_of && made.key == key && made.tables.iter().all(is_there))
}

/// `tables/.stages/as_of=D/<stage>/<key>.json`; folders follow from the layout, so a lake can move.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StageManifest {
    version: u32,
    #[serde(with = "manifest::date")]
    as_of: BusinessDate,
    pub(crate) stage: String,
    pub(crate) key: String,
    pub(crate) run: RunId,
    pub(crate) tables: Vec<TableFiles>,
    note: Value,
}

/// The files of one table of a stage.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TableFiles {
    pub(crate) name: String,
    files: Vec<FileRecord>,
}

const MANIFEST_WRITTEN: [&str; 2] = ["stage.manifest_written", "stage.manifest_synced"];
const TABLE_RENAMED: [&str; 2] = ["stage.table_renamed", "stage.table_synced"];
const MANIFEST_RENAMED: [&str; 2] = ["stage.manifest_renamed", "stage.manifest_folder_synced"];

/// Whether files have to survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// What is published: synced.
    Durably,
    /// A stage table: digests find what a power cut took, and the stage is made again. Syncing
    /// gigabytes that only the night itself reads would take longer than making them.
    WhileItLasts,
}

/// Gives the files of one staged table their mode and describes them. The folder holds
/// `part-*.parquet` and nothing else.
pub(crate) fn describe_files(
    table: &Path,
    keep: Keep,
) -> Result<Vec<crate::digest::Described>, LakeError> {
    let staging = |path: &Path, problem| LakeError::Staging { path: path.to_owned(), problem };
    let files = durable::list(table)?;
    if files.is_empty() {
        return Err(staging(table, "holds no table (expected at least one part-*.parquet)"));
    }
    if let Some(other) = files.iter().find(|file| !is_part(file)) {
        return Err(staging(&other.path, "is not part of a table (expected part-*.parquet)"));
    }
    durable::set_mode(table)?;
    two_at_a_time(&files, |file| {
        durable::set_mode(&file.path)?;
        if keep == Keep::Durably {
            durable::sync(&file.path)?;
        }
        describe(&file.path, &file.name)
    })
}

fn is_part(file: &Entry) -> bool {
    let inner = file.name.strip_prefix("part-").and_then(|rest| rest.strip_suffix(".parquet"));
    !file.is_folder && inner.is_some_and(|inner| names::check("part", inner).is_ok())
}

fn check_stage(stage: &str) -> Result<(), LakeError> {
    names::check("stage", stage)?;
    if stage == PUBLISH {
        let expected = "any name but that of the folder to publish";
        return Err(LakeError::Name { what: "stage", text: stage.to_owned(), expected });
    }
    Ok(())
}

fn is_whole(record: &StageRecord) -> Result<bool, LakeError> {
    for table in &record.tables {
        let expected: Vec<Expected<'_>> =
            table.files.iter().map(|file| Expected { name: file.name.clone(), file }).collect();
        let verdicts = check_files(&table.dir, &expected, &[])?;
        if verdicts.iter().any(|verdict| verdict.fault.is_some()) {
            return Ok(false);
        }
    }
    Ok(true)
}
