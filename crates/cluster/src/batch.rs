//! A batch under way: what is asked, what came back, what is asked again.

use crate::attempt::{Attempt, Outcome};
use crate::driver::Cluster;
use crate::manifest::{Manifest, Told};
use crate::order::{Order, PROGRAM};
use crate::storage::Storage;
use night::delivery::{self, Mismatch};
use night::{Batch, Delivery, EngineError, InputFrom, Task, Watch, Work};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// A batch under way.
pub(crate) struct Running<'a> {
    engine: &'a Cluster,
    batch: &'a Batch<'a>,
    watch: &'a dyn Watch,
    /// The folder of the stage.
    stage: PathBuf,
    /// The folder of the attempts.
    root: PathBuf,
    /// The tasks whose progress has been told.
    told: Mutex<BTreeSet<String>>,
}

impl<'a> Running<'a> {
    pub(crate) fn new(
        engine: &'a Cluster,
        batch: &'a Batch<'a>,
        watch: &'a dyn Watch,
        stage: PathBuf,
        root: PathBuf,
    ) -> Self {
        Self { engine, batch, watch, stage, root, told: Mutex::default() }
    }

    /// Asks until every task was delivered once and rightly, or the attempts are used up.
    pub(crate) fn carry_out(&self) -> Result<Vec<Delivery>, EngineError> {
        let bundle = self.leave_bundle()?;
        let mut open: Vec<&Task> = self.batch.tasks.iter().collect();
        open.sort_by_key(|task| std::cmp::Reverse(task.weight));
        let mut accepted = Vec::new();
        let mut troubles = Vec::new();
        for attempt in 1..=self.engine.told.attempts.max(1) {
            if open.is_empty() {
                break;
            }
            if attempt > 1 {
                self.say_again(attempt, open.len(), troubles.last());
                std::thread::sleep(Duration::from_secs(1 << (attempt - 1).min(4)));
            }
            let Outcome { manifests, trouble } = self.attempt(attempt, &open, &bundle)?;
            let folder = self.root.join(format!("a{attempt}"));
            let (taken, refused) = self.judge(&open, manifests, &folder)?;
            // The last is told: what the engine says is why tasks are missing.
            troubles.extend(refused);
            troubles.extend(trouble);
            let done: BTreeSet<&str> = taken.iter().map(|d| d.task.as_str()).collect();
            open.retain(|task| !done.contains(task.name.as_str()));
            accepted.extend(taken);
        }
        if open.is_empty() {
            return Ok(accepted);
        }
        let last = troubles.pop().unwrap_or_else(|| "nothing was delivered".to_owned());
        let cause = format!(
            "{} of {} tasks were not delivered in {} attempts: {last} (look at the scheduler and its executors)",
            open.len(),
            self.batch.tasks.len(),
            self.engine.told.attempts
        );
        Err(EngineError::Cluster { stage: self.batch.stage.to_owned(), cause })
    }

    /// Writes the job's texts where executors find them; the file and its digest.
    fn leave_bundle(&self) -> Result<(PathBuf, String), EngineError> {
        let path = self.root.join("job.json");
        let text =
            serde_json::to_string(self.batch.bundle).map_err(|e| io("write", &path, e.into()))?;
        self.engine.storage.put(&path, &text).map_err(|e| io("write", &path, e))?;
        let digest = blake3::hash(text.as_bytes()).to_hex().to_string();
        Ok((path, digest))
    }

    fn say_again(&self, attempt: u32, open: usize, trouble: Option<&String>) {
        let why = trouble.map_or("not all was delivered", String::as_str);
        let (stage, of) = (self.batch.stage, self.engine.told.attempts);
        self.watch.say(&format!("{stage}: {why}; {open} task(s) again, attempt {attempt} of {of}"));
    }

    fn attempt(
        &self,
        attempt: u32,
        open: &[&Task],
        (bundle, digest): &(PathBuf, String),
    ) -> Result<Outcome, EngineError> {
        let folder = self.root.join(format!("a{attempt}"));
        self.engine.storage.make_folder(&folder).map_err(|e| io("create", &folder, e))?;
        let settings = &self.batch.settings;
        let order = |task: &&Task| {
            Ok(Order {
                task: placed(task)?,
                bundle: bundle.clone(),
                digest: digest.clone(),
                program: PROGRAM.clone(),
                as_of: settings.as_of.to_string(),
                run: settings.run.to_owned(),
                buckets: settings.buckets,
                stage: self.stage.clone(),
                attempt: folder.clone(),
            })
        };
        let orders = open.iter().map(order).collect::<Result<Vec<_>, EngineError>>()?;
        let attempt = Attempt {
            scheduler: &self.engine.scheduler,
            storage: &self.engine.storage,
            folder: &folder,
            orders: &orders,
            silence: self.engine.told.silence,
        };
        Ok(self.engine.runtime.block_on(attempt.run(&|tasks| self.progress(tasks))))
    }

    /// Takes the tasks that were delivered once and rightly; says what is wrong with the others.
    fn judge(
        &self,
        open: &[&Task],
        manifests: Vec<Manifest>,
        folder: &Path,
    ) -> Result<(Vec<Delivery>, Vec<String>), EngineError> {
        let mut by_task: BTreeMap<String, Vec<Manifest>> = BTreeMap::new();
        for manifest in manifests {
            by_task.entry(manifest.task.clone()).or_default().push(manifest);
        }
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for task in open {
            let found = by_task.remove(&task.name).unwrap_or_default();
            let [manifest] = found.as_slice() else {
                let name = task.name.clone();
                let missing = found.is_empty();
                let wrong = if missing { Mismatch::Missing(name) } else { Mismatch::Twice(name) };
                refused.push(wrong.to_string());
                continue;
            };
            match &manifest.result {
                Told::Failed { failed, again: false } => {
                    return Err(EngineError::Elsewhere(failed.clone()));
                }
                Told::Failed { failed, again: true } => refused.push(failed.text.clone()),
                Told::Delivered(delivered) => match delivery::check(task, delivered) {
                    Ok(()) => {
                        self.adopt(delivered, &folder.join(&manifest.folder))?;
                        taken.push(delivered.clone());
                    }
                    Err(mismatch) => refused.push(mismatch.to_string()),
                },
            }
        }
        Ok((taken, refused))
    }

    /// Gives the files of a task their final names.
    fn adopt(&self, delivery: &Delivery, folder: &Path) -> Result<(), EngineError> {
        for file in &delivery.files {
            let (from, to) = (folder.join(&file.path), self.stage.join(&file.path));
            self.engine.storage.adopt(&from, &to).map_err(|e| io("take over", &from, e))?;
        }
        Ok(())
    }

    fn progress(&self, delivered: &BTreeSet<String>) {
        let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for task in self.batch.tasks {
            if delivered.contains(&task.name) && told.insert(task.name.clone()) {
                self.watch.advance(match &task.work {
                    Work::Load { arrived, .. } => arrived.bytes,
                    Work::Stage { buckets, .. } => buckets.len() as u64,
                    Work::Part { .. } => 0,
                });
            }
        }
    }
}

/// A task whose paths mean the same in every process.
fn placed(task: &Task) -> Result<Task, EngineError> {
    let mut task = task.clone();
    match &mut task.work {
        Work::Load { arrived, kept, .. } => {
            arrived.path = absolute(&arrived.path)?;
            kept.iter_mut().try_for_each(|kept| place(&mut kept.from))?;
        }
        Work::Stage { inputs, .. } => {
            inputs.iter_mut().try_for_each(|input| place(&mut input.from))?;
        }
        Work::Part { .. } => {}
    }
    Ok(task)
}

fn place(from: &mut InputFrom) -> Result<(), EngineError> {
    match from {
        InputFrom::Tonight(dir) | InputFrom::Previous(dir) => *dir = absolute(dir)?,
        InputFrom::Nowhere => {}
    }
    Ok(())
}

pub(crate) fn absolute(path: &Path) -> Result<PathBuf, EngineError> {
    std::fs::canonicalize(path).map_err(|e| io("find", path, e))
}

pub(crate) fn io(action: &'static str, path: &Path, source: std::io::Error) -> EngineError {
    EngineError::Io { action, path: path.to_owned(), source }
}
