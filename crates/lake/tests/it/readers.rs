//! C4: readers during publishing see one set, whole.

use crate::bank::{date, open, publish, run_id};
use lake::{RunId, current, digest_file};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// One reading: whole, or of a set that was superseded twice and collected meanwhile.
enum Reading {
    Whole(RunId),
    Collected,
    Torn(String),
}

/// Reads every file of the set a folder holds and compares it with the manifest of that run.
fn read(folder: &Path, expected: &BTreeMap<PathBuf, String>, run: RunId) -> Reading {
    for (name, blake3) in expected {
        match digest_file(&folder.join(name)) {
            Ok((_, found)) if found == *blake3 => {}
            Ok(_) => return Reading::Torn(format!("{} of {run}", name.display())),
            Err(_) if !folder.join("manifest.json").exists() || !folder.exists() => {
                return Reading::Collected;
            }
            Err(error) => return Reading::Torn(format!("{} of {run}: {error}", name.display())),
        }
    }
    Reading::Whole(run)
}

fn files(published: &lake::Published) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for table in &published.manifest.tables {
        for file in &table.files {
            files.insert(Path::new(&table.name).join(&file.name), file.blake3.clone());
        }
    }
    files
}

/// By the pointer: what the library's readers do.
fn by_pointer(root: &Path) -> Reading {
    match current(root) {
        Ok(published) => {
            let published = published.unwrap();
            read(&published.dir, &files(&published), published.run)
        }
        Err(error) => Reading::Torn(error.to_string()),
    }
}

/// By the link, resolved once: what any other reader does.
fn by_link(root: &Path) -> Reading {
    let folder = root.join("segments").join(fs::read_link(root.join("segments/current")).unwrap());
    let run = RunId::new(folder.file_name().unwrap().to_str().unwrap()).unwrap();
    let Ok(text) = fs::read(folder.join("manifest.json")) else { return Reading::Collected };
    let Ok(manifest) = serde_json::from_slice::<lake::Manifest>(&text) else {
        return Reading::Torn(format!("manifest of {run}"));
    };
    let published = lake::Published { run: run.clone(), dir: folder.clone(), manifest };
    read(&folder, &files(&published), run)
}

fn read_until(
    stop: &AtomicBool,
    root: &Path,
    how: fn(&Path) -> Reading,
) -> (usize, BTreeMap<RunId, usize>) {
    let (mut collected, mut whole) = (0, BTreeMap::new());
    while !stop.load(Ordering::SeqCst) {
        match how(root) {
            Reading::Whole(run) => *whole.entry(run).or_insert(0) += 1,
            Reading::Collected => collected += 1,
            Reading::Torn(what) => panic!("torn: {what}"),
        }
    }
    (collected, whole)
}

#[test]
fn readers_during_fifty_publishes_see_no_torn_set() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    let mut lake = open(root).unwrap();
    publish(&mut lake, &run_id("run-0"), date("2026-11-20")).unwrap();
    let stop = &AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let readers = [by_pointer as fn(&Path) -> Reading, by_link];
        let readers = readers.map(|how| scope.spawn(move || read_until(stop, root, how)));
        for number in 1..=50 {
            publish(&mut lake, &run_id(&format!("run-{number}")), date("2026-11-20")).unwrap();
            lake.gc_runs(2).unwrap();
        }
        stop.store(true, Ordering::SeqCst);
        readers.map(|reader| reader.join().unwrap())
    });
    for (collected, whole) in seen {
        let reads: usize = whole.values().sum();
        assert!(reads > 50 && whole.len() > 5, "{reads} reads of {} runs", whole.len());
        assert!(collected < reads / 10, "{collected} of {reads} met a collected run");
    }
    assert_eq!(fs::read_dir(root.join("segments/data")).unwrap().count(), 2);
}
