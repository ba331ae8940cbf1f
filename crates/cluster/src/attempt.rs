//! One attempt at a batch: orders go out under a name of their own, and manifests are counted as
//! they come.

use crate::job::{Job, Scheduler, Standing};
use crate::manifest::{self, Manifest};
use crate::order::Order;
use crate::storage::Storage;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the driver looks.
const LOOK: Duration = Duration::from_millis(100);
/// How long the scheduler may have nothing to say of a job before it counts as gone, or started anew.
const UNANSWERED: Duration = Duration::from_secs(10);
/// How long nobody may take an order.
const UNTAKEN: Duration = Duration::from_mins(10);
/// How long a job may linger once all its manifests are there.
const LINGER: Duration = Duration::from_secs(2);

/// What an attempt waits for, and how long.
pub(crate) struct Attempt<'a> {
    pub(crate) scheduler: &'a Scheduler,
    pub(crate) storage: &'a dyn Storage,
    pub(crate) folder: &'a Path,
    pub(crate) orders: &'a [Order],
    /// Longest silence: no manifest comes for so long.
    pub(crate) silence: Duration,
}

/// What came of an attempt: the manifests, and what the engine had to say if it failed.
pub(crate) struct Outcome {
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) trouble: Option<String>,
}

impl Attempt<'_> {
    /// Hands the orders in and waits until all are answered, or nothing more will come. `progress`
    /// is told the tasks that have been delivered so far.
    pub(crate) async fn run(&self, progress: &dyn Fn(&BTreeSet<String>)) -> Outcome {
        let trouble = match self.scheduler.submit(self.orders).await {
            Ok(mut job) => {
                let (trouble, over) = self.wait(&mut job, progress).await;
                if !over {
                    job.cancel().await;
                }
                trouble
            }
            Err(trouble) => Some(trouble),
        };
        // What the engine says is not believed, what lies there is.
        match manifest::gather(self.storage, self.folder) {
            Ok(manifests) => Outcome { manifests, trouble },
            Err(e) => {
                let trouble = format!("cannot list {}: {e}", self.folder.display());
                Outcome { manifests: Vec::new(), trouble: Some(trouble) }
            }
        }
    }

    /// What went wrong, and whether the job is over.
    async fn wait(
        &self,
        job: &mut Job,
        progress: &dyn Fn(&BTreeSet<String>),
    ) -> (Option<String>, bool) {
        let (mut seen, mut heard) = (0, Instant::now());
        let mut answered = Instant::now();
        loop {
            tokio::time::sleep(LOOK).await;
            let tasks = manifest::tasks(self.storage, self.folder);
            if tasks.len() > seen {
                progress(&tasks);
                (seen, heard) = (tasks.len(), Instant::now());
            }
            let trouble = match job.standing().await {
                Ok(Standing::Running) => {
                    answered = Instant::now();
                    None
                }
                Ok(Standing::Ended) => return (None, true),
                Ok(Standing::Failed) => {
                    return (Some("the engine gave the job up".to_owned()), true);
                }
                Ok(Standing::Unknown) => Some("the scheduler does not know the job".to_owned()),
                Err(trouble) => Some(trouble),
            };
            if trouble.is_some() && answered.elapsed() > UNANSWERED {
                return (trouble, false);
            }
            if seen >= self.orders.len() && heard.elapsed() > LINGER {
                return (None, false);
            }
            if heard.elapsed() > UNTAKEN
                && self.storage.list(self.folder).is_ok_and(|l| l.is_empty())
            {
                return (Some("no executor took an order (are any started?)".to_owned()), false);
            }
            if heard.elapsed() > self.silence {
                let silence = self.silence.as_secs();
                return (Some(format!("nothing was delivered for {silence} s")), false);
            }
        }
    }
}
