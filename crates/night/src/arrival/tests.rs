use super::*;
use lake::{InputFile, Manifest, RunId};
use model::{BusinessDate, Currency, Job};
use serde_json::json;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// The sample bank's job; `file` of the feed is `repeats = "allowed"` where told.
fn job(allowed: &[&str]) -> Job {
    let feed = |name: &&str| {
        let rule = if allowed.contains(name) { "arrival = { repeats = \"allowed\" }" } else { "" };
        format!(
            "[[feed]]\nname = \"{name}\"\nfile = \"{name}_{{date}}\"\n{rule}\nshape = {{ kind = \"json_lines\" }}\n\
             columns = [{{ name = \"a\", type = \"text\" }}]\n[[feed.table]]\ntable = \"{}\"\n\
             [feed.table.columns]\nparty_key = \"a\"\n",
            if *name == "card" { "party" } else { "feedback" }
        )
    };
    let feeds: String = ["card", "voice"].iter().map(feed).collect();
    let text = format!("version = 1\nsystem = \"s\"\ntitle = \"S\"\n{feeds}");
    let source = model::SourceContract::parse(&text, "test").unwrap();
    let mut job = crate::Bundle::read(&sample()).unwrap().check().unwrap();
    job.sources = vec![source];
    assert_eq!(job.currency, "CNY".parse::<Currency>().unwrap());
    job
}

fn sample() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../jobs/nightly.toml")
}

/// A file of a feed: `as_of` of its data, and its bytes.
fn file(feed: &str, source_as_of: &str, bytes: &str) -> Arrived {
    Arrived {
        system: "s".into(),
        feed: feed.into(),
        path: format!("in/{feed}_{source_as_of}").into(),
        file: format!("{feed}_{source_as_of}"),
        bytes: bytes.len() as u64,
        blake3: bytes.into(),
        source_as_of: day(source_as_of),
        due: day("2026-11-20"),
        rerun: None,
        declared_rows: None,
        declared_totals: Vec::new(),
        flag_rows: None,
        superseded: Vec::new(),
    }
}

/// The published run of a night that read these files.
fn night(as_of: &str, files: &[Arrived], rows: u64) -> Published {
    let input = |a: &Arrived| InputFile {
        name: format!("{}/{}/{}", a.system, a.feed, a.file),
        bytes: a.bytes,
        blake3: a.blake3.clone(),
        source_as_of: Some(a.source_as_of),
    };
    let feed = |a: &Arrived| json!({ "system": a.system, "feed": a.feed, "rows_read": rows });
    let run = RunId::new(format!("{as_of}-x")).unwrap();
    let manifest = Manifest {
        version: 1,
        run: run.clone(),
        as_of: day(as_of),
        previous: None,
        engine_version: String::new(),
        job_digest: String::new(),
        binary_digest: String::new(),
        inputs: files.iter().map(input).collect(),
        tables: Vec::new(),
        totals: json!({ "feeds": files.iter().map(feed).collect::<Vec<_>>() }),
        summary: json!(null),
    };
    Published { run, dir: "lake".into(), manifest }
}

/// The causes for which tonight's files are refused.
fn refused(allowed: &[&str], tonight: &[Arrived], earlier: &[Published]) -> Vec<String> {
    let findings = repeats(&job(allowed), day("2026-11-20"), tonight, earlier);
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_file_of_yesterday_under_the_name_of_today_is_refused() {
    let earlier = [night("2026-11-19", &[file("card", "2026-11-19", "same")], 7)];
    let tonight = [file("card", "2026-11-20", "same")];
    let expect = "repeats on source `s`, feed `card`, file `card_2026-11-20`: its bytes are those of \
                  2026-11-19, which the run 2026-11-19-x has read (expected the data of 2026-11-20)";
    assert_eq!(refused(&[], &tonight, &earlier), [expect]);
    assert_eq!(refused(&["card"], &tonight, &earlier), [""; 0], "reference data may stay");
    assert_eq!(refused(&[], &[file("card", "2026-11-20", "other")], &earlier), [""; 0]);
    assert_eq!(refused(&[], &[file("voice", "2026-11-20", "same")], &earlier), [""; 0]);
}

#[test]
fn the_same_date_read_again_is_no_repeat() {
    let of_19 = file("card", "2026-11-19", "same");
    let run_again = night("2026-11-20", &[file("card", "2026-11-20", "now")], 7);
    assert_eq!(refused(&[], &[file("card", "2026-11-20", "now")], &[run_again]), [""; 0]);
    // A late feed read as of the day before, or one that is due by the month.
    let earlier = [night("2026-11-19", std::slice::from_ref(&of_19), 7)];
    assert_eq!(refused(&[], &[of_19], &earlier), [""; 0]);
    // Nights after this one say nothing when an older night is made up for.
    let later = [night("2026-11-21", &[file("card", "2026-11-19", "now")], 7)];
    assert_eq!(refused(&[], &[file("card", "2026-11-20", "now")], &later), [""; 0]);
}

#[test]
fn a_file_that_a_degraded_night_read_is_found_under_its_own_date() {
    let degraded = night("2026-11-19", &[file("card", "2026-11-17", "old")], 7);
    let found = refused(&[], &[file("card", "2026-11-20", "old")], &[degraded]);
    assert!(found[0].contains("those of 2026-11-17"), "{found:?}");
}

#[test]
fn files_without_rows_are_no_repeats() {
    let named_only = [night("2026-11-19", &[file("card", "2026-11-19", "a;b")], 0)];
    assert_eq!(refused(&[], &[file("card", "2026-11-20", "a;b")], &named_only), [""; 0]);
    let nothing = [file("card", "2026-11-20", ""), file("voice", "2026-11-20", "")];
    assert_eq!(refused(&[], &nothing, &[]), [""; 0]);
}

#[test]
fn two_feeds_of_one_night_do_not_hold_the_same() {
    let tonight = [file("card", "2026-11-20", "same"), file("voice", "2026-11-20", "same")];
    let expect = "repeats on source `s`, feed `voice`, file `voice_2026-11-20`: its bytes are those of \
                  `card_2026-11-20` of source `s`, feed `card` (expected data of its own)";
    assert_eq!(refused(&[], &tonight, &[]), [expect]);
    assert_eq!(refused(&["card"], &tonight, &[]), [""; 0]);
    let mut one_file = tonight;
    one_file[1].path = one_file[0].path.clone();
    assert_eq!(refused(&[], &one_file, &[]), [""; 0], "one file may feed two");
}

#[test]
fn what_is_late_is_told_with_the_next_step() {
    let tonight = [file("card", "2026-11-20", "a"), file("voice", "2026-11-18", "b")];
    let warnings = warnings(&tonight, day("2026-11-20"));
    assert_eq!(warnings.len(), 1);
    assert_eq!(
        warnings[0].message,
        "source `s`, feed `voice`: the file of 2026-11-20 is late, `voice_2026-11-18` of 2026-11-18 \
         was read in its place"
    );
    assert!(warnings[0].hint.contains("--as-of 2026-11-20"), "{}", warnings[0].hint);
    let states = states(&tonight);
    let told: Vec<_> = states.iter().map(|s| (s.source_as_of.as_str(), s.late)).collect();
    assert_eq!(told, [("2026-11-20", false), ("2026-11-18", true)]);
}

#[test]
fn a_table_is_as_old_as_the_oldest_of_what_it_is_made_from() {
    let tonight = [file("card", "2026-11-20", "a"), file("voice", "2026-11-18", "b")];
    let oldest = |table| oldest(&job(&[]), &tonight, table).unwrap();
    assert_eq!(oldest("party"), day("2026-11-20"));
    assert_eq!(oldest("feedback"), day("2026-11-18"));
    assert_eq!(oldest("client_segment"), day("2026-11-18"));
}
