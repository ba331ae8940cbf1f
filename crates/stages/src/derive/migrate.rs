//! Clients by tier the night before and tonight: the counts of all ranges.

use crate::frames::{Frames, Outputs, StageError};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let (by, sums) = (["from_tier", "to_tier"], ["clients", "lifetime_value"]);
    let as_of = lit(settings.as_of.epoch_days()).cast(DataType::Date);
    let counted = frames.added_up("tier_count", &by, &sums)?.lazy();
    let mut outputs = Outputs::default();
    outputs.add("tier_migration", counted.with_column(as_of.alias("as_of")).collect()?)?;
    Ok(outputs)
}
