//! The engine of one machine: carries out as many tasks side by side as it has threads, over ranges
//! of the key space that fit the memory.
//!
//! What a task does is in `worker`, what comes after what in `night`. Whatever the number of ranges
//! and threads, published tables have the same bytes.

mod together;

use night::{Batch, Delivery, Engine, EngineError, Layout, Watch, Work};

/// Most ranges of the key space.
const MAX_BUCKETS: usize = 1024;
/// Tasks of a stage for each thread: enough that none is left alone with the last.
const HANDS_PER_THREAD: usize = 4;

/// This machine.
#[derive(Clone, Copy, Debug)]
pub struct Local {
    /// Memory the night may take, bytes.
    pub memory: u64,
    /// Threads.
    pub threads: usize,
    /// A fixed number of buckets, for tests and measurements.
    pub buckets: Option<usize>,
}

impl Local {
    fn buckets(&self, bytes: u64) -> usize {
        if let Some(fixed) = self.buckets {
            return fixed.clamp(1, MAX_BUCKETS);
        }
        let threads = self.threads.max(1);
        let needed = night::ranges_for(bytes, self.memory / (2 * threads as u64));
        needed.map_or(1, |needed| needed.clamp(threads, MAX_BUCKETS))
    }
}

impl Engine for Local {
    fn layout(&self, bytes: u64) -> Layout {
        Layout { buckets: self.buckets(bytes), hands: self.threads.max(1) * HANDS_PER_THREAD }
    }

    fn run(&self, batch: &Batch<'_>, watch: &dyn Watch) -> Result<Vec<Delivery>, EngineError> {
        // The heaviest first, so that no thread is left with it at the end.
        let mut order: Vec<_> = batch.tasks.iter().collect();
        order.sort_by_key(|task| std::cmp::Reverse(task.weight));
        let quiet = |_| {};
        let told = |by| watch.advance(by);
        together::run(self.threads, &order, |task| {
            let is_part = matches!(task.work, Work::Part { .. });
            let progress: &(dyn Fn(u64) + Sync) = if is_part { &quiet } else { &told };
            worker::carry_out(task, &batch.settings, batch.out, batch.out, progress)
        })
    }
}
