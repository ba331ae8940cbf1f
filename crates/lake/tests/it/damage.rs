//! Damage is found, named, and never published upon.

use crate::bank::{flip, night, open, publish, run_id};
use lake::{Fault, Lake, LakeError, current, published_runs, verify};
use std::fs;
use std::path::{Path, PathBuf};

const PART: &str = "client_segment/part-00001.parquet";

fn published() -> tempfile::TempDir {
    let lake = tempfile::tempdir().unwrap();
    night(lake.path(), "run-1", "2026-11-19").unwrap();
    night(lake.path(), "run-2", "2026-11-20").unwrap();
    lake
}

fn data(root: &Path, name: &str) -> PathBuf {
    root.join("segments/data/run-2").join(name)
}

/// Damages the published run and expects one verdict, and recovery to stop at it.
fn check(damage: impl Fn(&Path), name: &str, expect: &Fault) {
    let lake = published();
    damage(lake.path());
    let verification = verify(lake.path(), &run_id("run-2")).unwrap();
    let faults: Vec<_> = verification.faults().cloned().collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(
        (faults[0].path.as_path(), faults[0].fault.as_ref()),
        (Path::new(name), Some(expect))
    );
    assert!(verify(lake.path(), &run_id("run-1")).unwrap().is_whole());

    let refused = open(lake.path()).unwrap_err();
    let LakeError::Damaged { path, fault } = &refused else { panic!("{refused}") };
    assert_eq!((path, fault), (&data(lake.path(), name), expect));
    let mut lake = Lake::open(lake.path()).unwrap();
    let unrecovered = publish(&mut lake, &run_id("run-3"), "2026-11-21".parse().unwrap());
    assert!(matches!(unrecovered, Err(LakeError::NotRecovered { .. })));
}

#[test]
fn a_flipped_byte_is_found() {
    check(|root| flip(&data(root, PART)), PART, &Fault::Digest);
}

#[test]
fn a_truncated_file_is_found() {
    let (whole, cut) = (tempfile::tempdir().unwrap(), 10);
    night(whole.path(), "run-2", "2026-11-20").unwrap();
    let expected = fs::metadata(data(whole.path(), PART)).unwrap().len();
    let truncate = |root: &Path| {
        let file = fs::OpenOptions::new().write(true).open(data(root, PART)).unwrap();
        file.set_len(cut).unwrap();
    };
    check(truncate, PART, &Fault::Size { expected, found: cut });
}

#[test]
fn a_missing_file_is_found() {
    check(|root| fs::remove_file(data(root, PART)).unwrap(), PART, &Fault::Missing);
}

#[test]
fn a_file_no_manifest_names_is_found() {
    let extra = "client_segment/part-00002.parquet";
    check(|root| fs::write(data(root, extra), "").unwrap(), extra, &Fault::Unlisted);
}

#[test]
fn a_flipped_byte_in_the_manifest_is_found() {
    check(|root| flip(&data(root, "manifest.json")), "manifest.json", &Fault::Malformed);
}

#[test]
fn a_manifest_from_elsewhere_is_found() {
    let swap = |root: &Path| {
        let other = tempfile::tempdir().unwrap();
        let mut lake = open(other.path()).unwrap();
        publish(&mut lake, &run_id("run-2"), "2026-11-18".parse().unwrap()).unwrap();
        fs::copy(data(other.path(), "manifest.json"), data(root, "manifest.json")).unwrap();
    };
    check(swap, "manifest.json", &Fault::Digest);
}

#[test]
fn a_lost_or_torn_pointer_stops_the_next_night() {
    let lake = published();
    let pointer = lake.path().join("segments/CURRENT");
    for torn in ["", "run-2", "RUN\n", "run-2\nrun-1\n"] {
        fs::write(&pointer, torn).unwrap();
        assert!(matches!(current(lake.path()), Err(LakeError::Damaged { .. })), "{torn}");
        assert!(matches!(open(lake.path()), Err(LakeError::Damaged { .. })), "{torn}");
    }
    fs::remove_file(&pointer).unwrap();
    let lost = Fault::PointerLost { last: run_id("run-2") };
    let refused = open(lake.path()).unwrap_err();
    assert!(matches!(&refused, LakeError::Damaged { fault, .. } if *fault == lost), "{refused}");
    fs::write(&pointer, "run-2\n").unwrap();
    open(lake.path()).unwrap();
}

#[test]
fn a_damaged_record_stops_the_next_night_until_it_is_removed() {
    let lake = published();
    let record = lake.path().join("segments/runs/run-2.json");
    flip(&record);
    assert!(matches!(open(lake.path()), Err(LakeError::Damaged { path, .. }) if path == record));
    fs::remove_file(&record).unwrap();
    open(lake.path()).unwrap();
    assert_eq!(published_runs(lake.path()).unwrap().len(), 2);
}

#[test]
fn lost_records_never_cost_the_runs_they_named() {
    let lake = published();
    night(lake.path(), "run-3", "2026-11-21").unwrap();
    let copied = lake.path().join("segments/data/run-0");
    crate::bank::copy(&data(lake.path(), ""), &copied);
    fs::remove_file(lake.path().join("segments/runs/run-2.json")).unwrap();
    let refused = open(lake.path()).unwrap_err();
    assert!(matches!(refused, LakeError::Damaged { fault: Fault::Missing, .. }), "{refused}");
    assert!(data(lake.path(), PART).exists());
}

#[test]
fn without_its_ledger_a_lake_publishes_and_remembers_what_is_published() {
    let lake = published();
    fs::remove_file(lake.path().join("ledger.sqlite")).unwrap();
    night(lake.path(), "run-3", "2026-11-21").unwrap();
    let rows = lake::read_ledger(lake.path()).unwrap().unwrap().runs().unwrap();
    let story: Vec<_> = rows.iter().map(|r| (r.run.as_str(), r.state.as_str(), r.seq)).collect();
    let expected =
        [("run-1", "published", 1), ("run-2", "published", 2), ("run-3", "published", 3)];
    assert_eq!(story, expected.map(|(run, state, seq)| (run, state, Some(seq))));
}

#[test]
fn a_run_that_was_never_published_is_not_verified() {
    let lake = published();
    let unknown = verify(lake.path(), &run_id("run-7")).unwrap_err();
    assert!(matches!(unknown, LakeError::NotPublished { .. }), "{unknown}");
}
