//! The engine as a night sees it. The driver owns attempts, what counts, and where files end up; the
//! cluster only computes.

use crate::batch::{Running, absolute, io};
use crate::job::Scheduler;
use crate::storage::{SharedFolder, Storage};
use crate::tls::Transport;
use night::{Batch, Delivery, Engine, EngineError, Layout, Watch};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Most ranges of the key space.
const MAX_BUCKETS: usize = 4096;
/// Ranges for each task, so that tasks can be dealt evenly around a hot one.
const RANGES_PER_TASK: usize = 4;

/// What a cluster is told.
#[derive(Clone)]
pub struct Settings {
    /// Host of the scheduler.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How to talk to it.
    pub transport: Transport,
    /// Tasks into which the ranges of a stage are dealt.
    pub partitions: usize,
    /// A fixed number of ranges of the key space.
    pub buckets: Option<usize>,
    /// Memory one task may take, bytes.
    pub memory: u64,
    /// How often a batch is tried before the night is given up.
    pub attempts: u32,
    /// Longest silence of an attempt.
    pub silence: Duration,
}

/// Several machines.
pub struct Cluster {
    pub(crate) told: Settings,
    pub(crate) scheduler: Scheduler,
    pub(crate) storage: SharedFolder,
    pub(crate) runtime: tokio::runtime::Runtime,
    batches: AtomicU64,
}

impl Cluster {
    /// A driver; nothing is asked of the cluster yet.
    pub fn new(told: Settings) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let scheduler = Scheduler {
            host: told.host.clone(),
            port: told.port,
            transport: told.transport.clone(),
        };
        Ok(Self { told, scheduler, storage: SharedFolder, runtime, batches: AtomicU64::new(0) })
    }
}

impl Engine for Cluster {
    fn layout(&self, bytes: u64) -> Layout {
        let hands = self.told.partitions.max(1);
        let needed = night::ranges_for(bytes, self.told.memory)
            .map_or(hands, |needed| needed.max(hands * RANGES_PER_TASK));
        let buckets = self.told.buckets.unwrap_or(needed).clamp(1, MAX_BUCKETS);
        Layout { buckets, hands }
    }

    fn run(&self, batch: &Batch<'_>, watch: &dyn Watch) -> Result<Vec<Delivery>, EngineError> {
        let nth = self.batches.fetch_add(1, Ordering::Relaxed);
        let stage = absolute(batch.out)?;
        let root = stage.parent().unwrap_or(&stage).join(".attempts");
        // In a container every process has the same number: the time tells a driver from a dead one.
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis();
        let root = root.join(format!("{}-{since}-{nth}", batch.stage));
        self.storage.make_root(&root).map_err(|e| io("create", &root, e))?;
        let done = Running::new(self, batch, watch, stage, root.clone()).carry_out();
        // What is late finds its folder gone.
        let _ = self.storage.remove(&root);
        done
    }
}
