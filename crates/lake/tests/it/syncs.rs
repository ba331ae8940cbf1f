//! K6 and E1: every published file is synced before its rename and every folder after; a failed
//! sync ends the run in doubt and is never tried again. They watch the child with strace.

use crate::bank::tree;
use crate::child::{child_under, run};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NIGHT: &str = "night run-1 2026-11-20";

pub(crate) fn has_strace() -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    let works = works.is_ok_and(|status| status.success());
    if !works {
        println!("skipped: strace is not installed or may not trace here");
    }
    works
}

/// One call of interest, with absolute paths.
#[derive(Debug)]
enum Call {
    Sync(PathBuf),
    FailedSync(PathBuf),
    Rename(PathBuf, PathBuf),
}

/// Runs the night on a lake under strace and returns its exit code and its calls in order.
fn watch(root: &Path, inject: &[&str]) -> (Option<i32>, Vec<Call>) {
    let log = root.with_extension("strace");
    let path = log.to_str().unwrap();
    let mut program = vec!["strace", "-f", "-qq", "-y", "-s", "4096", "-o", path];
    program.extend(["-e", "trace=fsync,fdatasync,rename,renameat,renameat2"]);
    program.extend(inject);
    let status = child_under(&program, root, NIGHT).status().unwrap();
    let text = fs::read_to_string(&log).unwrap();
    let mut unfinished = BTreeMap::new();
    let calls = text.lines().filter_map(|line| parse(line, &mut unfinished));
    let scratch = root.parent().unwrap();
    (status.code(), calls.filter(|call| call.path().starts_with(scratch)).collect())
}

impl Call {
    fn path(&self) -> &Path {
        match self {
            Self::Sync(path) | Self::FailedSync(path) | Self::Rename(_, path) => path,
        }
    }
}

/// The call a line tells of, when it has ended; two threads interrupt each other's lines.
fn parse(line: &str, unfinished: &mut BTreeMap<String, PathBuf>) -> Option<Call> {
    if !line.contains("sync") {
        let mut quoted = line.split('"').skip(1).step_by(2).map(PathBuf::from);
        return Some(Call::Rename(quoted.next()?, quoted.next()?));
    }
    let thread = line.split_whitespace().next()?.to_owned();
    let path = if line.contains("resumed>") {
        unfinished.remove(&thread)?
    } else {
        line.split_once('<')?.1.split_once('>')?.0.into()
    };
    if line.contains("<unfinished") {
        unfinished.insert(thread, path);
        return None;
    }
    Some(if line.contains("INJECTED") { Call::FailedSync(path) } else { Call::Sync(path) })
}

/// Whether a file was synced, under this name or an earlier one.
fn was_synced(calls: &[Call], path: &Path) -> bool {
    let mut name = path.to_owned();
    calls.iter().rev().any(|call| {
        if let Call::Rename(from, to) = call
            && let Ok(below) = name.strip_prefix(to)
        {
            name = if below.as_os_str().is_empty() { from.clone() } else { from.join(below) };
        }
        matches!(call, Call::Sync(synced) if *synced == name)
    })
}

#[test]
fn every_file_is_synced_before_its_rename_and_its_folder_after() {
    if !has_strace() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().join("lake");
    let (code, calls) = watch(&root, &[]);
    assert_eq!(code, Some(0));
    let files: Vec<PathBuf> = tree(&root).into_keys().map(|name| root.join(name)).collect();
    let mut renames = 0;
    for (index, call) in calls.iter().enumerate() {
        let Call::Rename(from, to) = call else { continue };
        renames += 1;
        let synced_after = |path: &Path| {
            calls[index..].iter().any(|call| matches!(call, Call::Sync(synced) if synced == path))
        };
        // The parts of a stage table may be lost: their digests tell, and the stage is made again.
        let may_be_lost = |file: &Path| {
            let part = file.is_dir() || file.extension().is_some_and(|e| e == "parquet");
            file.starts_with(root.join("tables")) && part
        };
        let moved = files.iter().filter(|file| file.starts_with(to) && !file.is_symlink());
        for file in moved.filter(|file| !may_be_lost(file)) {
            assert!(was_synced(&calls[..=index], file), "{} not synced before", file.display());
        }
        for folder in [from.parent().unwrap(), to.parent().unwrap()] {
            assert!(synced_after(folder), "{} not synced after", folder.display());
        }
    }
    // Two stage tables and their manifest; the set's manifest, the set, pointer, link, record.
    assert_eq!(renames, 8);
}

/// Whether the last call is one of SQLite, on its files or, right after them, on their folder:
/// what it makes of a failure is its own affair, and no publishing depends on it.
fn of_the_ledger(calls: &[Call]) -> bool {
    let of_sqlite = |call: &Call| {
        call.path().file_name().unwrap().to_str().unwrap().starts_with("ledger.sqlite")
    };
    calls.iter().rev().take(2).any(of_sqlite)
}

#[test]
fn a_failed_sync_ends_in_doubt_is_never_tried_again_and_a_rerun_mends_it() {
    if !has_strace() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let golden = scratch.path().join("golden");
    run(&golden, NIGHT).unwrap();
    let mut failed = BTreeSet::new();
    for nth in 1.. {
        let root = scratch.path().join(format!("lake-{nth}"));
        let inject = format!("inject=fsync,fdatasync:error=EIO:when={nth}");
        let (code, calls) = watch(&root, &["-e", &inject]);
        let at = calls.iter().position(|call| matches!(call, Call::FailedSync(_)));
        let Some(at) = at else {
            assert_eq!(code, Some(0));
            break;
        };
        if !of_the_ledger(&calls[..=at]) {
            let path = calls[at].path();
            assert_eq!(code, Some(12), "sync {nth} of {}", path.display());
            let again =
                calls[at..].iter().any(|c| matches!(c, Call::Sync(synced) if synced == path));
            assert!(!again, "sync {nth} of {} was tried again", path.display());
            failed.insert(path.strip_prefix(scratch.path()).unwrap().to_owned());
        }
        run(&root, NIGHT).unwrap();
        assert_eq!(tree(&root), tree(&golden), "sync {nth}");
    }
    assert!(failed.len() > 10, "only {failed:?} failed");
}
