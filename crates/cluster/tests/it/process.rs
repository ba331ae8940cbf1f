//! A process of a test: what it says goes to files, and it never outlives the test.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest time that any process may take to end.
const LONGEST: Duration = Duration::from_mins(4);
/// How often a test looks.
pub(crate) const LOOK: Duration = Duration::from_millis(20);
/// How much of a log is shown when a test fails.
const TAIL: usize = 20;

/// A running process, killed when dropped.
pub(crate) struct Process {
    name: String,
    child: Child,
    out: PathBuf,
    log: PathBuf,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The binary under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_clientele-cluster");

/// The binary under test with these arguments, as the test wants its surroundings.
pub(crate) fn program<S: AsRef<OsStr>>(args: &[S]) -> Command {
    program_at(Path::new(BINARY), args)
}

/// As [`program`], for another file.
pub(crate) fn program_at<S: AsRef<OsStr>>(file: &Path, args: &[S]) -> Command {
    let mut command = Command::new(file);
    command.args(args).current_dir(testkit::repo_root()).stdin(Stdio::null());
    command.env("NO_COLOR", "1").env("RUST_LOG", "info");
    command.env_remove("CLIENTELE_FAULT").env_remove("CLIENTELE_FAULT_LOG");
    command
}

impl Process {
    /// Starts a command; its words go to `<name>.out` and `<name>.log` in a folder.
    pub(crate) fn start(folder: &Path, name: &str, command: &mut Command) -> Self {
        let [out, log] = ["out", "log"].map(|end| folder.join(format!("{name}.{end}")));
        let (to_out, to_log) = (File::create(&out).unwrap(), File::create(&log).unwrap());
        let child = command.stdout(to_out).stderr(to_log).spawn().unwrap();
        Self { name: name.to_owned(), child, out, log }
    }

    /// What it has said so far, on its standard error.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// As a host that loses power.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits until it has said what is waited for.
    pub(crate) fn wait_until(&mut self, said: impl Fn(&str) -> bool) {
        let since = Instant::now();
        while !said(&self.said()) {
            assert!(!self.has_ended(), "{} has ended before it said so", self.name);
            assert!(since.elapsed() < LONGEST, "{} never said so", self.name);
            std::thread::sleep(LOOK);
        }
    }

    /// Waits for its end; `meanwhile` is called again and again.
    pub(crate) fn end(&mut self, meanwhile: &mut dyn FnMut()) -> Told {
        let since = Instant::now();
        while !self.has_ended() {
            assert!(since.elapsed() < LONGEST, "{} has not ended in time", self.name);
            meanwhile();
            std::thread::sleep(LOOK);
        }
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        let stdout = std::fs::read_to_string(&self.out).unwrap();
        Told { code, stdout, stderr: self.said() }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let said = self.said();
            let lines: Vec<&str> = said.lines().collect();
            let from = lines.len().saturating_sub(TAIL);
            eprintln!("--- {} said at last:\n{}", self.name, lines[from..].join("\n"));
        }
    }
}

impl Told {
    /// The one line that says what went wrong.
    pub(crate) fn error(&self) -> &str {
        let errors: Vec<&str> =
            self.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        let [error] = errors.as_slice() else { panic!("not one error line: {}", self.stderr) };
        error
    }

    /// Ended well, or the test fails with what was said.
    pub(crate) fn is_well(&self) {
        assert_eq!(self.code, 0, "{}", self.stderr);
    }
}
