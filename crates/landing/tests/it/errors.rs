//! What goes wrong without anybody's fault but ours: passwords, rights, queries, values.

use crate::bank::Bank;
use landing::ErrorKind;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use testkit::{PASSWORD, Postgres};

const TABLES: &str = "CREATE TABLE t (a text); INSERT INTO t VALUES ('K6222021001');
    CREATE TABLE w (a text); GRANT SELECT ON t TO reader; GRANT ALL ON w TO reader";

const COLUMN: &str = r#"{ name = "a", type = "text" }"#;

fn bank(url: &str, more: &str, query: &str) -> Bank {
    Bank::new(&format!("url = \"{url}\"\n{more}"), &[("t", query, COLUMN)])
}

fn ends_with(bank: &Bank, kind: ErrorKind, code: i32, cause: &str) {
    let (found, text) = bank.refused();
    assert_eq!((found, found.exit_code()), (kind, code), "{text}");
    assert!(text.contains(cause), "{text}");
    assert!(!text.contains("6222021001") && !text.contains(PASSWORD), "{text}");
}

#[test]
fn passwords_and_rights() {
    use ErrorKind::{Query, Refused};
    let Some(server) = Postgres::start(TABLES) else { return };
    let query = "SELECT a FROM t";
    let file = server.password_file(PASSWORD);
    let with = format!("password_file = \"{}\"", file.display());
    let socket = server.by_socket("reader");
    assert_eq!(bank(&socket, &with, query).landed(), [1]);

    ends_with(&bank(&socket, "", query), Refused, 77, "asks for a password");
    ends_with(&bank(&socket, "password_env = \"NO_SUCH\"", query), Refused, 77, "`NO_SUCH` is not");
    let stranger = server.by_socket("stranger");
    ends_with(&bank(&stranger, &with, query), Refused, 77, "ERROR 42501");
    let nowhere = socket.replace("/core", "/nowhere");
    ends_with(&bank(&nowhere, &with, query), Query, 64, "FATAL 3D000: no such database");
    let role = format!("{with}\nrole = \"desk\"");
    ends_with(&bank(&stranger, &role, query), Refused, 77, "ERROR 42501");
    let nobody = format!("{with}\nrole = \"no\\\"body\"");
    ends_with(&bank(&socket, &nobody, query), Query, 64, "ERROR 22023");

    server.password_file("wrong");
    ends_with(&bank(&socket, &with, query), Refused, 77, "FATAL 28P01");
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    ends_with(&bank(&socket, &with, query), Refused, 77, "has mode 0644 (right: 0400 or 0600)");
}

#[test]
fn queries_and_values() {
    use ErrorKind::{Data, Query, Unreachable};
    let Some(server) = Postgres::start(TABLES) else { return };
    let with = format!("password_file = \"{}\"", server.password_file(PASSWORD).display());
    let ask = |query: &str| bank(&server.by_socket("reader"), &with, query);
    for (query, cause) in [
        ("SELECT a\nFROM t WHER a = 1", "ERROR 42601 at line 2, column 13 of the query: syntax"),
        ("SELECT a FROM nowhere", "ERROR 42P01 at line 1, column 15 of the query: no such table"),
        ("SELECT a,\n  b FROM t", "ERROR 42703 at line 2, column 3 of the query: no such column"),
        // Whatever stands in a query, it is one statement that reads.
        ("SELECT a FROM t) TO STDOUT; DROP TABLE t; COPY (SELECT 1", "ERROR 42601"),
        ("SELECT a FROM t) TO PROGRAM 'touch /tmp/clientele' --", "ERROR 42601"),
        ("INSERT INTO w VALUES ('x') RETURNING a", "ERROR 25006"),
        ("SELECT a FROM t FOR UPDATE", "ERROR 25006"),
    ] {
        ends_with(&ask(query), Query, 64, cause);
    }
    // The server's own text quotes the value.
    ends_with(&ask("SELECT a::bigint AS a FROM t"), Data, 8, "ERROR 22P02");
    ends_with(&ask("SELECT (length(a) / 0)::text AS a FROM t"), Data, 8, "ERROR 22012");
    let slow = format!("{with}\nstatement_timeout = 1");
    let slow = bank(&server.by_socket("reader"), &slow, "SELECT pg_sleep(60)::text AS a");
    ends_with(&slow, Unreachable, 12, "ERROR 57014: cancelled, or over `statement_timeout`");
    assert_eq!(ask("SELECT a FROM t").landed(), [1], "nothing was dropped");
}

/// Runs the test below in a process whose environment says where the database is.
#[test]
fn the_environment_says_where_and_who() {
    let Some(server) = Postgres::start(TABLES) else { return };
    let file = server.path("passwords");
    let line = PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    std::fs::write(&file, format!("# passwords\n*:{}:core:reader:{line}\n", server.port)).unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let escaped = "p%40ss%3Aw%2Frd%20%5C%20100%25";
    let ask = |url: &str, variables: &[(&str, &str)]| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "errors::lands_as_the_environment_says", "--include-ignored"]);
        child.env("LANDING_URL", url).envs(variables.iter().copied());
        let output = child.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    };
    let url = server.by_socket("reader");
    ask(&url, &[("PGPASSFILE", file.to_str().unwrap())]);
    ask(&url.replace("reader@", &format!("reader:{escaped}@")), &[]);
    ask(&url, &[("LANDING_WORD", PASSWORD)]);
}

#[test]
#[ignore = "run by the test above, in an environment of its own"]
fn lands_as_the_environment_says() {
    let known = std::env::var("LANDING_WORD").is_ok();
    let more = if known { "\npassword_env = \"LANDING_WORD\"" } else { "" };
    let database = format!("url_env = \"LANDING_URL\"{more}");
    let bank = Bank::new(&database, &[("t", "SELECT a FROM t", COLUMN)]);
    assert_eq!(bank.landed(), [1]);
}

#[test]
fn an_address_that_is_none_is_not_quoted() {
    // What PATH holds is no address, whatever else it may be.
    let bank = Bank::new("url_env = \"PATH\"", &[("t", "SELECT 1", COLUMN)]);
    ends_with(&bank, ErrorKind::Query, 64, "the address must begin with `postgresql://`");
    let bank = Bank::new("url_env = \"NO_SUCH_VARIABLE\"", &[("t", "SELECT 1", COLUMN)]);
    ends_with(&bank, ErrorKind::Query, 64, "`NO_SUCH_VARIABLE` is not set");
}
