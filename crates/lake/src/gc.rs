//! Collecting what nobody needs: stage tables, old published runs, and what databases said for dates of
//! which no run is left. A manifest or a record goes before the files it names.

use crate::layout::{Layout, night_of};
use crate::record::{self, RecordState};
use crate::{Lake, LakeError, RunId, crash_point, durable};
use model::BusinessDate;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a collection removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Stages that are no longer on record.
    pub stages: usize,
    /// Folders of stage tables.
    pub tables: usize,
    /// Published runs.
    pub runs: Vec<RunId>,
}

impl Lake {
    /// Removes every stage for which `keep(night, stage, key)` is false, then every folder of stage
    /// tables no remaining stage names. After a night is published, keep the stages it used: those
    /// of earlier runs of the same date are then gone, and so is what dead runs left.
    pub fn gc_tables(
        &self,
        keep: impl Fn(BusinessDate, &str, &str) -> bool,
    ) -> Result<Collected, LakeError> {
        self.ready()?;
        self.watch(self.collect_tables(&keep))
    }

    /// Removes published runs beyond the `keep` published last, at least two: a reader may have
    /// read the pointer just before it moved. Withdrawn runs go once another is published.
    pub fn gc_runs(&mut self, keep: usize) -> Result<Collected, LakeError> {
        self.ready()?;
        self.watch(collect_runs(&self.layout, keep.max(2)))
    }

    /// Removes what was landed for dates before every run that readers may still see or be led back to.
    /// What was landed for the latest date stays whatever there is; so do dates nothing was run for yet.
    pub fn gc_landed(&self) -> Result<Vec<BusinessDate>, LakeError> {
        self.ready()?;
        self.watch(collect_landed(&self.layout))
    }

    fn collect_tables(
        &self,
        keep: &impl Fn(BusinessDate, &str, &str) -> bool,
    ) -> Result<Collected, LakeError> {
        let mut collected = Collected::default();
        let mut named = BTreeSet::new();
        for entry in durable::list(&self.layout.stage_manifests())? {
            let Some(as_of) = night_of(&entry.name) else { continue };
            for (path, manifest) in self.stage_manifests(as_of)? {
                let kept = manifest.filter(|m| keep(as_of, &m.stage, &m.key));
                if let Some(kept) = kept {
                    let place = |table: &str| self.layout.table(table, as_of, &kept.run);
                    named.extend(kept.tables.iter().map(|table| place(&table.name)));
                } else {
                    durable::remove(&path)?;
                    crash_point("gc.record_removed");
                    collected.stages += 1;
                }
            }
            remove_empty_below(&entry.path)?;
        }
        collected.tables = self.remove_unnamed(&named)?;
        Ok(collected)
    }

    fn remove_unnamed(&self, named: &BTreeSet<PathBuf>) -> Result<usize, LakeError> {
        let mut removed = 0;
        for table in durable::list(&self.layout.tables())? {
            if table.path == self.layout.stage_manifests() {
                continue;
            }
            for night in durable::list(&table.path)? {
                for run in durable::list(&night.path)? {
                    if !named.contains(&run.path) {
                        durable::remove(&run.path)?;
                        crash_point("gc.table_removed");
                        removed += 1;
                    }
                }
            }
            remove_empty_below(&table.path)?;
        }
        Ok(removed)
    }
}

/// Removes the empty folders in a folder, then the folder itself when nothing is left.
fn remove_empty_below(folder: &Path) -> Result<(), LakeError> {
    for entry in durable::list(folder)? {
        if entry.is_folder && durable::list(&entry.path)?.is_empty() {
            durable::remove(&entry.path)?;
        }
    }
    if durable::list(folder)?.is_empty() {
        durable::remove(folder)?;
    }
    Ok(())
}

fn collect_runs(layout: &Layout, keep: usize) -> Result<Collected, LakeError> {
    let mut collected = Collected::default();
    let (mut published, mut current) = (0, 0);
    for mut record in record::read_all(layout)?.into_iter().rev() {
        let goes = match record.state {
            RecordState::Published => {
                published += 1;
                current = current.max(record.seq);
                published > keep
            }
            RecordState::Withdrawn => record.seq < current,
            RecordState::Collected => false,
        };
        if goes {
            record.state = RecordState::Collected;
            record::write(layout, &record)?;
            crash_point("gc.run_collected");
            durable::remove(&layout.data_of(&record.run))?;
            crash_point("gc.data_removed");
            collected.runs.push(record.run);
        }
    }
    Ok(collected)
}

fn collect_landed(layout: &Layout) -> Result<Vec<BusinessDate>, LakeError> {
    let records = record::read_all(layout)?;
    let standing = records.iter().filter(|record| record.state != RecordState::Collected);
    let Some(oldest) = standing.map(|record| record.as_of).min() else { return Ok(Vec::new()) };
    let entries = durable::list(&layout.landing())?;
    let dated = entries.iter().filter(|entry| entry.is_folder);
    let mut dated: Vec<(BusinessDate, &Path)> =
        dated.filter_map(|entry| Some((entry.name.parse().ok()?, entry.path.as_path()))).collect();
    dated.sort_unstable();
    dated.pop();
    let mut collected = Vec::new();
    for (date, folder) in dated.into_iter().take_while(|(date, _)| *date < oldest) {
        durable::remove(folder)?;
        crash_point("gc.landed_removed");
        collected.push(date);
    }
    Ok(collected)
}
