//! Totals by side of the book, hash totals, and who may promise them.

use super::{feed, read, refused, taken};
use model::{FeedContract, SourceContract};

/// Two debits of 1.00 and 4.00, one credit of 2.00; account numbers 6222, 6221 and 7878, which sum
/// up to 20321.
pub(super) const SIDES: &str = "H|20261120|3\n6221|D|1.00\n6222|D|4.00\n78-78|C|2.00\n\
                                T|5.00|2.00|7.00|0321|20261120\n";

const CONTROLS: &str = r#"
hash = { column = "account", modulo_digits = 4 }
direction = { column = "dc", debit = ["D"], credit = ["C", "K"] }
header = { prefix = "H|", date_field = 2, count_field = 3 }
trailer = { prefix = "T|", debit_field = 2, credit_field = 3, total_field = 4, hash_field = 5, date_field = 6 }
"#;

/// A feed whose header counts and whose trailer has every total there is.
pub(super) fn sided(more: &str) -> FeedContract {
    stating(&format!("{CONTROLS}{more}"))
}

fn stating(controls: &str) -> FeedContract {
    feed(&format!("{FEED}{controls}"))
}

const FEED: &str = r#"
shape = { kind = "delimited", separator = "|" }
amount = "paid"
columns = [
    { name = "account", type = "text" },
    { name = "dc", type = "text" },
    { name = "paid", type = "money" },
]
"#;

#[test]
fn debits_and_credits_are_summed_apart() {
    let outcome = read(&sided(""), SIDES).unwrap().outcome;
    assert_eq!((outcome.debit_read, outcome.credit_read), (500, 200));
    assert_eq!((outcome.amount_read, outcome.amount_unsided), (700, 0));
    // A reversal lessens its own side.
    let reversed = SIDES.replace("C|2.00", "K|-2.00").replace("|2.00|7.00|", "|-2.00|3.00|");
    assert_eq!(read(&sided(""), reversed).unwrap().outcome.credit_read, -200);
}

#[test]
fn a_sign_may_say_the_side() {
    let signed = stating(
        "direction = \"sign\"\n\
         trailer = { prefix = \"T\", count_field = 2, debit_field = 3, credit_field = 4 }",
    );
    let file = "1|x|-1.50\n2||2.00\n3|x|-0.01\n4|x|\nT|4|1.51|2\n";
    let outcome = read(&signed, file).unwrap().outcome;
    assert_eq!((outcome.debit_read, outcome.credit_read, outcome.amount_read), (151, 200, 49));
    let negative = refused(&signed, file.replace("|1.51|", "|-1.51|"));
    assert!(negative.starts_with("trailer debit total is -151 (found 151,"), "{negative}");
}

#[test]
fn a_row_on_neither_side_is_rejected_and_proves_no_total() {
    let plain = stating("direction = { column = \"dc\", debit = [\"D\"], credit = [\"C\"] }");
    let (rows, rejects) = taken(&plain, "1|D|1.00\n2|X|2.00\n3||4.00\n4| C |8.00\n");
    assert_eq!(rows, ["1: 1, D, 100", "4: 4, C, 800"]);
    let reason = "dc: neither debit nor credit (expected a text of the contract's `direction`)";
    assert_eq!(rejects, [format!("2 {reason}"), format!("3 {reason}")]);
    let message = refused(&sided(""), SIDES.replace("6222|D", "6222|X"));
    assert_eq!(
        message,
        "trailer debit total is 500 (found 100, in units of the last decimal; 1 rows with an \
         unreadable amount or side: the total cannot be proven)"
    );
}

#[test]
fn a_rejected_row_counts_for_every_total_as_far_as_it_can_be_read() {
    let listed = FEED.replace(r#""account", type = "text""#, r#""account", type = "integer""#);
    let feed = feed(&format!("{listed}{CONTROLS}"));
    // 78-78 is no number, and is rejected; its digits, its side and its amount count.
    let outcome = read(&feed, SIDES).unwrap().outcome;
    assert_eq!((outcome.rows_rejected, outcome.amount_rejected), (1, 200));
    let message = refused(&feed, SIDES.replace("78-78|C|2.00", "78-78|C"));
    assert!(message.starts_with("trailer total is 700 (found 500,"), "{message}");
    assert!(message.contains("1 rows with an unreadable amount: the total cannot be"), "{message}");
}

#[test]
fn a_hash_total_is_the_sum_of_digits_as_they_are_written() {
    let hash = |digits: u32| {
        stating(&format!(
            "hash = {{ column = \"account\", modulo_digits = {digits} }}\n\
             trailer = {{ prefix = \"T\", count_field = 2, hash_field = 3 }}"
        ))
    };
    // Nines of any length, no digit, no value: the last digits are all that counts.
    let rows = format!("{}||\n-1 2||\nnone||\n||\n９||\n", "9".repeat(40));
    for (digits, total) in [(1, "1"), (3, "011"), (18, "000000000000000011")] {
        let run = read(&hash(digits), format!("{rows}T|5|{total}\n")).unwrap();
        assert_eq!(run.rows.len(), 5, "{digits}");
        assert!(refused(&hash(digits), format!("{rows}T|5|2\n")).contains("hash total"));
    }
}

#[test]
fn a_hash_total_is_never_told() {
    let message = refused(&sided(""), SIDES.replace("|0321|", "|9754|"));
    assert_eq!(
        message,
        "trailer hash total is not that of the rows (expected the sum of the digits of the `hash` \
         column)"
    );
    let broken = refused(&sided(""), SIDES.replace("78-78|C|2.00", "78-78"));
    assert!(!broken.contains("0321") && !broken.contains("2443"), "{broken}");
}

#[test]
fn a_count_includes_what_the_contract_says() {
    for (includes, count) in
        [("rows", 1), ("with_header", 2), ("with_trailer", 2), ("with_both", 3)]
    {
        let trailer = format!(", count_field = 2, count_includes = \"{includes}\"");
        let controls = |header: &str| {
            stating(&format!(
                "header = {{ prefix = \"H\", date_field = 2{header} }}\n\
                 trailer = {{ prefix = \"T\"{trailer} }}"
            ))
        };
        let feed = controls("");
        assert_eq!(read(&feed, format!("H|20261120|1\nx||\nT|{count}\n")).unwrap().rows.len(), 1);
        for wrong in [count - 1, count + 1] {
            let message = refused(&feed, format!("H|20261120|1\nx||\nT|{wrong}\n"));
            let told = format!("trailer counts {wrong} records (found {count})");
            assert_eq!(message, told, "{includes}");
        }
        let both = controls(", count_field = 3");
        let file = format!("H|20261120|2\nx||\nT|{count}\n");
        assert_eq!(refused(&both, file), "header counts 2 records (found 1)", "{includes}");
    }
}

#[test]
fn a_header_promises_without_a_trailer() {
    let feed = stating("header = { prefix = \"H\", date_field = 2, count_field = 3 }");
    assert_eq!(read(&feed, "H|20261120|1\nx||\n\n").unwrap().rows.len(), 1);
    assert_eq!(refused(&feed, "H|20261120|1\n"), "header counts 1 records (found 0)");
    assert_eq!(refused(&feed, "H|20261120|x\n"), "header field 3 is not a count of records");
}

#[test]
fn a_contract_that_promises_what_nobody_can_check_is_refused() {
    let head = "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n";
    let check = |controls: &str, message: &str| {
        let text = format!("{head}{FEED}{controls}");
        let error = SourceContract::parse(&text, "test").err().map(|error| error.to_string());
        let found = error.expect(controls);
        assert!(found.contains(message), "{found} ({message})");
    };
    let dc = "direction = { column = \"dc\", debit = [\"D\"], credit = [\"C\"] }\n";
    let cases = [
        ("header = { prefix = \"H\" }".into(), "`header` needs a `date` or a `date_field`"),
        ("trailer = { prefix = \"T\" }".into(), "`trailer` needs a `count`"),
        ("trailer = { prefix = \"\", count_field = 2 }".into(), "`trailer` needs a `prefix`"),
        ("trailer = { prefix = \"T\", count_field = 0 }".into(), "fields from 1"),
        (
            "trailer = { prefix = \"T\", count_field = 2, count_includes = \"with_both\" }".into(),
            "`trailer.count_includes` counts a record that the feed has not",
        ),
        (
            "trailer = { prefix = \"T\", count_field = 2, debit_field = 3 }".into(),
            "a `debit` in the `trailer` needs the feed's `direction`",
        ),
        (
            "trailer = { prefix = \"T\", count_field = 2, hash_field = 3 }".into(),
            "a `hash` in the `trailer` needs the feed's `hash`",
        ),
        (dc.replace("\"dc\"", "\"paid\""), "`direction`: column `paid` has another type than text"),
        (dc.replace("\"dc\"", "\"x\""), "`direction`: column `x` not found"),
        (dc.replace("[\"C\"]", "[\"D\"]"), "`direction`: `D` means debit and credit"),
        (dc.replace("[\"C\"]", "[]"), "`direction` needs texts for `debit` and for `credit`"),
        ("direction = \"side\"".into(), "expected \"sign\" or { column, debit, credit }"),
        (
            "hash = { column = \"paid\", modulo_digits = 4 }".into(),
            "`hash`: column `paid` has another type than text or integer",
        ),
        (
            "hash = { column = \"account\", modulo_digits = 19 }".into(),
            "`hash`: `modulo_digits` must lie in 1..=18",
        ),
        ("max_rejects_ppm = 1000001".into(), "`max_rejects_ppm` is at most 1000000"),
        (
            "on_reject = \"file\"\nmax_rejects_rows = 1".into(),
            "`on_reject = \"file\"` takes no reject",
        ),
        ("on_reject = \"night\"".into(), "unknown variant `night`, expected `row` or `file`"),
    ];
    for (controls, message) in cases {
        check(&controls, message);
    }
}
