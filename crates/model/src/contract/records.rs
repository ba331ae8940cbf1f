//! Records of bytes: how they are framed, and where the columns stand in them.

mod check;
#[cfg(test)]
mod tests;

use super::cobol::{Cobol, Copybook};
use super::{ColumnContract, ContractError, FeedContract, FileShape, SourceContract};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of copybooks, by the names that the contract has for them.
pub type Copybooks = BTreeMap<String, String>;

/// A file of records.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordShape {
    /// What tells where a record ends.
    pub framing: Framing,
    /// Bytes of a record without its descriptor word. Fixed records need it; elsewhere it is the end
    /// of the last column where it is not said.
    #[serde(default)]
    pub length: Option<usize>,
    /// The copybook that describes the record: a file, relative to the contract.
    #[serde(default)]
    pub copybook: Option<String>,
    /// The level 01 of the copybook that a row is, where it has several.
    #[serde(default)]
    pub record: Option<String>,
}

/// What tells where a record ends (z/OS DFSMS, Using Data Sets: record formats).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// Nothing but the length (RECFM F, FB).
    Fixed,
    /// A record descriptor word before each (RECFM V, VS).
    Rdw,
    /// The same, in blocks that each begin with a block descriptor word (RECFM VB, VBS).
    BdwRdw,
}

/// Where the columns of a feed stand in its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLayout {
    /// Bytes of a row without its descriptor word.
    pub length: usize,
    /// The columns, in contract order.
    pub fields: Vec<RecordField>,
}

/// Where a column stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordField {
    /// Its first byte, from 0.
    pub at: usize,
    /// What it holds.
    pub cobol: Cobol,
}

impl SourceContract {
    /// The copybooks that a contract file names, in the order of their names.
    pub fn copybooks_of(text: &str, place: &str) -> Result<BTreeSet<String>, ContractError> {
        let contract = Self::read(text, place)?;
        let named = contract.feeds.iter().filter_map(|feed| match &feed.shape {
            FileShape::Records(shape) => shape.copybook.clone(),
            _ => None,
        });
        Ok(named.collect())
    }

    /// Finds out where the columns of records stand.
    pub(super) fn lay_out(&mut self, copybooks: &Copybooks) -> Result<(), ContractError> {
        for feed in &mut self.feeds {
            let place = || format!("source `{}`, feed `{}`", self.system, feed.name);
            let layout = feed.layout_by(copybooks);
            feed.layout = layout.map_err(|cause| ContractError { place: place(), cause })?;
        }
        Ok(())
    }
}

impl FeedContract {
    fn layout_by(&self, copybooks: &Copybooks) -> Result<Option<RecordLayout>, String> {
        check::keys_fit_shape(self)?;
        check::bounds_fit_shape(self)?;
        let FileShape::Records(shape) = &self.shape else { return Ok(None) };
        let layout = match &shape.copybook {
            Some(name) => {
                let text = copybooks.get(name).ok_or_else(|| {
                    format!("copybook `{name}` was not read (expected it beside the contract)")
                })?;
                by_copybook(shape, &self.columns, text)
                    .map_err(|cause| format!("copybook `{name}`: {cause}"))?
            }
            None => by_columns(shape, &self.columns)?,
        };
        check::layout_holds(self, shape, &layout)?;
        Ok(Some(layout))
    }
}

/// The columns one behind the other, or where they say.
fn by_columns(shape: &RecordShape, columns: &[ColumnContract]) -> Result<RecordLayout, String> {
    let (mut next, mut end) = (0, 0);
    let mut fields = Vec::new();
    for column in columns {
        let Some(cobol) = column.cobol.clone() else {
            return Err(format!(
                "column `{}` needs `cobol` (picture and usage), or the shape a `copybook`",
                column.name
            ));
        };
        let at = match column.at {
            Some(at) => at.checked_sub(1).ok_or("`at` counts from 1")?,
            None => next,
        };
        next = at.saturating_add(cobol.width);
        end = end.max(next);
        fields.push(RecordField { at, cobol });
    }
    Ok(RecordLayout { length: shape.length.unwrap_or(end), fields })
}

/// The items that the columns name.
fn by_copybook(
    shape: &RecordShape,
    columns: &[ColumnContract],
    text: &str,
) -> Result<RecordLayout, String> {
    let copybook = Copybook::parse(text)?;
    let record = shape.record.as_deref();
    let length = copybook.length(record)?;
    if let Some(declared) = shape.length.filter(|declared| *declared != length) {
        return Err(format!(
            "a record has {length} bytes (the contract says `length = {declared}`)"
        ));
    }
    let item = |column: &ColumnContract| {
        let named = column.field.clone();
        let named = named.unwrap_or_else(|| column.name.to_uppercase().replace('_', "-"));
        let (at, cobol) = copybook
            .item(record, &named)
            .map_err(|cause| format!("column `{}`: {cause}", column.name))?;
        Ok(RecordField { at, cobol })
    };
    let fields = columns.iter().map(item).collect::<Result<_, String>>()?;
    Ok(RecordLayout { length, fields })
}
