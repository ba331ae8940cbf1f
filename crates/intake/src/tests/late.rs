//! Rules of arrival: what is due, what is complete, what is read in place of what is late.

use super::{Once, as_of};
use crate::arrive::{Arrived, Awaited, Extracts};
use crate::error::{ErrorKind, IntakeError};
use crate::read::read_feed;
use model::{BusinessDate, Calendar, Moment, SourceContract};
use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// 2026-11-21 03:00 where the bank is: three hours into the day after the business date.
const AT_THREE: i64 = 1_795_230_000;

const CALENDAR: &str = r#"
version = 1
name = "t"
from = "2026-01-01"
until = "2026-12-31"
[[holiday]]
name = "anniversary"
from = "2026-11-18"
until = "2026-11-19"
"#;

/// A bank of one feed, its folders by date, and a clock that stands.
struct Bank {
    folder: tempfile::TempDir,
    source: SourceContract,
    as_of: BusinessDate,
    now: Moment,
}

impl Bank {
    /// `feed` is what stands under `[[feed]]` besides name, shape and columns.
    fn new(feed: &str) -> Self {
        let text = format!(
            "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\n{feed}\n\
             shape = {{ kind = \"delimited\", separator = \"|\" }}\n\
             columns = [{{ name = \"a\", type = \"text\" }}]\n"
        );
        let source = SourceContract::parse(&text, "test").unwrap();
        let now = Moment::at(AT_THREE, 0);
        Self { folder: tempfile::tempdir().unwrap(), source, as_of: as_of(), now }
    }

    fn of(mut self, as_of: &str) -> Self {
        self.as_of = as_of.parse().unwrap();
        self
    }

    fn at(mut self, seconds: i64) -> Self {
        self.now = Moment::at(AT_THREE + seconds, 0);
        self
    }

    /// Puts a file into the folder of a day of November, last written to an hour before three.
    fn put(self, day: &str, file: &str, text: &str) -> Self {
        self.put_aged(day, file, text, 3_600)
    }

    fn put_aged(self, day: &str, file: &str, text: &str, age: i64) -> Self {
        let path = self.path(day, file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let written = Duration::from_secs(u64::try_from(AT_THREE - age).unwrap());
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(SystemTime::UNIX_EPOCH + written)
            .unwrap();
        self
    }

    fn path(&self, day: &str, file: &str) -> PathBuf {
        self.folder.path().join(format!("202611{day}")).join(file)
    }

    fn arrive(&self) -> Result<Arrived, IntakeError> {
        let extracts = Extracts(self.folder.path().join("{date}"));
        let calendar = Calendar::parse(CALENDAR, "test").unwrap();
        let awaited = Awaited {
            sources: std::slice::from_ref(&self.source),
            extracts: &extracts,
            as_of: self.as_of,
            calendar: &calendar,
            now: self.now,
        };
        crate::arrive(&awaited, &|_| {}).map(|mut arrived| arrived.remove(0))
    }

    /// The file that is read, and whether it is late.
    fn reads(&self, file: &str, source_as_of: &str, late: bool) -> Arrived {
        let arrived = self.arrive().unwrap();
        assert_eq!(arrived.file, file);
        assert_eq!(arrived.source_as_of.to_string(), source_as_of);
        assert_eq!(arrived.is_late(), late);
        arrived
    }

    /// Nothing is read; the message, with the folder taken out.
    fn refuses(&self, kind: ErrorKind, message: &str) {
        let error = self.arrive().unwrap_err();
        let folder = format!("{}/", self.folder.path().display());
        assert_eq!(error.to_string().replace(&folder, ""), message);
        assert_eq!(error.kind(), kind);
    }
}

const PLAIN: &str = "file = \"x_{date}\"";
const THERE: &str = "source `s`, feed `f`, file `x_20261120`";
const MISSING: &str =
    "source `s`, feed `f`, file `x_20261120`: data file `20261120/x_20261120` is not there";

fn with(rule: &str) -> Bank {
    Bank::new(&format!("{PLAIN}\narrival = {{ {rule} }}"))
}

#[test]
fn a_feed_is_waited_for_where_nothing_else_is_said() {
    let bank = Bank::new(PLAIN).put("19", "x_20261119", "a\n");
    let waiting = format!("{MISSING} (expected before the night begins)");
    bank.refuses(ErrorKind::NotThere, &waiting);
    bank.put("20", "x_20261120", "a\n").reads("x_20261120", "2026-11-20", false);
}

#[test]
fn a_late_feed_fails_after_its_deadline_only() {
    let rule = r#"late = "fail", deadline = "03:30""#;
    let waiting = format!("{MISSING} (expected before the night begins)");
    with(rule).refuses(ErrorKind::NotThere, &waiting);
    with(rule).at(30 * 60 - 1).refuses(ErrorKind::NotThere, &waiting);
    let late = format!("{waiting}; too late, it was due by 03:30 (`late = \"fail\"`)");
    with(rule).at(30 * 60).refuses(ErrorKind::BadFile, &late);
    // A night started before midnight has the deadline ahead of it, one of last week behind it.
    with(rule).at(-4 * 3600).refuses(ErrorKind::NotThere, &waiting);
    let old = with(rule).of("2026-11-13");
    assert_eq!(old.arrive().unwrap_err().kind(), ErrorKind::BadFile);
    let no_deadline = format!("{waiting}; too late (`late = \"fail\"`)");
    with(r#"late = "fail""#).refuses(ErrorKind::BadFile, &no_deadline);
}

#[test]
fn a_late_feed_is_read_as_it_was_last() {
    let rule = r#"late = "degrade", deadline = "03:30", max_age_days = 2"#;
    let at_four = |rule: &str| with(rule).at(3_600);
    let early = with(rule).put("17", "x_20261117", "a\n");
    assert_eq!(early.arrive().unwrap_err().kind(), ErrorKind::NotThere);
    // 18 and 19 November are holidays here: Tuesday the 17th is one business day back.
    at_four(rule).put("17", "x_20261117", "a\n").reads("x_20261117", "2026-11-17", true);
    at_four(rule).put("16", "x_20261116", "a\n").reads("x_20261116", "2026-11-16", true);
    at_four(rule).put("19", "x_20261119", "b\n").put("17", "x_20261117", "a\n").reads(
        "x_20261119",
        "2026-11-19",
        true,
    );
    at_four(rule).put("20", "x_20261120", "a\n").reads("x_20261120", "2026-11-20", false);
    at_four(rule).put("13", "x_20261113", "a\n").refuses(
        ErrorKind::BadFile,
        &format!(
            "{MISSING} (expected before the night begins); no complete file of at most 2 business \
             days before either (`max_age_days`)"
        ),
    );
    let far = at_four(r#"late = "degrade", max_age_days = 300"#);
    let error = far.arrive().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Contract);
    assert!(error.to_string().contains("says nothing of 2025-12-31"), "{error}");
}

#[test]
fn a_feed_that_is_not_due_is_read_as_of_when_it_was() {
    let business = r#"days = "business""#;
    // Sunday the 22nd.
    let bank = with(business).of("2026-11-22").put("20", "x_20261120", "a\n");
    bank.reads("x_20261120", "2026-11-20", false);
    with(business).of("2026-11-19").put("17", "x_20261117", "a\n").reads(
        "x_20261117",
        "2026-11-17",
        false,
    );
    let monthly = with(r#"days = "month_end""#).of("2026-11-29");
    assert!(monthly.arrive().unwrap_err().to_string().contains("x_20261030"));
    with(r#"days = "month_end""#).of("2026-11-30").put("30", "x_20261130", "a\n").reads(
        "x_20261130",
        "2026-11-30",
        false,
    );
    let beyond = with(business).of("2027-01-04").arrive().unwrap_err();
    assert_eq!(beyond.kind(), ErrorKind::Contract);
}

#[test]
fn a_file_must_be_quiet_and_large_enough() {
    let check = |age: i64, message: Option<&str>| {
        let bank = with("quiet_seconds = 60").put_aged("20", "x_20261120", "a\n", age);
        match message {
            None => drop(bank.reads("x_20261120", "2026-11-20", false)),
            Some(since) => bank.refuses(
                ErrorKind::NotThere,
                &format!(
                    "{THERE}: file was last written to {since} s ago (expected no change for 60 s: \
                     it may still grow)"
                ),
            ),
        }
    };
    check(60, None);
    check(59, Some("59"));
    check(-5, Some("-5"));
    with("min_bytes = 3").put("20", "x_20261120", "a\n").refuses(
        ErrorKind::NotThere,
        &format!("{THERE}: file holds 2 bytes (expected 3 or more: it may still grow)"),
    );
    with("min_bytes = 2").put("20", "x_20261120", "a\n").reads("x_20261120", "2026-11-20", false);
}

#[test]
fn a_flag_older_than_its_data_is_not_yet_the_flag_of_them() {
    let feed = "file = \"x_{date}\"\nflag = \"x_{date}.ok\"";
    let bank =
        |more: &str, data: i64, flag: i64| {
            Bank::new(&format!("{feed}\n{more}"))
                .put_aged("20", "x_20261120", "a\n", data)
                .put_aged("20", "x_20261120.ok", "", flag)
        };
    let last = "arrival = { flag_is_last = true }";
    bank(last, 100, 100).reads("x_20261120", "2026-11-20", false);
    bank(last, 100, 99).reads("x_20261120", "2026-11-20", false);
    bank("", 99, 100).reads("x_20261120", "2026-11-20", false);
    bank(last, 99, 100).refuses(
        ErrorKind::NotThere,
        &format!(
            "{THERE}: flag `20261120/x_20261120.ok` is older than the data file (expected the flag \
             last: the data are being sent again)"
        ),
    );
}

#[test]
fn a_trigger_must_agree_with_the_file() {
    let bank = |columns: &str, said: &str| {
        let rule = format!("trigger = {{ file = \"x_{{date}}.trg\", columns = [{columns}] }}");
        with(&rule).put("20", "x_20261120", "a\nb\n").put("20", "x_20261120.trg", said)
    };
    let sized = r#""name", "size""#;
    bank(sized, "x_20261120 4\ny 7\n").reads("x_20261120", "2026-11-20", false);
    let growing = "file holds 4 bytes (expected 5 or more: it may still grow)";
    bank(sized, "x_20261120 5").refuses(ErrorKind::NotThere, &format!("{THERE}: {growing}"));
    let larger = "file holds 4 bytes (the trigger says 3)";
    bank(sized, "x_20261120 3").refuses(ErrorKind::BadFile, &format!("{THERE}: {larger}"));
    let silent = "trigger `20261120/x_20261120.trg` says nothing of the file (expected a line that \
                  names it)";
    bank(sized, "y 4").refuses(ErrorKind::BadFile, &format!("{THERE}: {silent}"));
    let sum = crc_of(b"a\nb\n");
    bank(r#""crc32""#, &sum).reads("x_20261120", "2026-11-20", false);
    let other = "CRC-32 of the file is not that of the trigger (expected the bytes that were sent)";
    bank(r#""crc32""#, "00000000").refuses(ErrorKind::BadFile, &format!("{THERE}: {other}"));
    let absent =
        with("trigger = { file = \"t\", columns = [\"size\"] }").put("20", "x_20261120", "a\n");
    let message = "trigger `20261120/t` is not there (expected before the night begins)";
    absent.refuses(ErrorKind::NotThere, &format!("{THERE}: {message}"));
}

fn crc_of(bytes: &[u8]) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    format!("{:08X}", crc.sum())
}

#[test]
fn a_trigger_that_counts_rows_is_held_against_the_rows() {
    let read = |count: &str| {
        let rule = "trigger = { file = \"x_{date}.trg\", columns = [\"count\"] }";
        let bank = with(rule).put("20", "x_20261120", "a\nb\n").put("20", "x_20261120.trg", count);
        let arrived = bank.arrive().unwrap();
        let (feed, scratch) = (&bank.source.feeds[0], tempfile::tempdir().unwrap());
        let mut sink = Once(|_| Ok(()));
        read_feed("s", feed, &arrived, as_of(), &mut sink, &|_| {}, scratch.path())
    };
    assert_eq!(read("2").unwrap().rows_read, 2);
    let error = read("3").err().unwrap();
    assert_eq!(error.to_string(), format!("{THERE}: trigger counts 3 rows (found 2)"));
    assert_eq!(error.kind(), ErrorKind::BadFile);
}

#[test]
fn totals_of_a_trigger_are_held_against_the_rows() {
    let contract = |sums: &str| {
        SourceContract::parse(
            &format!(
                "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\n\
                 file = \"x_{{date}}\"\n{sums}\narrival = {{ trigger = {{ file = \"x_{{date}}.trg\", \
                 columns = [\"count\", \"total\", \"debit\", \"credit\", \"hash\"] }} }}\n\
                 shape = {{ kind = \"delimited\", separator = \"|\" }}\ncolumns = \
                 [{{ name = \"a\", type = \"text\" }}, {{ name = \"b\", type = \"money\" }}]\n"
            ),
            "test",
        )
    };
    let sums = "amount = \"b\"\ndirection = \"sign\"\nhash = { column = \"a\", modulo_digits = 3 }";
    let read = |trigger: &str| {
        let bank = Bank { source: contract(sums).unwrap(), ..Bank::new("file = \"x_{date}\"") };
        let bank = bank.put("20", "x_20261120", "17|2.50\n995|-1.00\n");
        let bank = bank.put("20", "x_20261120.trg", trigger);
        let arrived = bank.arrive().unwrap();
        let (feed, scratch) = (&bank.source.feeds[0], tempfile::tempdir().unwrap());
        let mut sink = Once(|_| Ok(()));
        let read = read_feed("s", feed, &arrived, as_of(), &mut sink, &|_| {}, scratch.path());
        read.map(|outcome| outcome.rows_read).map_err(|error| error.to_string())
    };
    assert_eq!(read("2 1.50 1.00 2.50 12").unwrap(), 2);
    for (trigger, told) in [
        ("2 1.51 1.00 2.50 12", "trigger total is 151 (found 150, in units of the last decimal)"),
        ("2 1.50 1.01 2.50 12", "trigger debit total is 101 (found 100, "),
        ("2 1.50 1.00 2.49 12", "trigger credit total is 249 (found 250, "),
        ("2 1.50 1.00 2.50 13", "trigger hash total is not that of the rows"),
        ("2 x 1.00 2.50 12", "trigger field 2"),
    ] {
        let error = read(trigger).unwrap_err();
        assert!(error.contains(told), "{error}");
    }
    let error = contract("amount = \"b\"").unwrap_err().to_string();
    assert!(error.contains("`debit` in a trigger needs the feed's `direction`"), "{error}");
}

#[test]
fn of_several_deliveries_the_highest_counts() {
    let feed = "file = \"x_{date}_{rerun}.dat\"\nflag = \"x_{date}_{rerun}.ok\"\n\
                header = { prefix = \"H\", date_field = 2, rerun_field = 3 }";
    let flagged = |bank: Bank, number: &str, text: &str| {
        bank.put("20", &format!("x_20261120_{number}.dat"), text).put(
            "20",
            &format!("x_20261120_{number}.ok"),
            "",
        )
    };
    let two = flagged(flagged(Bank::new(feed), "9", "H|20261120|9\na\n"), "10", "H|20261120|10\n");
    let two = two.put("20", "x_20261120_x.dat", "").put("20", "x_20261119_11.dat", "");
    let arrived = two.reads("x_20261120_10.dat", "2026-11-20", false);
    assert_eq!(
        (arrived.rerun, arrived.superseded),
        (Some(10), vec!["x_20261120_9.dat".to_owned()])
    );

    // The flag of the highest is missing: it is on its way, and the one before is not taken.
    let coming = two.put("20", "x_20261120_11.dat", "H");
    coming.refuses(
        ErrorKind::NotThere,
        "source `s`, feed `f`, file `x_20261120_11.dat`: flag `20261120/x_20261120_11.ok` is not \
         there (expected before the night begins)",
    );

    let lying = flagged(Bank::new(feed), "02", "H|20261120|1\n");
    let arrived = lying.arrive().unwrap();
    let (contract, scratch) = (&lying.source.feeds[0], tempfile::tempdir().unwrap());
    let mut sink = Once(|_| Ok(()));
    let error = read_feed("s", contract, &arrived, as_of(), &mut sink, &|_| {}, scratch.path());
    assert_eq!(
        error.err().unwrap().to_string(),
        "source `s`, feed `f`, file `x_20261120_02.dat`: header field 3 holds 1 (the file's name \
         says 2)"
    );
    let none = Bank::new(feed).arrive().unwrap_err();
    assert!(none.to_string().contains("x_20261120_{rerun}.dat"), "{none}");
}

#[test]
fn what_a_person_must_mend_is_told_before_what_is_missing() {
    let mut bank = with(r#"late = "fail""#);
    let mut first = bank.source.feeds[0].clone();
    first.name = "e".into();
    first.arrival = model::Arrival::default();
    bank.source.feeds.insert(0, first);
    assert_eq!(bank.arrive().unwrap_err().kind(), ErrorKind::BadFile);
}
