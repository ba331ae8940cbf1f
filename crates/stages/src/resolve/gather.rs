//! Records and pairs go where their component is.

use crate::columns::{int_column, keys};
use crate::frames::{Frames, Outputs, StageError};
use identity::component_of;
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let known = frames.take("record_component", &["record_id", "component"])?;
    let (ids, components) = (keys(&known, "record_id")?, keys(&known, "component")?);
    let mut order: Vec<(i64, i64)> = ids.into_iter().zip(components).collect();
    order.sort_unstable();
    let component = |record: i64| match order.binary_search_by_key(&record, |known| known.0) {
        Ok(row) => order[row].1,
        Err(_) => component_of(record),
    };
    let placed = |mut rows: DataFrame, record: &str| -> Result<DataFrame, StageError> {
        let of = keys(&rows, record)?.into_iter().map(component).collect();
        rows.with_column(int_column("component", of))?;
        Ok(rows)
    };
    let columns = ["record_id", "authority_class", "authority", "opened_on"];
    let records = placed(frames.take("record", &columns)?, "record_id")?;
    let columns = ["record_a", "record_b", "rule", "weight"];
    let edges = placed(frames.take("edge", &columns)?, "record_a")?;
    let mut outputs = Outputs::default();
    outputs.add("component_record", records)?;
    outputs.add("component_edge", edges)?;
    Ok(outputs)
}
