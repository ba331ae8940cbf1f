//! A folder with a job, its extracts and its lake, and the binary to run on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use testkit::{copy_tree, repo_root};

/// The business date of the sample bank.
pub(crate) const AS_OF: &str = "2026-11-20";

/// A copy of the sample job with a lake of its own.
pub(crate) struct World {
    folder: TempDir,
}

/// How a command ended.
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    /// Jobs and extracts of the sample bank, copied so that a test may spoil them.
    pub(crate) fn sample() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_tree(&repo_root().join("jobs"), &folder.path().join("jobs"));
        copy_tree(
            &repo_root().join("data-samples/night"),
            &folder.path().join("data-samples/night"),
        );
        Self { folder }
    }

    /// Jobs of the repository, and a bank of its own.
    pub(crate) fn synthetic(clients: &str, nights: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_tree(&repo_root().join("jobs"), &folder.path().join("jobs"));
        let world = Self { folder };
        let out = world.path("data-samples");
        let out = out.to_str().unwrap();
        let args = [
            "--clients",
            clients,
            "--seed",
            "11",
            "--as-of",
            AS_OF,
            "--nights",
            nights,
            "--out",
            out,
        ];
        let told = command(&[&["synth"], &args[..]].concat());
        assert_eq!(told.code, 0, "{}", told.stderr);
        world
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub(crate) fn job(&self) -> String {
        self.path("jobs/nightly.toml").to_str().unwrap().to_owned()
    }

    /// An extract of the sample night.
    pub(crate) fn extract(&self, file: &str) -> PathBuf {
        self.path("data-samples/night/20261120").join(file)
    }

    /// Runs the sample night.
    pub(crate) fn night(&self, more: &[&str]) -> Told {
        self.night_of(AS_OF, more)
    }

    pub(crate) fn night_of(&self, as_of: &str, more: &[&str]) -> Told {
        let job = self.job();
        command(&[&["run", &job, "--as-of", as_of, "--progress", "none"], more].concat())
    }

    /// A command on the job.
    pub(crate) fn ask(&self, name: &str, more: &[&str]) -> Told {
        let job = self.job();
        command(&[&[name, &job], more].concat())
    }

    /// A published table as CSV.
    pub(crate) fn csv(&self, table: &str) -> String {
        let told = self.ask("show", &[table, "--csv"]);
        assert_eq!(told.code, 0, "{}", told.stderr);
        told.stdout
    }

    /// Every file of the published set with its bytes, by its name in the set.
    pub(crate) fn published(&self) -> Vec<(String, Vec<u8>)> {
        let current = self.path("lake/segments/current").canonicalize().unwrap();
        let mut files = Vec::new();
        collect(&current, &current, &mut files);
        files.sort();
        files
    }

    /// Whether anything is published.
    pub(crate) fn is_published(&self) -> bool {
        self.path("lake/segments/CURRENT").exists()
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
}

/// The binary with these arguments.
pub(crate) fn clientele(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientele"));
    command.args(args).env("NO_COLOR", "1");
    command
}

/// Runs the binary to its end.
pub(crate) fn command(args: &[&str]) -> Told {
    told(&clientele(args).output().unwrap())
}

fn told(output: &Output) -> Told {
    Told {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout.clone()).unwrap(),
        stderr: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

/// A column of a CSV text without quoted fields.
pub(crate) fn column(csv: &str, name: &str) -> Vec<String> {
    let mut lines = csv.lines();
    let at = lines.next().unwrap().split(',').position(|c| c == name).unwrap();
    lines.map(|line| line.split(',').nth(at).unwrap().to_owned()).collect()
}
