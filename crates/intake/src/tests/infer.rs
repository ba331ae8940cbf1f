//! Proposed contracts: of every file of the sample bank, and of small files with one trait each.

use super::samples::{contract_at, is_of_berka};
use super::{Shown, arrive, as_of};
use crate::infer::{InferError, Naming, infer};
use crate::read::{Sizes, read_sized};
use crate::sample::Sample;
use model::SourceContract;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn contract_of(path: &Path) -> (String, SourceContract) {
    let guess = infer(&Sample::of(path).unwrap(), false).unwrap();
    let file = path.file_name().unwrap().to_str().unwrap().replace("20261120", "{date}");
    let text = guess.to_toml(&Naming { system: "proposed", feed: "feed", file: &file });
    let contract =
        SourceContract::parse(&text, "proposed").unwrap_or_else(|e| panic!("{e}\n{text}"));
    (text, contract)
}

/// Rows read and rejected by the first feed of a contract, in a folder.
fn read(contract: &SourceContract, folder: &Path) -> (u64, u64) {
    let arrived = arrive(std::slice::from_ref(contract), folder).unwrap();
    let (feed, scratch) = (&contract.feeds[0], tempfile::tempdir().unwrap());
    let mut sink = Shown::default();
    let sizes = Sizes::default();
    let outcome = read_sized(feed, &arrived[0], as_of(), &mut sink, &|_| {}, scratch.path(), sizes);
    let outcome = outcome.unwrap_or_else(|e| panic!("{}: {e}", feed.file));
    (outcome.rows_read, outcome.rows_rejected)
}

#[test]
fn every_file_of_the_sample_bank_is_read_by_its_proposed_contract() {
    let folder = repository().join("data-samples/night/20261120");
    let mut files = 0;
    for entry in std::fs::read_dir(repository().join("jobs/sources")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() || is_of_berka(&path) {
            continue;
        }
        let contract = contract_at(&path);
        for feed in contract.feeds.iter().filter(|feed| has_lines(feed)) {
            let file = folder.join(feed.file.replace("{date}", "20261120"));
            let (text, proposed) = contract_of(&file);
            let single = SourceContract { feeds: vec![feed.clone()], ..contract.clone() };
            let (rows, planted) = read(&single, &folder);
            let (found, rejected) = read(&proposed, &folder);
            assert_eq!(found, rows, "{}\n{text}", feed.file);
            assert!(rejected <= planted, "{}: {rejected} of {planted}\n{text}", feed.file);
            agree(feed, &proposed, &text);
            files += 1;
        }
    }
    assert_eq!(files, 21, "a file of every feed of lines that stand by themselves");
}

/// A proposal is made of lines: members of packages, records, Parquet files and sheets have none.
fn has_lines(feed: &model::FeedContract) -> bool {
    let lines = !feed.shape.is_typed() && !matches!(feed.shape, model::FileShape::Records(_));
    lines && feed.package.is_none()
}

/// What the bank calls a person's is a person's in the proposal too, and no value of it is told.
fn agree(feed: &model::FeedContract, proposed: &SourceContract, text: &str) {
    use model::DataClass::{Contact, Identity};
    let is_personal = |class| matches!(class, Identity | Contact);
    if feed.shape == model::FileShape::Fixed {
        return;
    }
    assert_eq!(feed.shape.clone(), proposed.feeds[0].shape, "{text}");
    let same = feed.charset == proposed.feeds[0].charset;
    assert!(same || text.contains("every byte is ASCII"), "{text}");
    assert!(proposed.feeds[0].null.iter().all(|null| feed.null.contains(null)), "{text}");
    for column in feed.columns.iter().filter(|column| is_personal(column.class)) {
        let at = feed.columns.iter().position(|c| c.name == column.name).unwrap();
        let by_name = proposed.feeds[0].columns.iter().find(|c| c.name == column.name);
        let found = by_name.unwrap_or(&proposed.feeds[0].columns[at]);
        assert!(is_personal(found.class), "{}.{}\n{text}", feed.name, column.name);
        assert!(found.values.is_empty(), "{}.{}\n{text}", feed.name, column.name);
    }
}

/// So many rows, each written from its number.
fn rows(count: usize, row: impl Fn(usize) -> String) -> String {
    (0..count).map(row).collect::<Vec<_>>().concat()
}

/// The lines of the proposal without the comments at its head.
fn proposal(bytes: &[u8]) -> String {
    let sample = Sample { head: bytes.to_vec(), whole: true, ..Sample::default() };
    let guess = infer(&sample, false).unwrap();
    let text = guess.to_toml(&Naming { system: "s", feed: "f", file: "f.txt" });
    SourceContract::parse(&text, "proposed").unwrap();
    text.split_once("complete, if there is one\n").unwrap().1.to_owned()
}

#[test]
fn names_types_and_codes_are_proposed_with_reasons() {
    let row = |n: usize| {
        let state = if n.is_multiple_of(3) { "A" } else { "C" };
        let (holder, day) = (["王小明", "李华", "张三丰"][n % 3], n % 28 + 1);
        format!("00{n:04}|!|202601{day:02}|!|{state}|!|{n}.50|!|3.{n:03}|!|{holder}\n")
    };
    let text = format!("acct_no|!|open_dt|!|state|!|bal|!|rate_pct|!|holder\n{}", rows(60, row));
    let expected = r#"charset = "utf-8" # guess: every byte is UTF-8
shape = { kind = "delimited", separator = "|!|", names = true }
unique = ["acct_no"] # guess: no two rows seen have the same
columns = [
    { name = "acct_no", type = "text", class = "key", required = true },
    { name = "open_dt", type = "date", required = true, format = "%Y%m%d" },
    { name = "state", type = "text", required = true, values = ["A", "C"] },
    { name = "bal", type = "money", class = "financial", required = true },
    { name = "rate_pct", type = "decimal", class = "financial", required = true, scale = 4 }, # guess: the scale is a guess
    { name = "holder", type = "text", class = "identity", required = true }, # guess: names of persons stand in it
]
"#;
    assert_eq!(proposal(text.as_bytes()), expected);
}

#[test]
fn control_records_are_found_and_their_figures_proven() {
    let loans = rows(30, |n| format!("L{n:05},2026-01-02,10.00\n"));
    let text = format!("HDR,LOAN,20261120\n{loans}TRL,32,300.00\n");
    let found = proposal(text.as_bytes());
    assert!(found.contains("header = { prefix = \"HDR,\", date_field = 3 }"), "{found}");
    let trailer = "trailer = { prefix = \"TRL,\", count_field = 2, count_includes = \"with_both\", total_field = 3 }";
    assert!(found.contains(trailer), "{found}");
    assert!(found.contains("amount = \"c03\""), "{found}");
}

#[test]
fn no_value_of_a_person_is_ever_told() {
    let people = [
        ("王小明", "13812345678", "11010519491231002X", "wang@example.com", "ZHANG WEI"),
        ("李华", "13912345678", "11010519491231002X", "li@example.com", "LI HUA"),
    ];
    for separator in [",", ";", "\t", "|+|", "\u{1}"] {
        for count in [1, 3, 12, 40, 400] {
            let text = rows(count, |n| {
                let (name, mobile, id, mail, latin) = people[n % 2];
                [name, mobile, id, mail, latin, "x"].join(separator) + "\n"
            });
            let told = proposal(text.as_bytes());
            for (name, mobile, id, mail, latin) in people {
                for value in [name, mobile, id, mail, latin] {
                    assert!(!told.contains(value), "{count} rows by {separator:?}: {told}");
                }
            }
        }
    }
}

#[test]
fn a_row_is_never_taken_for_names_or_for_a_control_record() {
    // Only the first row has no figures in it; a row begins with capitals and has a field too many.
    for first in ["王小明,男,无", "WANG,BEIJING,NONE"] {
        let others = rows(40, |n| format!("李华{n},女,{n}\n"));
        let text = format!("{first}\n{others}WANGLI,20261120,35,36\n");
        let told = proposal(text.as_bytes());
        for value in ["王小明", "WANG", "BEIJING"] {
            assert!(!told.contains(value), "{told}");
        }
    }
}

#[test]
fn names_in_chinese_are_names() {
    let clients = rows(40, |n| format!("C{n:05}|王小明|{n}.00\n"));
    let text = format!("客户号|客户名称|余额\n{clients}");
    let told = proposal(text.as_bytes());
    assert!(told.contains("names = true"), "{told}");
    assert!(
        told.contains("{ name = \"客户名称\", type = \"text\", class = \"identity\""),
        "{told}"
    );
    assert!(!told.contains("王小明"), "{told}");
}

#[test]
fn lines_of_one_length_are_fixed_width_and_never_cut_a_character() {
    let mut bytes = Vec::new();
    for n in 0..50 {
        let name = ["王小明  ", "李四    ", "欧阳建国"][n % 3];
        let line = format!("{n:06} {name}  {:>8}.00\n", n * 100);
        bytes.extend_from_slice(&encoding_rs::GB18030.encode(&line).0);
    }
    let told = proposal(&bytes);
    assert!(told.contains("charset = \"gb18030\""), "{told}");
    assert!(told.contains("kind = \"fixed\""), "{told}");
    assert!(told.contains("width = 7"), "{told}");
}

#[test]
fn what_cannot_be_guessed_is_said() {
    let of = |bytes: &[u8]| {
        let sample = Sample { head: bytes.to_vec(), whole: true, ..Sample::default() };
        infer(&sample, false).unwrap_err()
    };
    assert_eq!(of(b""), InferError::Empty);
    assert_eq!(of(b"one\nthree\nfifteen lines\n"), InferError::NoShape);
    assert_eq!(of(&[b'a', 0xff, 0xff, b'\n']), InferError::NoText);
}
