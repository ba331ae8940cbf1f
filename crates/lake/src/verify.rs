//! Checking files against their digests.

use crate::digest::{digest_file, two_at_a_time};
use crate::layout::{Layout, MANIFEST};
use crate::manifest::{self, FileRecord, Manifest};
use crate::record;
use crate::{Fault, LakeError, RunId, durable};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What was found of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileVerdict {
    /// The file, below the run's folder.
    pub path: PathBuf,
    /// What is wrong with it; nothing when it is whole.
    pub fault: Option<Fault>,
}

/// What was found of a published run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The run.
    pub run: RunId,
    /// One verdict for every file that is there or should be, by path.
    pub files: Vec<FileVerdict>,
}

impl Verification {
    /// Whether every file is there, is what the manifest says, and no other is.
    pub fn is_whole(&self) -> bool {
        self.faults().next().is_none()
    }

    /// The files something is wrong with.
    pub fn faults(&self) -> impl Iterator<Item = &FileVerdict> {
        self.files.iter().filter(|file| file.fault.is_some())
    }
}

/// Compares every file of a published run with the manifest, and the manifest with the run record.
/// A manifest that is not whole is a verdict, not an error; without one the run is not published.
pub fn verify(root: &Path, run: &RunId) -> Result<Verification, LakeError> {
    let layout = Layout::new(root);
    let manifest = match manifest::read::<Manifest>(&layout.manifest_of(run)) {
        Ok(Some(whole)) if is_recorded(&layout, run, &whole.blake3)? => Ok(whole.value),
        Ok(Some(_)) => Err(Fault::Digest),
        Ok(None) if !layout.data_of(run).is_dir() => {
            return Err(LakeError::NotPublished { run: run.clone(), root: root.to_owned() });
        }
        Ok(None) => Err(Fault::Missing),
        Err(LakeError::Damaged { fault, .. }) => Err(fault),
        Err(error) => return Err(error),
    };
    let files = match manifest {
        Ok(manifest) => check_run(&layout.data_of(run), &manifest)?,
        Err(fault) => vec![FileVerdict { path: MANIFEST.into(), fault: Some(fault) }],
    };
    Ok(Verification { run: run.clone(), files })
}

/// A run's files as its manifest names them, ready to compare.
pub(crate) fn check_run(folder: &Path, manifest: &Manifest) -> Result<Vec<FileVerdict>, LakeError> {
    let expected = manifest.tables.iter().flat_map(|table| {
        let within = |file: &FileRecord| format!("{}/{}", table.name, file.name);
        table.files.iter().map(move |file| Expected { name: within(file), file })
    });
    check_files(folder, &expected.collect::<Vec<_>>(), &[MANIFEST])
}

/// One file a folder should hold, by its path below the folder.
pub(crate) struct Expected<'a> {
    pub(crate) name: String,
    pub(crate) file: &'a FileRecord,
}

/// Compares a folder with the files it should hold. `known` are files vouched for elsewhere.
pub(crate) fn check_files(
    folder: &Path,
    expected: &[Expected<'_>],
    known: &[&str],
) -> Result<Vec<FileVerdict>, LakeError> {
    let mut verdicts = two_at_a_time(expected, |expected| {
        let fault = fault_of(&folder.join(&expected.name), expected.file)?;
        Ok(FileVerdict { path: PathBuf::from(&expected.name), fault })
    })?;
    let named: BTreeSet<&str> = expected.iter().map(|e| e.name.as_str()).collect();
    let vouched = |name: &str| named.contains(name) || known.contains(&name);
    let found = files_below(folder, "")?;
    verdicts.extend(
        found
            .into_iter()
            .filter(|name| !vouched(name))
            .map(|name| FileVerdict { path: PathBuf::from(name), fault: Some(Fault::Unlisted) }),
    );
    verdicts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(verdicts)
}

/// Whether the run record, when there is one, was written for this manifest.
fn is_recorded(layout: &Layout, run: &RunId, blake3: &str) -> Result<bool, LakeError> {
    let record = record::read(layout, run)?;
    Ok(record.is_none_or(|record| record.manifest_blake3 == blake3))
}

fn fault_of(path: &Path, expected: &FileRecord) -> Result<Option<Fault>, LakeError> {
    let (found, blake3) = match digest_file(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Some(Fault::Missing)),
        Err(source) => return Err(LakeError::io("read", path, source)),
    };
    if found != expected.bytes {
        return Ok(Some(Fault::Size { expected: expected.bytes, found }));
    }
    Ok((blake3 != expected.blake3).then_some(Fault::Digest))
}

/// Paths of all files below a folder, with `/` between folders.
fn files_below(folder: &Path, prefix: &str) -> Result<Vec<String>, LakeError> {
    let mut found = Vec::new();
    for entry in durable::list(folder)? {
        let name = format!("{prefix}{}", entry.name);
        if entry.is_folder {
            found.extend(files_below(&entry.path, &format!("{name}/"))?);
        } else {
            found.push(name);
        }
    }
    Ok(found)
}
