//! The ODBC driver of the tests' own PostgreSQL server.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::process::Command;

/// As unixODBC knows it where Debian's `odbc-postgresql` is installed.
const DRIVER: &str = "PostgreSQL Unicode";

/// PostgreSQL's driver by its name; nothing where it is not installed: the test says so.
pub fn postgres_driver() -> Option<&'static str> {
    let known = Command::new("odbcinst").args(["-q", "-d"]).output();
    let known = known.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    if !known.unwrap_or_default().contains(&format!("[{DRIVER}]")) {
        println!("skipped: no ODBC driver `{DRIVER}` (Debian: odbcinst, odbc-postgresql)");
        return None;
    }
    Some(DRIVER)
}
