//! A plain reader of extracts by contract, strict and slow: what the bank writes has to be
//! readable by anybody who holds the contract.

use model::{CharSet, ColumnType, FeedContract, FileShape, Money, Packing, SourceContract};
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
    texts.into_iter().map(|text| SourceContract::parse(text, "contract").unwrap()).collect()
}

/// The feed of that name.
pub(super) fn feed(system: &str, name: &str) -> FeedContract {
    let contract = contracts().into_iter().find(|c| c.system == system).unwrap();
    contract.feeds.into_iter().find(|f| f.name == name).unwrap()
}

/// A row as texts, no value for what is empty.
pub(super) type Fields = Vec<Option<String>>;

/// The lines of a file, decoded or as bytes turned into characters one by one (fixed width).
fn lines(feed: &FeedContract, path: &Path) -> Vec<Vec<u8>> {
    let raw = std::fs::read(path).unwrap();
    let mut bytes = Vec::new();
    if feed.packing == Packing::Gzip {
        flate2::read::GzDecoder::new(raw.as_slice()).read_to_end(&mut bytes).unwrap();
    } else {
        bytes = raw;
    }
    assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "{}", feed.name);
    bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

fn decode(feed: &FeedContract, bytes: &[u8]) -> String {
    match feed.charset {
        CharSet::Utf8 => String::from_utf8(bytes.to_vec()).unwrap(),
        CharSet::Gb18030 => {
            let text =
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
            text.unwrap().into_owned()
        }
        other => panic!("the sample bank writes no {other:?}"),
    }
}

/// The rows of a feed in a night's folder; `Err` for a row that the contract does not allow.
pub(super) fn read(feed: &FeedContract, folder: &Path, stamp: &str) -> Vec<Result<Fields, String>> {
    let mut lines = lines(feed, &folder.join(feed.file.replace("{date}", stamp)));
    if let Some(header) = &feed.header {
        let first = decode(feed, &lines.remove(0));
        assert!(first.starts_with(&header.prefix), "{first}");
        let FileShape::Delimited { separator, .. } = &feed.shape else {
            panic!("header without fields")
        };
        assert_eq!(first.split(separator.as_str()).nth(header.date_field - 1), Some(stamp));
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
    let fields: Vec<&str> = line.split(',').collect();
    let count = rows.len() + if trailer.count_includes_all { 2 } else { 0 };
    assert_eq!(fields[trailer.count_field - 1], count.to_string(), "{}", feed.name);
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
            let text = decode(feed, line);
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

fn unquote(line: &str, separator: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut inside = false;
    for character in line.chars() {
        match character {
            '"' => inside = !inside,
            c if !inside && separator.contains(c) => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
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
