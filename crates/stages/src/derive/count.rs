//! Clients and values by bank, kind, branch, manager and product, and what clients hold by bin, within
//! one range of clients: counts and sums, which add up over ranges.

use crate::columns::{keys, texts};
use crate::frames::{Frames, Outputs, StageError};
use crate::summary::{Summary, VALUES};
use ::segment::bin;
use night::Settings;
use polars::prelude::*;

/// The member under which clients without one are counted.
const NONE: &str = "(none)";

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let columns = ["client_id", "kind", "tier", "lifetime_value", "current_value"];
    let segment = frames.take("client_segment", &columns)?;
    let values = values(&segment)?;
    let places = frames.take("client_profile", &["client_id", "branch", "manager"])?;
    let on = || [col("client_id")];
    let clients =
        segment.clone().lazy().join(places.lazy(), on(), on(), JoinArgs::new(JoinType::Left));
    let members = [
        ("bank", lit("all")),
        ("kind", col("kind")),
        ("branch", col("branch")),
        ("manager", col("manager")),
    ];
    let mut groups: Vec<LazyFrame> = members
        .into_iter()
        .map(|(dimension, member)| grouped(clients.clone(), dimension, member))
        .collect();
    let held = frames
        .lazy("client_contribution")?
        .group_by([col("client_id"), col("product")])
        .agg([col("margin").sum()]);
    let products = held
        .join(segment.lazy(), on(), on(), JoinArgs::new(JoinType::Inner))
        .with_column(col("margin").alias("current_value"));
    groups.push(grouped(products, "product", col("product")));
    let mut outputs = Outputs::default();
    outputs.add("group_count", concat(groups, UnionArgs::default())?.collect()?)?;
    outputs.add("value_count", values.frame()?)?;
    Ok(outputs)
}

/// What clients hold, graded or not.
fn values(segment: &DataFrame) -> Result<Summary, StageError> {
    let kinds = texts(segment, "kind")?;
    let mut counts = Summary::new(&VALUES);
    for (measure, column) in VALUES.measures.iter().enumerate() {
        for (kind, value) in kinds.iter().zip(keys(segment, column)?) {
            counts.add(*kind, measure, bin(value), value);
        }
    }
    Ok(counts)
}

fn grouped(rows: LazyFrame, dimension: &str, member: Expr) -> LazyFrame {
    rows.with_column(member.fill_null(lit(NONE)).alias("member"))
        .group_by([col("member"), col("tier")])
        .agg([
            len().cast(DataType::Int64).alias("clients"),
            col("lifetime_value").sum(),
            col("current_value").sum(),
        ])
        .with_column(lit(dimension).alias("dimension"))
}
