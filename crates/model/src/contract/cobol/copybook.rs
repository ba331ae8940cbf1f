//! A copybook: the items of a record and where they stand.

use super::clauses::{Clauses, Inherited, is_clause};
use super::words::{Sentence, sentences};
use super::{Cobol, CobolContent};
use std::collections::BTreeMap;

/// Longest record in bytes: what is longer is no record of an extract.
pub const RECORD_CAP: usize = 1 << 20;

/// The records that a copybook describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copybook {
    records: Vec<Record>,
}

/// One record: a level 01, or everything in a copybook without one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    name: Option<String>,
    size: usize,
    fields: Vec<Field>,
}

/// A named item.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    /// First byte in its record, from 0, of the first occurrence.
    at: usize,
    /// The tables it is in, the outermost first.
    tables: Vec<Table>,
    cobol: Cobol,
}

/// An OCCURS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Table {
    times: usize,
    /// Bytes from one occurrence to the next.
    stride: usize,
}

/// An entry of the copybook.
struct Entry {
    level: u8,
    name: Option<String>,
    line: usize,
    clauses: Clauses,
}

impl Copybook {
    /// Reads a copybook; the error names the line. Levels 66, 77 and 88 are passed over.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut entries = Vec::new();
        for sentence in sentences(text)? {
            let line = sentence.line;
            entries.extend(entry(sentence).map_err(|cause| format!("line {line}: {cause}"))?);
        }
        let Some(first) = entries.first() else { return Err("no item in it".into()) };
        let records = if first.level == 1 {
            entries.chunk_by(|_, next| next.level != 1).map(record).collect::<Result<_, _>>()?
        } else {
            let (size, fields) = layout(&entries, Inherited::default())?;
            vec![Record { name: None, size, fields }]
        };
        Ok(Self { records })
    }

    /// Length of a record in bytes; `record` names its level 01 where there are several.
    pub(crate) fn length(&self, record: Option<&str>) -> Result<usize, String> {
        self.record(record).map(|record| record.size)
    }

    /// Where an item stands in its record (its first byte, from 0) and what it holds. Items of
    /// tables are named with their occurrence, `DEP-AMT(2)` or `DEP-AMT(2, 1)`.
    pub(crate) fn item(&self, record: Option<&str>, named: &str) -> Result<(usize, Cobol), String> {
        let record = self.record(record)?;
        let (name, subscripts) = reference(named)?;
        let mut same = record.fields.iter().filter(|field| field.name == name);
        let Some(field) = same.next() else {
            return Err(format!("item `{name}` not found"));
        };
        if same.next().is_some() {
            return Err(format!("item `{name}` stands twice (expected a name of its own)"));
        }
        let tables: Vec<usize> = field.tables.iter().map(|table| table.times).collect();
        let fits = |(subscript, times): (&usize, &usize)| (1..=*times).contains(subscript);
        if subscripts.len() != tables.len() || !subscripts.iter().zip(&tables).all(fits) {
            return Err(format!(
                "item `{named}` needs {} subscripts (expected them within {tables:?})",
                tables.len()
            ));
        }
        let steps = subscripts.iter().zip(&field.tables);
        let within: usize = steps.map(|(subscript, table)| (subscript - 1) * table.stride).sum();
        Ok((field.at + within, field.cobol.clone()))
    }

    fn record(&self, named: Option<&str>) -> Result<&Record, String> {
        let names = || {
            let names: Vec<_> = self.records.iter().filter_map(|r| r.name.as_deref()).collect();
            names.join("`, `")
        };
        match (named.map(str::to_uppercase), self.records.as_slice()) {
            (None, [one]) => Ok(one),
            (None, _) => Err(format!("several records: `record` says which (`{}`)", names())),
            (Some(name), records) => records
                .iter()
                .find(|record| record.name.as_ref() == Some(&name))
                .ok_or_else(|| format!("record `{name}` not found (records: `{}`)", names())),
        }
    }
}

/// A name and its subscripts.
fn reference(named: &str) -> Result<(String, Vec<usize>), String> {
    let (name, subscripts) = named.split_once('(').unwrap_or((named, ")"));
    let subscripts = subscripts.trim_end().strip_suffix(')');
    let numbers = subscripts.map(|all| {
        let parts = all.split([',', ' ']).filter(|part| !part.is_empty());
        parts.map(str::parse).collect::<Result<Vec<usize>, _>>()
    });
    match numbers {
        Some(Ok(numbers)) => Ok((name.trim().to_uppercase(), numbers)),
        _ => Err(format!("`{named}` is no item (expected a name, with subscripts as `A-B(2)`)")),
    }
}

/// The entry of a sentence, none for levels that take no room in a record.
fn entry(sentence: Sentence) -> Result<Option<Entry>, String> {
    let Sentence { line, words } = sentence;
    let first = words.first().map_or("", String::as_str);
    let level = match first.parse() {
        Ok(level @ 1..=49) => level,
        Ok(66 | 77 | 88) => return Ok(None),
        _ => {
            return Err(format!(
                "`{first}` is no level number (expected data descriptions only, COPY and REPLACE \
                 carried out)"
            ));
        }
    };
    let (name, clauses) = match words.get(1).map(String::as_str) {
        None => (None, None),
        Some("FILLER") => (None, words.get(2..)),
        Some(word) if is_clause(word) => (None, words.get(1..)),
        Some(word) if is_name(word) => (Some(word.to_owned()), words.get(2..)),
        Some(word) => return Err(format!("`{word}` is no name")),
    };
    Ok(Some(Entry { level, name, line, clauses: Clauses::parse(clauses)? }))
}

fn is_name(word: &str) -> bool {
    word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// The record of a level 01 and what is below it.
fn record(entries: &[Entry]) -> Result<Record, String> {
    let (size, fields) = layout(entries, Inherited::default())?;
    let name = entries.first().and_then(|entry| entry.name.clone());
    Ok(Record { name, size, fields })
}

/// Lays the entries of one group out, from its first byte: its size and its named items.
fn layout(entries: &[Entry], inherited: Inherited) -> Result<(usize, Vec<Field>), String> {
    let level = entries.first().map_or(0, |entry| entry.level);
    let mut group = Group::default();
    let mut rest = entries;
    while let Some((head, below)) = rest.split_first() {
        if head.level != level {
            let cause = format!("level {:02} (expected {level:02})", head.level);
            return Err(format!("line {}: {cause}", head.line));
        }
        let end = below.iter().position(|entry| entry.level <= level).unwrap_or(below.len());
        let (items, behind) = below.split_at(end);
        rest = behind;
        let (size, fields) = item(head, items, inherited)?;
        group.add(head, size, fields).map_err(|cause| format!("line {}: {cause}", head.line))?;
    }
    Ok((group.size, group.fields))
}

/// Size and named items of one occurrence of an entry with the entries below it.
fn item(
    head: &Entry,
    below: &[Entry],
    inherited: Inherited,
) -> Result<(usize, Vec<Field>), String> {
    let (cobol, mut fields) = if below.is_empty() {
        let item = head.clauses.item(inherited);
        (item.map_err(|cause| format!("line {}: {cause}", head.line))?, Vec::new())
    } else if head.clauses.picture.is_some() {
        return Err(format!("line {}: a group with a picture", head.line));
    } else {
        let (size, fields) = layout(below, head.clauses.hand_on(inherited))?;
        (Cobol { content: CobolContent::Text, width: size }, fields)
    };
    let size = cobol.width;
    let own = head.name.clone().map(|name| Field { name, at: 0, tables: Vec::new(), cobol });
    fields.splice(0..0, own);
    Ok((size, fields))
}

/// A group while it is laid out.
#[derive(Default)]
struct Group<'e> {
    /// Bytes so far.
    size: usize,
    fields: Vec<Field>,
    /// Where each named item begins, and its size.
    items: BTreeMap<&'e str, (usize, usize)>,
}

impl<'e> Group<'e> {
    fn add(&mut self, head: &'e Entry, size: usize, fields: Vec<Field>) -> Result<(), String> {
        let times = head.clauses.occurs.unwrap_or(1);
        let whole = size.checked_mul(times).filter(|size| *size <= RECORD_CAP);
        let whole = whole.ok_or_else(|| format!("more than {RECORD_CAP} bytes"))?;
        let at = match &head.clauses.redefines {
            // Records of a file share their bytes, whether they say so or not.
            Some(name) if head.level > 1 => self.redefined(name, whole)?,
            _ => self.size,
        };
        self.size = self.size.max(at + whole);
        if self.size > RECORD_CAP {
            return Err(format!("more than {RECORD_CAP} bytes"));
        }
        if let Some(name) = &head.name {
            self.items.insert(name, (at, whole));
        }
        let table = head.clauses.occurs.map(|times| Table { times, stride: size });
        self.fields.extend(fields.into_iter().map(|mut field| {
            field.at += at;
            field.tables.splice(0..0, table);
            field
        }));
        Ok(())
    }

    /// Where an item begins that is redefined by one of `size` bytes.
    fn redefined(&self, name: &str, size: usize) -> Result<usize, String> {
        match self.items.get(name) {
            Some((at, room)) if size <= *room => Ok(*at),
            Some((_, room)) => {
                Err(format!("{size} bytes redefine `{name}` of {room} (expected no more)"))
            }
            None => Err(format!("redefines `{name}` (expected an item before it in its group)")),
        }
    }
}
