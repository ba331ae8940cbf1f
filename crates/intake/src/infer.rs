//! What a file of unknown shape looks like: a proposal of its contract for a person to correct.
//!
//! Everything here is a guess from a bounded sample, with the reason it was made. No value of a
//! column that may belong to a person is ever part of a guess: only column names, prefixes of
//! control records, and the few short codes of columns without persons in them.

mod bounds;
mod charset;
mod column;
mod contract;
mod delimited;
mod fixed;
mod json;
mod names;
mod personal;
mod shape;
mod unique;

pub use bounds::{GuessedHeader, GuessedTrailer};
pub use column::GuessedColumn;
pub use contract::Naming;
pub use shape::GuessedShape;

use crate::sample::Sample;
use column::Context;
use model::Packing;
use shape::Found;
use std::borrow::Cow;

/// Why nothing is proposed for a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InferError {
    /// Nothing to look at.
    #[error("holds no row (expected some rows to guess from)")]
    Empty,
    /// Neither UTF-8 nor GB18030.
    #[error("is neither UTF-8 nor GB18030 text (ask for Big5, or have it converted)")]
    NoText,
    /// A character set that no contract can name.
    #[error("is written in {0}, which no contract reads (have it converted to UTF-8 or GB18030)")]
    Charset(&'static str),
    /// No separator, no fixed width, no JSON.
    #[error(
        "has no shape that is known (expected a separator that cuts most lines into equally many fields, lines of one length, or a JSON object per line)"
    )]
    NoShape,
}

/// A proposed feed.
#[derive(Clone, Debug)]
pub struct Guess {
    /// The character set, as a contract writes it.
    pub charset: &'static str,
    /// Why it was taken for that.
    pub charset_why: &'static str,
    /// How the file is packed.
    pub packing: Packing,
    /// How rows are cut into fields.
    pub shape: GuessedShape,
    /// The record before the rows.
    pub header: Option<GuessedHeader>,
    /// The record behind the rows.
    pub trailer: Option<GuessedTrailer>,
    /// Columns that name a row.
    pub unique: Vec<String>,
    /// Texts that mean "no value".
    pub null: Vec<String>,
    /// The column whose sum the trailer proves.
    pub amount: Option<String>,
    /// The columns, in file order.
    pub columns: Vec<GuessedColumn>,
    /// Rows that were looked at.
    pub rows: usize,
    /// Whether these are all rows of the file.
    pub whole: bool,
}

/// A field as it stands in the sample.
#[derive(Clone, Debug, Default)]
struct Cell<'t> {
    text: Cow<'t, str>,
    /// In quotes.
    quoted: bool,
    /// A number of JSON.
    number: bool,
    /// An object or array of JSON.
    nested: bool,
}

/// A record: its first line and its fields.
#[derive(Clone, Debug, Default)]
struct Record<'t> {
    line: &'t str,
    cells: Vec<Cell<'t>>,
}

/// Texts that mean "no value" in files of many systems.
const NULLS: [&str; 4] = ["\\N", "NULL", "null", "(null)"];

/// Proposes a contract for the file of a sample; Big5 is not told from GB18030 by its bytes and has
/// to be asked for.
pub fn infer(sample: &Sample, big5: bool) -> Result<Guess, InferError> {
    let decoded = charset::decode(sample, big5)?;
    let Body { shape, header, mut trailer, names, widths, records } =
        body(shape::find(sample, &decoded)?, sample.whole);
    let rows: Vec<&Record<'_>> =
        records.iter().filter(|record| record.cells.len() == names.len()).collect();
    if rows.is_empty() {
        return Err(InferError::Empty);
    }
    let (whole, null) = (sample.whole, nulls(&rows));
    let strict = matches!(shape, GuessedShape::Fixed);
    let context = Context { rows: rows.len(), whole, strict, null: &null };
    let column = |(at, name): (usize, &String)| {
        let cells: Vec<&Cell<'_>> = rows.iter().map(|row| &row.cells[at]).collect();
        GuessedColumn { width: widths.get(at).copied(), ..column::guess(name, &cells, &context) }
    };
    let mut columns: Vec<GuessedColumn> = names.iter().enumerate().map(column).collect();
    let unique = if whole { unique::find(&rows, &columns, &null) } else { Vec::new() };
    for at in &unique {
        columns[*at].becomes_key(rows.len());
    }
    let amount = trailer.as_mut().and_then(|t| t.find_total(&rows, &columns, whole));
    Ok(Guess {
        charset: decoded.name,
        charset_why: decoded.why,
        packing: sample.packing,
        shape,
        header,
        trailer,
        unique: unique.iter().map(|at| columns[*at].name.clone()).collect(),
        null,
        amount: amount.map(|at| columns[at].name.clone()),
        rows: rows.len(),
        whole,
        columns,
    })
}

/// The records of a sample with what stands around them taken off.
struct Body<'t> {
    shape: GuessedShape,
    header: Option<GuessedHeader>,
    trailer: Option<GuessedTrailer>,
    names: Vec<String>,
    widths: Vec<usize>,
    records: Vec<Record<'t>>,
}

fn body(found: Found<'_>, whole: bool) -> Body<'_> {
    let Found { mut shape, mut records, keys, widths } = found;
    let fields = if keys.is_empty() { modal(&records) } else { keys.len() };
    let header = bounds::header(&records, shape.separator(), fields);
    if header.is_some() {
        records.remove(0);
    }
    let trailer = bounds::trailer(&records, shape.separator(), fields, header.is_some(), whole);
    if trailer.is_some() {
        records.pop();
    }
    let mut names = if keys.is_empty() { numbered(fields) } else { keys };
    if let GuessedShape::Delimited { names: first, .. } = &mut shape
        && let Some(found) = names::line(&records, fields)
    {
        (names, *first) = (found, true);
        records.remove(0);
    }
    Body { shape, header, trailer, names, widths, records }
}

/// The number of fields that most records have.
fn modal(records: &[Record<'_>]) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for record in records {
        *counts.entry(record.cells.len()).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(fields, _)| fields)
}

fn numbered(fields: usize) -> Vec<String> {
    (1..=fields).map(|n| format!("c{n:02}")).collect()
}

fn nulls(rows: &[&Record<'_>]) -> Vec<String> {
    let stands = |null: &&str| rows.iter().any(|row| row.cells.iter().any(|c| c.text == **null));
    NULLS.iter().filter(|null| stands(null)).map(|null| (*null).to_owned()).collect()
}

/// How many of so many values may be at fault and the guess still stand: the faults of real files
/// are few, and in a small sample a fault cannot be told from a habit.
fn tolerated(values: usize) -> usize {
    if values >= 200 { (values / 1000).max(1) } else { 0 }
}

/// The fields of each record of a delimited text, outer blanks removed.
pub(crate) fn cut_lines(text: &str, separator: &str, quoted: bool) -> Vec<Vec<String>> {
    let fields = |record: Record<'_>| -> Vec<String> {
        record.cells.iter().map(|cell| crate::typed::trim(&cell.text).to_owned()).collect()
    };
    delimited::records(text, separator, quoted).into_iter().map(fields).collect()
}

/// The keys of the objects of a text of JSON lines, in the order in which they first stand.
pub(crate) fn keys_of(text: &str) -> Vec<String> {
    json::records([text, ""]).map_or_else(Vec::new, |(keys, _)| keys)
}
