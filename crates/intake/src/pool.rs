//! Threads that do pieces of work in the order they are asked for, the urgent ones first.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

type Job<'p> = Box<dyn FnOnce() + Send + 'p>;

/// Work that waits for a thread.
pub(crate) struct Pool<'p> {
    waiting: Mutex<Waiting<'p>>,
    wake: Condvar,
    threads: usize,
}

#[derive(Default)]
struct Waiting<'p> {
    urgent: VecDeque<Job<'p>>,
    later: VecDeque<Job<'p>>,
    closed: bool,
}

/// When a piece of work is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Before all that is not urgent: it makes room.
    Urgent,
    /// In its turn.
    Later,
}

impl<'p> Pool<'p> {
    /// Calls `within` with so many threads that work for it; one is none besides the caller's.
    pub(crate) fn with<R>(threads: usize, within: impl FnOnce(Option<&Self>) -> R) -> R {
        if threads <= 1 {
            return within(None);
        }
        let (waiting, wake) = (Mutex::default(), Condvar::new());
        let pool = Self { waiting, wake, threads };
        std::thread::scope(|scope| {
            let closing = Closing(&pool);
            for _ in 0..threads {
                scope.spawn(|| pool.work());
            }
            let result = within(Some(&pool));
            drop(closing);
            result
        })
    }

    /// How many threads there are.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// Has a piece of work done; its result, or nothing where a thread broke.
    pub(crate) fn ask<R: Send + 'p>(
        &self,
        turn: Turn,
        work: impl FnOnce() -> R + Send + 'p,
    ) -> Receiver<R> {
        let (send, result) = sync_channel(1);
        // Nobody may want the result any more.
        let job: Job<'p> = Box::new(move || drop(send.send(work())));
        let mut waiting = self.waiting();
        match turn {
            Turn::Urgent => waiting.urgent.push_back(job),
            Turn::Later => waiting.later.push_back(job),
        }
        drop(waiting);
        self.wake.notify_one();
        result
    }

    fn work(&self) {
        let mut waiting = self.waiting();
        loop {
            if let Some(job) = waiting.urgent.pop_front().or_else(|| waiting.later.pop_front()) {
                drop(waiting);
                job();
                waiting = self.waiting();
            } else if waiting.closed {
                return;
            } else {
                waiting = self.wake.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<'p>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the threads go, also when the caller breaks.
struct Closing<'q, 'p>(&'q Pool<'p>);

impl Drop for Closing<'_, '_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting();
        waiting.closed = true;
        waiting.later.clear();
        waiting.urgent.clear();
        drop(waiting);
        self.0.wake.notify_all();
    }
}
