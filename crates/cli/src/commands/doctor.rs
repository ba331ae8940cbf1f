//! `clientele doctor`: this machine, and a job with its lake, before a night needs them.

mod job;
mod machine;

use super::WARNED;
use crate::args::DoctorArgs;
use crate::failure::Failure;
use crate::render;

/// Exit code of a finding that would stop a night.
const FAILED: u8 = 16;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// What was checked, how it came out, and how to mend it.
#[derive(Clone, Debug)]
struct Check {
    what: &'static str,
    verdict: Verdict,
    found: String,
    /// What to do; nothing when all is well.
    fix: &'static str,
}

impl Check {
    fn new(
        what: &'static str,
        verdict: Verdict,
        found: impl Into<String>,
        fix: &'static str,
    ) -> Self {
        let fix = if verdict == Verdict::Ok { "" } else { fix };
        Self { what, verdict, found: found.into(), fix }
    }

    fn ok(what: &'static str, found: impl Into<String>) -> Self {
        Self::new(what, Verdict::Ok, found, "")
    }

    /// A check that stops a night unless something holds.
    fn must(what: &'static str, holds: bool, found: impl Into<String>, fix: &'static str) -> Self {
        Self::new(what, if holds { Verdict::Ok } else { Verdict::Fail }, found, fix)
    }

    /// A check that warns unless something holds.
    fn should(
        what: &'static str,
        holds: bool,
        found: impl Into<String>,
        fix: &'static str,
    ) -> Self {
        Self::new(what, if holds { Verdict::Ok } else { Verdict::Warn }, found, fix)
    }
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warn => WARNED,
            Self::Fail => FAILED,
        }
    }
}

pub(crate) fn run(args: &DoctorArgs) -> Result<u8, Failure> {
    let mut checks = machine::checks().map_err(|f| Failure { json: args.json, ..f })?;
    if let Some(path) = &args.job {
        checks.extend(job::checks(path, args.lake.as_deref()));
    }
    let worst = checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Ok);
    if args.json {
        let check = |c: &Check| {
            serde_json::json!({
                "check": c.what, "verdict": c.verdict.word(), "found": c.found, "fix": c.fix,
            })
        };
        let checks: Vec<serde_json::Value> = checks.iter().map(check).collect();
        let record = serde_json::json!({
            "result": worst.word().to_lowercase(), "code": worst.code(), "checks": checks,
        });
        render::line(&record.to_string());
        return Ok(worst.code());
    }
    let row = |c: &Check| {
        vec![c.verdict.word().to_owned(), c.what.to_owned(), c.found.clone(), c.fix.to_owned()]
    };
    let rows: Vec<Vec<String>> = checks.iter().map(row).collect();
    render::table(&["", "check", "found", "to do"], &rows, &[]);
    let (word, code) = (worst.word().to_lowercase(), worst.code());
    render::line(&format!("RESULT doctor {word} code={code}"));
    Ok(code)
}
