//! Late, wrong and repeated deliveries: the right exit code, the message and the next step.

use crate::world::{Told, World, column};
use std::fs;
use std::path::PathBuf;

/// A bank whose night of October is published, so that November has a night before it.
fn november() -> World {
    let world = World::synthetic("400", "2");
    // The tests may run at any hour: nothing here waits for half past three.
    edit(&world, "jobs/sources/care.toml", "deadline = \"03:30\", ", "");
    let told = world.night_of("2026-10-20", &[]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    world
}

fn edit(world: &World, file: &str, from: &str, to: &str) {
    let path = world.path(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} holds `{from}`");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn folder(world: &World, date: &str) -> PathBuf {
    world.path("data-samples/night").join(date)
}

fn says(told: &Told, code: i32, parts: &[&str]) {
    assert_eq!(told.code, code, "{}", told.stderr);
    for part in parts {
        assert!(told.stderr.contains(part), "`{part}`: {}", told.stderr);
    }
}

/// Runs November with a file changed, which is put back afterwards.
fn spoiled(world: &World, file: &str, spoil: impl FnOnce(&PathBuf)) -> Told {
    let path = folder(world, "20261120").join(file);
    let good = fs::read(&path).unwrap();
    spoil(&path);
    let told = world.night(&["--exit-warnings"]);
    fs::write(&path, good).unwrap();
    told
}

#[test]
fn four_nights_four_exit_codes() {
    let world = november();
    let before = world.published();

    let told = spoiled(&world, "CRD_20261120.ok", |path| fs::remove_file(path).unwrap());
    says(
        &told,
        9,
        &[
            "error: source `cards`, feed `card`, file `CRD_CARD_20261120.txt`: flag `",
            "CRD_20261120.ok` is not there, nor are 2 further files (expected before the night begins)",
            "hint: nothing was published; run the same command again when the source has delivered",
        ],
    );

    let told = spoiled(&world, "LN_LOAN_20261120.csv", |path| {
        let text = fs::read_to_string(path).unwrap();
        let (rows, trailer) = text.trim_end().rsplit_once('\n').unwrap();
        fs::write(path, format!("{rows}\n{}\n", trailer.replacen("TRL,", "TRL,1", 1))).unwrap();
    });
    says(
        &told,
        8,
        &[
            "error: source `loans`, feed `loan`, file `LN_LOAN_20261120.csv`: trailer counts",
            "hint: nothing was published, readers keep the night before; have the source send a \
             corrected file, then run the same command again",
        ],
    );

    let told = spoiled(&world, "care_contact_20261120.csv", |path| {
        fs::copy(folder(&world, "20261020").join("care_contact_20261020.csv"), path).unwrap();
    });
    says(
        &told,
        8,
        &[
            "error: 1 check failed: repeats on source `care`, feed `contact`, file \
             `care_contact_20261120.csv`: its bytes are those of 2026-10-20, which the run 20261020-",
            "has read (expected the data of 2026-11-20)",
            "have the source send the right file, then run the same command again",
        ],
    );
    assert_eq!(world.published(), before, "readers keep the night before");
    let status = world.ask("status", &[]).stdout;
    let marked = "older than was due: the night of 2026-11-20 ended with code 8: 1 check failed";
    assert!(status.contains(marked), "{status}");

    // One optional source is late: the answers of the day before are read, and every row says so.
    let voice = folder(&world, "20261120").join("care_voice_20261120.csv");
    let earlier = folder(&world, "20261119");
    fs::create_dir(&earlier).unwrap();
    let text = fs::read_to_string(&voice).unwrap();
    let fewer = text.trim_end().rsplit_once('\n').unwrap().0;
    fs::write(earlier.join("care_voice_20261119.csv"), format!("{fewer}\n")).unwrap();
    let told = spoiled(&world, "care_voice_20261120.csv", |path| fs::remove_file(path).unwrap());
    says(
        &told,
        4,
        &[
            "warning: source `care`, feed `voice`: the file of 2026-11-20 is late, \
             `care_voice_20261119.csv` of 2026-11-19 was read in its place",
            "hint: when the source has delivered, run `--as-of 2026-11-20` again",
        ],
    );
    let last = told.stdout.lines().last().unwrap();
    assert!(last.starts_with("RESULT published code=4 as_of=2026-11-20 "), "{last}");
    assert!(!world.path("lake/segments/STALE.json").exists());
    let stale = column(&world.csv("client_segment"), "stale_sources");
    assert!(!stale.is_empty() && stale.iter().all(|s| s == "care"), "{stale:?}");
    let report = world.csv("load_report");
    let dates = column(&report, "source_as_of").into_iter().zip(column(&report, "late"));
    let late: Vec<_> = dates.filter(|(_, late)| late == "true").collect();
    assert_eq!(late, [("2026-11-19".to_owned(), "true".to_owned())]);
    let report = world.csv("run_report");
    let oldest = |table: &str| {
        let at = column(&report, "written").iter().position(|t| t == table).unwrap();
        column(&report, "source_as_of")[at].clone()
    };
    assert_eq!(oldest("party"), "2026-11-20");
    assert_eq!(oldest("feedback"), "2026-11-19");
    assert_eq!(oldest("client_segment"), "2026-11-19");

    // The source has delivered: the same night anew, whole.
    let told = world.night(&["--exit-warnings"]);
    says(&told, 0, &[]);
    assert!(told.stdout.contains("RESULT published code=0 "), "{}", told.stdout);
    assert!(column(&world.csv("client_segment"), "stale_sources").iter().all(String::is_empty));
}

#[test]
fn without_being_asked_a_warning_is_no_exit_code_and_too_old_is_an_error() {
    let world = late_voice("20261118");
    let told = world.night(&["--json"]);
    says(&told, 0, &["warning: source `care`, feed `voice`"]);
    let summary: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(summary["code"], 0);
    assert_eq!(summary["warnings"].as_array().unwrap().len(), 1);
    let sources = summary["sources"].as_array().unwrap();
    let voice = sources.iter().find(|s| s["feed"] == "voice").unwrap();
    assert_eq!((&voice["source_as_of"], &voice["late"]), (&"2026-11-18".into(), &true.into()));

    let world = late_voice("20261116");
    says(
        &world.night(&[]),
        8,
        &[
            "source `care`, feed `voice`, file `care_voice_20261120.csv`: data file",
            "no complete file of at most 3 business days before either",
            "hint: nothing was published, readers keep the night before; call the owner of the source",
        ],
    );
    assert!(!world.is_published());
}

/// The sample bank where the last answers are those of an earlier day.
fn late_voice(day: &str) -> World {
    let world = World::sample();
    edit(&world, "jobs/sources/care.toml", "deadline = \"03:30\", ", "");
    fs::create_dir_all(folder(&world, day)).unwrap();
    let to = folder(&world, day).join(format!("care_voice_{day}.csv"));
    fs::rename(world.extract("care_voice_20261120.csv"), to).unwrap();
    world
}

#[test]
fn a_closed_month_end_is_restated_only_with_a_reason() {
    let world = World::sample();
    // As if November ended on the twentieth.
    let path = world.path("jobs/calendars/cn-2026.toml");
    let holiday = "\n[[holiday]]\nname = \"end\"\nfrom = \"2026-11-21\"\nuntil = \"2026-11-30\"\n";
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}{holiday}")).unwrap();
    assert_eq!(world.night(&[]).code, 0);
    let first = world.published();
    let contacts = world.extract("care_contact_20261120.csv");
    let text = fs::read_to_string(&contacts).unwrap();
    let fewer = text.trim_end().rsplit_once('\n').unwrap().0;
    fs::write(&contacts, format!("{fewer}\n")).unwrap();
    let told = world.night(&[]);
    says(
        &told,
        8,
        &[
            "pinned on input `care/contact/care_contact_20261120.csv`: 1 of its inputs differ",
            "2026-11-20 is a month end (expected the same inputs: they are closed)",
            "hint: nothing was published, readers keep the night as it was closed",
            "--restate REASON",
        ],
    );
    assert_eq!(world.published(), first);
    assert_eq!(world.night(&["--restate", ""]).code, 64);
    let told = world.night(&["--restate", "contacts counted twice"]);
    says(&told, 0, &[]);
    assert_ne!(world.published(), first);
    let ledger = lake::read_ledger(&world.path("lake")).unwrap().unwrap();
    let audit = ledger.audit_trail().unwrap();
    assert_eq!((audit.len(), audit[0].event.as_str()), (1, "restate"));
    assert_eq!(audit[0].what["reason"], "contacts counted twice");
}
