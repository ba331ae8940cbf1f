//! Shared storage: what every machine of the cluster sees. A POSIX folder today; object storage can
//! follow behind the same trait.

use std::io;
use std::path::{Path, PathBuf};

/// Storage that the driver and all executors share. Names are paths below one root.
pub trait Storage: Send + Sync {
    /// Makes a folder and all above it.
    fn make_root(&self, folder: &Path) -> io::Result<()>;
    /// Makes an empty folder; fails when its parent is gone, so that what comes too late is refused.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Writes a small file whole or not at all: readers never see half of it.
    fn put(&self, path: &Path, text: &str) -> io::Result<()>;
    /// Reads a small file.
    fn get(&self, path: &Path) -> io::Result<String>;
    /// The names in a folder, sorted.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Gives a file its final name.
    fn adopt(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a folder and all below it; nothing there is no error.
    fn remove(&self, folder: &Path) -> io::Result<()>;
    /// Where the worker of this machine finds a path.
    fn local(&self, path: &Path) -> PathBuf;
}

/// A folder that is mounted at the same place on every machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SharedFolder;

impl Storage for SharedFolder {
    fn make_root(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir(folder)
    }

    fn put(&self, path: &Path, text: &str) -> io::Result<()> {
        let unfinished = path.with_extension("tmp");
        std::fs::write(&unfinished, text)?;
        std::fs::rename(&unfinished, path)
    }

    fn get(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn adopt(&self, from: &Path, to: &Path) -> io::Result<()> {
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::rename(from, to)
    }

    fn remove(&self, folder: &Path) -> io::Result<()> {
        match std::fs::remove_dir_all(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    fn local(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_and_an_attempt_that_is_over_takes_nothing_more() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("attempt");
        SharedFolder.make_folder(&folder).unwrap();
        SharedFolder.put(&folder.join("a.json"), "{}").unwrap();
        assert_eq!(SharedFolder.list(&folder).unwrap(), ["a.json"]);
        let home = root.path().join("table/part.json");
        SharedFolder.adopt(&folder.join("a.json"), &home).unwrap();
        assert_eq!(SharedFolder.get(&home).unwrap(), "{}");
        SharedFolder.remove(&folder).unwrap();
        SharedFolder.remove(&folder).unwrap();
        assert!(SharedFolder.make_folder(&folder.join("late")).is_err());
        assert!(SharedFolder.put(&folder.join("late.json"), "{}").is_err());
    }
}
