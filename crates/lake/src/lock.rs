//! One writer: a lock of the operating system on `.lock`, which dies with its process.

use crate::{LakeError, durable};
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// Holds the lock until dropped. The file stays: it is never removed by hand or by us.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock at once or tells who holds it.
    pub(crate) fn take(path: &Path) -> Result<Self, LakeError> {
        let mut file = durable::open_or_make(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LakeError::Locked { path: path.to_owned(), holder: holder(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(LakeError::io("lock", path, source)),
        }
        sign(&mut file).map_err(|source| LakeError::io("write", path, source))?;
        Ok(Self { file })
    }
}

/// Closing the file is not enough: a process that is just being started has a copy of it, and would
/// hold the lock until it has become another program.
impl Drop for Lock {
    fn drop(&mut self) {
        // What cannot be unlocked is unlocked with the process.
        let _ = self.file.unlock();
    }
}

/// Leaves our process number for whoever finds the lock taken; only a hint, so never synced.
fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_with_the_holders_number_until_the_first_is_dropped() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join(".lock");
        let first = Lock::take(&path).unwrap();
        let refused = Lock::take(&path).unwrap_err();
        let own = std::process::id();
        assert!(matches!(refused, LakeError::Locked { holder: Some(pid), .. } if pid == own));
        assert!(refused.to_string().contains(&format!("locked by process {own}")), "{refused}");
        drop(first);
        Lock::take(&path).unwrap();
    }
}
