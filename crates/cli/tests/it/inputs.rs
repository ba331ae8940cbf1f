//! Bad input: the right exit code, one clear message with place, cause and next step, and nothing
//! published.

use crate::world::{Told, World, command};
use std::fs;

fn refused(world: &World, told: &Told, code: i32, place: &str, cause: &str) {
    assert_eq!(told.code, code, "{}", told.stderr);
    let errors = told.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(errors, 1, "{}", told.stderr);
    assert!(told.stderr.contains(place), "place `{place}`: {}", told.stderr);
    assert!(told.stderr.contains(cause), "cause `{cause}`: {}", told.stderr);
    assert!(told.stderr.contains("hint: "), "{}", told.stderr);
    let last = told.stderr.lines().last().unwrap();
    assert!(last.starts_with(&format!("RESULT failed code={code} ")), "{last}");
    assert!(!world.is_published());
}

#[test]
fn a_missing_flag_is_not_there_yet() {
    let world = World::sample();
    fs::remove_file(world.extract("DEP_20261120.OK")).unwrap();
    refused(&world, &world.night(&[]), 9, "source `deposits`", "DEP_20261120.OK");
}

#[test]
fn a_missing_file_is_not_there_yet() {
    let world = World::sample();
    fs::remove_file(world.extract("LN_LOAN_20261120.csv")).unwrap();
    refused(&world, &world.night(&[]), 9, "source `loans`", "LN_LOAN_20261120.csv");
}

#[test]
fn a_wrong_trailer_stops_the_night() {
    let world = World::sample();
    let file = world.extract("LN_LOAN_20261120.csv");
    let text = fs::read_to_string(&file).unwrap();
    let trailer = text.lines().last().unwrap();
    let mut fields: Vec<String> = trailer.split(',').map(str::to_owned).collect();
    let count: u64 = fields[1].parse().unwrap();
    fields[1] = (count + 1).to_string();
    fs::write(&file, text.replace(trailer, &fields.join(","))).unwrap();
    refused(&world, &world.night(&[]), 8, "LN_LOAN_20261120.csv", "trailer");
}

#[test]
fn a_short_row_over_the_limit_stops_the_night() {
    let world = World::sample();
    let job = fs::read_to_string(world.job()).unwrap();
    let limit = job.lines().find(|line| line.starts_with("max_rejects_ppm")).unwrap().to_owned();
    fs::write(world.job(), job.replace(&limit, "max_rejects_ppm = 0")).unwrap();
    let file = world.extract("care_caller_20261120.csv");
    let text = fs::read_to_string(&file).unwrap();
    let row = text.lines().nth(3).unwrap();
    fs::write(&file, text.replacen(row, row.rsplit_once(';').unwrap().0, 1)).unwrap();
    let told = world.night(&[]);
    refused(&world, &told, 8, "source `care`, feed `caller`", "1 of 181 rows rejected");
}

#[test]
fn a_feed_that_takes_no_reject_stops_the_night() {
    let world = World::sample();
    let contract = world.path("jobs/sources/insurance.toml");
    let text = fs::read_to_string(&contract).unwrap();
    let name = "name = \"policy\"\n";
    let whole = text.replacen(name, &format!("{name}on_reject = \"file\"\n"), 1);
    fs::write(&contract, &whole).unwrap();
    let told = world.night(&[]);
    refused(&world, &told, 8, "ins_policy_20261120.txt", "1 rows rejected, the first on line 26");
    fs::write(&contract, whole.replace("on_reject = \"file\"", "max_rejects_rows = 0")).unwrap();
    let told = world.night(&[]);
    refused(&world, &told, 8, "source `insurance`, feed `policy`", "rows rejected (limit 0)");
}

#[test]
fn a_rejected_row_is_in_the_vault_and_nowhere_else() {
    let world = World::sample();
    let file = world.extract("care_voice_20261120.csv");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\"canary\";\"Nightingale\"\n")).unwrap();
    let told = world.night(&[]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let tables = world.path("lake/tables/reject_raw");
    let files = testkit::files_below(&tables);
    let feeds = 16;
    assert_eq!(files.len(), feeds, "{files:?}");
    let holds = |path: &std::path::Path| {
        path.is_file() && fs::read(path).unwrap().windows(11).any(|bytes| bytes == b"Nightingale")
    };
    let held: Vec<_> =
        testkit::files_below(&world.path("lake")).into_iter().filter(|f| holds(f)).collect();
    assert!(held.len() == 1 && held[0].starts_with(&tables), "{held:?}");
    assert!(!told.stdout.contains("Nightingale") && !told.stderr.contains("Nightingale"));
}

#[test]
fn a_wrong_encoding_stops_the_night() {
    let world = World::sample();
    let file = world.extract("care_caller_20261120.csv");
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.iter().position(|b| *b >= 0x80).unwrap();
    bytes[at] = 0xff;
    fs::write(&file, bytes).unwrap();
    refused(&world, &world.night(&[]), 8, "care_caller_20261120.csv", "UTF-8");
}

#[test]
fn an_unknown_key_in_the_job_file_is_named() {
    let world = World::sample();
    let job = fs::read_to_string(world.job()).unwrap();
    fs::write(world.job(), format!("colour = \"blue\"\n{job}")).unwrap();
    refused(&world, &world.night(&[]), 64, "nightly.toml", "colour");
    assert_eq!(world.ask("validate", &[]).code, 64);
}

#[test]
fn a_mapping_that_names_no_column_is_found_without_data() {
    let world = World::sample();
    let path = world.path("jobs/sources/cards.toml");
    let text = fs::read_to_string(&path).unwrap();
    let wrong = text.replacen("party_key = \"", "party_key = \"no_such_column || '' || ", 1);
    assert_ne!(text, wrong);
    fs::write(&path, wrong).unwrap();
    let told = world.ask("validate", &[]);
    assert_eq!(told.code, 64, "{}", told.stderr);
    assert!(told.stderr.contains("source `cards`"), "{}", told.stderr);
    assert!(told.stderr.contains("no_such_column"), "{}", told.stderr);
}

#[test]
fn usage_errors_are_64_and_help_is_0() {
    assert_eq!(command(&["run"]).code, 64);
    assert_eq!(command(&["run", "job.toml", "--as-of", "2026-02-30"]).code, 64);
    assert_eq!(command(&["nonsense"]).code, 64);
    assert_eq!(command(&["--help"]).code, 0);
    let told = command(&["run", "absent.toml", "--as-of", "2026-11-20"]);
    assert_eq!(told.code, 64);
    assert!(told.stderr.contains("absent.toml"), "{}", told.stderr);
}

#[test]
fn two_runs_at_once_do_not_meet() {
    let world = World::sample();
    let lock = world.path("lake/.lock");
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    let file = fs::File::create(&lock).unwrap();
    file.lock().unwrap();
    let told = world.night(&[]);
    assert_eq!(told.code, 13, "{}", told.stderr);
    drop(file);
    assert_eq!(world.night(&[]).code, 0);
}
