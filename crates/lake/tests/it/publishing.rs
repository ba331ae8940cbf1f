//! What is published: the order of runs, repeats, rollbacks, refusals.

use crate::bank::{
    AT, date, facts, fill, flip, land, night, open, publish, run_id, tree, write_part, write_table,
};
use crate::child::mark;
use lake::{
    LakeError, Published, RecordState, current, latest_before, mark_stale, published,
    published_runs, run_records, stale, verify,
};
use std::fs;
use std::path::Path;

fn seen(published: Option<Published>) -> Option<String> {
    published.map(|published| published.run.to_string())
}

fn now(root: &Path) -> Option<String> {
    seen(current(root).unwrap())
}

fn before(root: &Path, night: &str) -> Option<String> {
    seen(latest_before(root, date(night)).unwrap())
}

fn publish_all(root: &Path, runs: &[(&str, &str)]) {
    let mut lake = open(root).unwrap();
    for (run, night) in runs {
        publish(&mut lake, &run_id(run), date(night)).unwrap();
    }
}

#[test]
fn a_failed_night_marks_what_is_published_until_a_later_one_is() {
    let lake = tempfile::tempdir().unwrap();
    let root = lake.path();
    assert!(!mark_stale(root, &mark("2026-11-18")).unwrap(), "nothing is published");
    publish_all(root, &[("a", "2026-11-19")]);
    for (failed, is_marked) in [("2026-11-18", false), ("2026-11-19", false), ("2026-11-21", true)]
    {
        assert_eq!(mark_stale(root, &mark(failed)).unwrap(), is_marked, "{failed}");
    }
    assert_eq!(stale(root).unwrap(), Some(mark("2026-11-21")));
    publish_all(root, &[("b", "2026-11-20")]);
    assert_eq!(stale(root).unwrap(), Some(mark("2026-11-21")), "the night due is still missing");
    publish_all(root, &[("c", "2026-11-21")]);
    assert_eq!(stale(root).unwrap(), None);
    assert!(!root.join("segments/STALE.json").exists());
}

#[test]
fn a_new_lake_has_nothing_published() {
    let scratch = tempfile::tempdir().unwrap();
    assert_eq!(now(scratch.path()), None);
    let lake = open(&scratch.path().join("lake")).unwrap();
    assert_eq!(now(lake.root()), None);
    assert_eq!(published_runs(lake.root()).unwrap(), []);
    assert_eq!(before(lake.root(), "2026-11-20"), None);
}

#[test]
fn the_same_night_makes_the_same_bytes_and_a_second_run_changes_nothing() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    night(one.path(), "run-1", "2026-11-20").unwrap();
    night(two.path(), "run-1", "2026-11-20").unwrap();
    assert_eq!(tree(one.path()), tree(two.path()));
    night(two.path(), "run-1", "2026-11-20").unwrap();
    publish_all(two.path(), &[("run-1", "2026-11-20")]);
    assert_eq!(tree(one.path()), tree(two.path()));
}

#[test]
fn a_published_run_says_what_it_holds() {
    let lake = tempfile::tempdir().unwrap();
    night(lake.path(), "run-1", "2026-11-20").unwrap();
    let published = current(lake.path()).unwrap().unwrap();
    let table = published.manifest.table("client_segment").unwrap();
    assert_eq!((table.rows, table.files.len()), (10, 2));
    assert_eq!(table.columns, ["REQUIRED INT64 client_id"]);
    let files = published.table_files("client_segment");
    assert_eq!(fs::metadata(&files[0]).unwrap().len(), table.files[0].bytes);
    assert_eq!(published.table_files("none"), Vec::<std::path::PathBuf>::new());
    assert_eq!(verify(lake.path(), &published.run).unwrap().files.len(), 3);
}

#[test]
fn the_latest_before_a_night_is_the_last_published_of_the_night_before() {
    let lake = tempfile::tempdir().unwrap();
    let runs = [("b", "2026-11-18"), ("a", "2026-11-18"), ("c", "2026-11-20"), ("d", "2026-11-19")];
    publish_all(lake.path(), &runs);
    assert_eq!(before(lake.path(), "2026-11-18"), None);
    assert_eq!(before(lake.path(), "2026-11-19").as_deref(), Some("a"));
    assert_eq!(before(lake.path(), "2026-11-20").as_deref(), Some("d"));
    assert_eq!(before(lake.path(), "2026-11-21").as_deref(), Some("c"));
    assert_eq!(now(lake.path()).as_deref(), Some("d"));
    let order: Vec<_> = published_runs(lake.path()).unwrap().into_iter().map(|p| p.run).collect();
    assert_eq!(order, ["b", "a", "c", "d"].map(run_id));
}

#[test]
fn a_rollback_withdraws_what_came_after_and_can_itself_be_taken_back() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    publish_all(root, &[("a", "2026-11-18"), ("b", "2026-11-19"), ("c", "2026-11-20")]);
    let mut lake = open(root).unwrap();
    lake.rollback(&run_id("b"), AT).unwrap();
    assert_eq!(now(root).as_deref(), Some("b"));
    assert_eq!(before(root, "2026-11-21").as_deref(), Some("b"));
    assert!(!lake.is_published(date("2026-11-20"), &run_id("c")).unwrap());
    assert_eq!(published(root, &run_id("c")).unwrap().unwrap().run, run_id("c"));
    assert_eq!(published(root, &run_id("z")).unwrap(), None);
    lake.fill_ledger(AT).unwrap();
    assert_eq!(lake.ledger().runs().unwrap()[2].state.as_str(), "withdrawn");

    lake.rollback(&run_id("c"), AT).unwrap();
    assert_eq!(now(root).as_deref(), Some("c"));
    assert_eq!(before(root, "2026-11-21").as_deref(), Some("c"));
    assert_eq!(run_records(root).unwrap().last().unwrap().seq, 4);
    let states: Vec<_> = run_records(root).unwrap().iter().map(|r| r.state).collect();
    assert_eq!(states, [RecordState::Published; 3]);
    let unknown = lake.rollback(&run_id("z"), AT).unwrap_err();
    assert!(matches!(unknown, LakeError::NotPublished { .. }), "{unknown}");
}

#[test]
fn a_rollback_to_a_damaged_run_is_refused_and_moves_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    publish_all(root, &[("a", "2026-11-18"), ("b", "2026-11-19")]);
    flip(&root.join("segments/data/a/client_xref/part-00000.parquet"));
    let before = tree(root);
    let refused = open(root).unwrap().rollback(&run_id("a"), AT).unwrap_err();
    assert!(matches!(refused, LakeError::Damaged { .. }), "{refused}");
    assert_eq!(tree(root), before);
}

#[test]
fn one_run_id_with_two_contents_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    publish_all(scratch.path(), &[("a", "2026-11-18")]);
    let mut lake = open(scratch.path()).unwrap();
    let refused = publish(&mut lake, &run_id("a"), date("2026-11-19")).unwrap_err();
    assert!(matches!(refused, LakeError::Conflict { .. }), "{refused}");
    assert_eq!(now(scratch.path()).as_deref(), Some("a"));
}

#[test]
fn a_sealed_set_whose_checks_failed_is_discarded() {
    let scratch = tempfile::tempdir().unwrap();
    let lake = open(scratch.path()).unwrap();
    let before = tree(scratch.path());
    let publication = lake.publication(&run_id("a")).unwrap();
    fill(&publication, &run_id("a"));
    let sealed = lake.seal(publication, facts(&run_id("a"), date("2026-11-20"))).unwrap();
    assert_eq!(sealed.manifest().tables.len(), 2);
    assert!(sealed.dir().join("manifest.json").exists());
    lake.discard(&run_id("a")).unwrap();
    assert_eq!(tree(scratch.path()), before);
    assert_eq!(now(scratch.path()), None);
}

#[test]
fn a_set_that_is_not_one_is_not_sealed() {
    let scratch = tempfile::tempdir().unwrap();
    let lake = open(scratch.path()).unwrap();
    let run = run_id("a");
    let seal = |fill: &dyn Fn(&Path), run_of_facts: &str| {
        let publication = lake.publication(&run).unwrap();
        fill(publication.dir());
        lake.seal(publication, facts(&run_id(run_of_facts), date("2026-11-20"))).unwrap_err()
    };
    let staging = |error: LakeError| matches!(error, LakeError::Staging { .. });
    assert!(staging(seal(&|_| (), "a")), "no table");
    assert!(staging(seal(&|dir| write_table(&dir.join("t"), &run, 1), "b")), "another run");
    let mixed = |dir: &Path| {
        write_table(&dir.join("t"), &run, 1);
        write_part(&dir.join("t/part-9.parquet"), "other", &[1]);
    };
    assert!(staging(seal(&mixed, "a")), "two schemas in one table");
    let stray = |dir: &Path| fs::write(dir.join("notes.TXT"), "").unwrap();
    assert!(matches!(seal(&stray, "a"), LakeError::Name { .. }), "a stray file");
}

#[test]
fn collecting_runs_keeps_the_current_one_and_the_one_before() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    let nights = ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
    publish_all(root, &[("a", nights[0]), ("b", nights[1]), ("c", nights[2]), ("d", nights[3])]);
    let mut lake = open(root).unwrap();
    lake.rollback(&run_id("c"), AT).unwrap();
    // The one withdrawn may still be read; it goes once another run is published.
    assert_eq!(lake.gc_runs(0).unwrap().runs, [run_id("a")]);
    publish(&mut lake, &run_id("e"), date("2026-11-20")).unwrap();
    assert_eq!(lake.gc_runs(0).unwrap().runs, [run_id("d"), run_id("b")]);
    let left: Vec<_> = published_runs(root).unwrap().into_iter().map(|p| p.run).collect();
    assert_eq!(left, ["c", "e"].map(run_id));
    assert!(!root.join("segments/data/b").exists());
    let gone = lake.rollback(&run_id("b"), AT).unwrap_err();
    assert!(matches!(gone, LakeError::NotPublished { .. }), "{gone}");
    // A collected run can be made again.
    assert_eq!(publish(&mut lake, &run_id("b"), date(nights[1])).unwrap(), 6);
    assert_eq!(now(root).as_deref(), Some("b"));
}

#[test]
fn what_was_landed_stays_as_long_as_a_run_of_its_time() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    let landed = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
    for date in landed {
        land(root, date);
    }
    fs::create_dir_all(root.join("landing/2026-11-01 kept aside")).unwrap();
    fs::write(root.join("landing/2026-11-02"), "no folder").unwrap();
    let left = || {
        let found = fs::read_dir(root.join("landing")).unwrap();
        let mut names: Vec<String> =
            found.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names.split_off(2)
    };
    assert_eq!(open(root).unwrap().gc_landed().unwrap(), [], "no run, nothing is old");
    publish_all(root, &[("a", landed[1]), ("b", landed[2]), ("c", landed[3])]);
    let mut lake = open(root).unwrap();
    assert_eq!(lake.gc_landed().unwrap(), [date(landed[0])]);
    // A run that readers were led back from may be looked at still.
    lake.rollback(&run_id("b"), AT).unwrap();
    assert_eq!(lake.gc_runs(0).unwrap().runs, []);
    assert_eq!(lake.gc_landed().unwrap(), []);
    assert_eq!(left(), landed[1..]);
    publish(&mut lake, &run_id("d"), date(landed[4])).unwrap();
    assert_eq!(lake.gc_runs(0).unwrap().runs, [run_id("c"), run_id("a")]);
    assert_eq!(lake.gc_landed().unwrap(), [date(landed[1])]);
    assert_eq!(left(), landed[2..]);
    drop(lake);
    // The night after it landed nothing: what was landed last stays.
    publish_all(root, &[("e", "2026-11-21"), ("f", "2026-11-22")]);
    let mut lake = open(root).unwrap();
    lake.gc_runs(0).unwrap();
    assert_eq!(lake.gc_landed().unwrap(), [date(landed[2]), date(landed[3])]);
    assert_eq!(left(), [landed[4]]);
}
