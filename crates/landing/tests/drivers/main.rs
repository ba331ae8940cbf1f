//! Databases behind drivers: unixODBC and PostgreSQL's driver, where both are installed. A target of its own,
//! built with the feature `odbc` alone.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

#[path = "../it/bank.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod bank;
#[path = "../it/sample.rs"]
mod sample;

use bank::Bank;
use landing::DriverFault;
use landing::ErrorKind::{self, Data, Query, Refused, Unreachable};
use sample::{COLUMNS, EXPECTED, QUERY, TABLES};
use std::cell::Cell;
use testkit::{PASSWORD, Postgres, postgres_driver};

const KEY: &str = r#"{ name = "key", type = "integer" }"#;

/// A server, where there is a driver that leads to it.
fn start(tables: &str) -> Option<Postgres> {
    postgres_driver()?;
    Postgres::start(tables)
}

/// What stands under `[database]`: the way by the socket, as `user`, with `more` behind.
fn by_socket(server: &Postgres, user: &str, more: &str) -> String {
    let (folder, port) = (server.path("data"), server.port);
    let password = server.password_file(PASSWORD);
    let driver = postgres_driver().unwrap();
    format!(
        "connection = \"Driver={{{driver}}};Servername={};Port={port};Database=core;UID={user};UseDeclareFetch=1\"\npassword_file = \"{}\"\n{more}",
        folder.display(),
        password.display()
    )
}

fn bank(server: &Postgres, feeds: &[(&str, &str, &str)]) -> Bank {
    Bank::of("odbc", &by_socket(server, "reader", ""), feeds)
}

/// What a query says that fails; no value of the tables stands in it.
fn refused(bank: &Bank) -> (ErrorKind, String) {
    let (kind, text) = bank.refused();
    assert!(!text.contains("6222021001") && !text.contains(PASSWORD), "{text}");
    (kind, text)
}

#[test]
fn a_driver_lands_what_the_protocol_lands() {
    let Some(server) = start(&format!("{TABLES}; GRANT SELECT ON event, empty TO reader")) else {
        return;
    };
    let bank = bank(&server, &[("event", QUERY, COLUMNS), ("empty", "SELECT * FROM empty", KEY)]);
    assert_eq!(bank.landed(), [5, 0]);
    // ODBC knows no offset from UTC.
    let expected = EXPECTED.replace("00:00:00+00", "00:00:00");
    assert_eq!(bank.text("deposits.event_20261120.csv"), expected);
    assert_eq!(bank.text("deposits.event_20261120.csv.OK"), "deposits.event_20261120.csv 5\n");
    assert_eq!(bank.text("deposits.empty_20261120.csv"), "key\n");
    assert!(!bank.land().unwrap().1, "a rerun asks nobody");
}

#[test]
fn values_are_exact() {
    let Some(server) = start("") else { return };
    let query = "SELECT 9223372036854775807 AS \"KEY\",
        (-99999999999999999999.0000000001)::numeric(38, 10) AS wide, -0.5::numeric(2, 1) AS half,
        true AS flag, 'x  '::char(3) AS fixed, '11:12:13'::time AS at,
        '2026-11-20 11:12:13.0405'::timestamp AS stamp, '𠮷野,家'::varchar(4) AS name,
        repeat('é', 30000) AS long, 7::smallint AS small";
    let names = ["key", "wide", "half", "flag", "fixed", "at", "stamp", "name", "long", "small"];
    let columns = names.map(|name| format!("{{ name = \"{name}\", type = \"text\" }}")).join(", ");
    let bank = bank(&server, &[("t", query, &columns)]);
    assert_eq!(bank.landed(), [1]);
    let expected = format!(
        "{}\n9223372036854775807,-99999999999999999999.0000000001,-0.5,1,x  ,11:12:13,2026-11-20 11:12:13.0405,\"𠮷野,家\",{},7\n",
        names.join(","),
        "é".repeat(30_000)
    );
    assert_eq!(bank.text("deposits.t_20261120.csv"), expected);
}

#[test]
fn what_cannot_be_had_without_loss_is_refused() {
    let tables = "CREATE TABLE t (a text); INSERT INTO t VALUES ('K6222021001');
        CREATE TABLE w (a text); GRANT SELECT ON t TO reader; GRANT ALL ON w TO reader";
    let Some(server) = start(tables) else { return };
    let column = r#"{ name = "a", type = "text" }"#;
    for (query, kind, cause) in [
        ("SELECT 0.1::float8 AS a", Query, "column 1 of the result: a floating-point number"),
        ("SELECT a::bytea AS a FROM t", Query, "column 1 of the result: a type that is not"),
        ("SELECT repeat(a, 40000) AS a FROM t", Data, "column 1 of the result: a text longer"),
        ("SELECT a FROM t WHER a = 1", Query, "state 42601"),
        ("SELECT a FROM nowhere", Query, "state 42P01"),
        ("SELECT a::bigint AS a FROM t", Data, "state 22P02"),
        ("INSERT INTO w VALUES ('x') RETURNING a", Query, "state 42601"),
        ("SELECT a FROM t) counted; INSERT INTO w VALUES ('x'); --", Query, "state "),
        ("SELECT a FROM w AS b; DELETE FROM w", Query, "state 42601"),
    ] {
        let (found, text) = refused(&bank(&server, &[("t", query, column)]));
        assert!(found == kind && text.contains(cause), "{query}: {found:?}: {text}");
    }
    let slow = by_socket(&server, "reader", "statement_timeout = 1");
    let slow = Bank::of("odbc", &slow, &[("t", "SELECT pg_sleep(60)::text AS a", column)]);
    let (kind, text) = refused(&slow);
    assert!(kind == Unreachable && text.contains("over a timeout, or cancelled"), "{text}");
}

#[test]
fn passwords_rights_and_drivers() {
    let tables = "CREATE TABLE t (a text); INSERT INTO t VALUES ('x'); GRANT SELECT ON t TO reader";
    let Some(server) = start(tables) else { return };
    let feeds = [("t", "SELECT a FROM t", r#"{ name = "a", type = "text" }"#)];
    let ask = |database: &str| Bank::of("odbc", database, &feeds);
    assert_eq!(ask(&by_socket(&server, "reader", "")).landed(), [1]);
    let (kind, text) = refused(&ask(&by_socket(&server, "stranger", "")));
    assert!(kind == Refused && text.contains("state 42501"), "{text}");
    let wrong = by_socket(&server, "reader", "");
    server.password_file("wrong");
    let (kind, text) = refused(&ask(&wrong));
    // This driver has one state for whatever a connection fails of.
    assert!(kind == Unreachable && text.contains("state 08001"), "{text}");
    let (kind, text) = refused(&ask("connection = \"DSN=no-such-source\""));
    assert!(kind == Query && text.contains("state IM002"), "{text}");
    let nobody = by_socket(&server, "reader", "").replace("Port=", "Port=1;Was=");
    let (kind, text) = refused(&ask(&nobody));
    assert!(kind == Unreachable && text.contains("not reachable"), "{text}");
}

#[test]
fn a_contract_says_how_to_connect_and_what_a_snapshot_is() {
    let tables = "CREATE TABLE t (a text); INSERT INTO t VALUES ('x'); GRANT SELECT ON t TO reader";
    let Some(server) = start(tables) else { return };
    let feeds = [("t", "SELECT a FROM t", r#"{ name = "a", type = "text" }"#)];
    let ask = |database: &str| Bank::of("odbc", database, &feeds);
    for snapshot in ["", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"] {
        let more = format!("snapshot = \"{snapshot}\"");
        assert_eq!(ask(&by_socket(&server, "reader", &more)).landed(), [1], "{snapshot}");
    }
    let (kind, text) = refused(&ask(&by_socket(&server, "reader", "snapshot = \"SET THIS\"")));
    assert!(kind == Query && text.contains("state 42601"), "{text}");

    let by_host = |ca: &str| {
        let options =
            format!("SSLmode=verify-full;PQOpt={{sslrootcert={}}}", server.path(ca).display());
        let socket = format!("Servername={}", server.path("data").display());
        let host = format!("Servername=localhost;{options}");
        by_socket(&server, "reader", "").replace(&socket, &host)
    };
    assert_eq!(ask(&by_host("ca.pem")).landed(), [1]);
    let (kind, text) = refused(&ask(&by_host("other.pem")));
    assert!(kind == Unreachable && text.contains("database localhost/core: state 08001"), "{text}");
}

#[test]
fn all_feeds_of_a_source_see_one_snapshot() {
    let tables = "CREATE TABLE account (key bigint); CREATE TABLE movement (key bigint);
        INSERT INTO account SELECT generate_series(1, 10000);
        INSERT INTO movement SELECT generate_series(1, 10000);
        GRANT SELECT ON account, movement TO reader";
    let Some(server) = start(tables) else { return };
    let feeds = [
        ("account", "SELECT key FROM account ORDER BY key", KEY),
        ("movement", "SELECT key FROM movement ORDER BY key", KEY),
    ];
    let bank = bank(&server, &feeds);
    let written = Cell::new(false);
    let write = |_| {
        if !written.replace(true) {
            server.sql("INSERT INTO account VALUES (10001); INSERT INTO movement VALUES (10001)");
        }
    };
    let (landed, _) = bank.land_with(false, &write).unwrap();
    assert!(written.get(), "the writer has committed between the two feeds");
    assert_eq!(landed.iter().map(|one| one.rows).collect::<Vec<_>>(), [10_000; 2]);
    let rows: Vec<String> = (1..=10_000).map(|key| key.to_string()).collect();
    let expected = format!("key\n{}\n", rows.join("\n"));
    assert_eq!(bank.text("deposits.movement_20261120.csv"), expected);
    let (landed, _) = bank.land_with(true, &|_| {}).unwrap();
    assert_eq!(landed.iter().map(|one| one.rows).collect::<Vec<_>>(), [10_001; 2]);
}

#[test]
fn rows_are_as_many_as_the_server_counts() {
    let Some(server) = start("") else { return };
    // What is random is not twice the same, whatever the isolation.
    let query = "SELECT key FROM generate_series(1, 1000000) AS key WHERE random() < 0.5";
    let bank = bank(&server, &[("t", query, KEY)]);
    let (kind, text) = refused(&bank);
    assert!(kind == Data && text.contains("(the server counts "), "{text}");
}

#[test]
fn a_server_that_dies_in_the_middle_leaves_nothing_new() {
    let tables = "CREATE TABLE size (n bigint); INSERT INTO size VALUES (1);
        GRANT SELECT ON size TO reader";
    let Some(server) = start(tables) else { return };
    let query = "SELECT i AS key FROM size, generate_series(1, size.n * 1000) AS i";
    let bank = bank(&server, &[("small", "SELECT n AS key FROM size", KEY), ("large", query, KEY)]);
    assert_eq!(bank.landed(), [1, 1000]);
    let before = bank.files();
    server.sql("UPDATE size SET n = 2000");
    let (killed, bytes) = (Cell::new(0), Cell::new(0));
    let kill = |more| {
        bytes.set(bytes.get() + more);
        if bytes.get() > 100_000 && killed.get() == 0 {
            killed.set(server.kill());
        }
    };
    let error = bank.land_with(true, &kill).unwrap_err();
    assert!(killed.get() > 1, "the postmaster and a child were killed");
    assert_eq!((error.kind(), error.feed.as_deref()), (Unreachable, Some("large")), "{error}");
    assert_eq!(bank.files(), before, "what lay there stays");
    server.run();
}

#[test]
fn states_say_what_to_do() {
    let kind = |state: &str, native| DriverFault { state: state.into(), native }.kind();
    for (states, expected) in [
        (&["28000", "28P01", "42501"][..], Refused),
        (&["42000", "42S02", "IM002", "HYC00", "3D000", "25006"], Query),
        (&["22012", "22018", "21S01"], Data),
        (&["08001", "08S01", "HYT00", "HY000", "40001", ""], Unreachable),
    ] {
        for state in states {
            assert_eq!(kind(state, 0), expected, "{state}");
        }
    }
    assert_eq!(kind("42000", 229), Refused);
    assert_eq!(kind("HY000", 1031), Refused);
    let told = DriverFault { state: "HY000".into(), native: 0 }.to_string();
    assert_eq!(told, "state HY000, code 0: not reachable, or it gave up");
}
