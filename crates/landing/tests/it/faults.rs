//! Death: of the server in the middle of a result, and of nobody there at all.

use crate::bank::Bank;
use landing::ErrorKind;
use std::cell::Cell;
use testkit::{PASSWORD, Postgres};

/// As many thousand rows as the table says.
const QUERY: &str = "SELECT i AS a, repeat('x', 100) AS b
    FROM size, generate_series(1, size.n) AS j, generate_series(1, 1000) AS i";
const COLUMNS: &str = r#"{ name = "a", type = "integer" }, { name = "b", type = "text" }"#;
const TABLES: &str =
    "CREATE TABLE size (n bigint); INSERT INTO size VALUES (1); GRANT SELECT ON size TO reader";

#[test]
fn a_server_that_dies_in_the_middle_leaves_nothing_new() {
    let Some(server) = Postgres::start(TABLES) else { return };
    let (url, password) = (server.by_socket("reader"), server.password_file(PASSWORD));
    let database = format!("url = \"{url}\"\npassword_file = \"{}\"", password.display());
    let small = ("small", "SELECT n FROM size", r#"{ name = "n", type = "integer" }"#);
    let bank = Bank::new(&database, &[small, ("large", QUERY, COLUMNS)]);
    let killed = Cell::new(0);
    let bytes = Cell::new(0);
    let kill_when_large = |more| {
        bytes.set(bytes.get() + more);
        if bytes.get() > 4_000_000 && killed.get() == 0 {
            killed.set(server.kill());
        }
    };
    server.sql("UPDATE size SET n = 100000");
    let error = bank.land_with(false, &kill_when_large).unwrap_err();
    assert!(killed.get() > 1, "the postmaster and a child were killed");
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert_eq!(error.kind().exit_code(), 12);
    assert_eq!(error.feed.as_deref(), Some("large"));
    assert_eq!(bank.files(), Vec::<String>::new());
    let (kind, text) = bank.refused();
    assert_eq!(kind, ErrorKind::Unreachable, "nobody is there: {text}");

    server.run();
    server.sql("UPDATE size SET n = 1");
    assert_eq!(bank.landed(), [1, 1000]);
    let before = bank.files();
    server.sql("UPDATE size SET n = 100000");
    killed.set(0);
    bytes.set(0);
    bank.land_with(true, &kill_when_large).unwrap_err();
    assert!(killed.get() > 1);
    assert_eq!(bank.files(), before, "what lay there stays");
    let (landed, asked) = bank.land().unwrap();
    assert_eq!((landed[1].rows, asked), (1000, false));
    server.run();
}
