//! The mark beside the published set that says: a later night was due and has failed.
//!
//! It is for readers, which keep the set they have. It promises nothing by itself: a mark of a night
//! that has been published since does not count ([`stale`]), so that its removal need not be durable.

use crate::layout::Layout;
use crate::manifest::{self, date};
use crate::{LakeError, durable, read};
use model::BusinessDate;
use serde::{Deserialize, Serialize};
use std::path::Path;

const VERSION: u32 = 1;

/// Why what is published is older than was due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    version: u32,
    /// The night that was due.
    #[serde(with = "date")]
    pub as_of: BusinessDate,
    /// The exit code it ended with.
    pub exit_code: i32,
    /// When it ended, as the caller said.
    pub at: String,
    /// Why, in the words of the error: no value of a row.
    pub cause: String,
}

impl Stale {
    /// The mark of a night that failed.
    pub fn new(as_of: BusinessDate, exit_code: i32, at: String, cause: String) -> Self {
        Self { version: VERSION, as_of, exit_code, at, cause }
    }
}

/// Marks what is published as older than was due; nothing where nothing is published, or the night
/// itself is. Needs no lock: the last night that failed is the one that is told.
pub fn mark_stale(root: &Path, stale: &Stale) -> Result<bool, LakeError> {
    if !is_older(root, stale.as_of)? {
        return Ok(false);
    }
    let path = Layout::new(root).stale();
    let text = manifest::to_text(stale).map_err(|e| LakeError::io("write", &path, e.into()))?;
    durable::replace(&path, &text, &MARKED)?;
    Ok(true)
}

/// Whether what is published is older than was due, and why.
pub fn stale(root: &Path) -> Result<Option<Stale>, LakeError> {
    let found = manifest::read::<Stale>(&Layout::new(root).stale())?;
    match found.map(|whole| whole.value) {
        Some(stale) if is_older(root, stale.as_of)? => Ok(Some(stale)),
        _ => Ok(None),
    }
}

/// Takes the mark away: what is published is as new as can be.
pub(crate) fn unmark(layout: &Layout) -> Result<(), LakeError> {
    if stale(&layout.root)?.is_none() {
        durable::remove(&layout.stale())?;
    }
    Ok(())
}

fn is_older(root: &Path, as_of: BusinessDate) -> Result<bool, LakeError> {
    Ok(read::current(root)?.is_some_and(|current| current.manifest.as_of < as_of))
}

const MARKED: durable::Points =
    ["stale.written", "stale.synced", "stale.renamed", "stale.folder_synced"];
