//! An order: one task on its way to an executor, with all the executor must know.

use crate::faults;
use crate::manifest::{self, Manifest, Told};
use crate::storage::Storage;
use model::{BusinessDate, Job};
use night::{Bundle, EngineError, Failed, NightError, Settings, Task};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Exit code of an input that is not there, to this machine at least.
const NOT_THERE: i32 = 9;
/// Exit code of a machine that fails.
const ENVIRONMENT: i32 = 12;

/// Most letters of a machine's name in that of a file.
const HOST_LETTERS: usize = 24;
/// `<lake>/staging/<run>/<stage>`.
const LAKE_ABOVE_STAGE: usize = 3;

/// One task on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) task: Task,
    /// The file with the job's texts.
    pub(crate) bundle: PathBuf,
    /// Its digest.
    pub(crate) digest: String,
    /// The digest of the driver's program: another one may compute otherwise.
    pub(crate) program: String,
    /// The business date, YYYY-MM-DD.
    pub(crate) as_of: String,
    pub(crate) run: String,
    pub(crate) buckets: usize,
    /// The folder of the stage.
    pub(crate) stage: PathBuf,
    /// The folder of the attempt: files and manifests go there, and nothing once it is gone.
    pub(crate) attempt: PathBuf,
}

/// The job that orders of a night name, read and checked once.
static JOB: Mutex<Option<(String, Arc<Job>)>> = Mutex::new(None);
static CARRIED: AtomicU64 = AtomicU64::new(0);

/// The digest of this program; empty where it cannot be read.
pub(crate) static PROGRAM: LazyLock<String> =
    LazyLock::new(|| cli::own_digest().unwrap_or_default());

impl Order {
    /// Carries the order out and leaves a manifest, unless there is one: an engine that loses a host
    /// sends out again what the host had done, for want of rows that nobody fetches. Fails when
    /// nothing could be left: whoever sent the order will miss it.
    pub(crate) fn carry_out(&self, storage: &dyn Storage) -> std::io::Result<()> {
        self.leave_if_blind(storage);
        if manifest::tasks(storage, &self.attempt).contains(&self.task.name) {
            return Ok(());
        }
        (0..faults::times(&self.task.name)).try_for_each(|_| self.deliver(storage))
    }

    /// An executor that does not see the lake would fail every order it asks for, and take them from
    /// those that see it: it ends itself, and whoever started it finds out why.
    fn leave_if_blind(&self, storage: &dyn Storage) {
        let lake = self.stage.ancestors().nth(LAKE_ABOVE_STAGE).unwrap_or(&self.stage);
        if storage.list(lake).is_err() {
            log::error!("{} is not there: is the shared folder mounted?", lake.display());
            std::process::exit(ENVIRONMENT);
        }
    }

    fn deliver(&self, storage: &dyn Storage) -> std::io::Result<()> {
        let nth = CARRIED.fetch_add(1, Ordering::Relaxed);
        let folder = manifest::folder(&self.task.name, &host(), std::process::id(), nth);
        faults::before(&self.task.name);
        storage.make_folder(&self.attempt.join(&folder))?;
        let out = storage.local(&self.attempt.join(&folder));
        let result = match self.delivery(storage, &out) {
            Ok(delivery) => Told::Delivered(faults::shortened(delivery)),
            Err(error) => told(error),
        };
        faults::after(&self.task.name);
        Manifest { task: self.task.name.clone(), folder, result }.leave(storage, &self.attempt)
    }

    fn delivery(&self, storage: &dyn Storage, out: &Path) -> Result<night::Delivery, EngineError> {
        if PROGRAM.is_empty() || *PROGRAM != self.program {
            let cause = format!(
                "the executor on `{}` is another program than the driver (install the same file on every machine)",
                host()
            );
            return Err(EngineError::Cluster { stage: self.task.name.clone(), cause });
        }
        let job = self.job(storage)?;
        let as_of: BusinessDate = self.as_of.parse().map_err(|_| self.broken("its date"))?;
        let settings = Settings { job: &job, as_of, run: &self.run, buckets: self.buckets };
        worker::carry_out(&self.task, &settings, &storage.local(&self.stage), out, &|_| {})
    }

    fn job(&self, storage: &dyn Storage) -> Result<Arc<Job>, EngineError> {
        let mut known = JOB.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((digest, job)) = known.as_ref()
            && *digest == self.digest
        {
            return Ok(Arc::clone(job));
        }
        let text = storage.get(&self.bundle).map_err(|source| EngineError::Io {
            action: "read",
            path: self.bundle.clone(),
            source,
        })?;
        if blake3::hash(text.as_bytes()).to_hex().as_str() != self.digest {
            return Err(self.broken("the digest of its job"));
        }
        let bundle: Bundle = serde_json::from_str(&text).map_err(|_| self.broken("its job"))?;
        let job = Arc::new(bundle.check().map_err(|_| self.broken("its job"))?);
        *known = Some((self.digest.clone(), Arc::clone(&job)));
        Ok(job)
    }

    fn broken(&self, what: &str) -> EngineError {
        EngineError::Cluster {
            stage: self.task.name.clone(),
            cause: format!(
                "the order cannot be read: {what} (driver and executors must be one version)"
            ),
        }
    }
}

/// An error as it travels. The environment may be better elsewhere or later; data is not.
fn told(error: EngineError) -> Told {
    let error = NightError::from(error);
    let exit_code = error.exit_code();
    let again = matches!(exit_code, NOT_THERE | ENVIRONMENT);
    Told::Failed { failed: Failed { exit_code, text: error.to_string() }, again }
}

/// The name of this machine, as far as it can be part of a file's.
pub(crate) fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    // The end tells the machines of a fleet apart.
    let name = &letters[letters.len().saturating_sub(HOST_LETTERS)..];
    if name.is_empty() { "host".to_owned() } else { name.to_owned() }
}
