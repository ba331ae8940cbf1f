//! Recovery at start: whatever a dead run left, a plain rerun works.
//!
//! What the pointer names is verified and adopted: readers have it already. Everything else a dead
//! run left is discarded, even a sealed set: whether its checks had passed is not on disk, and the
//! stage tables make it cheap to seal it again. Recovery may itself die at every step.

use crate::layout::Layout;
use crate::manifest::{Manifest, Whole};
use crate::publish::{in_place, point_at, settle};
use crate::record::{self, Publish, RecordState, RunRecord};
use crate::{Fault, Lake, LakeError, RunId, crash_point, durable, read};

/// What recovery found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The published run, every file of it found whole.
    pub current: Option<RunId>,
    /// Whether the pointer named it before it was recorded, and it has been recorded now.
    pub adopted: bool,
    /// Runs that a rollback had left recorded as published.
    pub withdrawn: Vec<RunId>,
    /// Sets in place that nothing pointed to, removed.
    pub discarded: Vec<RunId>,
    /// Staging folders of dead runs, removed.
    pub staging_removed: Vec<String>,
    /// Whether the ledger was lost or damaged and was made again from the run records.
    pub ledger_rebuilt: bool,
}

impl Lake {
    /// Puts the lake in order after whatever happened before. Damage to what is published is an
    /// error and stops here: nothing is ever published on top of it. `at` is the time, for records.
    pub fn recover(&mut self, at: &str) -> Result<Recovery, LakeError> {
        self.is_trusted()?;
        let recovery = self.watch(self.recover_steps(at))?;
        self.recovered = true;
        Ok(recovery)
    }

    /// Brings the ledger in line with the run records; recovery does, and a rollback wants it.
    pub fn fill_ledger(&self, at: &str) -> Result<(), LakeError> {
        self.ledger().fill(&record::read_all(&self.layout)?, at)
    }

    fn recover_steps(&self, at: &str) -> Result<Recovery, LakeError> {
        let layout = &self.layout;
        remove_leftovers(layout)?;
        crash_point("recover.leftovers_removed");
        let current = published_and_whole(layout)?;
        crash_point("recover.verified");
        // The dead run may have renamed the pointer or a folder and not have come to the sync.
        [layout.data(), layout.records(), layout.segments()]
            .iter()
            .try_for_each(|f| durable::sync(f))?;
        crash_point("recover.target_synced");

        let mut recovery = Recovery::default();
        if let Some(current) = &current {
            adopt(layout, current, at, &mut recovery)?;
        }
        crash_point("recover.adopted");
        recovery.discarded = discard_unpublished(layout, recovery.current.as_ref())?;
        crash_point("recover.data_removed");
        for entry in durable::list(&layout.staging())? {
            durable::remove(&entry.path)?;
            recovery.staging_removed.push(entry.name);
        }
        crash_point("recover.staging_removed");
        let records = record::read_all(layout)?;
        self.ledger().fill(&records, at)?;
        recovery.ledger_rebuilt = self.ledger().is_rebuilt(&records);
        crash_point("recover.ledger_filled");
        Ok(recovery)
    }
}

/// Temporary names beside the pointer, the link and the records.
fn remove_leftovers(layout: &Layout) -> Result<(), LakeError> {
    for folder in [layout.segments(), layout.records()] {
        for entry in durable::list(&folder)? {
            if entry.path.extension().is_some_and(|extension| extension == "tmp") {
                durable::remove(&entry.path)?;
            }
        }
    }
    Ok(())
}

/// The run the pointer names, every file of it compared with its digest.
fn published_and_whole(layout: &Layout) -> Result<Option<Whole<Manifest>>, LakeError> {
    let records = record::read_all(layout)?;
    let Some(run) = read::pointer(layout)? else {
        return match records.into_iter().rfind(|r| r.state == RecordState::Published) {
            None => Ok(None),
            Some(last) => {
                Err(LakeError::damaged(&layout.pointer(), Fault::PointerLost { last: last.run }))
            }
        };
    };
    let manifest = in_place(layout, &run)?;
    let record = records.into_iter().find(|record| record.run == run);
    if record.is_some_and(|record| record.manifest_blake3 != manifest.blake3) {
        return Err(LakeError::damaged(&layout.manifest_of(&run), Fault::Digest));
    }
    Ok(Some(manifest))
}

fn adopt(
    layout: &Layout,
    current: &Whole<Manifest>,
    at: &str,
    recovery: &mut Recovery,
) -> Result<(), LakeError> {
    let run = &current.value.run;
    point_at(layout, run)?;
    crash_point("recover.link_repaired");
    let record = record::read(layout, run)?;
    recovery.adopted = record.is_none_or(|record| record.state != RecordState::Published);
    let as_of = current.value.as_of;
    let publish = Publish { run, as_of, manifest_blake3: &current.blake3, at };
    recovery.withdrawn = settle(layout, &publish)?;
    recovery.current = Some(run.clone());
    Ok(())
}

/// Removes sets in place that were never published, or were being collected.
fn discard_unpublished(layout: &Layout, current: Option<&RunId>) -> Result<Vec<RunId>, LakeError> {
    let records = record::read_all(layout)?;
    let state_of =
        |run: &RunId| records.iter().find(|r| r.run == *run).map(|r: &RunRecord| r.state);
    let mut unrecorded = Vec::new();
    let mut collected = Vec::new();
    for entry in durable::list(&layout.data())? {
        let Ok(run) = RunId::new(entry.name) else { continue };
        match state_of(&run) {
            Some(RecordState::Published | RecordState::Withdrawn) => {}
            Some(RecordState::Collected) => collected.push(run),
            None => unrecorded.push(run),
        }
    }
    unrecorded.retain(|run| Some(run) != current);
    // Every start clears up after one dead run: two runs without a record mean lost records.
    if let [first, _, ..] = unrecorded.as_slice() {
        return Err(LakeError::damaged(&layout.record_of(first), Fault::Missing));
    }
    for run in collected.iter().chain(&unrecorded) {
        durable::remove(&layout.data_of(run))?;
    }
    collected.append(&mut unrecorded);
    Ok(collected)
}
