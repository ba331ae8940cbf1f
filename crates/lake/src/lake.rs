//! The locked lake, through which everything is written.

use crate::layout::Layout;
use crate::ledger::Ledger;
use crate::lock::Lock;
use crate::{LakeError, crash_point, durable};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// A lake this process alone writes to. The lock is released on drop and when the process dies.
#[derive(Debug)]
pub struct Lake {
    pub(crate) layout: Layout,
    pub(crate) recovered: bool,
    ledger: Ledger,
    in_doubt: AtomicBool,
    _lock: Lock,
}

impl Lake {
    /// Takes the lock of the lake at `root`, making the lake when it is new. Call
    /// [`Lake::recover`] next: nothing is written before it has succeeded.
    pub fn open(root: &Path) -> Result<Self, LakeError> {
        let layout = Layout::new(root);
        make_root(root)?;
        let lock = Lock::take(&layout.lock())?;
        crash_point("open.locked");
        for folder in layout.folders() {
            durable::make_folders(root, &folder)?;
        }
        crash_point("open.folders");
        let ledger = Ledger::open(&layout)?;
        durable::sync(root)?;
        crash_point("open.ledger");
        let in_doubt = AtomicBool::new(false);
        Ok(Self { layout, recovered: false, ledger, in_doubt, _lock: lock })
    }

    /// The folder of the lake.
    pub fn root(&self) -> &Path {
        &self.layout.root
    }

    /// The run ledger. It tells the story of the nights; what is published never depends on it.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Refuses to write before recovery and after a failed sync.
    pub(crate) fn ready(&self) -> Result<(), LakeError> {
        self.is_trusted()?;
        if self.recovered {
            return Ok(());
        }
        Err(LakeError::NotRecovered { root: self.layout.root.clone() })
    }

    /// Refuses to go on after a failed sync.
    pub(crate) fn is_trusted(&self) -> Result<(), LakeError> {
        if self.in_doubt.load(Ordering::SeqCst) {
            return Err(LakeError::StoppedInDoubt { root: self.layout.root.clone() });
        }
        Ok(())
    }

    /// Remembers a failed sync, so that this process never tries it again.
    pub(crate) fn watch<T>(&self, result: Result<T, LakeError>) -> Result<T, LakeError> {
        if matches!(result, Err(LakeError::InDoubt { .. })) {
            self.in_doubt.store(true, Ordering::SeqCst);
        }
        result
    }
}

/// Makes the root and the folders above it that are missing.
fn make_root(root: &Path) -> Result<(), LakeError> {
    let is_there = |path: &&Path| path.as_os_str().is_empty() || path.is_dir();
    let base = root.ancestors().find(is_there).unwrap_or(Path::new("/"));
    if base.as_os_str().is_empty() {
        let root = Path::new(".").join(root);
        return durable::make_folders(&PathBuf::from("."), &root);
    }
    durable::make_folders(base, root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RunId;

    #[test]
    fn nothing_is_written_before_recovery_or_after_a_failed_sync() {
        let scratch = tempfile::tempdir().unwrap();
        let mut lake = Lake::open(&scratch.path().join("new/lake")).unwrap();
        let run = RunId::new("r1").unwrap();
        let early = lake.stage_dir(&run, "load").unwrap_err();
        assert!(matches!(early, LakeError::NotRecovered { .. }), "{early}");
        lake.recover("t").unwrap();
        lake.stage_dir(&run, "load").unwrap();

        let source = std::io::Error::other("device gone");
        let failed = Err::<(), _>(LakeError::InDoubt { path: "x".into(), source });
        lake.watch(failed).unwrap_err();
        let later = lake.stage_dir(&run, "load").unwrap_err();
        assert!(matches!(later, LakeError::StoppedInDoubt { .. }), "{later}");
        assert!(matches!(lake.recover("t"), Err(LakeError::StoppedInDoubt { .. })));
    }
}
