//! TLS: who is believed, and that nothing is said before.

use crate::bank::Bank;
use landing::ErrorKind;
use testkit::{PASSWORD, Postgres};

const TABLES: &str =
    "CREATE TABLE t (a text); INSERT INTO t VALUES ('x'); GRANT SELECT ON t TO PUBLIC";

/// A source that asks as told.
fn bank(server: &Postgres, user: &str, host: &str, more: &str) -> Bank {
    let (url, password) = (server.by_host(user, host), server.password_file(PASSWORD));
    let database = format!("url = \"{url}\"\npassword_file = \"{}\"\n{more}", password.display());
    Bank::new(&database, &[("t", "SELECT a FROM t", r#"{ name = "a", type = "text" }"#)])
}

fn is_refused(bank: &Bank, cause: &str) {
    let (kind, text) = bank.refused();
    assert_eq!(kind, ErrorKind::Refused, "{text}");
    assert_eq!(kind.exit_code(), 77);
    assert!(text.contains(cause), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");
}

#[test]
fn only_a_server_that_is_known_is_talked_to() {
    let Some(server) = Postgres::start(TABLES) else { return };
    let ca = format!("ca_file = \"{}\"", server.path("ca.pem").display());
    let other = format!("ca_file = \"{}\"", server.path("other.pem").display());
    let any_name = format!("tls = \"verify-ca\"\n{ca}");

    // Channel binding is required with TLS, so these prove that it is right as well.
    assert_eq!(bank(&server, "reader", "localhost", &ca).landed(), [1]);
    assert_eq!(bank(&server, "reader", "127.0.0.1", &any_name).landed(), [1]);

    is_refused(&bank(&server, "reader", "localhost", &other), "TLS: invalid peer certificate");
    is_refused(&bank(&server, "reader", "localhost", ""), "TLS: invalid peer certificate");
    is_refused(&bank(&server, "reader", "127.0.0.1", &ca), "TLS: invalid peer certificate");
    let wrong_authority = format!("tls = \"verify-ca\"\n{other}");
    is_refused(&bank(&server, "reader", "127.0.0.1", &wrong_authority), "TLS: invalid peer");
    // The server wants TLS on its port, whatever a contract may say.
    let plain = "tls = \"insecure-loopback-only\"";
    is_refused(&bank(&server, "reader", "127.0.0.1", plain), "FATAL 28000");
    // Who lets everybody in, or asks for less than SCRAM, may be anybody.
    is_refused(&bank(&server, "open", "localhost", &ca), "bound to its certificate");
    is_refused(&bank(&server, "weak", "localhost", &ca), "bound to its certificate");
}
