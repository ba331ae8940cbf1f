//! What readers see, without a lock: the published set, whole.
//!
//! A reader resolves the pointer or the link once and reads every table below that folder. The
//! folder of a published run is never changed, and it outlives at least the next publishing.

use crate::layout::Layout;
use crate::manifest::{self, Manifest};
use crate::record::{self, RecordState, RunRecord};
use crate::{Fault, LakeError, RunId, durable};
use model::BusinessDate;
use std::path::{Path, PathBuf};

/// A published run, its manifest found whole. Its tables are checked by [`crate::verify`].
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The run.
    pub run: RunId,
    /// The folder of its tables.
    pub dir: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl Published {
    /// The paths of the files of a table; none when the run has no such table.
    pub fn table_files(&self, table: &str) -> Vec<PathBuf> {
        let path = |name: &str| self.dir.join(table).join(name);
        let files = self.manifest.table(table).map(|table| table.files.as_slice());
        files.unwrap_or_default().iter().map(|file| path(&file.name)).collect()
    }
}

/// The run the pointer names; nothing when none was ever published.
pub fn current(root: &Path) -> Result<Option<Published>, LakeError> {
    let layout = Layout::new(root);
    let mut named = pointer(&layout)?;
    while let Some(run) = &named {
        if let Some(published) = open(&layout, run)? {
            return Ok(Some(published));
        }
        // Between the two reads the run may have been superseded twice and collected.
        let now = pointer(&layout)?;
        if now.as_ref() == Some(run) {
            return Err(LakeError::damaged(&layout.manifest_of(run), Fault::Missing));
        }
        named = now;
    }
    Ok(None)
}

/// Every run that stands published and is still there, in the order of publishing.
pub fn published_runs(root: &Path) -> Result<Vec<Published>, LakeError> {
    let layout = Layout::new(root);
    standing(&layout)?.iter().map(|record| recorded(&layout, record)).collect()
}

/// A run that was published and is still there, standing or withdrawn.
pub fn published(root: &Path, run: &RunId) -> Result<Option<Published>, LakeError> {
    let layout = Layout::new(root);
    match record::read(&layout, run)? {
        Some(record) if record.state != RecordState::Collected => {
            recorded(&layout, &record).map(Some)
        }
        _ => Ok(current(root)?.filter(|current| current.run == *run)),
    }
}

/// The record of every run ever published, in the order of publishing.
pub fn run_records(root: &Path) -> Result<Vec<RunRecord>, LakeError> {
    record::read_all(&Layout::new(root))
}

/// The published run of the latest night before `as_of`; of several runs of that night the one
/// published last.
pub fn latest_before(root: &Path, as_of: BusinessDate) -> Result<Option<Published>, LakeError> {
    let layout = Layout::new(root);
    let records = standing(&layout)?;
    let earlier = records.iter().filter(|record| record.as_of < as_of);
    let latest = earlier.max_by_key(|record| (record.as_of, record.seq));
    latest.map(|record| recorded(&layout, record)).transpose()
}

/// The run the pointer names, unread.
pub(crate) fn pointer(layout: &Layout) -> Result<Option<RunId>, LakeError> {
    let path = layout.pointer();
    let Some(bytes) = durable::read(&path)? else { return Ok(None) };
    let text = String::from_utf8(bytes).ok();
    let run = text.and_then(|text| RunId::new(text.strip_suffix('\n')?).ok());
    run.map(Some).ok_or_else(|| LakeError::damaged(&path, Fault::Malformed))
}

fn standing(layout: &Layout) -> Result<Vec<RunRecord>, LakeError> {
    let mut records = record::read_all(layout)?;
    records.retain(|record| record.state == RecordState::Published);
    Ok(records)
}

fn open(layout: &Layout, run: &RunId) -> Result<Option<Published>, LakeError> {
    let path = layout.manifest_of(run);
    let Some(whole) = manifest::read::<Manifest>(&path)? else { return Ok(None) };
    let recorded = record::read(layout, run)?;
    if recorded.is_some_and(|record| record.manifest_blake3 != whole.blake3) {
        return Err(LakeError::damaged(&path, Fault::Digest));
    }
    let (run, dir) = (run.clone(), layout.data_of(run));
    Ok(Some(Published { run, dir, manifest: whole.value }))
}

fn recorded(layout: &Layout, record: &RunRecord) -> Result<Published, LakeError> {
    let missing = || LakeError::damaged(&layout.manifest_of(&record.run), Fault::Missing);
    open(layout, &record.run)?.ok_or_else(missing)
}
