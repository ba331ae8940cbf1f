//! What the file system under a lake can do: everything that publishing relies on, tried in a folder
//! that is removed again. It takes no lock of the lake and touches none of its files.

use crate::LakeError;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Syncs of which the median is told.
const SYNCS: usize = 20;

/// Bytes of a file that is synced.
const BLOCK: usize = 4096;

/// What the file system did with one thing that publishing relies on: nothing, or why it did not.
pub type Outcome = Result<(), String>;

/// What a lake's file system can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The folder it was tried in: the lake, or the nearest folder above it that is there.
    pub folder: PathBuf,
    /// Whether the lake is there.
    pub is_there: bool,
    /// A rename puts a file in the place of another in one step.
    pub rename: Outcome,
    /// link(2) gives a file a second name.
    pub link: Outcome,
    /// A lock that one holds is refused to another.
    pub lock: Outcome,
    /// Median seconds of a sync of 4 KiB and its folder; none when a sync failed.
    pub sync_seconds: Option<f64>,
    /// Bytes free to this user.
    pub free_bytes: u64,
    /// Files that may still be made; none where the file system does not count them.
    pub free_inodes: Option<u64>,
    /// Permission bits of the folder.
    pub mode: u32,
}

/// Tries the file system under the lake at `root`. `clock` tells seconds since some fixed point.
pub fn probe(root: &Path, clock: &dyn Fn() -> f64) -> Result<Probe, LakeError> {
    let folder = nearest(root);
    let failed = |action, source| LakeError::io(action, &folder, source);
    let found = fs::metadata(&folder).map_err(|e| failed("look at", e))?;
    let space = rustix::fs::statvfs(&folder).map_err(|e| failed("measure", e.into()))?;
    let scratch = Scratch::new(&folder).map_err(|e| failed("write into", e))?;
    let told = |tried: io::Result<()>| tried.map_err(|error| error.to_string());
    Ok(Probe {
        is_there: root.is_dir(),
        rename: told(scratch.rename()),
        link: told(scratch.link()),
        lock: told(scratch.lock()),
        sync_seconds: scratch.sync(clock).ok(),
        free_bytes: space.f_bavail.saturating_mul(space.f_frsize),
        free_inodes: (space.f_files > 0).then_some(space.f_favail),
        mode: found.mode() & 0o7777,
        folder: folder.clone(),
    })
}

/// The lake's folder, or the nearest one above it that is there.
fn nearest(root: &Path) -> PathBuf {
    let there = root.ancestors().find(|path| path.is_dir());
    there.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// A folder that is removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!(".probe-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    fn write(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        fs::write(&path, text)?;
        Ok(path)
    }

    fn rename(&self) -> io::Result<()> {
        let (new, old) = (self.write("new", "new")?, self.write("old", "old")?);
        fs::rename(&new, &old)?;
        holds(!new.exists() && fs::read(&old)? == b"new", "the old file is still there")
    }

    fn link(&self) -> io::Result<()> {
        let (file, second) = (self.write("file", "text")?, self.0.join("second"));
        fs::hard_link(&file, &second)?;
        holds(fs::metadata(&second)?.nlink() == 2, "the link is a copy")
    }

    fn lock(&self) -> io::Result<()> {
        let path = self.write("lock", "")?;
        let open = || OpenOptions::new().read(true).write(true).open(&path);
        let (first, second) = (open()?, open()?);
        first.lock()?;
        match second.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error),
            Ok(()) => holds(false, "a lock that is held was given away again"),
        }
    }

    /// The median time of a sync, as publishing does it: the file, then its folder.
    fn sync(&self, clock: &dyn Fn() -> f64) -> io::Result<f64> {
        let mut seconds = Vec::new();
        for n in 0..SYNCS {
            let mut file = File::create(self.0.join(format!("sync-{n}")))?;
            file.write_all(&[0; BLOCK])?;
            let begun = clock();
            file.sync_all()?;
            File::open(&self.0)?.sync_all()?;
            seconds.push(clock() - begun);
        }
        seconds.sort_by(f64::total_cmp);
        Ok(seconds[SYNCS / 2])
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is told by the next probe, which cannot make it again.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn holds(fact: bool, otherwise: &str) -> io::Result<()> {
    if fact { Ok(()) } else { Err(io::Error::other(otherwise)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_sound_file_system_holds_and_nothing_is_left() {
        let scratch = tempfile::tempdir().unwrap();
        let ticks = Cell::new(0.0);
        let clock = || {
            ticks.set(ticks.get() + 0.5);
            ticks.get()
        };
        let probe = probe(&scratch.path().join("not/yet"), &clock).unwrap();
        assert_eq!(probe.folder, scratch.path());
        assert!(!probe.is_there);
        assert_eq!((probe.rename, probe.link, probe.lock), (Ok(()), Ok(()), Ok(())));
        assert_eq!(probe.sync_seconds, Some(0.5));
        assert!(probe.free_bytes > 0);
        assert_eq!(scratch.path().read_dir().unwrap().count(), 0);
    }
}
