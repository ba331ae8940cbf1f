//! I11: what is far too large is refused without the memory it asks for.

use crate::arrive::Arrived;
use crate::error::{Cause, ErrorKind};
use crate::read::{Sizes, read_sized};
use crate::tests::{Once, abc, as_of, feed, pipes, read, taken};
use model::FeedContract;
use std::io::Read;
use std::time::{Duration, Instant};

/// One line of a gigabyte.
const BOMB: u64 = 1 << 30;

/// Most memory of the process, all its tests together, in bytes: far less than the bomb.
const MEMORY: u64 = 768 << 20;

/// The most memory the process has had, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// A file of that many NULs that takes no room on the disk, as it arrives.
fn bomb(folder: &std::path::Path) -> Arrived {
    let path = folder.join("f.txt");
    std::fs::File::create(&path).unwrap().set_len(BOMB).unwrap();
    let mut hasher = blake3::Hasher::new();
    let mut file = std::fs::File::open(&path).unwrap().take(BOMB);
    hasher.update_reader(&mut file).unwrap();
    Arrived {
        system: "s".into(),
        feed: "f".into(),
        path,
        file: "f.txt".into(),
        bytes: BOMB,
        blake3: hasher.finalize().to_hex().to_string(),
        source_as_of: as_of(),
        due: as_of(),
        rerun: None,
        declared_rows: None,
        declared_totals: Vec::new(),
        flag_rows: None,
        superseded: Vec::new(),
    }
}

#[test]
fn a_line_of_a_gigabyte_is_refused_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let arrived = bomb(folder.path());
    let fixed = feed(
        "shape = { kind = \"fixed\" }\ncolumns = [{ name = \"a\", type = \"text\", width = 4 }]",
    );
    for feed in [pipes(), fixed] {
        let begun = Instant::now();
        let mut sink = Once(|_| Ok(()));
        let sizes = Sizes::default();
        let read = read_sized(&feed, &arrived, as_of(), &mut sink, &|_| {}, folder.path(), sizes);
        let cause = read.err().unwrap();
        assert!(matches!(cause, Cause::LineTooLong { line: 1 }), "{cause}");
        assert_eq!(cause.kind(), ErrorKind::BadFile);
        // Five seconds on a machine that does nothing else.
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    }
    assert!(peak().is_none_or(|bytes| bytes < MEMORY), "{:?}", peak());
}

/// A contract of so many text columns.
fn wide(columns: usize) -> FeedContract {
    let names = (0..columns).map(|at| format!("{{ name = \"c{at}\", type = \"text\" }}"));
    let names = names.collect::<Vec<_>>().join(",\n");
    feed(&format!("shape = {{ kind = \"delimited\", separator = \"|\" }}\ncolumns = [\n{names}\n]"))
}

#[test]
fn a_hundred_thousand_columns_are_a_row_where_the_contract_has_them() {
    let columns = 100_000;
    let row = vec!["x"; columns].join("|");
    let (_, rejects) = taken(&pipes(), format!("{row}\n"));
    assert_eq!(rejects, ["1 *: 100000 fields (expected 3)"]);
    let run = read(&wide(columns), format!("{row}\n{row}|\n")).unwrap();
    assert_eq!((run.outcome.rows_delivered, run.outcome.rows_rejected), (1, 1));
    assert_eq!(run.outcome.rejects[0].reason, "100001 fields (expected 100000)");
}

#[test]
fn a_million_separators_or_quotes_are_one_reject() {
    let (pipes, quoted) = (pipes(), abc(r#"separator = "|", quoted = true"#, ""));
    let row = |one: &str| format!("{}\n", one.repeat(1_000_000 / one.len()));
    let cases = [
        (&pipes, "|", "1000001 fields (expected 3)"),
        (&pipes, "\"|", "500001 fields (expected 3)"),
        (&quoted, "|", "1000001 fields (expected 3)"),
        (&quoted, "\"|", "250001 fields (expected 3)"),
        (&quoted, "\"\"|", "333334 fields (expected 3)"),
        // The line is one field, 1,000,000 quotes long.
        (&quoted, "\"", "1 fields (expected 3)"),
    ];
    for (feed, one, reason) in cases {
        assert_eq!(taken(feed, row(one)).1, [format!("1 *: {reason}")], "{one}");
    }
}
