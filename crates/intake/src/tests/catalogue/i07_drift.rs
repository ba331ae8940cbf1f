//! I7: a file whose columns are no longer those of the contract is refused where it names them; a
//! column that has become another rejects the rows that show it.

use crate::tests::{abc, feed, refused, taken};
use model::FeedContract;

fn named() -> FeedContract {
    abc(r#"separator = "|", names = true"#, "")
}

#[test]
fn a_line_of_other_names_costs_the_file() {
    let expected = "(expected: `a`, `b`, `c`)";
    let cases = [
        ("added last", "a|b|c|d\nx|1|1|1\n", "columns are `a`, `b`, `c`, `d`"),
        ("added first", "d|a|b|c\nx|x|1|1\n", "columns are `d`, `a`, `b`, `c`"),
        ("removed", "a|b\nx|1\n", "columns are `a`, `b`"),
        ("renamed", "a|b|d\nx|1|1\n", "columns are `a`, `b`, `d`"),
        ("renamed by case", "a|b|C\nx|1|1\n", "columns are `a`, `b`, `C`"),
        ("reordered", "a|c|b\nx|1|1\n", "columns are `a`, `c`, `b`"),
        ("repeated", "a|b|b\nx|1|1\n", "columns are `a`, `b`, `b`"),
        ("all renamed", "A|B|C\nx|1|1\n", "line 1 holds none of the column names"),
        ("missing", "x|1|1\n", "line 1 holds none of the column names"),
        ("another separator", "a;b;c\nx;1;1\n", "line 1 holds none of the column names"),
    ];
    for (what, file, message) in cases {
        assert_eq!(refused(&named(), file), format!("{message} {expected}"), "{what}");
    }
}

#[test]
fn a_column_that_has_become_another_rejects_its_rows() {
    let typed = feed(
        r#"
shape = { kind = "delimited", separator = "|", names = true }
columns = [
    { name = "whole", type = "integer" },
    { name = "paid", type = "money" },
    { name = "day", type = "date", format = "%Y-%m-%d" },
    { name = "sex", type = "text", values = ["F", "M"], required = true },
]
"#,
    );
    let head = "whole|paid|day|sex\n1|1.00|2026-01-31|F\n";
    let cases = [
        ("widened", "1.5|1.00|2026-01-31|F", "2 whole"),
        ("widened beyond 64 bits", "9223372036854775808|1.00|2026-01-31|F", "2 whole"),
        ("more decimals", "1|1.000|2026-01-31|F", "2 paid"),
        ("another format", "1|1.00|31.01.2026|F", "2 day"),
        ("a time beside the day", "1|1.00|2026-01-31T00:00:00|F", "2 day"),
        ("a new code", "1|1.00|2026-01-31|D", "2 sex"),
        ("empty now", "1|1.00|2026-01-31|", "2 sex"),
        ("one more field", "1|1.00|2026-01-31|F|", "2 *"),
    ];
    for (what, row, at) in cases {
        let file = head.replacen('\n', &format!("\n{row}\n"), 1);
        let (rows, rejects) = taken(&typed, file);
        assert_eq!(rows.len(), 1, "{what}");
        assert!(rejects.len() == 1 && rejects[0].starts_with(at), "{what}: {rejects:?}");
    }
}
