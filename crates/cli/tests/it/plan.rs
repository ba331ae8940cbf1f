//! `plan`: what a night would do, on the real binary, and that it does nothing.

use crate::world::{AS_OF, Told, World};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::SystemTime;
use testkit::files_below;

/// Every file below a folder with its length and time: what a command that changes nothing leaves.
fn listing(folder: &Path) -> Vec<(String, u64, SystemTime)> {
    if !folder.exists() {
        return Vec::new();
    }
    let entry = |path: std::path::PathBuf| {
        let found = fs::symlink_metadata(&path).unwrap();
        (path.display().to_string(), found.len(), found.modified().unwrap())
    };
    files_below(folder).into_iter().map(entry).collect()
}

/// Plans the sample night, and holds the lake to what it was.
fn plan(world: &World, more: &[&str]) -> (Told, Value) {
    let lake = world.path("lake");
    let before = listing(&lake);
    let there = lake.exists();
    let told =
        world.ask("plan", &[&["--as-of", AS_OF, "--json", "--detailed-exitcode"], more].concat());
    assert_eq!(listing(&lake), before, "a plan changes nothing");
    assert_eq!(lake.exists(), there);
    let record = serde_json::from_str(&told.stdout).unwrap_or(Value::Null);
    (told, record)
}

fn fates(record: &Value) -> Vec<(String, String)> {
    let stages = record["night"]["stages"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    stages.iter().map(|stage| (text(&stage["stage"]), text(&stage["fate"]))).collect()
}

#[test]
fn a_plan_says_what_the_night_then_does() {
    let world = World::sample();
    let (told, record) = plan(&world, &[]);
    assert_eq!((told.code, &record["result"]), (5, &"run".into()), "{}", told.stderr);
    assert!(fates(&record).iter().all(|(_, fate)| fate == "run"), "{record}");
    let customers = &record["files"][0];
    assert_eq!((&customers["rows"], &customers["missing"]), (&1335.into(), &Value::Null));
    let loans = record["files"].as_array().unwrap().iter().find(|f| f["feed"] == "loan").unwrap();
    assert_eq!(loans["rows"], 276, "the trailer tells");

    let night = world.night(&["--json"]);
    let summary: Value = serde_json::from_str(&night.stdout).unwrap();
    assert_eq!(summary["run"], record["night"]["run"]);
    let (told, record) = plan(&world, &[]);
    assert_eq!((told.code, &record["result"]), (0, &"unchanged".into()), "{}", told.stderr);

    // Another scoring file: what was loaded and resolved is used again, and the plan knows it.
    let scoring = world.path("jobs/scoring/standard.toml");
    let text = fs::read_to_string(&scoring).unwrap();
    fs::write(&scoring, text.replacen("horizon_months = 60", "horizon_months = 48", 1)).unwrap();
    let (told, record) = plan(&world, &[]);
    assert_eq!(told.code, 5, "{}", told.stderr);
    let night = world.night(&["--json"]);
    let summary: Value = serde_json::from_str(&night.stdout).unwrap();
    let done: Vec<(String, String)> = summary["stages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|s| s["stage"] != "publish")
        .map(|s| {
            let fate = if s["reused"] == true { "reuse" } else { "run" };
            (s["stage"].as_str().unwrap().to_owned(), fate.to_owned())
        })
        .collect();
    assert_eq!(fates(&record), done);
    assert!(done.iter().any(|(_, fate)| fate == "reuse"), "{done:?}");
    assert!(done.iter().any(|(_, fate)| fate == "run"), "{done:?}");
}

#[test]
fn a_plan_needs_no_lock() {
    let world = World::sample();
    fs::create_dir_all(world.path("lake")).unwrap();
    let lock = fs::File::create(world.path("lake/.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(plan(&world, &[]).0.code, 5);
}

#[test]
fn missing_files_are_9_and_all_of_them_are_told() {
    let world = World::sample();
    fs::remove_file(world.extract("DEP_20261120.OK")).unwrap();
    fs::remove_file(world.extract("LN_LOAN_20261120.csv")).unwrap();
    let (told, record) = plan(&world, &[]);
    assert_eq!((told.code, &record["result"]), (9, &"waiting".into()), "{}", told.stderr);
    let files = record["files"].as_array().unwrap();
    let missing = files.iter().filter(|file| !file["missing"].is_null()).count();
    assert_eq!(missing, 8, "seven feeds of the flag, and the loans");
    assert_eq!(record["night"], Value::Null);
    let text = world.ask("plan", &["--as-of", AS_OF]);
    assert_eq!(text.code, 9);
    assert!(
        text.stdout.contains("DEP_20261120.OK") && text.stdout.contains("LN_LOAN_20261120.csv")
    );
    assert!(text.stdout.lines().last().unwrap().starts_with("RESULT plan waiting code=9"));
}

#[test]
fn changed_columns_are_8_and_a_diff() {
    let world = World::sample();
    let file = world.extract("care_contact_20261120.csv");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("\"way\"", "\"channel\"", 1)).unwrap();
    let told = world.ask("plan", &["--as-of", AS_OF]);
    assert_eq!(told.code, 8, "{}", told.stderr);
    assert!(told.stdout.contains("care.contact"), "{}", told.stdout);
    assert!(told.stdout.contains("- way, + channel in its place (renamed?)"), "{}", told.stdout);
    let (_, record) = plan(&world, &[]);
    assert_eq!(record["result"], "drift");
}

#[test]
fn a_night_is_run_as_planned_or_not_at_all() {
    let world = World::sample();
    let file = world.path("plan.json").display().to_string();
    let (told, _) = plan(&world, &["-o", &file]);
    assert_eq!(told.code, 5, "{}", told.stderr);

    let scoring = world.path("jobs/scoring/standard.toml");
    let text = fs::read_to_string(&scoring).unwrap();
    fs::write(&scoring, text.replacen("horizon_months = 60", "horizon_months = 48", 1)).unwrap();
    let told = world.night(&["--plan", &file]);
    assert_eq!(told.code, 8, "{}", told.stderr);
    assert!(
        told.stderr.contains("not as planned: the scoring file has changed;"),
        "{}",
        told.stderr
    );
    assert!(!world.is_published());
    fs::write(&scoring, text).unwrap();

    let told = world.night(&["--plan", &file]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let told = world.night(&["--plan", &file]);
    assert_eq!(told.code, 8, "{}", told.stderr);
    assert!(told.stderr.contains("the run is published by now"), "{}", told.stderr);

    fs::write(&file, "{}").unwrap();
    let told = world.night(&["--plan", &file]);
    assert_eq!(told.code, 64, "{}", told.stderr);
    assert!(told.stderr.contains("plan.json is no plan of a night: "), "{}", told.stderr);
}
