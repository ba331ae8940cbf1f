//! I3: a row with another number of fields than the contract has columns is rejected, counted
//! exactly, and never padded.

use crate::tests::{abc, pipes, quoted, read};
use model::FeedContract;

const OPEN: &str =
    "quote does not close (expected a closing quote before a separator or a line end)";

/// Files between two good rows: the rows, and the rejects, that must come out of them.
fn fixtures() -> Vec<(FeedContract, &'static str, usize, Vec<&'static str>)> {
    let (two, four) = ("2 fields (expected 3)", "4 fields (expected 3)");
    let plus = || abc(r#"separator = "|+|""#, "");
    vec![
        (pipes(), "x|1\n", 0, vec![two]),
        (pipes(), "x\n", 0, vec!["1 fields (expected 3)"]),
        (pipes(), "   \n", 0, vec!["1 fields (expected 3)"]),
        (pipes(), "\n", 0, vec!["empty line (expected a row)"]),
        (pipes(), "x|1|\n", 1, vec![]),
        (pipes(), "||\n", 1, vec![]),
        (pipes(), "x|1|2|\n", 0, vec![four]),
        (pipes(), "x|1|2|3|4\n", 0, vec!["5 fields (expected 3)"]),
        (pipes(), "|x|1|2\n", 0, vec![four]),
        (pipes(), "x|y|1|2\nz|1|2\n", 1, vec![four]),
        (pipes(), "x\ny|1|2\n", 1, vec!["1 fields (expected 3)"]),
        (plus(), "x|+|1\n", 0, vec![two]),
        (plus(), "x|+|1|+|2|+|\n", 0, vec![four]),
        (plus(), "x|+|1|2\n", 0, vec![two]),
        (quoted(), "\"x\ny\";1;2\n", 1, vec![]),
        (quoted(), "\"x\ny\";1\nz;1;1\n", 1, vec![two]),
        (quoted(), "\"x;1;1\ny;2;2\n", 1, vec![OPEN]),
        (quoted(), "x;1;\"1\ny;2;2\n", 1, vec![OPEN]),
        (quoted(), "\"x\"x;1;1\n\"y\";2;2\n", 1, vec![OPEN]),
        (quoted(), "\"x\" ;1;1\ny;2;2\n", 1, vec![OPEN]),
        (quoted(), "\"x\"\"\";\"1;1\n\"y\";2;2\n", 1, vec![OPEN]),
        (quoted(), "\"x;y\";1;2;3\n", 0, vec![four]),
    ]
}

#[test]
fn a_row_of_another_length_is_rejected_and_never_padded() {
    for (feed, file, rows, rejects) in fixtures() {
        let between = match &feed.shape {
            model::FileShape::Delimited { separator, .. } => ["g", "1", "1"].join(separator),
            _ => unreachable!("all of them are delimited"),
        };
        let run = read(&feed, format!("{between}\n{file}{between}\n")).unwrap();
        let outcome = &run.outcome;
        let found: Vec<&str> = outcome.rejects.iter().map(|r| r.reason.as_str()).collect();
        assert_eq!(found, rejects, "{file:?}");
        assert_eq!(run.rows.len(), rows + 2, "{file:?} {:?}", run.rows);
        assert_eq!(outcome.rows_read, (rows + 2 + rejects.len()) as u64, "{file:?}");
        assert!(outcome.rejects.iter().all(|r| r.source_row == 2), "{file:?}");
    }
}
