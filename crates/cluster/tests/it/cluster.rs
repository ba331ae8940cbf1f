//! A cluster on loopback: one scheduler and its executors, each with a folder of its own.

use crate::process::{BINARY, LOOK, Process, program, program_at};
use crate::world::Night;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Clusters at work at the same time: a test machine is small.
const AT_ONCE: usize = 2;
/// How long a scheduler may take to listen.
const TO_LISTEN: Duration = Duration::from_secs(30);

static AT_WORK: Mutex<usize> = Mutex::new(0);
static ONE_LESS: Condvar = Condvar::new();

/// A place among the clusters at work.
struct Place;

/// Scheduler and executors; all are killed when dropped.
pub(crate) struct Cluster {
    pub(crate) scheduler: Process,
    pub(crate) executors: Vec<Executor>,
    port: u16,
    tls: Vec<String>,
    drivers: usize,
    // The processes end before the folder goes and the next cluster starts.
    folder: TempDir,
    _place: Place,
}

/// An executor and the folder of its host.
pub(crate) struct Executor {
    pub(crate) process: Process,
    work: PathBuf,
}

/// What to plant in an executor.
pub(crate) type Fault<'a> = Option<&'a str>;

impl Cluster {
    /// A scheduler with `executors`, one slot each.
    pub(crate) fn of(executors: usize) -> Self {
        Self::with(executors, None, &[])
    }

    /// Two executors, both with the same fault planted: it fires once, in whichever meets it first.
    #[cfg(feature = "faults")]
    pub(crate) fn with_fault(fault: &str) -> Self {
        Self::with(2, Some(fault), &[])
    }

    /// A scheduler that shows a certificate, and nobody else yet.
    pub(crate) fn with_tls(shown: &[String]) -> Self {
        Self::with(0, None, shown)
    }

    fn with(executors: usize, fault: Fault<'_>, tls: &[String]) -> Self {
        let place = Place::take();
        let folder = testkit::scratch();
        let (port, scheduler) = first_scheduler(folder.path(), tls);
        let mut cluster = Self {
            scheduler,
            executors: Vec::new(),
            port,
            tls: tls.to_vec(),
            drivers: 0,
            folder,
            _place: place,
        };
        for _ in 0..executors {
            cluster.add_executor(fault);
        }
        cluster
    }

    /// Starts one more executor.
    pub(crate) fn add_executor(&mut self, fault: Fault<'_>) {
        let tls = self.tls.clone();
        self.start_executor(Path::new(BINARY), fault, &tls);
    }

    /// Starts one more executor that shows other certificates than the rest, or none.
    pub(crate) fn add_executor_with(&mut self, tls: &[String]) {
        self.start_executor(Path::new(BINARY), None, tls);
    }

    /// Starts one more executor, of another file than the rest.
    pub(crate) fn add_executor_of(&mut self, file: &Path) {
        self.start_executor(file, None, &[]);
    }

    fn start_executor(&mut self, file: &Path, fault: Fault<'_>, tls: &[String]) {
        let name = format!("executor-{}", self.executors.len());
        let work = self.folder.path().join(&name);
        let mut args = vec!["executor".to_owned(), "--slots".into(), "1".into()];
        args.extend(["--scheduler-port".into(), self.port.to_string()]);
        args.extend(["--work-dir".into(), work.to_str().unwrap().to_owned()]);
        args.extend_from_slice(tls);
        let mut command = program_at(file, &args);
        if let Some(fault) = fault {
            let log = self.folder.path().join("fault");
            command.env("CLIENTELE_FAULT", fault).env("CLIENTELE_FAULT_LOG", log);
        }
        let process = Process::start(self.folder.path(), &name, &mut command);
        self.executors.push(Executor { process, work });
    }

    /// Starts the scheduler again, where it was.
    pub(crate) fn restart_scheduler(&mut self) {
        self.scheduler.kill();
        self.scheduler = scheduler(self.folder.path(), self.port, &self.tls);
        assert!(listens(&mut self.scheduler, self.port), "{}", self.scheduler.said());
    }

    /// Starts a night on the cluster.
    pub(crate) fn start(&mut self, night: &Night, lake: &Path, more: &[&str]) -> Process {
        let tls = self.tls.clone();
        self.start_with(night, lake, more, &tls)
    }

    /// Starts a night whose driver shows other certificates than the rest, or none.
    pub(crate) fn start_with(
        &mut self,
        night: &Night,
        lake: &Path,
        more: &[&str],
        tls: &[String],
    ) -> Process {
        self.drivers += 1;
        let port = self.port.to_string();
        let mut args = night.args(lake);
        for (option, value) in
            [("--scheduler-port", port.as_str()), ("--silence", "60"), ("--attempts", "4")]
        {
            if !more.contains(&option) {
                args.extend([option.to_owned(), value.to_owned()]);
            }
        }
        args.extend(more.iter().map(ToString::to_string));
        args.extend_from_slice(tls);
        let name = format!("driver-{}", self.drivers);
        Process::start(self.folder.path(), &name, &mut program(&args))
    }

    /// Deletes the folders of executors that have died: their hosts do not come back. How many died.
    pub(crate) fn bury(&mut self) -> usize {
        let mut dead = 0;
        for executor in &mut self.executors {
            if executor.process.has_ended() {
                dead += 1;
                let _ = std::fs::remove_dir_all(&executor.work);
            }
        }
        dead
    }

    /// How many tasks each executor has finished, in the engine's words.
    pub(crate) fn finished(&self) -> Vec<usize> {
        let count = |e: &Executor| e.process.said().matches("Finished task").count();
        self.executors.iter().map(count).collect()
    }

    /// What a planted fault has left behind, once it has fired.
    #[cfg(feature = "faults")]
    pub(crate) fn fired(&self) -> Option<String> {
        let said = std::fs::read_to_string(self.folder.path().join("fault")).ok()?;
        said.ends_with('\n').then_some(said)
    }
}

impl Place {
    fn take() -> Self {
        let mut taken = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken == AT_ONCE {
            taken = ONE_LESS.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *AT_WORK.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ONE_LESS.notify_one();
    }
}

/// A scheduler on a free port: another program may take the port first, so several are tried.
fn first_scheduler(folder: &Path, tls: &[String]) -> (u16, Process) {
    for _ in 0..3 {
        let port = free_port();
        let mut process = scheduler(folder, port, tls);
        if listens(&mut process, port) {
            return (port, process);
        }
    }
    panic!("no scheduler listens");
}

fn scheduler(folder: &Path, port: u16, tls: &[String]) -> Process {
    let mut args = vec!["scheduler".to_owned(), "--port".into(), port.to_string()];
    args.extend(["--executor-timeout".into(), "10".into()]);
    args.extend_from_slice(tls);
    Process::start(folder, "scheduler", &mut program(&args))
}

/// Whether a process comes to listen on a port.
pub(crate) fn listens(process: &mut Process, port: u16) -> bool {
    let since = Instant::now();
    while since.elapsed() < TO_LISTEN && !process.has_ended() {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(LOOK);
    }
    false
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
