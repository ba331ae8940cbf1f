//! Which records have to do with each other: the forests of all blocks and the ids so far, reduced.

use crate::columns::{flag_column, frame, int_column, keys};
use crate::frames::{Frames, Outputs, StageError};
use identity::{Components, Held, components, taken};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let forest = frames.take("forest", &["record_a", "record_b"])?;
    let forest: Vec<(i64, i64)> =
        keys(&forest, "record_a")?.into_iter().zip(keys(&forest, "record_b")?).collect();
    let mut all = held(&frames.before("client_xref", &["record_id", "client_id"])?)?;
    let live = all.len();
    all.extend(held(&frames.before("client_xref_past", &["record_id", "client_id"])?)?);
    let found = components(&forest, &all);
    let mut outputs = Outputs::default();
    outputs.add("held_component", held_components(&all, live, &found)?)?;
    outputs.add(
        "record_component",
        frame(vec![
            int_column("record_id", found.record_id),
            int_column("component", found.component),
        ])?,
    )?;
    Ok(outputs)
}

fn held(frame: &DataFrame) -> Result<Vec<Held>, StageError> {
    let pairs = keys(frame, "record_id")?.into_iter().zip(keys(frame, "client_id")?);
    Ok(pairs.map(|(record_id, client_id)| Held { record_id, client_id }).collect())
}

/// The first `live` rows are of last night, the others of nights before.
fn held_components(all: &[Held], live: usize, found: &Components) -> Result<DataFrame, StageError> {
    let component = |held: &Held| {
        let row = found.record_id.binary_search(&held.record_id);
        row.map(|row| found.component[row]).unwrap_or_default()
    };
    let dormant: Vec<bool> = (0..all.len()).map(|row| row >= live).collect();
    frame(vec![
        int_column("component", all.iter().map(component).collect()),
        int_column("record_id", all.iter().map(|h| h.record_id).collect()),
        int_column("client_id", all.iter().map(|h| h.client_id).collect()),
        flag_column("dormant", &dormant),
        flag_column("taken", &taken(all)),
    ])
}
