//! Clients by tier the night before and tonight.

use crate::frames::{Frames, Outputs, StageError};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let before = frames.before("client_segment", &["client_id", "tier"])?;
    let before = before.lazy().select([col("client_id"), col("tier").alias("from_tier")]);
    let tonight = frames.take("client_segment", &["client_id", "tier", "lifetime_value"])?;
    let tonight = tonight.lazy().select([
        col("client_id"),
        col("tier").alias("to_tier"),
        col("lifetime_value"),
    ]);
    let on = || [col("client_id")];
    let both = JoinArgs::new(JoinType::Full).with_coalesce(JoinCoalesce::CoalesceColumns);
    let as_of = lit(settings.as_of.epoch_days()).cast(DataType::Date);
    let counted = before
        .join(tonight, on(), on(), both)
        .with_columns([
            col("from_tier").fill_null(lit("NEW")),
            col("to_tier").fill_null(lit("LEFT")),
            col("lifetime_value").fill_null(lit(0_i64)),
        ])
        .group_by([col("from_tier"), col("to_tier")])
        .agg([len().cast(DataType::Int64).alias("clients"), col("lifetime_value").sum()])
        .with_column(as_of.alias("as_of"));
    let mut outputs = Outputs::default();
    outputs.add("tier_migration", counted.collect()?)?;
    Ok(outputs)
}
