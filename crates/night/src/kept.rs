//! Feeds whose rows are kept from night to night: what they are held against, whether a delivery was
//! lost, and whether too many rows would be gone.

use crate::check::Finding;
use crate::engine::LoadedFeed;
use crate::summary::Warning;
use crate::task::{InputFrom, KeptBefore};
use intake::Arrived;
use lake::{InputFile, Published};
use model::{BusinessDate, FeedContract, Job, LoadMode, NotCovered};

/// The table of kept rows.
pub const KEPT_TABLE: &str = "source_version";

/// What tonight's rows of a feed are held against; none where nothing is kept.
pub(crate) fn before(
    job: &Job,
    arrived: &Arrived,
    previous: Option<&Published>,
) -> Option<KeptBefore> {
    let feed = job.feed(&arrived.system, &arrived.feed).filter(|feed| feed.load.keeps())?;
    let table = previous.and_then(|run| Some((run, run.manifest.table(KEPT_TABLE)?)));
    let from =
        table.map_or(InputFrom::Nowhere, |(run, _)| InputFrom::Previous(run.dir.join(KEPT_TABLE)));
    Some(KeptBefore {
        from,
        bytes: table.map_or(0, |(_, table)| table.bytes),
        begins: feed.begins_with(arrived.source_as_of),
    })
}

/// Whether any feed of the night is held against the night before.
pub(crate) fn any(job: &Job) -> bool {
    job.sources.iter().flat_map(|source| &source.feeds).any(|feed| feed.load.keeps())
}

/// Deliveries that do not follow the one that was loaded last: what lies between would be lost.
pub(crate) fn lost(
    job: &Job,
    arrived: &[Arrived],
    previous: Option<&Published>,
) -> Result<Vec<Finding>, NotCovered> {
    let mut findings = Vec::new();
    for file in arrived {
        let feed = job.feed(&file.system, &file.feed);
        let Some(feed) = feed.filter(|feed| feed.load.follows()) else { continue };
        if feed.begins_with(file.source_as_of) {
            continue;
        }
        if let Some(cause) = gap(job, feed, file, previous)? {
            findings.push(Finding {
                check: "lost delivery",
                place: place(&file.system, &file.feed),
                cause,
                hint: "nothing was published, readers keep the night before; run the nights of the missing dates first, the oldest first; where a delivery is lost for good, have the source send a complete one and set `initial` to its date",
            });
        }
    }
    Ok(findings)
}

/// What lies between a delivery and the one loaded last.
fn gap(
    job: &Job,
    feed: &FeedContract,
    file: &Arrived,
    previous: Option<&Published>,
) -> Result<Option<String>, NotCovered> {
    let delivery = file.source_as_of;
    let last = previous.and_then(|run| Some((run, last_of(run, file)?)));
    let Some((run, (last, input))) = last else {
        let initial = feed.initial.map_or_else(String::new, |date| format!(" of {date}"));
        return Ok(Some(format!(
            "nothing was kept before the delivery of {delivery} (expected the complete one{initial} first)"
        )));
    };
    if last == delivery {
        let same = input.blake3 == file.blake3;
        return Ok((!same).then(|| {
            format!(
                "the delivery of {delivery} is not the one that the run {} has loaded (expected the same file, or the night of {delivery} run again first)",
                run.run
            )
        }));
    }
    let expected = feed.arrival.due_before(delivery, &job.calendar)?;
    Ok((expected != last).then(|| {
        format!(
            "the delivery of {delivery} follows that of {expected}, but the one loaded last is of {last}"
        )
    }))
}

/// The delivery that a run has kept the rows of, and its date.
fn last_of<'a>(run: &'a Published, file: &Arrived) -> Option<(BusinessDate, &'a InputFile)> {
    feeds_of(run).find(|feed| feed.is(&file.system, &file.feed))?.kept?;
    let name = format!("{}/{}/", file.system, file.feed);
    let input = run.manifest.inputs.iter().find(|input| input.name.starts_with(&name))?;
    Some((input.source_as_of.unwrap_or(run.manifest.as_of), input))
}

/// The feeds as a run has loaded them.
fn feeds_of(run: &Published) -> impl Iterator<Item = LoadedFeed> {
    let feeds = run.manifest.totals["feeds"].as_array().cloned().unwrap_or_default();
    feeds.into_iter().filter_map(|feed| serde_json::from_value(feed).ok())
}

/// Rows that would be gone or changed beyond what a contract allows.
pub(crate) fn guards(
    job: &Job,
    feeds: &[LoadedFeed],
    arrived: &[Arrived],
    previous: Option<&Published>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for loaded in feeds {
        let Some(feed) = job.feed(&loaded.system, &loaded.feed) else { continue };
        let of = |file: &&Arrived| loaded.is(&file.system, &file.feed);
        let begins = |file: &Arrived| feed.begins_with(file.source_as_of);
        if arrived.iter().find(of).is_some_and(begins) {
            continue;
        }
        findings.extend(deleted(feed, loaded));
        findings.extend(changed(feed, loaded));
        let before = previous.and_then(|run| feeds_of(run).find(|f| f.same_feed(loaded)));
        findings.extend(before.and_then(|before| shrunk(feed, loaded, &before)));
    }
    findings
}

fn deleted(feed: &FeedContract, loaded: &LoadedFeed) -> Option<Finding> {
    let counts = loaded.kept?;
    let limit = feed.deletes_beyond(counts.deleted, counts.held())?;
    Some(Finding {
        check: "max_deleted_ppm",
        place: place(&loaded.system, &loaded.feed),
        cause: format!(
            "{} of {} rows held would be deleted (limit {limit} ppm)",
            counts.deleted,
            counts.held()
        ),
        hint: "nothing was published, readers keep the night before; have the source send a complete file; if the rows are gone indeed, raise `max_deleted_ppm` of the feed for this night",
    })
}

/// Events are only added: a delivery that changes one is of another kind than its contract says.
fn changed(feed: &FeedContract, loaded: &LoadedFeed) -> Option<Finding> {
    let changed = loaded.kept.map_or(0, |counts| counts.changed);
    (feed.load == LoadMode::Added && changed > 0).then(|| Finding {
        check: "added",
        place: place(&loaded.system, &loaded.feed),
        cause: format!("{changed} rows change rows delivered before (expected new rows only)"),
        hint: "nothing was published, readers keep the night before; have the source send a corrected file, or declare `load = \"delta\"` if rows may change",
    })
}

fn shrunk(feed: &FeedContract, loaded: &LoadedFeed, before: &LoadedFeed) -> Option<Finding> {
    let limit = feed.max_shrink_ppm?;
    let (now, then) = (loaded.rows_loaded, before.rows_loaded);
    let beyond =
        u128::from(then.saturating_sub(now)) * 1_000_000 > u128::from(then) * u128::from(limit);
    beyond.then(|| Finding {
        check: "max_shrink_ppm",
        place: place(&loaded.system, &loaded.feed),
        cause: format!("{now} rows loaded, {then} the night before (limit {limit} ppm less)"),
        hint: "nothing was published, readers keep the night before; have the source send a complete file; if there are fewer rows indeed, raise `max_shrink_ppm` of the feed for this night",
    })
}

/// A warning for every whole file of which rejected rows kept rows from being taken for gone.
pub(crate) fn warnings(job: &Job, feeds: &[LoadedFeed]) -> Vec<Warning> {
    let warning = |loaded: &LoadedFeed| {
        let feed = job.feed(&loaded.system, &loaded.feed)?;
        let carried = loaded.kept.filter(|_| feed.load == LoadMode::Compare)?.carried;
        (carried > 0).then(|| Warning {
            message: format!(
                "{}: {} rows were rejected, so {carried} rows held before were carried on in place of \
                 being changed or deleted",
                place(&loaded.system, &loaded.feed),
                loaded.rows_rejected
            ),
            hint: "look at the rejects with `clientele show`, have the source correct them".into(),
        })
    };
    feeds.iter().filter_map(warning).collect()
}

fn place(system: &str, feed: &str) -> String {
    format!("source `{system}`, feed `{feed}`")
}

#[cfg(test)]
mod tests;
