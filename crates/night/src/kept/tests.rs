use super::*;
use intake::Counts;
use lake::{Manifest, RunId};
use serde_json::json;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// The sample bank's job with one feed, and its calendar of business days.
fn job(more: &str) -> Job {
    let text = format!(
        "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"card\"\n\
         file = \"card_{{date}}\"\nshape = {{ kind = \"json_lines\" }}\nunique = [\"a\"]\n{more}\n\
         columns = [{{ name = \"a\", type = \"text\" }}]\n"
    );
    let source = model::SourceContract::parse(&text, "test").unwrap();
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../jobs/nightly.toml");
    let mut job = crate::Bundle::read(&sample).unwrap().check().unwrap();
    job.sources = vec![source];
    job
}

const DELTA: &str = "load = \"delta\"\ninitial = \"2026-11-16\"\narrival = { days = \"business\" }";

fn file(delivery: &str, blake3: &str) -> Arrived {
    Arrived {
        system: "s".into(),
        feed: "card".into(),
        path: "card".into(),
        file: format!("card_{delivery}"),
        bytes: 1,
        blake3: blake3.into(),
        source_as_of: day(delivery),
        due: day(delivery),
        rerun: None,
        declared_rows: None,
        declared_totals: Vec::new(),
        flag_rows: None,
        superseded: Vec::new(),
    }
}

fn loaded(rows: u64, kept: Option<Counts>) -> LoadedFeed {
    let (system, feed) = ("s".into(), "card".into());
    let [rows_rejected, rows_filtered, rows_superseded] = [0; 3];
    let (rows_read, rows_loaded) = (rows, rows);
    LoadedFeed {
        system,
        feed,
        rows_read,
        rows_loaded,
        rows_rejected,
        rows_filtered,
        rows_superseded,
        kept,
    }
}

/// The published run of a night that has loaded a delivery.
fn night(delivery: &str, kept: Option<Counts>) -> Published {
    let run = RunId::new(format!("{delivery}-x")).unwrap();
    let manifest = Manifest {
        version: 1,
        run: run.clone(),
        as_of: day(delivery),
        previous: None,
        engine_version: String::new(),
        job_digest: String::new(),
        binary_digest: String::new(),
        inputs: vec![InputFile {
            name: format!("s/card/card_{delivery}"),
            bytes: 1,
            blake3: "same".into(),
            source_as_of: Some(day(delivery)),
        }],
        tables: Vec::new(),
        totals: json!({ "feeds": [loaded(100, kept)] }),
        summary: json!(null),
    };
    Published { run, dir: "somewhere".into(), manifest }
}

fn gap(delivery: &str, blake3: &str, previous: Option<&Published>) -> Option<String> {
    let found = lost(&job(DELTA), &[file(delivery, blake3)], previous).unwrap();
    found.into_iter().next().map(|finding| finding.cause)
}

#[test]
fn a_delta_follows_the_delivery_before() {
    let kept = Some(Counts::default());
    assert_eq!(gap("2026-11-16", "x", None), None, "keeping begins");
    let before = gap("2026-11-17", "x", None).unwrap();
    assert!(before.contains("expected the complete one of 2026-11-16 first"), "{before}");
    let monday = night("2026-11-16", kept);
    assert_eq!(gap("2026-11-17", "x", Some(&monday)), None);
    let wednesday = gap("2026-11-18", "x", Some(&monday)).unwrap();
    assert!(wednesday.contains("follows that of 2026-11-17"), "{wednesday}");
    // Monday's file follows Friday's.
    assert_eq!(gap("2026-11-23", "x", Some(&night("2026-11-20", kept))), None);
    // A night that did not keep rows is no beginning.
    assert!(gap("2026-11-17", "x", Some(&night("2026-11-16", None))).is_some());
}

#[test]
fn the_same_delivery_may_be_read_again_and_no_other_of_its_date() {
    let friday = night("2026-11-20", Some(Counts::default()));
    assert_eq!(gap("2026-11-20", "same", Some(&friday)), None);
    let other = gap("2026-11-20", "other", Some(&friday)).unwrap();
    assert!(other.contains("is not the one that the run 2026-11-20-x has loaded"), "{other}");
    let older = gap("2026-11-19", "x", Some(&friday)).unwrap();
    assert!(older.contains("the one loaded last is of 2026-11-20"), "{older}");
}

fn found(
    more: &str,
    feed: &LoadedFeed,
    previous: Option<&Published>,
) -> Vec<(&'static str, String)> {
    let files = [file("2026-11-20", "x")];
    let findings = guards(&job(more), std::slice::from_ref(feed), &files, previous);
    findings.into_iter().map(|finding| (finding.check, finding.cause)).collect()
}

#[test]
fn half_a_bank_is_not_deleted() {
    let counts = Counts { deleted: 50, unchanged: 50, ..Counts::default() };
    let half = loaded(50, Some(counts));
    let told = "50 of 100 rows held would be deleted (limit 50000 ppm)".to_owned();
    assert_eq!(found("load = \"compare\"", &half, None), [("max_deleted_ppm", told)]);
    let more = "load = \"compare\"\nmax_deleted_ppm = 500000";
    assert_eq!(found(more, &half, None), []);
    let begins = "load = \"compare\"\ninitial = \"2026-11-20\"";
    assert_eq!(found(begins, &half, None), []);
}

#[test]
fn a_full_file_may_shrink_as_far_as_its_contract_says() {
    let before = night("2026-11-19", None);
    let ninety = loaded(90, None);
    assert_eq!(found("", &ninety, Some(&before)), []);
    assert_eq!(found("max_shrink_ppm = 100000", &ninety, Some(&before)), []);
    let told = "90 rows loaded, 100 the night before (limit 99999 ppm less)".to_owned();
    let more = "max_shrink_ppm = 99999";
    assert_eq!(found(more, &ninety, Some(&before)), [("max_shrink_ppm", told)]);
    assert_eq!(found(more, &ninety, None), []);
    assert_eq!(found(more, &loaded(101, None), Some(&before)), []);
}

#[test]
fn events_do_not_change() {
    let counts = Counts { changed: 1, new: 5, ..Counts::default() };
    let added = "load = \"added\"\ninitial = \"2026-11-16\"";
    assert_eq!(found(added, &loaded(6, Some(counts)), None)[0].0, "added");
    let counts = Counts { changed: 0, ..counts };
    assert_eq!(found(added, &loaded(5, Some(counts)), None), []);
}

#[test]
fn rows_are_held_against_the_night_before() {
    let (card, files) = (job("load = \"compare\""), file("2026-11-20", "x"));
    assert_eq!(before(&job(""), &files, None), None);
    let nothing = before(&card, &files, None).unwrap();
    assert_eq!((nothing.from, nothing.begins), (InputFrom::Nowhere, false));
    let mut friday = night("2026-11-19", None);
    assert_eq!(before(&card, &files, Some(&friday)).unwrap().from, InputFrom::Nowhere);
    friday.manifest.tables.push(lake::PublishedTable {
        name: KEPT_TABLE.into(),
        rows: 1,
        bytes: 7,
        columns: Vec::new(),
        files: Vec::new(),
    });
    let kept = before(&card, &files, Some(&friday)).unwrap();
    assert_eq!(kept.from, InputFrom::Previous("somewhere/source_version".into()));
    assert_eq!(kept.bytes, 7);
}

#[test]
fn rows_carried_on_for_want_of_a_good_row_are_told() {
    let counts = Counts { carried: 2, ..Counts::default() };
    let feed = LoadedFeed { rows_rejected: 1, ..loaded(98, Some(counts)) };
    let told = warnings(&job("load = \"compare\""), std::slice::from_ref(&feed));
    let message = "source `s`, feed `card`: 1 rows were rejected, so 2 rows held before were \
                   carried on in place of being changed or deleted";
    assert_eq!(told[0].message, message);
    assert_eq!(warnings(&job(DELTA), &[feed]), []);
}
