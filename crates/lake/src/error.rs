//! What can go wrong, sorted by what the caller must do about it.

use crate::RunId;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A failure of the lake. The variants follow the exit codes of the command line: try later
/// (`Locked`), repair the environment and rerun (`Io`, `InDoubt`, `Ledger`), call engineering
/// (`Damaged`, `Conflict`, `Version`), correct the call (all others).
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// Another process writes to this lake.
    #[error("`{}` is locked by {} (wait until that run has ended)", .path.display(), Holder(*.holder))]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// The process that holds it, when it said so.
        holder: Option<u32>,
    },

    /// Published or recorded state does not match its digests. Nothing is published on top of it.
    #[error("`{}` {fault}", .path.display())]
    Damaged {
        /// The file or folder that is wrong.
        path: PathBuf,
        /// What is wrong with it.
        fault: Fault,
    },

    /// A sync failed: what was written may be lost. The sync is never tried again in this process;
    /// the next start verifies digests and adopts or replaces.
    #[error("cannot sync `{}`: {source} (in doubt: run again, the next start verifies it)", .path.display())]
    InDoubt {
        /// The file or folder whose sync failed.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },

    /// An earlier sync of this process failed, so nothing more is written by it.
    #[error("`{}` is in doubt since a failed sync (run again, the next start verifies it)", .root.display())]
    StoppedInDoubt {
        /// The lake.
        root: PathBuf,
    },

    /// The file system refused something.
    #[error("cannot {action} `{}`: {source}{}", .path.display(), Needed(*.needed))]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// Bytes the step needed, when known.
        needed: Option<u64>,
        /// The system's reason.
        source: io::Error,
    },

    /// The run ledger refused something. Publishing never depends on it.
    #[error("run ledger `{}`: {source}", .path.display())]
    Ledger {
        /// The database file.
        path: PathBuf,
        /// SQLite's reason.
        source: Box<rusqlite::Error>,
    },

    /// A file or ledger written by another version of the lake.
    #[error("`{}` has format version {found} (expected {expected}: use the binary that wrote it)", .path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it carries.
        found: i64,
        /// The version this binary reads.
        expected: i64,
    },

    /// The same run id with other content: a run id is a digest and names one content.
    #[error(
        "run `{run}` is already published with other content (a run id names one content: the run is not repeatable)"
    )]
    Conflict {
        /// The run.
        run: RunId,
    },

    /// The run was never published here, or its tables have been collected.
    #[error("run `{run}` is not published in `{}` (`status` lists the runs)", .root.display())]
    NotPublished {
        /// The run asked for.
        run: RunId,
        /// The lake.
        root: PathBuf,
    },

    /// The lake is written to before [`crate::Lake::recover`] has succeeded.
    #[error("`{}` is not recovered yet (recover it before writing)", .root.display())]
    NotRecovered {
        /// The lake.
        root: PathBuf,
    },

    /// A name that cannot be a folder or file name of the lake.
    #[error("`{text}` is not a {what} (expected {expected})")]
    Name {
        /// What the name is for.
        what: &'static str,
        /// The text given.
        text: String,
        /// What would be right.
        expected: &'static str,
    },

    /// A staging folder does not hold what a table holds.
    #[error("`{}` {problem}", .path.display())]
    Staging {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong and what would be right.
        problem: &'static str,
    },

    /// A staged file is not readable as Parquet.
    #[error("`{}` is not a whole Parquet file: {source}", .path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The reader's reason.
        source: Box<parquet::errors::ParquetError>,
    },
}

/// What is wrong with a file the lake vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is gone.
    Missing,
    /// It has another length.
    Size {
        /// Bytes by the manifest.
        expected: u64,
        /// Bytes on disk.
        found: u64,
    },
    /// Same length, other bytes.
    Digest,
    /// It is there but no manifest names it.
    Unlisted,
    /// It cannot be read as what it is, or its own digest does not match.
    Malformed,
    /// The pointer is gone although a run is recorded as published.
    PointerLost {
        /// The run published last.
        last: RunId,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "is missing (restore it from a backup)"),
            Self::Size { expected, found } => {
                write!(f, "has {found} bytes (expected {expected}: restore it from a backup)")
            }
            Self::Digest => {
                write!(f, "does not match its digest (restore it from a backup)")
            }
            Self::Unlisted => write!(f, "is named by no manifest (move it away)"),
            Self::Malformed => {
                write!(f, "is damaged or was edited (restore it from a backup)")
            }
            Self::PointerLost { last } => {
                write!(f, "is missing although runs are published (the last one: `{last}`)")
            }
        }
    }
}

impl LakeError {
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), needed: None, source }
    }

    pub(crate) fn damaged(path: &Path, fault: Fault) -> Self {
        Self::Damaged { path: path.to_owned(), fault }
    }
}

struct Holder(Option<u32>);

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(pid) => write!(f, "process {pid}"),
            None => write!(f, "another process"),
        }
    }
}

struct Needed(Option<u64>);

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |bytes| write!(f, " ({bytes} bytes needed)"))
    }
}
