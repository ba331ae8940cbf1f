//! A look at an arrived file before a night reads it: how its columns differ from the contract, seen
//! from the first rows, and how many rows its trigger, flag or trailer promises.

use crate::arrive::Arrived;
use crate::bytes::Source;
use crate::decode::decode;
use crate::error::Cause;
use crate::infer::{cut_lines, keys_of};
use model::{ControlRecord, FeedContract, FileShape, Packing};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes looked at, unpacked.
const HEAD: usize = 1 << 16;

/// Bytes in which a trailer is looked for.
const TAIL: u64 = 1 << 12;

/// What a look at a file has shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How its columns differ from the contract.
    pub drift: Vec<Change>,
    /// Rows that its trigger, flag or trailer promises, where that is said.
    pub rows: Option<u64>,
}

/// A difference between a file and its contract. It holds names of columns and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A column that the contract does not know.
    Added {
        /// Its name in the file.
        name: String,
        /// Its place, from 1; none where columns have no place.
        place: Option<usize>,
    },
    /// A column of the contract that the file lacks.
    Removed {
        /// Its name in the contract.
        name: String,
    },
    /// Another name in the place of one of the contract.
    Renamed {
        /// The contract's name.
        from: String,
        /// The file's.
        to: String,
    },
    /// The columns stand in another order.
    Reordered {
        /// The order of the file, as far as the contract knows it.
        found: Vec<String>,
    },
    /// There is no line of names.
    NamesMissing,
    /// Most rows have another number of fields, or of bytes.
    Size {
        /// `fields` or `bytes`.
        of: &'static str,
        /// In most rows.
        found: usize,
        /// By the contract.
        expected: usize,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { name, place: Some(place) } => {
                write!(f, "+ {name} (column {place} of the file)")
            }
            Self::Added { name, place: None } => write!(f, "+ {name}"),
            Self::Removed { name } => write!(f, "- {name}"),
            Self::Renamed { from, to } => write!(f, "- {from}, + {to} in its place (renamed?)"),
            Self::Reordered { found } => write!(f, "~ another order: {}", found.join(", ")),
            Self::NamesMissing => f.write_str("- the line of column names"),
            Self::Size { of, found, expected } => {
                write!(f, "~ {found} {of} in most rows (expected {expected})")
            }
        }
    }
}

/// Looks at the first rows of a file, and at what is promised of it.
pub fn preview(feed: &FeedContract, arrived: &Arrived) -> io::Result<Preview> {
    let lines = !feed.shape.is_typed() && !matches!(feed.shape, FileShape::Records(_));
    // Lines that end in another byte than those of ASCII do are not looked at.
    let drift = if lines && !feed.charset.is_wide() && !feed.charset.is_ebcdic() {
        let head = head(feed, arrived)?;
        let mut text = String::new();
        // A file that is no text in its character set is refused when it is read, with the place.
        let readable = decode(feed.charset, &head, &mut text).is_ok();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if readable { drift(feed, text, &head) } else { Vec::new() }
    } else {
        Vec::new()
    };
    let rows = match arrived.declared_rows.or(arrived.flag_rows) {
        Some(rows) => Some(rows),
        None => promised(feed, &arrived.path)?,
    };
    Ok(Preview { drift, rows })
}

/// The first bytes of a file, unpacked: whole lines, and none of a file that cannot be unpacked, which
/// is refused when it is read.
fn head(feed: &FeedContract, arrived: &Arrived) -> io::Result<Vec<u8>> {
    let read = || -> Result<Vec<u8>, Cause> {
        let mut source = Source::open(arrived, feed, &|_| {})?;
        let (mut head, mut length) = (vec![0; HEAD], 0);
        while length < HEAD {
            match source.read(&mut head[length..])? {
                0 => break,
                more => length += more,
            }
        }
        head.truncate(length);
        Ok(head)
    };
    match read() {
        Ok(mut head) => {
            if head.len() == HEAD {
                head.truncate(head.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1));
            }
            Ok(head)
        }
        Err(Cause::Io { source, .. }) => Err(source),
        Err(cause @ Cause::Missing { .. }) => Err(io::Error::other(cause)),
        Err(_) => Ok(Vec::new()),
    }
}

fn drift(feed: &FeedContract, text: &str, bytes: &[u8]) -> Vec<Change> {
    let before = usize::from(feed.header.is_some());
    if let FileShape::Delimited { separator, quoted, names } = &feed.shape {
        let mut records = cut_lines(text, separator, *quoted).into_iter().skip(before);
        if *names {
            return records.next().map_or_else(Vec::new, |found| names_differ(feed, &found));
        }
        return size_differs("fields", records.map(|r| r.len()), feed.columns.len());
    }
    let lines = || bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).skip(before);
    if feed.shape == FileShape::Fixed {
        let length = |line: &[u8]| line.strip_suffix(b"\r").unwrap_or(line).len();
        let expected = feed.columns.iter().filter_map(|column| column.width).sum();
        return size_differs("bytes", lines().map(length), expected);
    }
    if feed.shape == FileShape::JsonLines {
        return keys_differ(feed, &keys_of(text));
    }
    Vec::new()
}

/// Names are told only where some of them are the contract's: else the line may be a row.
fn names_differ(feed: &FeedContract, found: &[String]) -> Vec<Change> {
    let expected: Vec<&String> = feed.columns.iter().map(|column| &column.name).collect();
    if found.iter().eq(expected.iter().copied()) {
        return Vec::new();
    }
    let known = |name: &String| expected.contains(&name);
    if !found.iter().any(known) {
        return vec![Change::NamesMissing];
    }
    let mut changes = Vec::new();
    let is_new = |at: usize| found.get(at).is_some_and(|name| !known(name));
    for (at, name) in expected.iter().enumerate().filter(|(_, name)| !found.contains(name)) {
        changes.push(match found.get(at).filter(|_| is_new(at)) {
            Some(to) => Change::Renamed { from: (*name).clone(), to: to.clone() },
            None => Change::Removed { name: (*name).clone() },
        });
    }
    let renamed = |at: usize| expected.get(at).is_some_and(|name| !found.contains(name));
    for (at, name) in found.iter().enumerate().filter(|(at, _)| is_new(*at) && !renamed(*at)) {
        changes.push(Change::Added { name: name.clone(), place: Some(at + 1) });
    }
    let both: Vec<String> = found.iter().filter(|name| known(name)).cloned().collect();
    let order = expected.iter().filter(|name| both.contains(name)).copied();
    if !both.iter().eq(order) {
        changes.push(Change::Reordered { found: both });
    }
    changes
}

fn keys_differ(feed: &FeedContract, found: &[String]) -> Vec<Change> {
    let known = |name: &&String| feed.columns.iter().any(|column| column.name == **name);
    let added = found.iter().filter(|name| !known(name));
    let added = added.map(|name| Change::Added { name: name.clone(), place: None });
    let needed = feed.columns.iter().filter(|c| c.required && !found.is_empty());
    let removed = needed.filter(|column| !found.contains(&column.name));
    let removed = removed.map(|column| Change::Removed { name: column.name.clone() });
    removed.chain(added).collect()
}

fn size_differs(
    of: &'static str,
    sizes: impl Iterator<Item = usize>,
    expected: usize,
) -> Vec<Change> {
    let mut counts = BTreeMap::new();
    for size in sizes {
        *counts.entry(size).or_insert(0_usize) += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    let found = most.map(|(size, _)| size).filter(|size| *size != expected);
    found.map(|found| Change::Size { of, found, expected }).into_iter().collect()
}

/// Rows that the trailer promises, where the end of the file can be read at once.
fn promised(feed: &FeedContract, path: &Path) -> io::Result<Option<u64>> {
    let lies_open = feed.package.is_none() && feed.packing == Packing::None;
    let counting = |trailer: &&ControlRecord| trailer.at == 1 && lies_open;
    let Some(trailer) = feed.trailer.as_ref().filter(counting) else { return Ok(None) };
    let Some(at) = trailer.count_field.and_then(|field| field.checked_sub(1)) else {
        return Ok(None);
    };
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let tail = String::from_utf8_lossy(&tail);
    let last = tail.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = match &feed.shape {
        FileShape::Delimited { separator, .. } => separator.as_str(),
        _ => "|",
    };
    let count = last.split(separator).nth(at);
    let count = count.and_then(|field| field.trim().trim_matches('"').parse::<u64>().ok());
    let around = trailer.count_includes.around();
    Ok(count.filter(|_| last.starts_with(&trailer.prefix)).and_then(|c| c.checked_sub(around)))
}
