//! What is said of the files a night reads: of which date their data are, what they superseded, and
//! which of them have no business there.

use crate::check::Finding;
use crate::summary::{SourceState, Warning};
use intake::Arrived;
use lake::{Arrival, Published};
use model::{BusinessDate, Job, Repeats};

/// What the ledger keeps of a file.
pub(crate) fn recorded(arrived: &Arrived) -> Arrival {
    Arrival {
        source: arrived.system.clone(),
        feed: arrived.feed.clone(),
        file: arrived.file.clone(),
        source_as_of: arrived.source_as_of,
        due: arrived.due,
        superseded: arrived.superseded.clone(),
    }
}

/// What the summary says of every file.
pub(crate) fn states(arrived: &[Arrived]) -> Vec<SourceState> {
    let state = |a: &Arrived| SourceState {
        system: a.system.clone(),
        feed: a.feed.clone(),
        file: a.file.clone(),
        source_as_of: a.source_as_of.to_string(),
        due: a.due.to_string(),
        late: a.is_late(),
        superseded: a.superseded.clone(),
    };
    arrived.iter().map(state).collect()
}

/// A warning for every file that is older than it was due to be.
pub(crate) fn warnings(arrived: &[Arrived], as_of: BusinessDate) -> Vec<Warning> {
    let warning = |a: &Arrived| Warning {
        message: format!(
            "source `{}`, feed `{}`: the file of {} is late, `{}` of {} was read in its place",
            a.system, a.feed, a.due, a.file, a.source_as_of
        ),
        hint: format!(
            "when the source has delivered, run `--as-of {as_of}` again: the night is then published anew"
        ),
    };
    arrived.iter().filter(|a| a.is_late()).map(warning).collect()
}

/// The oldest date of the data a table is made from: a canonical one from the feeds that give it, any
/// other from all.
pub(crate) fn oldest(job: &Job, arrived: &[Arrived], table: &str) -> Option<BusinessDate> {
    let gives = |a: &&Arrived| {
        let mappings = job.feed(&a.system, &a.feed).map(|feed| feed.tables.as_slice());
        mappings.unwrap_or_default().iter().any(|mapping| mapping.table == table)
    };
    let of = |a: &Arrived| a.source_as_of;
    let given = arrived.iter().filter(gives).map(of).min();
    given.or_else(|| arrived.iter().map(of).min())
}

/// Files that hold what another one held: yesterday's under today's name, or that of another feed.
///
/// `earlier` are published runs; those of `as_of` and later say nothing, so that a night can be run
/// again and an older one made up for.
pub(crate) fn repeats(
    job: &Job,
    as_of: BusinessDate,
    arrived: &[Arrived],
    earlier: &[Published],
) -> Vec<Finding> {
    let allowed = |a: &Arrived| {
        let contract = job.feed(&a.system, &a.feed);
        contract.is_some_and(|feed| feed.arrival.repeats == Repeats::Allowed)
    };
    let mut findings = Vec::new();
    for (at, file) in arrived.iter().enumerate() {
        // A file of nothing says nothing twice.
        if file.bytes == 0 || allowed(file) {
            continue;
        }
        let runs = earlier.iter().filter(|run| run.manifest.as_of < as_of);
        if let Some((run, date)) =
            runs.filter_map(|run| Some((run, read_before(file, run)?))).next_back()
        {
            let cause = format!(
                "its bytes are those of {date}, which the run {} has read (expected the data of {})",
                run.run, file.source_as_of
            );
            findings.push(finding(file, cause));
        }
        let same = |other: &&Arrived| other.blake3 == file.blake3 && other.path != file.path;
        if let Some(other) = arrived[..at].iter().filter(|o| !allowed(o)).find(same) {
            let cause = format!(
                "its bytes are those of `{}` of source `{}`, feed `{}` (expected data of its own)",
                other.file, other.system, other.feed
            );
            findings.push(finding(file, cause));
        }
    }
    findings
}

/// The earlier date as whose data a run has read these bytes, where it was not without rows.
fn read_before(file: &Arrived, run: &Published) -> Option<BusinessDate> {
    let feed = format!("{}/{}/", file.system, file.feed);
    let of_feed = run.manifest.inputs.iter().filter(|input| input.name.starts_with(&feed));
    let same = of_feed.filter(|input| input.blake3 == file.blake3);
    let dates = same.map(|input| input.source_as_of.unwrap_or(run.manifest.as_of));
    let date = dates.filter(|date| *date < file.source_as_of).max()?;
    (!was_empty(file, run)).then_some(date)
}

fn was_empty(file: &Arrived, run: &Published) -> bool {
    let feeds = run.manifest.totals["feeds"].as_array();
    let of_feed = |feed: &&serde_json::Value| {
        feed["system"] == file.system.as_str() && feed["feed"] == file.feed.as_str()
    };
    feeds.and_then(|feeds| feeds.iter().find(of_feed)).is_some_and(|feed| feed["rows_read"] == 0)
}

fn finding(file: &Arrived, cause: String) -> Finding {
    Finding {
        check: "repeats",
        place: format!("source `{}`, feed `{}`, file `{}`", file.system, file.feed, file.file),
        cause,
        hint: "nothing was published, readers keep the night before; have the source send the right file, then run the same command again (a feed that may stay as it is declares `repeats = \"allowed\"`)",
    }
}

#[cfg(test)]
mod tests;
