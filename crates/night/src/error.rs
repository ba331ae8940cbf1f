//! Why a night ended without publishing. The command line turns these into exit codes and hints.

use crate::check::Finding;
use crate::engine::EngineError;
use crate::land::Unlanded;
use lake::LakeError;
use model::BusinessDate;

/// Why a night ended without publishing.
#[derive(Debug, thiserror::Error)]
pub enum NightError {
    /// The lake refused: locked, damaged, in doubt, or the file system failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The extracts are not there or cannot be trusted.
    #[error(transparent)]
    Intake(#[from] intake::IntakeError),
    /// A database could not be landed.
    #[error(transparent)]
    Unlanded(#[from] Unlanded),
    /// A stage could not run.
    #[error(transparent)]
    Engine(EngineError),
    /// The night's checks failed; what they found.
    #[error("{} failed: {}", plural(.0.len(), "check"), .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Gate(Vec<Finding>),
    /// A later night is published: an earlier one may not move the pointer back.
    #[error(
        "the night of {latest} is published already: running {asked} would move readers back (run that date or a later one)"
    )]
    EarlierThanPublished {
        /// The date asked for.
        asked: BusinessDate,
        /// The date published.
        latest: BusinessDate,
    },
    /// The night would not be the one that was planned; in what.
    #[error("the night is not as planned: {}", .0.join("; "))]
    NotAsPlanned(Vec<String>),
    /// Whether the night is closed cannot be told.
    #[error(transparent)]
    Calendar(#[from] model::NotCovered),
    /// A table could not be put into the published set.
    #[error("cannot link {path} into the published set: {source}")]
    Link {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The program broke its own promise.
    #[error("internal: {0} (this is a bug)")]
    Internal(String),
}

impl From<EngineError> for NightError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Intake(inner) => Self::Intake(inner),
            other => Self::Engine(other),
        }
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}

impl NightError {
    /// The exit code of a process that ends with this error: graded, so that a scheduler can
    /// branch (8 data gate, 9 not there yet, 12 environment, 13 locked, 16 bug or damage, 64 job, 77 refused).
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Lake(LakeError::Locked { .. }) => 13,
            Self::Lake(
                LakeError::Damaged { .. } | LakeError::Conflict { .. } | LakeError::Version { .. },
            )
            | Self::Internal(_)
            | Self::Engine(
                EngineError::Library { .. } | EngineError::Intake(_) | EngineError::Delivery { .. },
            ) => 16,
            Self::Lake(_)
            | Self::Link { .. }
            | Self::Engine(EngineError::Io { .. } | EngineError::Cluster { .. }) => 12,
            Self::Engine(EngineError::Elsewhere(failed)) => failed.exit_code,
            Self::Unlanded(unlanded) => unlanded.exit_code,
            Self::Intake(error) => match error.kind() {
                intake::ErrorKind::NotThere => 9,
                intake::ErrorKind::BadFile => 8,
                intake::ErrorKind::Contract => 64,
                intake::ErrorKind::Io => 12,
                intake::ErrorKind::Sink => 16,
            },
            Self::Engine(EngineError::Job { .. })
            | Self::EarlierThanPublished { .. }
            | Self::Calendar(_) => 64,
            Self::Engine(EngineError::Data { .. }) | Self::Gate(_) | Self::NotAsPlanned(_) => 8,
        }
    }
}
