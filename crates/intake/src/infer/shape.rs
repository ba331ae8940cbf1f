//! How the rows of a sample are cut into fields.

use super::charset::Decoded;
use super::{InferError, Record, delimited, fixed, json};
use crate::sample::Sample;

/// How rows are cut into fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuessedShape {
    /// Fields between separators.
    Delimited {
        /// The separator.
        separator: String,
        /// Whether fields may stand in quotes.
        quoted: bool,
        /// Whether the first line holds the column names.
        names: bool,
    },
    /// Fields of fixed width.
    Fixed,
    /// One JSON object per line.
    JsonLines,
}

impl GuessedShape {
    /// What separates the fields of a header or trailer.
    pub(super) fn separator(&self) -> &str {
        match self {
            Self::Delimited { separator, .. } => separator,
            Self::Fixed | Self::JsonLines => "|",
        }
    }
}

/// A shape and the records cut by it.
pub(super) struct Found<'t> {
    pub(super) shape: GuessedShape,
    /// Records of the sample, control records and names line included.
    pub(super) records: Vec<Record<'t>>,
    /// The keys of JSON objects.
    pub(super) keys: Vec<String>,
    /// The widths of fixed fields, in bytes.
    pub(super) widths: Vec<usize>,
}

/// The shape of a sample: JSON lines, a separator, or lines of one length.
pub(super) fn find<'t>(sample: &Sample, text: &'t Decoded) -> Result<Found<'t>, InferError> {
    if text.head.trim().is_empty() {
        return Err(InferError::Empty);
    }
    let texts = [text.head.as_str(), text.tail.as_str()];
    if let Some((keys, records)) = json::records(texts) {
        return Ok(Found { shape: GuessedShape::JsonLines, records, keys, widths: Vec::new() });
    }
    if let Some((separator, quoted)) = delimited::separator(&text.head) {
        let cut = |text| delimited::records(text, separator, quoted);
        let records = texts.into_iter().flat_map(cut).collect();
        let shape =
            GuessedShape::Delimited { separator: separator.to_owned(), quoted, names: false };
        return Ok(Found { shape, records, keys: Vec::new(), widths: Vec::new() });
    }
    // Widths count bytes, and the line ends of UTF-16 are no single ones.
    let widths = fixed::widths(sample, text.name).filter(|_| !text.name.starts_with("utf-16"));
    let widths = widths.ok_or(InferError::NoShape)?;
    let records = texts
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.is_empty())
        .map(|line| fixed::record(line, &widths, text.name))
        .collect();
    Ok(Found { shape: GuessedShape::Fixed, records, keys: Vec::new(), widths })
}
