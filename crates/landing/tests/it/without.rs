//! A program that was built without drivers says how to build one with them.

use crate::bank::Bank;
use landing::ErrorKind;

#[test]
fn a_driver_takes_a_program_that_was_built_for_it() {
    let column = r#"{ name = "a", type = "text" }"#;
    let bank = Bank::of("odbc", r#"connection = "DSN=core""#, &[("t", "SELECT a FROM t", column)]);
    let (kind, text) = bank.refused();
    assert_eq!((kind, kind.exit_code()), (ErrorKind::Query, 64));
    assert!(text.contains("`cargo build --release --features odbc`"), "{text}");
}
