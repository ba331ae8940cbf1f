//! What is fuzzed: files of every shape through the gate as a night calls it, and the files of a job.
//! A target takes any bytes, panics where a promise is broken, and says what it has seen, so that
//! inputs that show something new can be told from others.

use arrow::record_batch::RecordBatch;
use intake::{Arrived, ErrorKind, FeedOutcome, Sink, SinkError, read_feed};
use model::{BusinessDate, Copybooks, FeedContract, JobFile, ProductBook, Scoring, SourceContract};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What an input has shown: the kind of the answer without its figures.
pub(crate) type Shown = BTreeSet<String>;

/// A target: bytes in, what they show out.
pub(crate) type Target = fn(&[u8]) -> Shown;

/// The targets by the names of their corpora.
const TARGETS: [(&str, Target); 10] = [
    ("delimited", delimited),
    ("quoted", quoted),
    ("fixed", fixed),
    ("json_lines", json_lines),
    ("controls", controls),
    ("records", records),
    ("layouts", layouts),
    ("copybook", copybook),
    ("contract", contract),
    ("job", job),
];

/// The target of that name.
pub(crate) fn named(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, target)| *target)
}

const HEAD: &str =
    "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n";

const COLUMNS: &str = r#"
amount = "c"
columns = [
    { name = "a", type = "text", width = 4 },
    { name = "b", type = "integer", width = 3 },
    { name = "c", type = "money", width = 6 },
    { name = "d", type = "date", format = "%Y%m%d", width = 8 },
]
"#;

const CONTROLS: &str = r#"
hash = { column = "b", modulo_digits = 3 }
header = { prefix = "H|", date_field = 2, count_field = 3 }
trailer = { prefix = "T|", count_field = 2, count_includes = "with_both", total_field = 3, debit_field = 4, credit_field = 5, hash_field = 6 }
"#;

fn feed(text: &str) -> FeedContract {
    let contract = SourceContract::parse(&format!("{HEAD}{text}{COLUMNS}"), "target");
    contract.expect("a contract of a target holds").feeds.remove(0)
}

/// Rows between separators, in both character sets.
fn delimited(file: &[u8]) -> Shown {
    static FEEDS: LazyLock<[FeedContract; 2]> = LazyLock::new(|| {
        let bar = "shape = { kind = \"delimited\", separator = \"|\" }\nunique = [\"a\"]";
        let plus = "shape = { kind = \"delimited\", separator = \"|+|\" }\ncharset = \"gb18030\"";
        [feed(bar), feed(plus)]
    });
    FEEDS.iter().flat_map(|feed| through(feed, file)).collect()
}

/// Rows in quotes behind a line of names.
fn quoted(file: &[u8]) -> Shown {
    static FEEDS: LazyLock<[FeedContract; 2]> = LazyLock::new(|| {
        let shape = "shape = { kind = \"delimited\", separator = \";\", quoted = true";
        [feed(&format!("{shape} }}")), feed(&format!("{shape}, names = true }}"))]
    });
    FEEDS.iter().flat_map(|feed| through(feed, file)).collect()
}

/// Rows of fixed width, in both character sets.
fn fixed(file: &[u8]) -> Shown {
    static FEEDS: LazyLock<[FeedContract; 2]> = LazyLock::new(|| {
        let shape = "shape = { kind = \"fixed\" }\n";
        [feed(shape), feed(&format!("{shape}charset = \"gb18030\"\nunique = [\"a\", \"b\"]"))]
    });
    FEEDS.iter().flat_map(|feed| through(feed, file)).collect()
}

/// JSON lines.
fn json_lines(file: &[u8]) -> Shown {
    static FEED: LazyLock<FeedContract> =
        LazyLock::new(|| feed("shape = { kind = \"json_lines\" }\nnull = [\"-\"]"));
    through(&FEED, file)
}

/// Headers and trailers with every promise there is.
fn controls(file: &[u8]) -> Shown {
    static FEEDS: LazyLock<[FeedContract; 2]> = LazyLock::new(|| {
        let bar = "shape = { kind = \"delimited\", separator = \"|\" }\ndirection = \"sign\"";
        let column = "shape = { kind = \"fixed\" }\n\
                      direction = { column = \"a\", debit = [\"D\"], credit = [\"C\"] }";
        [feed(&format!("{bar}{CONTROLS}")), feed(&format!("{column}{CONTROLS}"))]
    });
    FEEDS.iter().flat_map(|feed| through(feed, file)).collect()
}

/// Contracts; those that hold read a small file.
fn contract(text: &[u8]) -> Shown {
    let Ok(text) = std::str::from_utf8(text) else { return Shown::new() };
    let contract = match SourceContract::parse(text, "contract") {
        Ok(contract) => contract,
        Err(error) => return Shown::from([kind_of(&error.to_string())]),
    };
    let file = b"H|20261120\nx|1|2.50|20261120\n{\"a\":\"x\"}\nT|2|2.50\n";
    contract.feeds.iter().take(4).flat_map(|feed| through(feed, file)).collect()
}

/// Job files, and what they name beside contracts.
fn job(text: &[u8]) -> Shown {
    let Ok(text) = std::str::from_utf8(text) else { return Shown::new() };
    let told = [
        JobFile::parse(text, "job").err().map(|error| error.to_string()),
        ProductBook::parse(text, "products").err().map(|error| error.to_string()),
        Scoring::parse(text, "scoring").err().map(|error| error.to_string()),
    ];
    told.iter().map(|told| kind_of(told.as_deref().unwrap_or("holds"))).collect()
}

/// What stands before the columns of records.
const RECORDS: &str = "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n\
                       amount = \"c\"\n";

/// Columns of records, in 22 bytes.
const ITEMS: &str = r#"
columns = [
    { name = "a", type = "text", cobol = "X(6)", required = true },
    { name = "b", type = "integer", cobol = "9(4) COMP" },
    { name = "c", type = "money", cobol = "S9(5)V99 COMP-3", no_value = ["low_values", "spaces"] },
    { name = "d", type = "date", format = "%Y%m%d", cobol = "9(8)" },
    { name = "e", type = "integer", cobol = "S99", no_value = ["high_values"] },
]
"#;

const ENDS: &str = r#"
[feed.header]
prefix = "HDR"
date = { at = 5, cobol = "9(8)" }
[feed.trailer]
prefix = "TRL"
count = { at = 4, cobol = "9(5)" }
total = { at = 9, cobol = "S9(7)V99 COMP-3" }
"#;

/// Records of every framing and of four character sets, with header and trailer and without.
fn records(file: &[u8]) -> Shown {
    static FEEDS: LazyLock<[FeedContract; 4]> = LazyLock::new(|| {
        let feed = |shape: &str, charset: &str, more: &str| {
            let shape =
                format!("shape = {{ kind = \"records\", {shape} }}\ncharset = \"{charset}\"");
            let text = format!("{RECORDS}{shape}\n{ITEMS}{more}");
            SourceContract::parse(&text, "target").expect("it holds").feeds.remove(0)
        };
        [
            feed("framing = \"fixed\", length = 22", "cp037", ENDS),
            feed("framing = \"rdw\"", "cp1388", ENDS),
            feed("framing = \"bdw_rdw\"", "cp935", ""),
            feed("framing = \"fixed\", length = 24", "cp1047", "unique = [\"a\"]"),
        ]
    });
    FEEDS.iter().flat_map(|feed| through(feed, file)).collect()
}

/// Records whose layout stands in their first line: framing with a length, character set, and pictures
/// between commas.
/// The columns are a text, a sum, an integer and a day in turn.
fn layouts(input: &[u8]) -> Shown {
    let (line, file) =
        input.split_at(input.iter().position(|b| *b == b'\n').unwrap_or(input.len()));
    let line = String::from_utf8_lossy(line).replace(['"', '\\'], "");
    let mut words = line.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (framing, charset, pictures) = (word(), word(), word());
    let kinds = ["text", "money", "integer", "date\", format = \"%Y%m%d"];
    let column = |(at, picture): (usize, &str)| {
        format!("{{ name = \"c{at}\", type = \"{}\", cobol = \"{picture}\" }}, ", kinds[at % 4])
    };
    let columns: String = pictures.split(',').take(64).enumerate().map(column).collect();
    let (framing, length) = framing.split_once('/').unwrap_or((framing.as_str(), ""));
    let length = if length.is_empty() { String::new() } else { format!(", length = {length}") };
    let text = format!(
        "{}shape = {{ kind = \"records\", framing = \"{framing}\"{length} }}\ncharset = \"{charset}\"\ncolumns = [{columns}]\n",
        RECORDS.replace("amount = \"c\"\n", "")
    );
    match SourceContract::parse(&text, "layouts") {
        Ok(contract) => through(&contract.feeds[0], file.get(1..).unwrap_or_default()),
        Err(error) => Shown::from([kind_of(&error.to_string())]),
    }
}

/// Copybooks; those that hold read a small file.
fn copybook(text: &[u8]) -> Shown {
    let Ok(text) = std::str::from_utf8(text) else { return Shown::new() };
    let contract = format!(
        "{}shape = {{ kind = \"records\", framing = \"rdw\", copybook = \"c\" }}\ncharset = \"cp037\"\n\
         columns = [{{ name = \"a\", type = \"text\" }}, {{ name = \"b\", type = \"text\", field = \"B(1)\" }}]\n",
        RECORDS.replace("amount = \"c\"\n", "")
    );
    let copybooks = Copybooks::from([("c".to_owned(), text.to_owned())]);
    let file = b"\0\x08\0\0\xf1\xf2\xf3\xc4\0\x10\0\0\xc1\xc2\0\x12\x3c\x40\xf0\xf1\xff\x7c\0\0";
    match SourceContract::parse_with(&contract, "copybook", &copybooks) {
        Ok(contract) => through(&contract.feeds[0], file),
        Err(error) => Shown::from([kind_of(&error.to_string())]),
    }
}

/// Counts the rows it is given.
struct Count(u64);

impl Sink for Count {
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError> {
        self.0 += batch.num_rows() as u64;
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.0 = 0;
        Ok(())
    }
}

thread_local! {
    static FOLDER: tempfile::TempDir = tempfile::tempdir().expect("a folder for the file");
}

/// Reads a file as a night does and holds the outcome to its promises.
fn through(feed: &FeedContract, file: &[u8]) -> Shown {
    FOLDER.with(|folder| {
        let path = folder.path().join("f");
        std::fs::write(&path, file).expect("the file can be written");
        let as_of = BusinessDate::from_ymd(2026, 11, 20).expect("a day");
        let arrived = Arrived {
            system: "s".into(),
            feed: feed.name.clone(),
            path,
            file: "f".into(),
            bytes: file.len() as u64,
            blake3: blake3::hash(file).to_hex().to_string(),
            source_as_of: as_of,
            due: as_of,
            rerun: None,
            declared_rows: None,
            declared_totals: Vec::new(),
            flag_rows: None,
            superseded: Vec::new(),
        };
        let (mut sink, scratch) = (Count(0), folder.path());
        match read_feed("s", feed, &arrived, as_of, &mut sink, &|_| {}, scratch) {
            Ok(outcome) => {
                reconciles(&outcome, sink.0);
                kinds_of(&outcome)
            }
            Err(error) => {
                let kinds = [ErrorKind::BadFile, ErrorKind::Contract];
                assert!(kinds.contains(&error.kind()), "a file may only be bad: {error}");
                Shown::from([kind_of(&error.cause.to_string())])
            }
        }
    })
}

/// Every row read is delivered, rejected or superseded, by count and by amount.
fn reconciles(o: &FeedOutcome, delivered: u64) {
    assert_eq!(o.rows_delivered, delivered);
    assert_eq!(o.rows_read, o.rows_delivered + o.rows_rejected + o.rows_superseded);
    let amounts = o.amount_delivered + o.amount_rejected + o.amount_superseded;
    assert_eq!(o.amount_read, amounts);
    assert_eq!(o.rows_rejected, o.rejects.len() as u64 + o.rejects_unlisted);
    assert!(o.amount_unreadable + o.amount_unsided <= o.rows_rejected);
    assert!(o.rejects.is_sorted_by_key(|reject| reject.source_row));
}

fn kinds_of(outcome: &FeedOutcome) -> Shown {
    let some = |name: &str, rows: u64| (rows > 0).then(|| format!("{name} {}", rows.min(2)));
    let counts = [
        some("delivered", outcome.rows_delivered),
        some("superseded", outcome.rows_superseded),
        some("unreadable", outcome.amount_unreadable),
        some("unsided", outcome.amount_unsided),
    ];
    let rejects = outcome.rejects.iter().map(|reject| {
        format!("{} {}", reject.column.as_deref().unwrap_or("*"), kind_of(&reject.reason))
    });
    counts.into_iter().flatten().chain(rejects).collect()
}

/// A message without its figures and names, so that two of one kind are the same. What a parser says
/// stands on its last line.
fn kind_of(message: &str) -> String {
    let mut named = false;
    let words = message.lines().last().unwrap_or_default().chars().filter(|c| {
        named ^= *c == '`';
        !named && !c.is_numeric()
    });
    words.take(120).collect()
}
