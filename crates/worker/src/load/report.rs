//! What is said of a feed: its refused rows and its reconciliation.

use super::Loaded;
use crate::write::{Layout, TableWriter};
use crate::{known, library, of_stage};
use intake::{Counts, RawRow, Reject};
use night::{EngineError, MadeFile};
use polars::prelude::*;
use std::path::Path;

pub(super) fn write_rejects(
    feed: &Loaded<'_>,
    out: &Path,
    lane: usize,
) -> Result<Vec<MadeFile>, EngineError> {
    let file = feed.arrived.file.as_str();
    let of_gate = feed.outcome.rejects.iter().map(|r: &Reject| {
        (file, r.source_row, r.column.as_deref().unwrap_or_default(), r.reason.as_str())
    });
    let refused = feed.taken.refused.iter().map(|r| (file, r));
    let carried = feed.kept.iter().flat_map(|kept| &kept.refused).map(|(f, r)| (f.as_str(), r));
    let of_mapping =
        refused.chain(carried).map(|(f, r)| (f, r.source_row, &*r.column, r.reason.as_str()));
    let rows: Vec<(&str, i64, &str, &str)> = of_gate.chain(of_mapping).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let all = |text: &str| vec![text.to_owned(); rows.len()];
    let frame = df!(
        "system" => all(&feed.arrived.system),
        "feed" => all(&feed.arrived.feed),
        "source_file" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
        "column" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
        "source_row" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
        "reason" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
    );
    write_whole("rejects", frame, out, lane)
}

/// The refused rows themselves, for the vault zone: those of the reading gate. A row that the mapping
/// refused is well formed, and its line tells where it is.
pub(super) fn write_raw(
    feed: &Loaded<'_>,
    out: &Path,
    lane: usize,
) -> Result<Vec<MadeFile>, EngineError> {
    let kept = feed.outcome.rejects.iter().filter_map(|r| Some((r.source_row, r.raw.as_ref()?)));
    let rows: Vec<(i64, &RawRow)> = kept.collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let all = |text: &str| vec![text.to_owned(); rows.len()];
    let form = |raw: &RawRow| if raw.hex { "hex" } else { "text" };
    let frame = df!(
        "system" => all(&feed.arrived.system),
        "feed" => all(&feed.arrived.feed),
        "source_file" => all(&feed.arrived.file),
        "source_row" => rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(),
        "form" => rows.iter().map(|(_, raw)| form(raw)).collect::<Vec<_>>(),
        "cut" => rows.iter().map(|(_, raw)| raw.cut).collect::<Vec<_>>(),
        "row" => rows.iter().map(|(_, raw)| raw.text.as_str()).collect::<Vec<_>>(),
    );
    write_whole("reject_raw", frame, out, lane)
}

pub(super) fn write_report(
    feed: &Loaded<'_>,
    out: &Path,
    lane: usize,
) -> Result<Vec<MadeFile>, EngineError> {
    let (arrived, told) = (feed.arrived, feed.told());
    let (outcome, taken) = (&feed.outcome, &feed.taken);
    let count = |n: u64| [i64::try_from(n).unwrap_or(i64::MAX)];
    let amount = feed.feed.amount.as_deref();
    let money = |n: i128| [amount.and_then(|_| i64::try_from(n).ok())];
    let side = |n: i128| [i64::try_from(n).ok().filter(|_| feed.feed.direction.is_some())];
    let kept = |of: fn(&Counts) -> u64| [told.kept.and_then(|k| i64::try_from(of(&k)).ok())];
    let begins = feed.kept.as_ref().is_some_and(|kept| kept.begins);
    let frame = df!(
        "system" => [arrived.system.as_str()],
        "feed" => [arrived.feed.as_str()],
        "source_file" => [arrived.file.as_str()],
        "digest" => [arrived.blake3.as_str()],
        "bytes" => count(arrived.bytes),
        "rows_read" => count(told.rows_read),
        "rows_loaded" => count(told.rows_loaded),
        "rows_rejected" => count(told.rows_rejected),
        "rows_filtered" => count(told.rows_filtered),
        "rows_superseded" => count(told.rows_superseded),
        "amount_column" => [amount.unwrap_or_default()],
        "amount_read" => money(outcome.amount_read),
        "amount_loaded" => money(taken.loaded.amount),
        "amount_rejected" => money(outcome.amount_rejected + taken.rejected.amount),
        "amount_filtered" => money(taken.filtered.amount),
        "amount_superseded" => money(outcome.amount_superseded),
        "amount_unreadable" => count(outcome.amount_unreadable),
        "debit_read" => side(outcome.debit_read),
        "credit_read" => side(outcome.credit_read),
        "source_as_of" => [arrived.source_as_of.epoch_days()],
        "late" => [arrived.is_late()],
        "load" => [if begins { "initial" } else { feed.feed.load.name() }],
        "rows_new" => kept(|k| k.new),
        "rows_changed" => kept(|k| k.changed),
        "rows_unchanged" => kept(|k| k.unchanged),
        "rows_deleted" => kept(|k| k.deleted),
        "rows_absent" => kept(|k| k.absent),
        "rows_carried" => kept(|k| k.carried),
    );
    write_whole("load_report", frame, out, lane)
}

pub(super) fn write_whole(
    table: &str,
    frame: PolarsResult<DataFrame>,
    out: &Path,
    lane: usize,
) -> Result<Vec<MadeFile>, EngineError> {
    let frame = frame.map_err(|e| library(table, &e))?;
    let frame = stages::shape(table, &frame).map_err(|e| of_stage(table, &e))?;
    let mut writer = TableWriter::new(known(table)?, out, Layout::Rows { buckets: 1, lane })?;
    writer.add(frame)?;
    writer.end_range(lane)?;
    writer.finish()
}
