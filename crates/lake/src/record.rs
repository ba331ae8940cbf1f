//! Run records: the durable memory of what was published, one small file per run. The ledger can
//! be filled again from them; nothing about publishing is read from the ledger.

use crate::layout::Layout;
use crate::manifest::{self, VERSION, date};
use crate::{Lake, LakeError, RunId, durable};
use model::BusinessDate;
use serde::{Deserialize, Serialize};

/// What became of a published run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordState {
    /// Published; the pointer names the one of these with the greatest `seq`.
    Published,
    /// Published, then rolled back; its tables are still there.
    Withdrawn,
    /// Published or withdrawn, then removed to save space.
    Collected,
}

/// `segments/runs/<run>.json`, written as the last step of publishing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    version: u32,
    /// The run.
    pub run: RunId,
    /// Its business date.
    #[serde(with = "date")]
    pub as_of: BusinessDate,
    /// Its place in the order of publishing, from 1.
    pub seq: u64,
    /// What became of it.
    pub state: RecordState,
    /// Digest of its manifest.
    pub manifest_blake3: String,
    /// When it was published, as the caller said.
    pub published_at: String,
}

impl Lake {
    /// Whether this run of this night stands published: making it again changes nothing. It may
    /// have been superseded since; [`crate::current`] tells.
    pub fn is_published(&self, as_of: BusinessDate, run: &RunId) -> Result<bool, LakeError> {
        let record = read(&self.layout, run)?;
        Ok(record.is_some_and(|r| r.as_of == as_of && r.state == RecordState::Published))
    }
}

/// A run that has just become the published one.
pub(crate) struct Publish<'a> {
    pub(crate) run: &'a RunId,
    pub(crate) as_of: BusinessDate,
    pub(crate) manifest_blake3: &'a str,
    pub(crate) at: &'a str,
}

/// Records a run as the last published, the last step of publishing and of adopting.
pub(crate) fn write_published(layout: &Layout, publish: &Publish<'_>) -> Result<u64, LakeError> {
    let last = read_all(layout)?.last().map_or(0, |record| record.seq);
    let record = RunRecord {
        version: VERSION,
        run: publish.run.clone(),
        as_of: publish.as_of,
        seq: last + 1,
        state: RecordState::Published,
        manifest_blake3: publish.manifest_blake3.to_owned(),
        published_at: publish.at.to_owned(),
    };
    write(layout, &record)?;
    Ok(record.seq)
}

/// Replaces a record.
pub(crate) fn write(layout: &Layout, record: &RunRecord) -> Result<(), LakeError> {
    let path = layout.record_of(&record.run);
    let text =
        manifest::to_text(record).map_err(|error| LakeError::io("write", &path, error.into()))?;
    durable::replace(&path, &text, &WRITTEN)
}

const WRITTEN: durable::Points = [
    "publish.record_written",
    "publish.record_synced",
    "publish.record_renamed",
    "publish.record_folder_synced",
];

/// The record of a run, when it was ever published.
pub(crate) fn read(layout: &Layout, run: &RunId) -> Result<Option<RunRecord>, LakeError> {
    Ok(manifest::read(&layout.record_of(run))?.map(|whole| whole.value))
}

/// All records, in the order of publishing.
pub(crate) fn read_all(layout: &Layout) -> Result<Vec<RunRecord>, LakeError> {
    let mut records: Vec<RunRecord> = Vec::new();
    for entry in durable::list(&layout.records())? {
        let run = entry.name.strip_suffix(".json").and_then(|name| RunId::new(name).ok());
        if let Some(run) = run {
            records.extend(read(layout, &run)?);
        }
    }
    records.sort_by_key(|record| record.seq);
    Ok(records)
}
