//! The pairs that each block of records gives.

use super::standardise::{authorities, authority_columns};
use crate::columns::{frame, int_column, ints, keys, text_column};
use crate::frames::{Frames, Outputs, StageError};
use identity::{BlockKey, Capped, Doubt, Edge, LinkParams, Rule, link, spanning_forest};
use night::Settings;
use polars::prelude::*;

const COLUMNS: &[&str] =
    &["block", "rule", "record_id", "authority_class", "authority", "name_key", "birth_days"];

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let rows = block_keys(&frames.take("block_key", COLUMNS)?)?;
    let linked = link(rows, &LinkParams::default());
    let mut outputs = Outputs::default();
    outputs.add("edge", edges(&linked.edges)?)?;
    outputs.add("forest", forest(&spanning_forest(&linked.edges))?)?;
    outputs.add("doubt", doubts(&linked.doubts)?)?;
    outputs.add("hot_block", hot_blocks(&linked.capped)?)?;
    Ok(outputs)
}

fn block_keys(frame: &DataFrame) -> Result<Vec<BlockKey>, StageError> {
    let block = keys(frame, "block")?;
    let rules = rules(frame)?;
    let record_id = keys(frame, "record_id")?;
    let authority = authorities(frame)?;
    let name_key = keys(frame, "name_key")?;
    let birth = ints(frame, "birth_days")?;
    Ok((0..block.len())
        .map(|row| BlockKey {
            rule: rules[row],
            block: block[row],
            record_id: record_id[row],
            authority: authority[row],
            name_key: name_key[row],
            birth_days: birth[row].and_then(|days| i32::try_from(days).ok()),
        })
        .collect())
}

/// The column of rule codes as rules.
pub(super) fn rules(frame: &DataFrame) -> Result<Vec<Rule>, StageError> {
    let unknown = |code: i64| StageError::Data(format!("rule {code} is not known"));
    let rule =
        |code: i64| u8::try_from(code).ok().and_then(Rule::from_code).ok_or_else(|| unknown(code));
    keys(frame, "rule")?.into_iter().map(rule).collect()
}

fn edges(edges: &[Edge]) -> Result<DataFrame, StageError> {
    frame(vec![
        int_column("record_a", edges.iter().map(|e| e.a).collect()),
        int_column("record_b", edges.iter().map(|e| e.b).collect()),
        int_column("rule", edges.iter().map(|e| i64::from(e.rule.code())).collect()),
        int_column("weight", edges.iter().map(|e| i64::from(e.weight)).collect()),
    ])
}

fn forest(pairs: &[(i64, i64)]) -> Result<DataFrame, StageError> {
    frame(vec![
        int_column("record_a", pairs.iter().map(|pair| pair.0).collect()),
        int_column("record_b", pairs.iter().map(|pair| pair.1).collect()),
    ])
}

fn doubts(doubts: &[Doubt]) -> Result<DataFrame, StageError> {
    let causes: Vec<&str> = doubts.iter().map(|d| d.cause.name()).collect();
    frame(vec![
        int_column("record_a", doubts.iter().map(|d| d.a).collect()),
        int_column("record_b", doubts.iter().map(|d| d.b).collect()),
        int_column("rule", doubts.iter().map(|d| i64::from(d.rule.code())).collect()),
        text_column("cause", &causes),
    ])
}

fn hot_blocks(capped: &[Capped]) -> Result<DataFrame, StageError> {
    let (class, authority) = authority_columns(capped.iter().map(|c| c.authority));
    let records = |c: &Capped| i64::try_from(c.records).unwrap_or(i64::MAX);
    frame(vec![
        int_column("rule", capped.iter().map(|c| i64::from(c.rule.code())).collect()),
        int_column("block", capped.iter().map(|c| c.block).collect()),
        int_column("records", capped.iter().map(records).collect()),
        int_column("authority_class", class),
        int_column("authority", authority),
    ])
}
