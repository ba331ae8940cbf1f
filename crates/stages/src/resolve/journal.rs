//! What happened to ids and pairs, of all components and nights: small, and sorted as a whole.

use super::link::rules;
use crate::columns::text_column;
use crate::frames::{Frames, Outputs, StageError};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let mut outputs = Outputs::default();
    outputs.add("client_id_crosswalk", crosswalk(frames, settings)?)?;
    outputs.add("client_xref_past", frames.take("gone", &["record_id", "client_id"])?)?;
    outputs.add("match_review", review(frames)?)?;
    Ok(outputs)
}

/// The journal of all nights and what happened tonight.
fn crosswalk(frames: &mut Frames, settings: &Settings<'_>) -> Result<DataFrame, StageError> {
    let columns = ["old_id", "new_id", "event", "as_of", "cause"];
    let past = frames.before("client_id_crosswalk", &columns)?;
    let tonight = lit(settings.as_of.epoch_days()).cast(DataType::Date).alias("as_of");
    let new = frames
        .lazy("id_event")?
        .with_column(tonight)
        .select(columns.map(col))
        // The order of ranges and tasks may not show.
        .sort(["event", "old_id", "new_id", "cause"], SortMultipleOptions::default())
        .collect()?;
    Ok(past.vstack(&new)?)
}

/// Pairs in doubt and refused merges, for a steward.
fn review(frames: &mut Frames) -> Result<DataFrame, StageError> {
    let columns = ["record_a", "record_b", "rule", "cause"];
    let doubts = frames.take("doubt", &columns)?;
    let mut all = doubts.vstack(&frames.take("refused_pair", &columns)?)?;
    let names: Vec<&str> = rules(&all)?.into_iter().map(identity::Rule::name).collect();
    all.with_column(text_column("rule", &names))?;
    let order = ["record_a", "record_b", "rule", "cause"];
    Ok(all.sort(order, SortMultipleOptions::default())?)
}
