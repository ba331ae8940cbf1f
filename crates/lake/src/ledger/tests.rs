use super::*;
use crate::Lake;
use serde_json::json;

fn lake() -> (tempfile::TempDir, Lake) {
    let scratch = tempfile::tempdir().unwrap();
    let mut lake = Lake::open(scratch.path()).unwrap();
    lake.recover("t0").unwrap();
    (scratch, lake)
}

fn run(name: &str) -> RunId {
    RunId::new(name).unwrap()
}

fn date() -> BusinessDate {
    "2026-11-20".parse().unwrap()
}

#[test]
fn a_failed_attempt_and_the_one_after_it_are_both_kept() {
    let (scratch, lake) = lake();
    let ledger = lake.ledger();
    let stage =
        StageCost { stage: "load".into(), key: "k".into(), rows_in: 7, ..Default::default() };
    let input = InputCounts { source: "cards".into(), rows_read: 9, ..Default::default() };
    ledger.begin_run(&run("a"), date(), "t1").unwrap();
    ledger.record_stage(&run("a"), &stage).unwrap();
    let (message, summary) = (Some("reject limit"), &json!({"rejects": 3}));
    let end =
        RunEnd { state: RunState::Failed, seq: None, exit_code: 8, at: "t2", message, summary };
    ledger.end_run(&run("a"), &end).unwrap();

    ledger.begin_run(&run("a"), date(), "t3").unwrap();
    assert_eq!(ledger.stages(&run("a")).unwrap(), []);
    ledger.record_input(&run("a"), &input).unwrap();
    let end =
        RunEnd { state: RunState::Published, seq: Some(1), exit_code: 0, message: None, ..end };
    ledger.end_run(&run("a"), &end).unwrap();

    let rows = read_ledger(scratch.path()).unwrap().unwrap().runs().unwrap();
    let states: Vec<_> = rows.iter().map(|r| (r.state, r.exit_code, r.seq)).collect();
    let expected = [(RunState::Failed, Some(8), None), (RunState::Published, Some(0), Some(1))];
    assert_eq!(states, expected);
    assert_eq!(rows[0].message.as_deref(), Some("reject limit"));
    assert_eq!(rows[0].summary, json!({"rejects": 3}));
    assert_eq!(ledger.inputs(&run("a")).unwrap(), [input]);
}

#[test]
fn what_was_read_of_a_feed_is_kept_in_a_ledger_that_had_no_place_for_it_too() {
    let (scratch, lake) = lake();
    lake.ledger().connection().execute_batch("DROP TABLE arrivals").unwrap();
    drop(lake);
    let mut lake = Lake::open(scratch.path()).unwrap();
    lake.recover("t1").unwrap();
    let arrival = Arrival {
        source: "cards".into(),
        feed: "card".into(),
        file: "CRD_20261119_2.txt".into(),
        source_as_of: "2026-11-19".parse().unwrap(),
        due: date(),
        superseded: vec!["CRD_20261119_1.txt".into()],
    };
    lake.ledger().begin_run(&run("a"), date(), "t2").unwrap();
    lake.ledger().record_arrival(&run("a"), &arrival).unwrap();
    let ledger = read_ledger(scratch.path()).unwrap().unwrap();
    assert_eq!(ledger.arrivals(&run("a")).unwrap(), [arrival]);
}

#[test]
fn what_is_recorded_of_a_run_that_never_began_is_refused() {
    let (_scratch, lake) = lake();
    let error = lake.ledger().record_stage(&run("a"), &StageCost::default()).unwrap_err();
    assert!(matches!(error, LakeError::Ledger { .. }), "{error}");
}

#[test]
fn the_audit_is_append_only() {
    let (_scratch, lake) = lake();
    lake.ledger().audit("approve", "t1", "risk office", &json!({"run": "a"})).unwrap();
    let connection = lake.ledger().connection();
    for sql in ["UPDATE audit SET who = 'x'", "DELETE FROM audit"] {
        let refused = connection.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    drop(connection);
    assert_eq!(lake.ledger().audit_trail().unwrap()[0].who, "risk office");
}

#[test]
fn an_attempt_that_died_is_marked_at_the_next_start() {
    let (scratch, lake) = lake();
    lake.ledger().begin_run(&run("a"), date(), "t1").unwrap();
    drop(lake);
    Lake::open(scratch.path()).unwrap().recover("t2").unwrap();
    let rows = read_ledger(scratch.path()).unwrap().unwrap().runs().unwrap();
    assert_eq!(rows[0].state, RunState::Interrupted);
    assert_eq!(rows[0].ended_at.as_deref(), Some("t2"));
}

#[test]
fn a_ledger_of_another_version_is_refused_and_left_alone() {
    let (scratch, lake) = lake();
    lake.ledger().connection().execute_batch("PRAGMA user_version = 9").unwrap();
    drop(lake);
    let refused = Lake::open(scratch.path()).unwrap_err();
    assert!(matches!(refused, LakeError::Version { found: 9, expected: 1, .. }), "{refused}");
    assert!(read_ledger(scratch.path()).is_err());
}

#[test]
fn a_damaged_ledger_is_set_aside() {
    let (scratch, lake) = lake();
    drop(lake);
    let path = scratch.path().join("ledger.sqlite");
    std::fs::write(&path, "not a database at all, but long enough to be read as one").unwrap();
    let mut lake = Lake::open(scratch.path()).unwrap();
    assert!(lake.recover("t").unwrap().ledger_rebuilt);
    assert_eq!(lake.ledger().runs().unwrap(), []);
    assert!(scratch.path().join("ledger.sqlite.damaged").exists());
}
