//! I4: a header or trailer that is missing, stands twice, or says anything that is not so, costs the
//! file.

use crate::tests::bounds::{DETAILS, GOOD, framed};
use crate::tests::totals::{SIDES, sided};
use crate::tests::{read, refused};

#[test]
fn every_untrue_control_record_is_refused() {
    let cases = [
        ("T|2|3.00", "T|1|3.00", "trailer counts 1 records (found 2)"),
        ("T|2|3.00", "T|3|3.00", "trailer counts 3 records (found 2)"),
        ("T|2|3.00", "T|2|2.99", "trailer total is 299 (found 300, in units of the last decimal)"),
        ("T|2|3.00", "T|2|3.01", "trailer total is 301 (found 300, in units of the last decimal)"),
        ("T|2|3.00", "T|2|x", "trailer field 3 is not a total of the amount column"),
        ("T|2|3.00", "T|2|3.001", "trailer field 3 is not a total of the amount column"),
        ("T|2|3.00", "T|2", "trailer field 3 is not a total of the amount column"),
        ("T|2|3.00", "T|-2|3.00", "trailer field 2 is not a count of records"),
        ("T|2|3.00\n", "", "trailer is missing (expected a last line that starts with `T|`)"),
        (
            "T|2|3.00\n",
            "T",
            "line 5 ends without a line end (expected a complete file: it was cut)",
        ),
        ("T|2|3.00", "T|2|3.00\nT|2|3.00", "a second trailer on line 6 follows the trailer"),
        ("T|2|3.00", "T|2|3.00\nz|1|1", "a row on line 6 follows the trailer"),
        ("x|1|1.00\n", "", "trailer counts 2 records (found 1)"),
        ("x|1|1.00\n", "x|1|1.00\nx|1|1.00\n", "trailer counts 2 records (found 3)"),
        ("x|1|1.00", "x|1|1.01", "trailer total is 300 (found 301,"),
        ("H|20261120", "H|20261119", "header field 2 holds 20261119 (expected 20261120)"),
        ("H|20261120", "H|Wang", "header field 2 holds no date (expected 20261120)"),
        ("H|20261120|x\n", "", "line 1 is not the header (expected a line that starts with `H|`)"),
        ("H|20261120|x\n", "H|20261120|x\nH|20261120|x\n", "line 2 holds none of the column names"),
        (GOOD, "", "line 1 is not the header (expected a line that starts with `H|`)"),
        (GOOD, "H|20261120\n", "line 2 holds none of the column names (expected: `a`, `b`, `c`)"),
    ];
    for (from, to, message) in cases {
        let found = refused(&framed(DETAILS), GOOD.replacen(from, to, 1));
        assert!(found.starts_with(message), "{found}");
    }
}

#[test]
fn every_untrue_figure_of_a_side_is_refused() {
    let cases = [
        ("H|20261120|3", "H|20261120|2", "header counts 2 records (found 3)"),
        ("H|20261120|3", "H|20261120|4", "header counts 4 records (found 3)"),
        ("|20261120\n", "|20261121\n", "trailer field 6 holds 20261121 (expected 20261120)"),
        ("T|5.00", "T|4.99", "trailer debit total is 499 (found 500,"),
        ("T|5.00", "T|5.01", "trailer debit total is 501 (found 500,"),
        ("|2.00|", "|1.99|", "trailer credit total is 199 (found 200,"),
        ("|2.00|", "|2.01|", "trailer credit total is 201 (found 200,"),
        ("|7.00|", "|6.99|", "trailer total is 699 (found 700,"),
        ("|0321|", "|0320|", "trailer hash total is not that of the rows"),
        ("|0321|", "|10321|", "trailer hash total is not that of the rows"),
        ("|0321|", "|x|", "trailer field 5 is not a hash total"),
        // Two faults that the total and the count do not see.
        ("6222|D|4.00", "6222|C|4.00", "trailer debit total is 500 (found 100,"),
        ("6222|D", "6223|D", "trailer hash total is not that of the rows"),
    ];
    assert_eq!(read(&sided(""), SIDES).unwrap().rows.len(), 3);
    for (from, to, message) in cases {
        assert!(SIDES.contains(from), "{from}");
        let found = refused(&sided(""), SIDES.replacen(from, to, 1));
        assert!(found.starts_with(message), "{found}");
    }
}

#[test]
fn every_cut_of_a_proven_file_is_refused() {
    // Only the cuts that leave count and total as they are pass: 3, 3.0, 3.00 and the line end.
    let proven = GOOD.len() - "|3.00\n".len() + "|3".len();
    for length in 0..=GOOD.len() {
        let whole = length >= proven && !GOOD[..length].ends_with('.');
        assert_eq!(read(&framed(DETAILS), &GOOD[..length]).is_ok(), whole, "{length}");
    }
}
