//! Manifests: what an executor leaves beside the files of a task, and how the driver reads them.

use crate::storage::Storage;
use night::{Delivery, Failed};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// What became of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The task.
    pub(crate) task: String,
    /// The folder of its files, below that of the attempt.
    pub(crate) folder: String,
    /// What was delivered, or why not.
    pub(crate) result: Told,
}

/// Delivered or failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    Delivered(Delivery),
    Failed {
        failed: Failed,
        /// Whether another try may go better: the machine failed, not the data.
        again: bool,
    },
}

impl Manifest {
    /// Leaves it in the attempt's folder under the name of its own folder.
    pub(crate) fn leave(&self, storage: &dyn Storage, attempt: &Path) -> io::Result<()> {
        let text = serde_json::to_string(self)?;
        storage.put(&attempt.join(format!("{}.json", self.folder)), &text)
    }
}

/// All manifests of an attempt, by name. What cannot be read counts as not delivered.
pub(crate) fn gather(storage: &dyn Storage, attempt: &Path) -> io::Result<Vec<Manifest>> {
    let names = storage.list(attempt)?;
    let manifests = names.iter().filter(|name| is_manifest(name));
    let read = |name: &String| {
        let text = storage.get(&attempt.join(name)).ok()?;
        serde_json::from_str(&text).ok()
    };
    Ok(manifests.filter_map(read).collect())
}

/// The names of the manifests that an attempt has so far.
pub(crate) fn names(storage: &dyn Storage, attempt: &Path) -> Vec<String> {
    let mut names = storage.list(attempt).unwrap_or_default();
    names.retain(|name| is_manifest(name));
    names
}

fn is_manifest(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "json")
}
