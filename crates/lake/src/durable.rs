//! The primitives of durability: sync, rename, replace, remove. Each says on which path it failed.
//!
//! A failed sync is [`LakeError::InDoubt`] and is never tried again: the system reports it once and
//! then calls the pages clean. Every rename is followed by a sync of the folder, because the name
//! lives there.

use crate::{LakeError, crash_point};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, LakeError>;

/// Mode of every file, whatever the umask.
const FILE_MODE: u32 = 0o640;

/// Mode of every folder, whatever the umask.
const FOLDER_MODE: u32 = 0o750;

/// The crash points of replacing a file: written, synced, renamed, folder synced.
pub(crate) type Points = [&'static str; 4];

/// Syncs a file or a folder.
pub(crate) fn sync(path: &Path) -> Result<()> {
    let file = File::open(path).map_err(|source| LakeError::io("open", path, source))?;
    sync_open(&file, path)
}

/// Gives a file or folder made by someone else its mode; before its sync, not after.
pub(crate) fn set_mode(path: &Path) -> Result<()> {
    let mode = if path.is_dir() { FOLDER_MODE } else { FILE_MODE };
    fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(|source| LakeError::io("set the mode of", path, source))
}

/// Makes a folder and those above it, durably, down from `base`, which exists. Syncs also what was
/// there already: whoever made it may have died before its sync.
pub(crate) fn make_folders(base: &Path, path: &Path) -> Result<()> {
    if path == base {
        return Ok(());
    }
    let parent = parent_of(path);
    make_folders(base, parent)?;
    if !path.is_dir() {
        let mut builder = fs::DirBuilder::new();
        let made = builder.mode(FOLDER_MODE).create(path);
        made.map_err(|source| LakeError::io("create folder", path, source))?;
        set_mode(path)?;
    }
    sync(parent)
}

/// An empty folder in the place of whatever was there.
pub(crate) fn fresh_folder(base: &Path, path: &Path) -> Result<()> {
    remove(path)?;
    make_folders(base, path)
}

/// Opens a file for writing without touching what is in it; makes it when it is not there.
pub(crate) fn open_or_make(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE);
    let file = options.open(path).map_err(|source| LakeError::io("open", path, source))?;
    set_mode(path)?;
    Ok(file)
}

/// Renames and syncs the folder that gained the name, then the one that lost it.
pub(crate) fn rename(from: &Path, to: &Path, points: &[&'static str; 2]) -> Result<()> {
    fs::rename(from, to).map_err(|source| LakeError::io("rename into", to, source))?;
    crash_point(points[0]);
    let (gained, lost) = (parent_of(to), parent_of(from));
    sync(gained)?;
    crash_point(points[1]);
    if gained == lost { Ok(()) } else { sync(lost) }
}

/// Writes bytes under a temporary name beside `path`, syncs them, renames them into place and
/// syncs the folder: a reader finds the old bytes or the new ones.
pub(crate) fn replace(path: &Path, bytes: &[u8], points: &Points) -> Result<()> {
    let temporary = beside(path);
    write_synced(&temporary, bytes, &[points[0], points[1]])?;
    rename(&temporary, path, &[points[2], points[3]])
}

/// Writes a new file and syncs its bytes; its name is not durable yet.
pub(crate) fn write_synced(path: &Path, bytes: &[u8], points: &[&'static str; 2]) -> Result<()> {
    let failed = |source| LakeError::Io {
        action: "write",
        path: path.to_owned(),
        needed: u64::try_from(bytes.len()).ok(),
        source,
    };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(FILE_MODE);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    crash_point(points[0]);
    set_mode(path)?;
    sync_open(&file, path)?;
    crash_point(points[1]);
    Ok(())
}

/// Puts a symlink in the place of another in one rename, then syncs the folder.
pub(crate) fn replace_link(path: &Path, target: &Path, points: &[&'static str; 3]) -> Result<()> {
    let temporary = beside(path);
    remove(&temporary)?;
    symlink(target, &temporary).map_err(|source| LakeError::io("link", &temporary, source))?;
    crash_point(points[0]);
    rename(&temporary, path, &[points[1], points[2]])
}

/// Removes a file, a link or a whole folder and syncs the folder it was in. Tells if it was there.
pub(crate) fn remove(path: &Path) -> Result<bool> {
    let failed = |source| LakeError::io("remove", path, source);
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(failed(source)),
    };
    removed.map_err(failed)?;
    sync(parent_of(path))?;
    Ok(true)
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) is_folder: bool,
}

/// What is in a folder, sorted by name; nothing when the folder is not there.
pub(crate) fn list(folder: &Path) -> Result<Vec<Entry>> {
    let failed = |source| LakeError::io("list", folder, source);
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(failed(source)),
    };
    let mut entries = Vec::new();
    for entry in found {
        let entry = entry.map_err(failed)?;
        let is_folder = entry.file_type().map_err(failed)?.is_dir();
        let name = entry.file_name().to_string_lossy().into_owned();
        entries.push(Entry { name, path: entry.path(), is_folder });
    }
    entries.sort();
    Ok(entries)
}

/// The bytes of a file; nothing when it is not there.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(LakeError::io("read", path, source)),
    }
}

/// The temporary name a file is written under before it is renamed to `path`.
fn beside(path: &Path) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(".tmp");
    PathBuf::from(name)
}

fn sync_open(file: &File, path: &Path) -> Result<()> {
    file.sync_all().map_err(|source| LakeError::InDoubt { path: path.to_owned(), source })
}

/// The folder a path is in; `.` for a bare name.
fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests;
