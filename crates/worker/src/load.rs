//! A feed into canonical tables: one thread reads and checks, another maps and writes.

mod kept;
mod quality;
mod report;

use crate::write::{Layout, TableWriter, make_below};
use crate::{convert, known, library, of_stage};
use arrow::array::RecordBatch;
use intake::{Arrived, FeedOutcome, SinkError};
use kept::{Keeper, Kept};
use model::FeedContract;
use night::{Delivery, EngineError, KeptBefore, LoadedFeed, MadeFile, ROWS, Settings};
use stages::{Loader, Refused, Tally};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Batches that may wait between reading and mapping.
const WAITING: usize = 2;

/// The feed's part of a task.
pub(crate) struct FeedWork<'a> {
    pub(crate) arrived: &'a Arrived,
    pub(crate) lane: usize,
    pub(crate) kept: Option<&'a KeptBefore>,
}

/// A feed that has been loaded.
struct Loaded<'a> {
    arrived: &'a Arrived,
    feed: &'a FeedContract,
    outcome: FeedOutcome,
    taken: Taken,
    kept: Option<Kept>,
}

/// What the mapping made of the rows of a feed.
#[derive(Default)]
struct Taken {
    files: Vec<MadeFile>,
    loaded: Tally,
    filtered: Tally,
    rejected: Tally,
    refused: Vec<Refused>,
    quality: quality::Found,
}

/// What goes from the reading thread to the writing one.
enum Message {
    Rows(RecordBatch),
    /// What came so far is void.
    Restart,
}

pub(crate) fn feed(
    work: &FeedWork<'_>,
    settings: &Settings<'_>,
    out: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Delivery, EngineError> {
    let FeedWork { arrived, lane, kept } = *work;
    let feed = contract(arrived, settings)?;
    let loader = Loader::compile(&arrived.system, feed, &arrived.file, settings)
        .map_err(|(place, cause)| EngineError::Job { place, cause })?;
    let mapping = Mapping { loader, feed, settings, out, lane };
    let scratch = Path::new(ROWS).join(format!("scratch-{lane:04}"));
    make_below(out, &scratch)?;
    let scratch = out.join(scratch);
    let (send, receive) = sync_channel(WAITING);
    let (outcome, taken) = std::thread::scope(|scope| {
        let keeper = kept.map(|before| Keeper::new(feed, arrived, before, &scratch));
        let taking = scope.spawn(|| mapping.take_all(receive, keeper));
        let (system, as_of) = (&arrived.system, arrived.source_as_of);
        let mut sink = Sender(send);
        let read = intake::read_feed(system, feed, arrived, as_of, &mut sink, progress, &scratch);
        drop(sink);
        (read, taking.join())
    });
    let broken = || EngineError::Library { stage: "load".into(), class: "broken thread".into() };
    // Where writing fails, reading fails too, for want of a taker: the first is the cause.
    let Taking { mut writers, mut taken, keeper } = taken.map_err(|_| broken())??;
    let outcome = outcome?;
    let merge = |keeper: Keeper<'_>| keeper.merge(&mapping, outcome.rows_rejected, &mut writers);
    let kept = keeper.map(merge).transpose()?;
    for (_, mut writer) in writers {
        writer.end_range(lane)?;
        taken.files.extend(writer.finish()?);
    }
    Loaded { arrived, feed, outcome, taken, kept }.deliver(out, lane)
}

fn contract<'a>(
    arrived: &Arrived,
    settings: &Settings<'a>,
) -> Result<&'a FeedContract, EngineError> {
    let source = settings.job.sources.iter().find(|s| s.system == arrived.system);
    let feed = source.and_then(|s| s.feeds.iter().find(|f| f.name == arrived.feed));
    feed.ok_or_else(|| EngineError::Job {
        place: format!("source `{}`", arrived.system),
        cause: format!("feed `{}` has no contract", arrived.feed),
    })
}

/// The reading thread's end.
struct Sender(SyncSender<Message>);

impl Sender {
    fn send(&self, message: Message) -> Result<(), SinkError> {
        self.0.send(message).map_err(|_| SinkError::from("nobody takes the rows"))
    }
}

impl intake::Sink for Sender {
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError> {
        self.send(Message::Rows(batch))
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.send(Message::Restart)
    }
}

/// From typed rows to canonical tables.
struct Mapping<'a> {
    loader: Loader,
    feed: &'a FeedContract,
    settings: &'a Settings<'a>,
    out: &'a Path,
    lane: usize,
}

type Writers = BTreeMap<&'static str, TableWriter>;

/// The rows of a feed on their way.
struct Taking<'a> {
    writers: Writers,
    taken: Taken,
    keeper: Option<Keeper<'a>>,
}

impl Mapping<'_> {
    fn writers(&self) -> Result<Writers, EngineError> {
        let mut writers = BTreeMap::new();
        let layout = Layout::Rows { buckets: self.settings.buckets, lane: self.lane };
        for mapping in &self.feed.tables {
            let table = known(&mapping.table)?;
            writers.insert(table.name, TableWriter::new(table, self.out, layout)?);
        }
        Ok(writers)
    }

    /// Takes batches until the other end hangs up.
    fn take_all<'k>(
        &self,
        messages: Receiver<Message>,
        keeper: Option<Keeper<'k>>,
    ) -> Result<Taking<'k>, EngineError> {
        let mut taking = Taking { writers: self.writers()?, taken: Taken::default(), keeper };
        for message in messages {
            match message {
                Message::Rows(batch) => self.take(&batch, &mut taking)?,
                Message::Restart => {
                    taking.writers.into_values().try_for_each(TableWriter::discard)?;
                    (taking.writers, taking.taken) = (self.writers()?, Taken::default());
                    taking.keeper.iter_mut().for_each(Keeper::restart);
                }
            }
        }
        Ok(taking)
    }

    fn take(&self, batch: &RecordBatch, taking: &mut Taking<'_>) -> Result<(), EngineError> {
        let Taking { writers, taken, keeper } = taking;
        let place = self.loader.place();
        let rows = convert::frame(batch).map_err(|e| library(place, &e))?;
        let loaded = if let Some(keeper) = keeper {
            let alive = keeper.alive(batch, rows, taken);
            let (encoded, rows) = alive.map_err(|e| library(place, &e))?;
            let loaded = self.loader.apply(rows).map_err(|e| of_stage(place, &e))?;
            keeper.put_aside(encoded, &loaded.refused)?;
            loaded
        } else {
            self.loader.apply(rows).map_err(|e| of_stage(place, &e))?
        };
        taken.loaded += loaded.loaded;
        taken.filtered += loaded.filtered;
        taken.rejected += loaded.rejected;
        taken.refused.extend(loaded.refused);
        taken.quality.add(loaded.rules, loaded.unknown);
        for (table, frame) in loaded.tables {
            if let Some(writer) = writers.get_mut(table) {
                writer.add(frame)?;
            }
        }
        Ok(())
    }
}

impl Loaded<'_> {
    fn told(&self) -> LoadedFeed {
        LoadedFeed {
            system: self.arrived.system.clone(),
            feed: self.arrived.feed.clone(),
            rows_read: self.outcome.rows_read,
            rows_loaded: self.taken.loaded.rows,
            rows_rejected: self.outcome.rows_rejected + self.taken.rejected.rows,
            rows_filtered: self.taken.filtered.rows,
            rows_superseded: self.outcome.rows_superseded,
            kept: self.kept.as_ref().map(|kept| kept.counts),
        }
    }

    /// The mapping must account for every amount that the gate has handed on.
    fn amounts_hold(&self) -> Result<(), EngineError> {
        let (taken, read) = (&self.taken, self.outcome.amount_delivered);
        let told = taken.loaded.amount + taken.filtered.amount + taken.rejected.amount;
        if told == read {
            return Ok(());
        }
        let Arrived { system, feed, .. } = self.arrived;
        let cause = format!(
            "source `{system}`, feed `{feed}`: amounts of {read} read and of {told} accounted for, \
             in units of the last decimal (this is a bug: keep the extract and call engineering)"
        );
        Err(EngineError::Data { stage: "load".into(), cause })
    }

    fn deliver(mut self, out: &Path, lane: usize) -> Result<Delivery, EngineError> {
        self.amounts_hold()?;
        let mut files = std::mem::take(&mut self.taken.files);
        files.extend(self.kept.iter_mut().flat_map(|kept| std::mem::take(&mut kept.files)));
        files.extend(report::write_rejects(&self, out, lane)?);
        files.extend(report::write_raw(&self, out, lane)?);
        files.extend(report::write_report(&self, out, lane)?);
        files.extend(quality::write(&self, out, lane)?);
        Ok(Delivery { files, feed: Some(self.told()), ..Delivery::default() })
    }
}
