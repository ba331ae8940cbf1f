//! A plain reader of extracts by contract, strict and slow: what the bank writes has to be
//! readable by anybody who holds the contract.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;
use model::{
    BusinessDate, Calendar, CharSet, ColumnType, Copybooks, FeedContract, FileShape, Moment, Money,
    Packing, SourceContract,
};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// The seven contracts.
pub(super) fn contracts() -> Vec<SourceContract> {
    let texts = [
        include_str!("../../../../jobs/sources/deposits.toml"),
        include_str!("../../../../jobs/sources/cards.toml"),
        include_str!("../../../../jobs/sources/loans.toml"),
        include_str!("../../../../jobs/sources/funds.toml"),
        include_str!("../../../../jobs/sources/insurance.toml"),
        include_str!("../../../../jobs/sources/ebank.toml"),
        include_str!("../../../../jobs/sources/care.toml"),
    ];
    let borrower = include_str!("../../../../jobs/sources/copybooks/ln_borrower.cpy");
    let copybooks =
        Copybooks::from([("copybooks/ln_borrower.cpy".to_owned(), borrower.to_owned())]);
    let contract = |text| SourceContract::parse_with(text, "contract", &copybooks).unwrap();
    texts.into_iter().map(contract).collect()
}

/// The feed of that name.
pub(super) fn feed(system: &str, name: &str) -> FeedContract {
    let contract = contracts().into_iter().find(|c| c.system == system).unwrap();
    contract.feeds.into_iter().find(|f| f.name == name).unwrap()
}

/// A row as texts, no value for what is empty.
pub(super) type Fields = Vec<Option<String>>;

/// A file as it was before it was packed, taken out of its package.
fn unpacked(feed: &FeedContract, folder: &Path, stamp: &str) -> Vec<u8> {
    let named = |name: &str| name.replace("{date}", stamp);
    let open = |name: &str| std::fs::read(folder.join(named(name))).unwrap();
    let mut bytes = Vec::new();
    match (&feed.package, feed.packing) {
        (Some(package), _) => {
            let packed = open(package);
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
            member(&bytes, &named(&feed.file))
        }
        (None, Packing::None) => open(&feed.file),
        (None, Packing::Gzip) => {
            let packed = open(&feed.file);
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
            bytes
        }
        (None, Packing::Zstd) => zstd::decode_all(open(&feed.file).as_slice()).unwrap(),
        (None, other) => panic!("the sample bank packs nothing as {other:?}"),
    }
}

/// A file of an archive: 512 bytes with its name and its length in octal digits, then itself.
fn member(archive: &[u8], name: &str) -> Vec<u8> {
    let mut rest = archive;
    loop {
        let (head, behind) = rest.split_at(512);
        let text = |from: usize, to: usize| {
            std::str::from_utf8(&head[from..to]).unwrap().trim_end_matches('\0')
        };
        let length = usize::from_str_radix(text(124, 136), 8).unwrap();
        if text(0, 100) == name {
            return behind[..length].to_vec();
        }
        rest = &behind[length.next_multiple_of(512)..];
    }
}

/// The lines of a file as text, or as bytes where a width counts them. In quoted fields a line may
/// end without a row ending.
fn lines(feed: &FeedContract, folder: &Path, stamp: &str) -> Vec<Vec<u8>> {
    let mut bytes = unpacked(feed, folder, stamp);
    if feed.charset == CharSet::Utf16Le {
        bytes = decode(feed, &bytes).into_bytes();
    }
    assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "{}", feed.name);
    let quotes = matches!(feed.shape, FileShape::Delimited { quoted: true, .. });
    let mut inside = false;
    let ends = |byte: &u8| {
        inside ^= quotes && *byte == b'"';
        *byte == b'\n' && !inside
    };
    let lines = bytes.split(ends).filter(|line| !line.is_empty());
    lines.map(<[u8]>::to_vec).collect()
}

fn decode(feed: &FeedContract, bytes: &[u8]) -> String {
    match feed.charset {
        CharSet::Utf8 => String::from_utf8(bytes.to_vec()).unwrap(),
        CharSet::Utf16Le => encoding_rs::UTF_16LE.decode(bytes).0.into_owned(),
        CharSet::Gb18030 => {
            let text =
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
            text.unwrap().into_owned()
        }
        other => panic!("no lines of {other:?}"),
    }
}

/// What the gate makes of a file, by the number of the row.
pub(super) struct Gated {
    pub(super) rows: BTreeMap<i64, Fields>,
    pub(super) rejects: BTreeMap<i64, String>,
    pub(super) superseded: u64,
}

/// A feed in a night's folder as the gate gives it, in the words of a file of text.
pub(super) fn gated(feed: &FeedContract, folder: &Path, stamp: &str) -> Gated {
    let arrived = arrived(feed, folder, stamp);
    let as_of = arrived.source_as_of;
    let mut sink = Seen { feed, rows: BTreeMap::new() };
    let scratch = tempfile::tempdir().unwrap();
    let outcome =
        intake::read_feed("s", feed, &arrived, as_of, &mut sink, &|_| {}, scratch.path()).unwrap();
    let rejects = outcome.rejects.into_iter();
    let rejects = rejects.map(|reject| (reject.source_row, reject.reason)).collect();
    Gated { rows: sink.rows, rejects, superseded: outcome.rows_superseded }
}

/// Rows by their number.
struct Seen<'a> {
    feed: &'a FeedContract,
    rows: BTreeMap<i64, Fields>,
}

impl intake::Sink for Seen<'_> {
    fn take(&mut self, batch: RecordBatch) -> Result<(), intake::SinkError> {
        let numbers = batch.column(self.feed.columns.len()).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let cells = self.feed.columns.iter().zip(batch.columns());
            let fields = cells.map(|(column, cells)| {
                let whole = || cells.as_primitive::<Int64Type>().value(row);
                let day = || cells.as_primitive::<Date32Type>().value(row);
                cells.is_valid(row).then(|| match column.kind {
                    ColumnType::Text => cells.as_string::<i32>().value(row).to_owned(),
                    ColumnType::Integer | ColumnType::Decimal => whole().to_string(),
                    ColumnType::Money => Money(whole()).to_string(),
                    ColumnType::Date => BusinessDate::from_epoch_days(day()).unwrap().to_string(),
                })
            });
            self.rows.insert(numbers.value(row), fields.collect());
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), intake::SinkError> {
        self.rows.clear();
        Ok(())
    }
}

/// The file as a night finds it, alone: what else arrives is for other tests.
fn arrived(feed: &FeedContract, folder: &Path, stamp: &str) -> intake::Arrived {
    let alone = FeedContract { flag: None, flag_counts: false, ..feed.clone() };
    let mut source = contracts().remove(0);
    source.feeds = vec![alone];
    let day = format!("{}-{}-{}", &stamp[..4], &stamp[4..6], &stamp[6..]);
    let awaited = intake::Awaited {
        sources: &[source],
        extracts: &intake::Extracts(folder.to_owned()),
        as_of: day.parse().unwrap(),
        calendar: &Calendar::every_day(),
        now: Moment::at(4_000_000_000, 0),
    };
    intake::arrive(&awaited, &|_| {}).unwrap().remove(0)
}

/// The rows of a feed in a night's folder; `Err` for a row that the contract does not allow.
pub(super) fn read(feed: &FeedContract, folder: &Path, stamp: &str) -> Vec<Result<Fields, String>> {
    if feed.shape.is_typed() || matches!(feed.shape, FileShape::Records(_)) {
        let Gated { rows, rejects, .. } = gated(feed, folder, stamp);
        let rows = rows.into_iter().map(|(number, row)| (number, Ok(row)));
        let rejects = rejects.into_iter().map(|(number, reason)| (number, Err(reason)));
        return rows.chain(rejects).collect::<BTreeMap<_, _>>().into_values().collect();
    }
    let mut lines = lines(feed, folder, stamp);
    if let Some(header) = &feed.header {
        let first = decode(feed, &lines.remove(0));
        assert!(first.starts_with(&header.prefix), "{first}");
        let FileShape::Delimited { separator, .. } = &feed.shape else {
            panic!("header without fields")
        };
        assert_eq!(
            first.split(separator.as_str()).nth(header.date_field.unwrap() - 1),
            Some(stamp)
        );
    }
    let trailer = feed.trailer.as_ref().map(|_| decode(feed, &lines.pop().unwrap()));
    let names = matches!(feed.shape, FileShape::Delimited { names: true, .. });
    if names {
        let first = split(feed, &lines.remove(0)).into_iter().flatten().collect::<Vec<_>>();
        let expected: Vec<_> = feed.columns.iter().map(|c| c.name.clone()).collect();
        assert_eq!(first, expected);
    }
    check_trailer(feed, trailer.as_deref(), &lines);
    lines.iter().map(|line| checked(feed, line)).collect()
}

fn check_trailer(feed: &FeedContract, line: Option<&str>, rows: &[Vec<u8>]) {
    let (Some(line), Some(trailer)) = (line, &feed.trailer) else { return };
    let FileShape::Delimited { separator, .. } = &feed.shape else { panic!("no fields") };
    let fields: Vec<&str> = line.split(separator.as_str()).collect();
    let count = rows.len() as u64 + trailer.count_includes.around();
    assert_eq!(fields[trailer.count_field.unwrap() - 1], count.to_string(), "{}", feed.name);
    if let (Some(at), Some(amount)) = (trailer.total_field, &feed.amount) {
        let column = feed.columns.iter().position(|c| c.name == *amount).unwrap();
        let amounts = rows.iter().map(|row| split(feed, row)[column].clone().unwrap());
        let total: i64 = amounts.map(|text| text.parse::<Money>().unwrap().0).sum();
        assert_eq!(fields[at - 1].parse::<Money>().unwrap().0, total, "{}", feed.name);
    }
}

/// Cuts a line into fields.
fn split(feed: &FeedContract, line: &[u8]) -> Fields {
    let given = |text: &str| {
        let text = text.trim();
        let none = text.is_empty() || feed.null.iter().any(|null| null == text);
        (!none).then(|| text.to_owned())
    };
    match &feed.shape {
        FileShape::Fixed => {
            let mut rest = line;
            let mut fields = Vec::new();
            for column in &feed.columns {
                let (field, tail) = rest.split_at(column.width.unwrap().min(rest.len()));
                fields.push(given(&decode(feed, field)));
                rest = tail;
            }
            assert!(rest.is_empty(), "{}: too wide", feed.name);
            fields
        }
        FileShape::JsonLines => {
            let object: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
            let text = |value: &serde_json::Value| match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let column = |c: &model::ColumnContract| object.get(&c.name).map(text);
            feed.columns.iter().map(column).collect()
        }
        FileShape::Delimited { separator, quoted, .. } => {
            let is_text = feed.charset == CharSet::Utf16Le;
            let text = if is_text { utf8(line) } else { decode(feed, line) };
            let fields = if *quoted {
                unquote(&text, separator)
            } else {
                text.split(separator).map(str::to_owned).collect()
            };
            fields.iter().map(|field| given(field)).collect()
        }
        other => panic!("the sample bank writes no {other:?}"),
    }
}

fn utf8(line: &[u8]) -> String {
    String::from_utf8(line.to_vec()).unwrap()
}

/// Fields in quotes; a doubled quote is one quote.
fn unquote(line: &str, separator: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let (mut inside, mut before) = (false, ' ');
    for character in line.chars() {
        match character {
            '"' if !inside && before == '"' => {
                inside = true;
                fields.last_mut().unwrap().push('"');
            }
            '"' => inside = !inside,
            c if !inside && separator.contains(c) => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
        before = character;
    }
    fields
}

fn checked(feed: &FeedContract, line: &[u8]) -> Result<Fields, String> {
    let fields = split(feed, line);
    if fields.len() != feed.columns.len() {
        return Err(format!("{} fields", fields.len()));
    }
    for (column, field) in feed.columns.iter().zip(&fields) {
        let Some(text) = field else {
            if column.required {
                return Err(format!("no `{}`", column.name));
            }
            continue;
        };
        let listed = column.values.is_empty() || column.values.contains(text);
        let typed = match column.kind {
            ColumnType::Text => true,
            ColumnType::Integer => text.parse::<i64>().is_ok(),
            ColumnType::Money => text.parse::<Money>().is_ok(),
            ColumnType::Decimal => Money::parse_scaled(text, column.scale.unwrap()).is_ok(),
            ColumnType::Date => is_date(text, column.format.as_deref() == Some("%Y-%m-%d")),
        };
        if !listed || !typed {
            return Err(format!("`{}` is `{text}`", column.name));
        }
    }
    Ok(fields)
}

fn is_date(text: &str, dashed: bool) -> bool {
    let compact = text.len() == 8;
    let dashes = if compact {
        format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
    } else {
        text.to_owned()
    };
    compact != dashed && dashes.parse::<model::BusinessDate>().is_ok()
}
