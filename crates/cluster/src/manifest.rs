//! Manifests: what an executor leaves beside the files of a task, and how the driver reads them.

use crate::storage::Storage;
use night::{Delivery, Failed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
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
    let manifests = names.iter().filter(|name| task_of(name).is_some());
    let read = |name: &String| {
        let text = storage.get(&attempt.join(name)).ok()?;
        serde_json::from_str(&text).ok()
    };
    Ok(manifests.filter_map(read).collect())
}

/// The tasks of which an attempt has a manifest so far.
pub(crate) fn tasks(storage: &dyn Storage, attempt: &Path) -> BTreeSet<String> {
    let names = storage.list(attempt).unwrap_or_default();
    names.iter().filter_map(|name| task_of(name)).map(str::to_owned).collect()
}

/// The name of the folder into which an executor puts the files of a task, the `nth` that it carries
/// out. A host's name has no hyphen here.
pub(crate) fn folder(task: &str, host: &str, process: u32, nth: u64) -> String {
    format!("{task}-{host}-{process}-{nth}")
}

/// The task of a manifest, by its name.
fn task_of(name: &str) -> Option<&str> {
    name.strip_suffix(".json")?.rsplitn(4, '-').nth(3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::SharedFolder;

    #[test]
    fn a_task_counts_once_however_often_it_was_delivered() {
        let attempt = tempfile::tempdir().unwrap();
        for (task, process) in [("link-0001", 7), ("link-0001", 8), ("tier_move-part-0000", 7)] {
            let folder = folder(task, "host", process, 3);
            SharedFolder.make_folder(&attempt.path().join(&folder)).unwrap();
            let result = Told::Delivered(Delivery::default());
            let manifest = Manifest { task: task.to_owned(), folder, result };
            manifest.leave(&SharedFolder, attempt.path()).unwrap();
        }
        let tasks = tasks(&SharedFolder, attempt.path());
        assert_eq!(tasks.iter().collect::<Vec<_>>(), ["link-0001", "tier_move-part-0000"]);
        assert_eq!(gather(&SharedFolder, attempt.path()).unwrap().len(), 3);
    }
}
