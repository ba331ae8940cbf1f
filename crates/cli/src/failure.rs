//! Errors as a person and a scheduler see them: one message, one next step, one exit code.

use crate::render;
use intake::Cause;
use model::Flaw;
use night::{NightError, PlanError};
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub(crate) code: i32,
    /// What went wrong and where.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: Option<String>,
    /// Where in a file of the job it stands, when it does.
    pub(crate) flaw: Option<Box<Flaw>>,
    /// The run, when there was one.
    pub(crate) as_of: Option<String>,
    /// Whether the result is told as JSON.
    pub(crate) json: bool,
}

impl Failure {
    /// A failure with its exit code, what went wrong, and what to do next (may be empty).
    pub fn new(code: i32, message: impl Into<String>, hint: &str) -> Self {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        Self { code, message: message.into(), hint, flaw: None, as_of: None, json: false }
    }

    /// Something wrong in a file of the job.
    pub(crate) fn of_flaw(flaw: Flaw) -> Self {
        let hint = "correct the file named above; `clientele validate JOB` checks it without data";
        Self { flaw: Some(Box::new(flaw.clone())), ..Self::new(64, flaw.message, hint) }
    }

    /// Prints the failure; the last line is the record a scheduler reads.
    pub fn tell(&self) -> ExitCode {
        let frame = self.flaw.as_ref().map(|flaw| flaw.frame());
        render::error(&self.message, frame.as_deref(), self.hint.as_deref());
        let as_of = self.as_of.as_deref().unwrap_or("-");
        if self.json {
            let mut record = serde_json::json!({
                "result": "failed", "code": self.code, "as_of": self.as_of, "message": self.message,
                "hint": self.hint,
            });
            if let Some(flaw) = &self.flaw {
                record["file"] = flaw.file.as_str().into();
                record["line"] = flaw.line.into();
                record["column"] = flaw.column.into();
            }
            render::line(&record.to_string());
        } else {
            render::aside(&format!("RESULT failed code={} as_of={as_of}", self.code));
        }
        ExitCode::from(u8::try_from(self.code).unwrap_or(16))
    }
}

impl From<NightError> for Failure {
    fn from(error: NightError) -> Self {
        let hint = match &error {
            NightError::Gate(findings) => findings.first().map_or("", |f| f.hint),
            NightError::NotAsPlanned(_) => {
                "nothing was published; look at what differs, make the plan anew (clientele plan JOB --as-of DATE -o FILE) and run that"
            }
            other => hint_of_arrival(other).unwrap_or_else(|| hint_of(other.exit_code())),
        };
        Self::new(error.exit_code(), error.to_string(), hint)
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Flaw(flaw) => Self::of_flaw(*flaw),
            PlanError::Read { .. } => Self::new(
                64,
                error.to_string(),
                "put the file named above there, or correct its name",
            ),
        }
    }
}

impl From<lake::LakeError> for Failure {
    fn from(error: lake::LakeError) -> Self {
        if matches!(error, lake::LakeError::NotPublished { .. }) {
            return Self::new(64, error.to_string(), "`clientele status JOB` lists the runs");
        }
        NightError::Lake(error).into()
    }
}

/// The next step where a feed did not arrive as its contract says.
fn hint_of_arrival(error: &NightError) -> Option<&'static str> {
    const CALENDAR: &str = "nothing was published; add the year to the calendar file of the job, then run the same command again";
    let error = match error {
        NightError::Intake(error) => error,
        NightError::Calendar(_) => return Some(CALENDAR),
        _ => return None,
    };
    Some(match error.cause {
        Cause::Late { .. } | Cause::TooOld { .. } => {
            "nothing was published, readers keep the night before; call the owner of the source, run the same command again when it has delivered"
        }
        Cause::NotQuiet { .. } | Cause::TooSmall { .. } | Cause::FlagOlder { .. } => {
            "nothing was published; run the same command again in a few minutes; if the file does not change any more, call the owner of the source"
        }
        Cause::Trigger { .. }
        | Cause::TriggerSize { .. }
        | Cause::TriggerChecksum { .. }
        | Cause::TriggerCount { .. } => {
            "nothing was published, readers keep the night before; have the source send file and trigger once more, then run the same command again"
        }
        Cause::Calendar(_) => CALENDAR,
        _ => return None,
    })
}

/// The next step of an exit code, where the error itself does not know better.
fn hint_of(code: i32) -> &'static str {
    match code {
        8 => {
            "nothing was published, readers keep the night before; have the source send a corrected file, then run the same command again"
        }
        9 => "nothing was published; run the same command again when the source has delivered",
        12 => {
            "nothing was published; free or repair what is named above, then run the same command again"
        }
        77 => {
            "nothing was published; have user, password, certificate or rights corrected as the message says, then run the same command again"
        }
        13 => "another run is at work; `clientele status JOB` shows it, wait until it has ended",
        16 => "keep the lake as it is, run `clientele verify JOB`, call engineering",
        64 => {
            "correct the job or the command named above; `clientele validate JOB` checks a job without data"
        }
        _ => "",
    }
}
