//! Where everything lies under the root of a lake.

use crate::RunId;
use model::BusinessDate;
use std::path::{Path, PathBuf};

/// The name of the manifest inside a published run.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The folder of a run's staging that holds the set to publish; no stage may have this name.
pub(crate) const PUBLISH: &str = "publish";

/// Paths under one root; touches no disk.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folders every lake has, parents first.
    pub(crate) fn folders(&self) -> [PathBuf; 6] {
        [
            self.staging(),
            self.tables(),
            self.stage_manifests(),
            self.segments(),
            self.data(),
            self.records(),
        ]
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join(".lock")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.root.join("ledger.sqlite")
    }

    pub(crate) fn staging(&self) -> PathBuf {
        self.root.join("staging")
    }

    pub(crate) fn staging_of(&self, run: &RunId) -> PathBuf {
        self.staging().join(run.as_str())
    }

    pub(crate) fn tables(&self) -> PathBuf {
        self.root.join("tables")
    }

    pub(crate) fn table(&self, table: &str, as_of: BusinessDate, run: &RunId) -> PathBuf {
        self.tables().join(table).join(night(as_of)).join(run.as_str())
    }

    pub(crate) fn stage_manifests(&self) -> PathBuf {
        self.tables().join(".stages")
    }

    pub(crate) fn stages_of(&self, as_of: BusinessDate) -> PathBuf {
        self.stage_manifests().join(night(as_of))
    }

    pub(crate) fn stage_manifest(&self, as_of: BusinessDate, stage: &str, key: &str) -> PathBuf {
        self.stages_of(as_of).join(stage).join(format!("{key}.json"))
    }

    /// What databases said: a folder for each date, made by whoever asks them.
    pub(crate) fn landing(&self) -> PathBuf {
        self.root.join("landing")
    }

    pub(crate) fn segments(&self) -> PathBuf {
        self.root.join("segments")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.segments().join("data")
    }

    pub(crate) fn data_of(&self, run: &RunId) -> PathBuf {
        self.data().join(run.as_str())
    }

    pub(crate) fn manifest_of(&self, run: &RunId) -> PathBuf {
        self.data_of(run).join(MANIFEST)
    }

    pub(crate) fn records(&self) -> PathBuf {
        self.segments().join("runs")
    }

    pub(crate) fn record_of(&self, run: &RunId) -> PathBuf {
        self.records().join(format!("{run}.json"))
    }

    pub(crate) fn pointer(&self) -> PathBuf {
        self.segments().join("CURRENT")
    }

    pub(crate) fn stale(&self) -> PathBuf {
        self.segments().join("STALE.json")
    }

    pub(crate) fn link(&self) -> PathBuf {
        self.segments().join("current")
    }

    /// What the symlink beside the pointer says: relative, so that a lake can be moved.
    pub(crate) fn link_target(run: &RunId) -> PathBuf {
        Path::new("data").join(run.as_str())
    }
}

/// The folder name of a night, in the form other readers take for a partition.
pub(crate) fn night(as_of: BusinessDate) -> String {
    format!("as_of={as_of}")
}

/// The night of such a folder name.
pub(crate) fn night_of(folder: &str) -> Option<BusinessDate> {
    folder.strip_prefix("as_of=")?.parse().ok()
}
