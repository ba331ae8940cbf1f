//! I5: repeated rows are superseded, second rows with the same key refused, and both are counted.

use crate::tests::{abc, read};

#[test]
fn repetitions_are_superseded_and_second_rows_refused() {
    let keyed = abc(r#"separator = "|""#, "unique = [\"a\", \"b\"]");
    let run = read(&keyed, "x|1|1\nx|1|1.00\nx|2|1\nx|1|9\nx1||1\nx|1|1\nx|11|1\n").unwrap();
    assert_eq!(run.rows, ["1: x, 1, 100", "3: x, 2, 100", "5: x1, -, 100", "7: x, 11, 100"]);
    let outcome = run.outcome;
    assert_eq!((outcome.rows_superseded, outcome.amount_superseded), (2, 200));
    assert_eq!((outcome.rows_rejected, outcome.amount_rejected), (1, 900));
    assert_eq!(outcome.rejects[0].source_row, 4);
    assert_eq!(outcome.rejects[0].reason, "second row with the same key");
    assert_eq!(outcome.rejects[0].column, None);
}

#[test]
fn a_rejected_row_does_not_take_the_key() {
    let keyed = abc(r#"separator = "|""#, "unique = [\"a\"]");
    assert_eq!(read(&keyed, "x|1|bad\nx|1|1\n").unwrap().rows, ["2: x, 1, 100"]);
}

#[test]
fn no_value_is_a_value_of_the_key() {
    let keyed = abc(r#"separator = "|""#, "unique = [\"a\"]");
    let run = read(&keyed, "|1|1\n|2|1\n").unwrap();
    assert_eq!((run.rows.len(), run.outcome.rows_rejected), (1, 1));
}

#[test]
fn counts_and_amounts_of_duplicates_reconcile() {
    let keyed = abc(r#"separator = "|""#, "unique = [\"a\"]");
    // Rows of a file, and of them: delivered, superseded, rejected; the amounts likewise.
    let cases = [
        ("x|1|1\nx|1|1\nx|1|1\n", [1, 2, 0], [100, 200, 0]),
        ("x|1|1\nx|1|2\n", [1, 0, 1], [100, 0, 200]),
        ("x|1|1\nx|1|2\nx|1|1\nx|1|2\n", [1, 1, 2], [100, 100, 400]),
        ("x|1|1\n x |01|1.0\n", [1, 1, 0], [100, 100, 0]),
        ("x|1|1\ny|1|1\n", [2, 0, 0], [200, 0, 0]),
        ("x|1|1\nX|1|1\n", [2, 0, 0], [200, 0, 0]),
        ("x|1|-1\nx|1|-1\n", [1, 1, 0], [-100, -100, 0]),
    ];
    for (file, rows, amounts) in cases {
        let o = read(&keyed, file).unwrap().outcome;
        assert_eq!([o.rows_delivered, o.rows_superseded, o.rows_rejected], rows, "{file:?}");
        let found = [o.amount_delivered, o.amount_superseded, o.amount_rejected];
        assert_eq!(found, amounts, "{file:?}");
    }
    let all = read(&abc(r#"separator = "|""#, ""), "x|1|1\nx|1|1\n").unwrap();
    assert_eq!(all.rows.len(), 2, "without a key every row is its own");
}
