//! `validate` with places, `doctor`, `contract`: on the real binary.

use crate::world::{World, command};
use serde_json::Value;
use std::fs;
use testkit::repo_root;

/// Changes a file of the job, validates, and gives what was said as text and as JSON.
fn slip(file: &str, from: &str, to: &str) -> (String, Value) {
    let world = World::sample();
    // No data is touched: there is none.
    fs::remove_dir_all(world.path("data-samples")).unwrap();
    let path = world.path("jobs").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} holds {from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let told = world.ask("validate", &[]);
    assert_eq!(told.code, 64, "{}", told.stderr);
    let json = world.ask("validate", &["--json"]);
    assert!(!world.path("lake").exists());
    let place = world.path("jobs").display().to_string();
    let record: Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(record["file"].as_str().unwrap().ends_with(file), "{record}");
    (told.stderr.replace(&place, "jobs"), record)
}

/// The line that a record speaks of.
fn line_of(file: &str, record: &Value) -> String {
    let text = fs::read_to_string(repo_root().join("jobs").join(file)).unwrap();
    let line = usize::try_from(record["line"].as_u64().unwrap()).unwrap();
    text.lines().nth(line - 1).unwrap().to_owned()
}

#[test]
fn a_sound_job_is_valid_without_its_data() {
    let world = World::sample();
    fs::remove_dir_all(world.path("data-samples")).unwrap();
    let told = world.ask("validate", &[]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert!(!world.path("lake").exists());
}

#[test]
fn an_unknown_key_is_shown_in_its_line() {
    let (told, record) = slip("nightly.toml", "currency = \"CNY\"", "curency = \"CNY\"");
    assert!(told.contains(" --> jobs/nightly.toml:7:1\n"), "{told}");
    assert!(told.contains("7 | curency = \"CNY\"\n  | ^^^^^^^\n"), "{told}");
    assert!(record["message"].as_str().unwrap().contains("unknown field `curency`"), "{record}");
    assert_eq!((&record["line"], &record["column"]), (&7.into(), &1.into()));
}

#[test]
fn a_mapping_is_shown_by_feed_table_and_column() {
    let (told, record) =
        slip("sources/deposits.toml", "party_key = \"joint_cust_no\"", "party_key = \"no_such\"");
    assert!(
        told.contains("source `deposits`, feed `account`, table 3 `role`, column `party_key`"),
        "{told}"
    );
    assert!(told.contains("| party_key = \"no_such\""), "{told}");
    assert_eq!(line_of("sources/deposits.toml", &record), "party_key = \"joint_cust_no\"");
}

#[test]
fn a_condition_that_is_no_sql_is_shown() {
    let (told, record) = slip(
        "sources/deposits.toml",
        "where = \"cust_stat <> 'T'\"",
        "where = \"cust_stat <> <>\"",
    );
    assert!(told.contains("feed `customer`, key `where`"), "{told}");
    assert!(line_of("sources/deposits.toml", &record).starts_with("where = "));
}

#[test]
fn our_own_checks_are_shown_too() {
    let (told, record) =
        slip("sources/cards.toml", "unique = [\"card_no\"]", "unique = [\"card_nr\"]");
    assert!(told.contains("unique = [\"card_nr\"]"), "{told}");
    assert!(line_of("sources/cards.toml", &record).starts_with("unique"));
    let (_, record) = slip("scoring/standard.toml", "top_ppm = 200000", "top_ppm = 2000000");
    assert!(line_of("scoring/standard.toml", &record).contains("top_ppm"), "{record}");
    let (told, record) = slip("nightly.toml", "trust = [\"deposits\"", "trust = [\"deposit\"");
    assert!(told.contains("^^^^^^^^^"), "{told}");
    assert!(line_of("nightly.toml", &record).starts_with("trust"), "{record}");
    // What only the gate refuses.
    let (_, record) = slip("sources/loans.toml", "prefix = \"HDR,\"", "prefix = \"\"");
    assert!(line_of("sources/loans.toml", &record).starts_with("header"), "{record}");
}

#[test]
fn the_doctor_looks_at_machine_job_and_lake() {
    let world = World::sample();
    let verdicts = |record: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let checks = record["checks"].as_array().unwrap().iter();
        checks.map(|c| (text(&c["check"]), text(&c["verdict"]))).collect()
    };
    let of = |world: &World| {
        let told = world.ask("doctor", &["--json"]);
        let record: Value = serde_json::from_str(&told.stdout).unwrap();
        assert_eq!(record["code"], told.code);
        (told.code, record)
    };
    let (code, record) = of(&world);
    assert!(code == 0 || code == 4, "{record}");
    for what in [
        "binary",
        "processors",
        "memory",
        "open files",
        "clock",
        "job",
        "extracts",
        "last run",
        "rename",
        "link",
        "lock",
        "sync",
        "space",
    ] {
        assert!(verdicts(&record).iter().any(|(check, _)| check == what), "{what}: {record}");
    }
    assert!(!world.path("lake").exists(), "the doctor makes no lake");

    fs::remove_dir_all(world.path("data-samples")).unwrap();
    let (code, record) = of(&world);
    assert_eq!(code, 16, "{record}");
    assert!(verdicts(&record).contains(&("extracts".into(), "FAIL".into())), "{record}");

    let job = fs::read_to_string(world.job()).unwrap();
    fs::write(world.job(), job.replacen("currency", "curency", 1)).unwrap();
    let (code, record) = of(&world);
    assert_eq!(code, 16);
    assert!(record.to_string().contains("nightly.toml:7:1"), "{record}");
    assert!(command(&["doctor"]).stdout.contains("RESULT doctor"));
}

#[test]
fn a_contract_is_proposed_and_shown() {
    let world = World::sample();
    let file = world.extract("LN_LOAN_20261120.csv");
    let told = command(&["contract", "infer", file.to_str().unwrap(), "--system", "lending"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    for part in [
        "system = \"lending\"",
        "name = \"ln_loan\"",
        "file = \"LN_LOAN_{date}.csv\"",
        "total_field = 3",
        "# guess: ",
    ] {
        assert!(told.stdout.contains(part), "{part}: {}", told.stdout);
    }
    let proposed = world.path("proposed.toml");
    fs::write(&proposed, &told.stdout).unwrap();
    let shown = command(&["contract", "show", proposed.to_str().unwrap(), "--odcs"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let record: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(record["id"], "clientele:source:lending");

    let flag = world.extract("DEP_20261120.OK");
    fs::write(&flag, "one\nlonger line\n").unwrap();
    let told = command(&["contract", "infer", flag.to_str().unwrap()]);
    assert_eq!(told.code, 8, "{}", told.stderr);
    assert!(told.stderr.contains("has no shape that is known"), "{}", told.stderr);
}

#[test]
fn every_preset_maps_to_tables_that_the_engine_accepts() {
    let world = World::sample();
    let job = fs::read_to_string(world.job()).unwrap();
    let presets = fs::read_dir(world.path("jobs/presets")).unwrap();
    let mut names: Vec<String> =
        presets.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let list: Vec<String> = names.iter().map(|name| format!("    \"presets/{name}\",\n")).collect();
    let list = list.concat();
    let with_presets = job.replacen("sources = [\n", &format!("sources = [\n{list}"), 1);
    fs::write(world.job(), with_presets).unwrap();
    let told = world.ask("validate", &[]);
    assert_eq!(told.code, 0, "{}", told.stderr);
}
