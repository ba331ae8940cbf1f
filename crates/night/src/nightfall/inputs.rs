//! What a stage reads: where it is, what it is worth, and what it must hold.

use super::{Night, carry, missing};
use crate::error::NightError;
use crate::stage::{Declared, Source, Stage};
use crate::task::{Control, Input, InputFrom};

/// The inputs of a stage.
#[derive(Default)]
pub(super) struct Found {
    pub(super) inputs: Vec<Input>,
    pub(super) keys: Vec<String>,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    /// Rows by range of the key space.
    pub(super) weights: Vec<u64>,
}

impl Night<'_> {
    /// Where a stage's inputs are, by which keys they were made, and how much they hold.
    pub(super) fn inputs_of(&self, stage: &Stage) -> Result<Found, NightError> {
        let mut found = Found { weights: vec![0; self.buckets_of(stage)], ..Found::default() };
        for declared in stage.inputs {
            let input = match declared.source {
                Source::Tonight => self.tonight(declared, &mut found)?,
                Source::Previous => self.before(declared, &mut found),
            };
            found.inputs.push(input);
        }
        Ok(found)
    }

    fn tonight(&self, declared: &Declared, found: &mut Found) -> Result<Input, NightError> {
        let table = declared.table;
        let record = self.record_of(table)?;
        let made = record.table(table).ok_or_else(|| missing(table))?;
        found.keys.push(record.key.clone());
        found.rows += made.rows();
        found.bytes += made.bytes();
        let by_range = declared.by.is_some() && carry::in_ranges(table);
        let mut expect: Vec<Control> = Vec::new();
        if by_range {
            expect = serde_json::from_value(record.note["controls"][table].clone())
                .map_err(|e| NightError::Internal(format!("controls of `{table}`: {e}")))?;
            found.weights.iter_mut().zip(&expect).for_each(|(w, control)| *w += control.rows);
        }
        let from = InputFrom::Tonight(made.dir.clone());
        Ok(Input { table: table.to_owned(), by: declared.by.map(str::to_owned), from, expect })
    }

    fn before(&self, declared: &Declared, found: &mut Found) -> Input {
        let table = declared.table;
        let from = if let Some(published) = &self.previous {
            found.keys.push(published.run.to_string());
            found.rows += published.manifest.table(table).map_or(0, |t| t.rows);
            InputFrom::Previous(published.dir.join(table))
        } else {
            found.keys.push(String::new());
            InputFrom::Nowhere
        };
        let by = declared.by.map(str::to_owned);
        Input { table: table.to_owned(), by, from, expect: Vec::new() }
    }
}
