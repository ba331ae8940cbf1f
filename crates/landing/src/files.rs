//! The files of a landing: written under another name, synced, renamed. Readable by owner and group,
//! whatever the umask.

use crate::count::Rows;
use crate::error::Cause;
use crate::receipt::{Landed, Receipt, Wanted};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Mode of every file.
const FILE_MODE: u32 = 0o640;
/// Mode of every folder.
const FOLDER_MODE: u32 = 0o750;
/// Bytes written at a time.
const CHUNK: usize = 1 << 20;
/// What stands behind the name of a file that is not whole yet.
const PART: &str = "part";
/// What stands behind the name of a flag.
const FLAG: &str = "OK";
/// The name of a receipt.
const RECEIPT: &str = "landed.json";

/// The folder of a source and a date.
pub(crate) struct Folder {
    path: PathBuf,
}

/// A file while its rows come.
pub(crate) struct Part {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    bytes: u64,
    rows: Rows,
    hasher: blake3::Hasher,
}

impl Folder {
    /// The folder at `path`; it need not be there yet.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// What was landed here in answer to the same queries, if all of it is still there.
    pub(crate) fn landed(&self, wanted: &[Wanted]) -> Option<Vec<Landed>> {
        let receipt = Receipt::parse(&fs::read(self.path.join(RECEIPT)).ok()?)?;
        let there = |landed: &Landed| {
            let size = fs::metadata(self.path.join(&landed.file)).map(|found| found.len()).ok();
            let flag = fs::read_to_string(self.flag(&landed.file)).ok();
            size == Some(landed.bytes) && flag == Some(landed.flag())
        };
        (receipt.answers(wanted) && receipt.feeds.iter().all(there)).then_some(receipt.feeds)
    }

    /// Makes the folder and those above it, down from `base`, durably.
    pub(crate) fn make(&self, base: &Path) -> Result<(), Cause> {
        make_folders(base, &self.path)
    }

    /// A file to write to under another name.
    pub(crate) fn part(&self, file: &str) -> Result<Part, Cause> {
        let path = with(&self.path.join(file), PART);
        let file = open_new(&path)?;
        Ok(Part {
            path,
            file,
            buffer: Vec::with_capacity(CHUNK),
            bytes: 0,
            rows: Rows::default(),
            hasher: blake3::Hasher::new(),
        })
    }

    /// Puts files that are whole under their names. The receipt of what was there before goes first
    /// and that of these files comes last: without one, nothing here counts.
    pub(crate) fn put(&self, landed: &[Landed]) -> Result<(), Cause> {
        remove(&self.path.join(RECEIPT))?;
        sync_folder(&self.path)?;
        for one in landed {
            let path = self.path.join(&one.file);
            rename(&with(&path, PART), &path)?;
            write_whole(&self.flag(&one.file), one.flag().as_bytes())?;
        }
        sync_folder(&self.path)?;
        write_whole(&self.path.join(RECEIPT), &Receipt::new(landed.to_vec()).text())?;
        sync_folder(&self.path)?;
        self.clear_but(landed)
    }

    /// Removes what earlier landings left under other names: nobody reads it, and it holds clients.
    fn clear_but(&self, landed: &[Landed]) -> Result<(), Cause> {
        let failed = |source| io("list", &self.path, source);
        let keep = |name: &str| {
            let flag = name.strip_suffix(FLAG).and_then(|name| name.strip_suffix('.'));
            let of = |one: &Landed| one.file == name || Some(one.file.as_str()) == flag;
            name == RECEIPT || landed.iter().any(of)
        };
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && !entry.file_name().to_str().is_some_and(keep) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes what is not whole.
    pub(crate) fn clear_parts(&self, wanted: &[Wanted]) {
        for one in wanted {
            // What stays is overwritten by the next landing.
            let _ = remove(&with(&self.path.join(&one.file), PART));
        }
    }

    fn flag(&self, file: &str) -> PathBuf {
        with(&self.path.join(file), FLAG)
    }
}

impl Part {
    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        if self.buffer.len() + bytes.len() > CHUNK {
            self.flush()?;
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// Syncs what came, when it is as many rows as the server counts.
    pub(crate) fn finish(mut self, wanted: &Wanted, declared: u64) -> Result<Landed, Cause> {
        self.flush()?;
        let found = self.rows.without_names();
        if found != declared {
            return Err(Cause::Rows { found, declared });
        }
        self.file.sync_all().map_err(|source| io("sync", &self.path, source))?;
        Ok(Landed {
            feed: wanted.feed.clone(),
            file: wanted.file.clone(),
            rows: found,
            bytes: self.bytes,
            blake3: self.hasher.finalize().to_hex().to_string(),
            query: wanted.digest(),
        })
    }

    fn flush(&mut self) -> Result<(), Cause> {
        self.file.write_all(&self.buffer).map_err(|source| io("write", &self.path, source))?;
        self.hasher.update(&self.buffer);
        self.rows.take(&self.buffer);
        self.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

fn make_folders(base: &Path, path: &Path) -> Result<(), Cause> {
    if path == base || path.as_os_str().is_empty() {
        return Ok(());
    }
    let parent = path.parent().unwrap_or(base);
    make_folders(base, parent)?;
    let failed = |source| io("create folder", path, source);
    match DirBuilder::new().mode(FOLDER_MODE).create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => made.map_err(failed)?,
    }
    fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE)).map_err(failed)?;
    sync_folder(parent)
}

fn open_new(path: &Path) -> Result<File, Cause> {
    remove(path)?;
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(FILE_MODE).open(path);
    let file = opened.map_err(|source| io("create", path, source))?;
    let mode = file.set_permissions(Permissions::from_mode(FILE_MODE));
    mode.map_err(|source| io("set the mode of", path, source))?;
    Ok(file)
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Cause> {
    let part = with(path, PART);
    let mut file = open_new(&part)?;
    file.write_all(bytes).map_err(|source| io("write", &part, source))?;
    file.sync_all().map_err(|source| io("sync", &part, source))?;
    rename(&part, path)
}

fn rename(from: &Path, to: &Path) -> Result<(), Cause> {
    fs::rename(from, to).map_err(|source| io("rename into", to, source))
}

fn remove(path: &Path) -> Result<(), Cause> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io("remove", path, error)),
        _ => Ok(()),
    }
}

fn sync_folder(path: &Path) -> Result<(), Cause> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    synced.map_err(|source| io("sync", path, source))
}

/// A name with an ending behind it.
fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn io(action: &'static str, path: &Path, source: std::io::Error) -> Cause {
    Cause::Io { action, path: path.to_owned(), source }
}
