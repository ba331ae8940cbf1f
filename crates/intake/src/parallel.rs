//! A file of lines, judged by several threads.
//!
//! One thread reads the file and cuts it into parts, others judge the parts, and the caller puts
//! them together in file order. The parts are judged by the gate that judges a whole file, each as
//! if its first line began a row and as if no row before it had one of its keys. Where that turns
//! out not to be so, the part is judged again, by the caller's gate and in order: what comes out is
//! what one thread makes of the file, whatever their number.

use crate::batch::Sealed;
use crate::error::Cause;
use crate::fields::Shape;
use crate::gate::{Gate, Stage};
use crate::lines::{Front, PartWindow, Window};
use crate::onward::{InOrder, Noted};
use crate::outcome::FeedOutcome;
use crate::parts::{Chunk, Parts};
use crate::plan::Plan;
use crate::pool::{Pool, Turn};
use crate::promise::Promise;
use crate::unique::{Full, Keys};
use model::{BusinessDate, CharSet, FeedContract};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// What a thread needs to judge a part.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'p, M> {
    pub(crate) feed: &'p FeedContract,
    pub(crate) plan: &'p Plan,
    pub(crate) as_of: BusinessDate,
    pub(crate) rerun: Option<u32>,
    /// Makes the shape of the file.
    pub(crate) shape: M,
}

/// A part that has been judged.
struct Part<'p, S> {
    window: PartWindow<S>,
    /// Where it began.
    start: Front,
    /// Whether it ends with a row.
    finished: bool,
    stage: Stage,
    /// Empty lines at its end.
    blank: u64,
    /// What the header promises, if this is the first part.
    promised: Option<Promise>,
    trailer: Option<Promise>,
    outcome: FeedOutcome,
    rows: Sealed,
    loads: Vec<usize>,
    keys: Keys<'p>,
    /// What ended the judging early.
    error: Option<Cause>,
}

/// Whether lines of a character set can be told by their bytes.
pub(crate) fn has_byte_lines(charset: CharSet) -> bool {
    matches!(charset, CharSet::Utf8 | CharSet::Gb18030 | CharSet::Gbk | CharSet::Big5)
}

/// Reads a file through the threads of a pool; `gate` takes what they make of it.
pub(crate) fn read<'p, S, M>(
    judge: Judge<'p, M>,
    parts: Parts<'_, '_>,
    gate: Gate<'_, InOrder<'_, '_>>,
    pool: &Pool<'p>,
) -> Result<FeedOutcome, Cause>
where
    S: Shape,
    S::Store: Send + 'p,
    M: Fn() -> S + Copy + Send + 'p,
{
    let full = Arc::new(Full::default());
    full.tell(gate.onward.unique);
    std::thread::scope(|scope| {
        let (send, judged) = sync_channel(2 * pool.threads());
        let told = Arc::clone(&full);
        scope.spawn(move || judge.all(parts, pool, &told, &send));
        let mut merger = Merger { gate, shape: (judge.shape)(), left: None, number: 1 };
        for part in judged {
            let part = part.recv().map_err(|_| Cause::Sink("a thread broke".into()))?;
            merger.take(part)?;
            full.tell(merger.gate.onward.unique);
        }
        merger.gate.end(merger.number)
    })
}

impl<'p, S, M> Judge<'p, M>
where
    S: Shape,
    S::Store: Send + 'p,
    M: Fn() -> S + Copy + Send + 'p,
{
    /// Has all parts judged, until nobody takes them any more.
    fn all(
        self,
        parts: Parts<'_, '_>,
        pool: &Pool<'p>,
        full: &Arc<Full>,
        send: &SyncSender<Receiver<Part<'p, S::Store>>>,
    ) {
        for chunk in parts {
            let full = Arc::clone(full);
            let part = pool.ask(Turn::Later, move || self.part(chunk, &full));
            if send.send(part).is_err() {
                return;
            }
        }
    }

    fn part(self, chunk: Chunk, full: &Full) -> Part<'p, S::Store> {
        let first = chunk.at == 0;
        let noted = Noted::new(Keys::new(self.plan, full));
        let gate = Gate::new(self.feed, self.plan, self.as_of, noted).of_delivery(self.rerun);
        let mut gate = if first { gate } else { gate.among_rows() };
        let mut window: PartWindow<S::Store> = Window::of_part(chunk, self.feed.charset);
        let marked = if first { window.skip_mark() } else { Ok(()) };
        let start = window.front();
        let finished = marked.and_then(|()| gate.run(&mut (self.shape)(), &mut window));
        let (finished, error) = match finished {
            Ok(finished) => (finished, None),
            Err(cause) => (true, Some(cause)),
        };
        Part {
            window,
            start,
            finished,
            stage: gate.stage,
            blank: gate.blank,
            promised: first.then_some(gate.promised),
            trailer: gate.onward.trailer,
            outcome: gate.outcome,
            rows: gate.batch.sealed(),
            loads: gate.onward.loads,
            keys: gate.onward.keys,
            error,
        }
    }
}

/// Puts parts together.
struct Merger<'g, 'o, 'u, S: Shape> {
    gate: Gate<'g, InOrder<'o, 'u>>,
    shape: S,
    /// A row that goes on in the next part.
    left: Option<PartWindow<S::Store>>,
    /// Number of the next line.
    number: u64,
}

impl<S: Shape> Merger<'_, '_, '_, S> {
    fn take(&mut self, mut part: Part<'_, S::Store>) -> Result<(), Cause> {
        if let Some(mut left) = self.left.take() {
            left.join(part.window);
            return self.judge(left);
        }
        let is_behind = self.gate.stage == Stage::Behind;
        if is_behind || !self.gate.onward.unique.remember(&part.keys)? {
            part.window.go_back(part.start);
            return self.judge(part.window);
        }
        self.add(part)
    }

    /// Judges lines in order.
    fn judge(&mut self, mut window: PartWindow<S::Store>) -> Result<(), Cause> {
        let finished = self.gate.run(&mut self.shape, &mut window)?;
        self.number = window.number();
        self.left = (!finished).then_some(window);
        Ok(())
    }

    /// Takes a part as it was judged.
    fn add(&mut self, part: Part<'_, S::Store>) -> Result<(), Cause> {
        let gate = &mut self.gate;
        if part.outcome.rows_read > 0 {
            gate.refuse_blank(part.start.number);
        }
        gate.blank += part.blank;
        gate.stage = part.stage;
        if let Some(promised) = part.promised {
            gate.promised = promised;
        }
        gate.outcome.join(part.outcome);
        gate.append(&part.rows, &part.loads)?;
        if let Some(promise) = part.trailer {
            promise.check(&gate.outcome, gate.plan)?;
        }
        if let Some(cause) = part.error {
            return Err(cause);
        }
        self.number = part.window.number();
        self.left = (!part.finished).then_some(part.window);
        Ok(())
    }
}
