//! Stage tables: found again by content, and only when whole.

use crate::bank::{KEY, date, flip, load, open, run_id, tree, write_part, write_table};
use lake::{Lake, LakeError, StageRecord};
use serde_json::json;
use std::fs;

const NIGHT: &str = "2026-11-20";

fn lake() -> (tempfile::TempDir, Lake) {
    let scratch = tempfile::tempdir().unwrap();
    let lake = open(scratch.path()).unwrap();
    (scratch, lake)
}

fn find(lake: &Lake, key: &str) -> Option<StageRecord> {
    lake.find_stage(date(NIGHT), "load", key).unwrap()
}

#[test]
fn a_finished_stage_is_found_by_its_key_alone() {
    let (_scratch, lake) = lake();
    let made = load(&lake, &run_id("run-1"), date(NIGHT)).unwrap();
    assert_eq!(find(&lake, KEY), Some(made.clone()));
    assert_eq!(find(&lake, "k2"), None);
    assert_eq!(lake.find_stage(date("2026-11-19"), "load", KEY).unwrap(), None);
    let party = made.table("party").unwrap();
    assert_eq!((party.rows(), party.paths().len()), (10, 2));
    assert!(party.paths().iter().all(|path| path.exists()));
    assert_eq!(made.note, json!({"rows": 15}));
    // Another run of the same content takes it as it is.
    assert_eq!(load(&lake, &run_id("run-2"), date(NIGHT)).unwrap().run, run_id("run-1"));
}

#[test]
fn a_stage_with_a_damaged_missing_or_extra_file_is_not_found_and_runs_again() {
    let damages: [fn(&std::path::Path); 4] = [
        |table| flip(&table.join("part-00000.parquet")),
        |table| fs::remove_file(table.join("part-00000.parquet")).unwrap(),
        |table| fs::write(table.join("part-00009.parquet"), "").unwrap(),
        |table| fs::remove_dir_all(table).unwrap(),
    ];
    for damage in damages {
        let (scratch, lake) = lake();
        let made = load(&lake, &run_id("run-1"), date(NIGHT)).unwrap();
        let whole = tree(scratch.path());
        damage(&made.table("party").unwrap().dir);
        assert_eq!(find(&lake, KEY), None);
        load(&lake, &run_id("run-1"), date(NIGHT)).unwrap();
        lake.discard(&run_id("run-1")).unwrap();
        let mut again = tree(scratch.path());
        again.retain(|name, _| whole.contains_key(name));
        assert_eq!(again.len(), tree(scratch.path()).len());
        assert!(find(&lake, KEY).is_some());
    }
}

#[test]
fn a_stage_whose_record_was_edited_or_moved_is_not_found() {
    let (scratch, lake) = lake();
    load(&lake, &run_id("run-1"), date(NIGHT)).unwrap();
    let records = scratch.path().join(format!("tables/.stages/as_of={NIGHT}/load"));
    fs::copy(records.join("k1.json"), records.join("k2.json")).unwrap();
    assert_eq!(find(&lake, "k2"), None);
    flip(&records.join("k1.json"));
    assert_eq!(find(&lake, KEY), None);
    assert_eq!(fs::read_dir(records).unwrap().count(), 0);
}

#[test]
fn what_is_not_a_table_is_refused() {
    let (_scratch, lake) = lake();
    let run = run_id("run-1");
    let finish = |tables: &[&str]| {
        lake.finish_stage(date(NIGHT), &run, "load", KEY, tables, json!(null)).unwrap_err()
    };
    let folder = lake.stage_dir(&run, "load").unwrap();
    assert!(matches!(finish(&["party"]), LakeError::Staging { .. }), "no files");
    write_table(&folder.join("party"), &run, 1);
    fs::write(folder.join("party/_SUCCESS"), "").unwrap();
    assert!(matches!(finish(&["party"]), LakeError::Staging { .. }), "a stray file");
    fs::remove_file(folder.join("party/_SUCCESS")).unwrap();
    fs::write(folder.join("party/part-9.parquet"), "PAR1").unwrap();
    assert!(matches!(finish(&["party"]), LakeError::Parquet { .. }), "a torn file");
    assert!(matches!(finish(&["account"]), LakeError::Staging { .. }), "a table not named");
    assert!(matches!(finish(&["../party"]), LakeError::Name { .. }), "a way out");
    assert!(matches!(lake.stage_dir(&run, "publish"), Err(LakeError::Name { .. })));
    assert_eq!(find(&lake, KEY), None);
}

#[test]
fn an_empty_table_is_a_file_without_rows() {
    let (_scratch, lake) = lake();
    let run = run_id("run-1");
    let folder = lake.stage_dir(&run, "load").unwrap();
    fs::create_dir(folder.join("rejects")).unwrap();
    write_part(&folder.join("rejects/part-0.parquet"), "row", &[]);
    let tables = ["rejects"];
    let made = lake.finish_stage(date(NIGHT), &run, "load", KEY, &tables, json!(null)).unwrap();
    assert_eq!(made.tables[0].rows(), 0);
    assert!(find(&lake, KEY).is_some());
}

#[test]
fn collecting_keeps_what_a_kept_stage_names_and_nothing_else() {
    let (scratch, lake) = lake();
    load(&lake, &run_id("run-1"), date("2026-11-19")).unwrap();
    load(&lake, &run_id("run-2"), date(NIGHT)).unwrap();
    let orphan = scratch.path().join(format!("tables/party/as_of={NIGHT}/run-0"));
    fs::create_dir(&orphan).unwrap();
    let collected = lake.gc_tables(|_, _, _| true).unwrap();
    assert_eq!((collected.stages, collected.tables), (0, 1));
    let collected = lake.gc_tables(|night, stage, key| {
        assert_eq!((stage, key), ("load", KEY));
        night == date(NIGHT)
    });
    let collected = collected.unwrap();
    assert_eq!((collected.stages, collected.tables), (1, 2));
    assert!(find(&lake, KEY).is_some());
    assert!(!scratch.path().join("tables/party/as_of=2026-11-19").exists());
    assert!(!orphan.exists());
}
