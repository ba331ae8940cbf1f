//! Rows: what a query finds is what the reading gate reads, and a rerun asks nobody.

use crate::bank::{Bank, as_of};
use crate::sample::{COLUMNS, EXPECTED, QUERY, TABLES};
use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;
use intake::{Awaited, Extracts, FeedOutcome, Sink, SinkError, arrive, read_feed};
use model::{BusinessDate, Calendar, Moment};
use std::cell::Cell;
use std::os::unix::fs::PermissionsExt;
use testkit::{PASSWORD, Postgres};

fn bank(server: &Postgres) -> Bank {
    let password = server.password_file(PASSWORD);
    let database = format!(
        "url = \"{}\"\nrole = \"desk\"\npassword_file = \"{}\"",
        server.by_socket("reader"),
        password.display()
    );
    let key = r#"{ name = "key", type = "integer" }"#;
    Bank::new(&database, &[("event", QUERY, COLUMNS), ("empty", "TABLE empty", key)])
}

/// Rows as `line: value, value`, with `-` for no value.
#[derive(Default)]
struct Shown(Vec<String>);

impl Sink for Shown {
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError> {
        let cell = |column: &dyn Array, row: usize| match column.data_type() {
            _ if column.is_null(row) => "-".to_owned(),
            DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
            DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
            DataType::Date32 => {
                let days = column.as_primitive::<Date32Type>().value(row);
                BusinessDate::from_epoch_days(days).unwrap().to_string()
            }
            other => panic!("unexpected type {other}"),
        };
        let (lines, columns) = batch.columns().split_last().unwrap();
        for row in 0..batch.num_rows() {
            let cells: Vec<_> = columns.iter().map(|column| cell(column, row)).collect();
            self.0.push(format!("{}: {}", cell(lines, row), cells.join(", ")));
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        Err("read again".into())
    }
}

/// What the reading gate makes of the landed files.
fn read(bank: &Bank) -> Vec<(FeedOutcome, Vec<String>)> {
    let source = std::slice::from_ref(bank.source());
    let (extracts, calendar) = (Extracts(bank.folder()), Calendar::every_day());
    let awaited = Awaited {
        sources: source,
        extracts: &extracts,
        as_of: as_of(),
        calendar: &calendar,
        now: Moment::at(0, 0),
    };
    let arrived = arrive(&awaited, &|_| {}).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let feeds = bank.source().feeds.iter().zip(&arrived);
    let read = feeds.map(|(feed, file)| {
        let mut shown = Shown::default();
        let scratch = scratch.path();
        let outcome =
            read_feed("deposits", feed, file, as_of(), &mut shown, &|_| {}, scratch).unwrap();
        (outcome, shown.0)
    });
    read.collect()
}

#[test]
fn what_a_query_finds_is_what_the_gate_reads() {
    let Some(server) = Postgres::start(TABLES) else { return };
    let bank = bank(&server);
    assert_eq!(bank.landed(), [5, 0]);
    assert_eq!(bank.text("deposits.event_20261120.csv"), EXPECTED);
    assert_eq!(bank.text("deposits.event_20261120.csv.OK"), "deposits.event_20261120.csv 5\n");
    assert_eq!(bank.text("deposits.empty_20261120.csv"), "key\n");
    let read = read(&bank);
    assert_eq!(
        read[0].1,
        [
            "2: 1, 2026-11-20, 王小明, plain, 1250, 2026-11-20 00:00:00+00",
            "3: 2, 2026-11-20, O'Neil, \"Jo\", two\nlines, and a \\ back, -5, -",
            "5: 3, 2026-11-20, , -, -, -",
            "6: 4, 2026-11-20, -, , 0, -",
            "7: 5, 2026-11-20, NULL, \\N, 700, -",
        ]
    );
    assert_eq!((read[0].0.rows_read, read[0].0.rows_rejected), (5, 0));
    assert_eq!(read[1].0.rows_read, 0);
}

#[test]
fn a_rerun_asks_nobody_until_it_is_told_to_or_asks_otherwise() {
    let Some(server) = Postgres::start(TABLES) else { return };
    let mut bank = bank(&server);
    let (first, asked) = bank.land().unwrap();
    assert!(asked);
    for name in bank.files() {
        let mode = bank.folder().join(&name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "{name}");
    }
    assert_eq!(bank.folder().metadata().unwrap().permissions().mode() & 0o777, 0o750);
    server.sql("INSERT INTO event VALUES (7, '2026-11-20', 'late', 'late', 1, null)");
    assert_eq!(bank.land().unwrap(), (first.clone(), false));
    let bytes = Cell::new(0);
    let (again, asked) = bank.land_with(true, &|more| bytes.set(bytes.get() + more)).unwrap();
    assert!(asked);
    assert_eq!(again[0].rows, 6);
    assert_eq!(bytes.get(), again.iter().map(|one| one.bytes).sum::<u64>());
    std::fs::remove_file(bank.folder().join("deposits.empty_20261120.csv")).unwrap();
    assert!(bank.land().unwrap().1, "a file that is gone is landed anew");

    let password = server.password_file(PASSWORD);
    let database = format!(
        "url = \"{}\"\nrole = \"desk\"\npassword_file = \"{}\"",
        server.by_socket("reader"),
        password.display()
    );
    let key = r#"{ name = "key", type = "integer" }"#;
    bank.with_source_of(&Bank::new(&database, &[("other", "SELECT key FROM event", key)]));
    assert_eq!(bank.landed(), [7]);
    let files = ["deposits.other_20261120.csv", "deposits.other_20261120.csv.OK", "landed.json"];
    assert_eq!(bank.files(), files, "nothing is left of queries nobody asks any more");
}

#[test]
fn all_feeds_of_a_source_see_one_snapshot() {
    let tables = "CREATE TABLE account (id bigint); CREATE TABLE movement (id bigint);
        INSERT INTO account SELECT generate_series(1, 1000);
        INSERT INTO movement SELECT generate_series(1, 1000);
        GRANT SELECT ON account, movement TO reader";
    let Some(server) = Postgres::start(tables) else { return };
    let password = server.password_file(PASSWORD);
    let (url, password) = (server.by_socket("reader"), password.display());
    let id = r#"{ name = "id", type = "integer" }"#;
    let feeds =
        [("account", "SELECT id FROM account", id), ("movement", "SELECT id FROM movement", id)];
    let bank = Bank::new(&format!("url = \"{url}\"\npassword_file = \"{password}\""), &feeds);
    let written = Cell::new(false);
    let (landed, _) = bank
        .land_with(false, &|_| {
            if !written.replace(true) {
                server.sql("INSERT INTO account VALUES (1001); INSERT INTO movement VALUES (1001)");
            }
        })
        .unwrap();
    assert!(written.get(), "the writer has committed between the two feeds");
    assert_eq!(landed.iter().map(|one| one.rows).collect::<Vec<_>>(), [1000, 1000]);
    let (landed, _) = bank.land_with(true, &|_| {}).unwrap();
    assert_eq!(landed.iter().map(|one| one.rows).collect::<Vec<_>>(), [1001, 1001]);
}
