//! Flags that count the rows of each file.

use super::{Shown, abc, as_of, contract_error};
use crate::arrive::{Arrived, arrive};
use crate::error::ErrorKind;
use crate::read::read_feed;
use model::SourceContract;
use std::path::Path;

fn source() -> SourceContract {
    let feed = |name: &str, more: &str| {
        format!(
            "[[feed]]\nname = \"{name}\"\nfile = \"{name}_{{date}}.txt\"\nflag = \"{{date}}.OK\"\n\
             flag_counts = true\nshape = {{ kind = \"delimited\", separator = \"|\" }}\n{more}\n\
             columns = [{{ name = \"a\", type = \"integer\" }}]\n"
        )
    };
    let framed = "header = { prefix = \"H\", date_field = 2 }\n\
                  trailer = { prefix = \"T\", count_field = 2 }";
    let text = format!(
        "version = 1\nsystem = \"s\"\ntitle = \"S\"\n{}{}",
        feed("plain", ""),
        feed("framed", framed)
    );
    SourceContract::parse(&text, "test").unwrap()
}

/// Reads both files; the error of the first that is refused.
fn read_both(folder: &Path, flag: &str) -> Result<(), String> {
    std::fs::write(folder.join("plain_20261120.txt"), "1\nx\n\n3\n").unwrap();
    std::fs::write(folder.join("framed_20261120.txt"), "H|20261120\n1\nT|1\n").unwrap();
    std::fs::write(folder.join("20261120.OK"), flag).unwrap();
    let source = source();
    let bad = |error: crate::IntakeError| {
        assert_eq!(error.kind(), ErrorKind::BadFile);
        error.to_string()
    };
    let arrived: Vec<Arrived> =
        arrive(std::slice::from_ref(&source), folder, as_of(), &|_| {}).map_err(bad)?;
    for (feed, arrived) in source.feeds.iter().zip(&arrived) {
        let mut sink = Shown::default();
        read_feed("s", feed, arrived, as_of(), &mut sink, &|_| {}, folder).map_err(bad)?;
    }
    Ok(())
}

#[test]
fn a_flag_counts_all_rows_of_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let check = |flag: &str, expected: Result<(), &str>| {
        let found = read_both(folder.path(), flag);
        match expected {
            Ok(()) => assert_eq!(found, Ok(()), "{flag}"),
            Err(message) => {
                let found = found.unwrap_err();
                assert!(found.ends_with(message), "{flag}: {found}");
            }
        }
    };
    // Rejected rows count, headers and trailers do not.
    check("plain_20261120.txt 4\nframed_20261120.txt 1\n", Ok(()));
    check("framed_20261120.txt|1\r\n\r\nother.txt | 7\r\nplain_20261120.txt|4", Ok(()));
    check(
        "plain_20261120.txt 5\nframed_20261120.txt 1\n",
        Err("file `plain_20261120.txt`: the flag counts 5 rows (found 4)"),
    );
    check(
        "plain_20261120.txt 4\nframed_20261120.txt 3\n",
        Err("file `framed_20261120.txt`: the flag counts 3 rows (found 1)"),
    );
    check(
        "plain_20261120.txt 4\n",
        Err("file `framed_20261120.txt`: the flag does not count the file \
             (expected a line `NAME COUNT` or `NAME|COUNT`)"),
    );
    check(
        "plain_20261120.txt 4\nframed_20261120.txt 1\nplain_20261120.txt 4\n",
        Err("line 3 of the flag counts the file again (expected one line for each file)"),
    );
    for line in [
        "done",
        "plain_20261120.txt four",
        "plain_20261120.txt -4",
        "| 4",
        "x 99999999999999999999",
    ] {
        check(
            &format!("framed_20261120.txt 1\n{line}\nplain_20261120.txt 4\n"),
            Err("line 2 of the flag is no count (expected `NAME COUNT` or `NAME|COUNT`)"),
        );
    }
    check(
        "",
        Err("the flag does not count the file (expected a line `NAME COUNT` or `NAME|COUNT`)"),
    );
}

#[test]
fn counts_need_a_flag() {
    let error = contract_error(
        "flag_counts = true\nshape = { kind = \"json_lines\" }\ncolumns = [{ name = \"a\", type = \"text\" }]",
    );
    assert!(error.ends_with("`flag_counts` needs a `flag`"), "{error}");
    assert!(!abc(r#"separator = "|""#, "").flag_counts);
}
