//! One feed of a night as a file, for a person who asks for it: nothing else of a night is touched.

use crate::engine::{EngineError, Unit, Watch};
use crate::error::NightError;
use crate::land;
use crate::plan::Plan;
use intake::{Awaited, FeedOutcome, Means};
use model::{FeedContract, SourceContract};
use std::path::Path;

/// Which feed is staged, where, and by how many threads.
#[derive(Clone, Copy, Debug)]
pub struct StageOrder<'a> {
    /// The feed, as `SYSTEM.FEED`.
    pub feed: &'a str,
    /// The Parquet file to write; keys that do not fit in memory wait beside it.
    pub out: &'a Path,
    /// Threads.
    pub threads: usize,
}

/// Reads the file of one feed through the gate into a Parquet file.
///
/// What its contract asks of the file holds, or there is no file. Rejected rows are counted and not
/// held against the limits of the job: no night depends on them.
pub fn stage_feed(
    plan: &Plan,
    order: &StageOrder<'_>,
    watch: &dyn Watch,
) -> Result<FeedOutcome, NightError> {
    let (source, feed) = find(plan, order.feed)?;
    let alone = [SourceContract { feeds: vec![feed.clone()], ..source.clone() }];
    let extracts = land::extracts(plan, source);
    let awaited = Awaited { sources: &alone, extracts: &extracts, ..plan.awaited() };
    let located = intake::locate(&awaited, &|_| {})?.into_iter().next();
    let arrived = located.ok_or_else(|| NightError::Internal("no file of a feed".into()))?;
    watch.begin("stage", Some(arrived.bytes), Unit::Bytes);
    let folder = order.out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let means = Means {
        progress: &|bytes| watch.advance(bytes),
        scratch: folder.unwrap_or(Path::new(".")),
        threads: order.threads,
    };
    let (system, as_of) = (&source.system, arrived.source_as_of);
    let outcome = intake::stage_feed(system, feed, &arrived, as_of, order.out, &means)?;
    watch.done("stage", outcome.rows_delivered);
    Ok(outcome)
}

fn find<'p>(
    plan: &'p Plan,
    name: &str,
) -> Result<(&'p SourceContract, &'p FeedContract), NightError> {
    let feeds = plan.job.sources.iter().flat_map(|s| s.feeds.iter().map(move |feed| (s, feed)));
    let named =
        |(s, feed): &(&SourceContract, &FeedContract)| format!("{}.{}", s.system, feed.name);
    feeds.clone().find(|feed| named(feed) == name).ok_or_else(|| {
        let names: Vec<String> = feeds.map(|feed| format!("`{}`", named(&feed))).collect();
        let cause = format!("the job has no such feed (feeds: {})", names.join(", "));
        EngineError::Job { place: format!("feed `{name}`"), cause }.into()
    })
}
