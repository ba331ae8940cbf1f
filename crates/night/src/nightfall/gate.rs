//! What is held against the files of a night before any of them is read: nights published before.

use super::Night;
use crate::arrival;
use crate::check::Finding;
use crate::error::NightError;
use crate::kept;
use lake::{InputFile, Published};
use model::Pinned;
use serde_json::json;
use std::collections::BTreeSet;

impl Night<'_> {
    /// No file may be one that was read before under another name, the files of a night that is
    /// closed may only change when a person says why, and changes must follow those loaded before.
    pub(crate) fn gate(&self) -> Result<(), NightError> {
        let (job, as_of) = (&self.plan.job, self.plan.as_of);
        let published = lake::published_runs(self.lake.root())?;
        let mut findings = arrival::repeats(job, as_of, &self.arrived, &published);
        if findings.is_empty() {
            findings.extend(self.restated(&published)?);
        }
        if findings.is_empty() {
            findings.extend(kept::lost(job, &self.arrived, self.previous.as_ref())?);
        }
        if findings.is_empty() { Ok(()) } else { Err(NightError::Gate(findings)) }
    }

    /// Records a restatement of a closed night, or finds that it has no reason.
    fn restated(&self, published: &[Published]) -> Result<Option<Finding>, NightError> {
        let plan = self.plan;
        let stands = published.iter().rfind(|run| run.manifest.as_of == plan.as_of);
        let Some(stands) = stands else { return Ok(None) };
        let tonight = self.inputs();
        let changed = changed(&stands.manifest.inputs, &tonight);
        let Some(first) = changed.first() else { return Ok(None) };
        if plan.job.pinned == Pinned::Never || !plan.job.calendar.is_month_end(plan.as_of)? {
            return Ok(None);
        }
        let Some(reason) = &plan.restate else {
            return Ok(Some(Finding {
                check: "pinned",
                place: format!("input `{first}`"),
                cause: format!(
                    "{} of its inputs differ from those of the run {}, and {} is a month end \
                     (expected the same inputs: they are closed)",
                    changed.len(),
                    stands.run,
                    plan.as_of
                ),
                hint: "nothing was published, readers keep the night as it was closed; if it is to be restated, run again with `--restate REASON`",
            }));
        };
        let what = json!({
            "run": self.run.as_str(), "as_of": plan.as_of.to_string(), "instead_of": stands.run,
            "reason": reason, "changed": changed,
        });
        self.lake.ledger().audit("restate", &self.watch.now(), "command line", &what)?;
        Ok(None)
    }
}

/// The names of files that only one of two nights has read, or with other bytes.
fn changed<'a>(before: &'a [InputFile], now: &'a [InputFile]) -> Vec<&'a str> {
    let of = |files: &'a [InputFile]| -> BTreeSet<(&'a str, &'a str)> {
        files.iter().map(|file| (file.name.as_str(), file.blake3.as_str())).collect()
    };
    let names: BTreeSet<&str> =
        of(before).symmetric_difference(&of(now)).map(|(name, _)| *name).collect();
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_changes_by_its_bytes_or_its_name() {
        let file = |name: &str, blake3: &str| InputFile {
            name: name.into(),
            bytes: 1,
            blake3: blake3.into(),
            source_as_of: None,
        };
        let before = [file("a", "1"), file("b", "2")];
        assert_eq!(changed(&before, &[file("b", "2"), file("a", "1")]), [""; 0]);
        assert_eq!(changed(&before, &[file("a", "1"), file("b", "3")]), ["b"]);
        assert_eq!(changed(&before, &[file("a", "1"), file("c", "2")]), ["b", "c"]);
    }
}
