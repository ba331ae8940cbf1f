//! What becomes of rows that hold: judged by their keys and handed on at once, or noted for the
//! one who puts parts of a file together.

use crate::batch::Batch;
use crate::error::Cause;
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::promise::Promise;
use crate::read::{Sink, Sizes};
use crate::unique::{Keys, Seen, Unique};

/// Where the rows that hold go, and what a trailer promises.
pub(crate) trait Onward {
    /// What the open row of the batch is to the rows before it.
    fn see(&mut self, batch: &Batch) -> Result<Seen, Cause>;

    /// A row has been closed.
    fn closed(&mut self, batch: &mut Batch) -> Result<(), Cause>;

    /// The trailer has been read, behind rows of that outcome.
    fn trailer(
        &mut self,
        promise: Promise,
        outcome: &FeedOutcome,
        plan: &Plan,
    ) -> Result<(), Cause>;

    /// Hands on what the batch holds, full or not.
    fn hand_on(&mut self, batch: &mut Batch) -> Result<(), Cause>;
}

/// All rows of a file, in order.
pub(crate) struct InOrder<'a, 'p> {
    pub(crate) sink: &'a mut dyn Sink,
    pub(crate) unique: &'a mut Unique<'p>,
    pub(crate) sizes: Sizes,
}

impl Onward for InOrder<'_, '_> {
    fn see(&mut self, batch: &Batch) -> Result<Seen, Cause> {
        self.unique.see(batch)
    }

    fn closed(&mut self, batch: &mut Batch) -> Result<(), Cause> {
        let full = batch.rows() >= self.sizes.rows || batch.load() >= self.sizes.bytes;
        if full { self.hand_on(batch) } else { Ok(()) }
    }

    fn trailer(
        &mut self,
        promise: Promise,
        outcome: &FeedOutcome,
        plan: &Plan,
    ) -> Result<(), Cause> {
        promise.check(outcome, plan)
    }

    fn hand_on(&mut self, batch: &mut Batch) -> Result<(), Cause> {
        if batch.rows() == 0 {
            return Ok(());
        }
        let batch = batch.take().map_err(|error| Cause::Sink(error.into()))?;
        self.sink.take(batch).map_err(Cause::Sink)
    }
}

/// The rows of a part of a file: all are taken for new.
pub(crate) struct Noted<'a> {
    pub(crate) keys: Keys<'a>,
    /// Bytes of the file in the rows up to each one.
    pub(crate) loads: Vec<usize>,
    /// What the trailer promises, where it stands in this part.
    pub(crate) trailer: Option<Promise>,
}

impl<'a> Noted<'a> {
    pub(crate) fn new(keys: Keys<'a>) -> Self {
        Self { keys, loads: Vec::new(), trailer: None }
    }
}

impl Onward for Noted<'_> {
    fn see(&mut self, batch: &Batch) -> Result<Seen, Cause> {
        self.keys.note(batch);
        Ok(Seen::New)
    }

    fn closed(&mut self, batch: &mut Batch) -> Result<(), Cause> {
        self.loads.push(batch.load());
        Ok(())
    }

    fn trailer(&mut self, promise: Promise, _: &FeedOutcome, _: &Plan) -> Result<(), Cause> {
        self.trailer = Some(promise);
        Ok(())
    }

    fn hand_on(&mut self, _: &mut Batch) -> Result<(), Cause> {
        Ok(())
    }
}
