//! The history of every client's tier and cell: rows with a validity (SCD2).

use super::tiers::cell_of;
use crate::columns::{
    date_column, days, flag_column, frame, int_column, ints, keys, opt_int_column, opt_text_column,
    ordered, runs, text_column, texts,
};
use crate::frames::{Frames, StageError};
use ::segment::{Version, advance_history};
use model::{BusinessDate, Cell, Tier};
use night::Settings;
use polars::prelude::*;
use std::collections::BTreeMap;

/// A client tonight, as far as history keeps it.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) client_id: i64,
    pub(super) kind: String,
    pub(super) tier: Tier,
    pub(super) cell: Option<Cell>,
    pub(super) value_score: Option<i64>,
    pub(super) loyalty_score: Option<i64>,
    pub(super) lifetime_value: i64,
    pub(super) change: String,
}

/// A snapshot with the scoring file that made it. A new row begins when tier or cell change; scores
/// are told as they were when it began.
#[derive(Clone, Debug)]
struct Attributes {
    snapshot: Snapshot,
    scoring_version: String,
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        let what = |a: &Self| (a.snapshot.tier, a.snapshot.cell);
        what(self) == what(other)
    }
}

/// The histories of the bucket's clients.
pub(super) struct Histories {
    by_client: BTreeMap<i64, Vec<Version<Attributes>>>,
}

impl Histories {
    pub(super) fn read(frames: &mut Frames) -> Result<Self, StageError> {
        let columns = [
            "client_id",
            "valid_from",
            "valid_to",
            "kind",
            "tier",
            "cell",
            "value_score",
            "loyalty_score",
            "lifetime_value",
            "change_reason",
            "scoring_version",
        ];
        let rows = frames.before("client_segment_history", &columns)?;
        let rows = ordered(&rows, &["client_id", "valid_from"])?;
        let versions = versions(&rows)?;
        let client_id = keys(&rows, "client_id")?;
        let of =
            |(client, range): (i64, std::ops::Range<usize>)| (client, versions[range].to_vec());
        Ok(Self { by_client: runs(&client_id).map(of).collect() })
    }

    /// Continues every history with tonight; clients that are gone are closed.
    pub(super) fn advance(
        &mut self,
        tonight: &[Snapshot],
        settings: &Settings<'_>,
    ) -> Result<(), StageError> {
        let as_of = settings.as_of;
        let fail = |e: ::segment::HistoryError| StageError::Data(e.to_string());
        let here: std::collections::BTreeSet<i64> = tonight.iter().map(|s| s.client_id).collect();
        for (client, rows) in &mut self.by_client {
            if !here.contains(client) {
                advance_history(rows, None, as_of).map_err(fail)?;
            }
        }
        for snapshot in tonight {
            let rows = self.by_client.entry(snapshot.client_id).or_default();
            let attributes = Attributes {
                snapshot: snapshot.clone(),
                scoring_version: settings.job.scoring.scoring_version.clone(),
            };
            advance_history(rows, Some(attributes), as_of).map_err(fail)?;
        }
        Ok(())
    }

    pub(super) fn frame(&self) -> Result<DataFrame, StageError> {
        let rows: Vec<&Version<Attributes>> = self.by_client.values().flatten().collect();
        let of = |row: &&Version<Attributes>| row.attributes.snapshot.clone();
        let shots: Vec<Snapshot> = rows.iter().map(of).collect();
        let day = |date: BusinessDate| date.epoch_days();
        let text = |name: &str, of: &dyn Fn(&Snapshot) -> String| {
            text_column(name, &shots.iter().map(of).collect::<Vec<_>>())
        };
        let cells: Vec<Option<&str>> = shots.iter().map(|s| s.cell.map(Cell::code)).collect();
        let current: Vec<bool> = rows.iter().map(|r| r.valid_to.is_none()).collect();
        let scoring: Vec<&str> =
            rows.iter().map(|r| r.attributes.scoring_version.as_str()).collect();
        frame(vec![
            int_column("client_id", shots.iter().map(|s| s.client_id).collect()),
            date_column("valid_from", rows.iter().map(|r| Some(day(r.valid_from))).collect()),
            date_column("valid_to", rows.iter().map(|r| r.valid_to.map(day)).collect()),
            flag_column("current", &current),
            text("kind", &|s| s.kind.clone()),
            text("tier", &|s| s.tier.code().to_owned()),
            opt_text_column("cell", &cells),
            opt_int_column("value_score", shots.iter().map(|s| s.value_score).collect()),
            opt_int_column("loyalty_score", shots.iter().map(|s| s.loyalty_score).collect()),
            int_column("lifetime_value", shots.iter().map(|s| s.lifetime_value).collect()),
            text("change_reason", &|s| s.change.clone()),
            text_column("scoring_version", &scoring),
        ])
    }
}

fn versions(rows: &DataFrame) -> Result<Vec<Version<Attributes>>, StageError> {
    let client_id = keys(rows, "client_id")?;
    let (from, to) = (days(rows, "valid_from")?, days(rows, "valid_to")?);
    let (kinds, tiers, cells) = (texts(rows, "kind")?, texts(rows, "tier")?, texts(rows, "cell")?);
    let (value, loyalty) = (ints(rows, "value_score")?, ints(rows, "loyalty_score")?);
    let money = keys(rows, "lifetime_value")?;
    let (changes, scoring) = (texts(rows, "change_reason")?, texts(rows, "scoring_version")?);
    let damaged = || {
        StageError::Data("the history of the night before has a row without a date or tier".into())
    };
    let mut versions = Vec::with_capacity(client_id.len());
    for row in 0..client_id.len() {
        let snapshot = Snapshot {
            client_id: client_id[row],
            kind: kinds[row].unwrap_or_default().to_owned(),
            tier: tiers[row].and_then(|t| t.parse().ok()).ok_or_else(damaged)?,
            cell: cells[row].and_then(cell_of),
            value_score: value[row],
            loyalty_score: loyalty[row],
            lifetime_value: money[row],
            change: changes[row].unwrap_or_default().to_owned(),
        };
        let scoring_version = scoring[row].unwrap_or_default().to_owned();
        versions.push(Version {
            valid_from: from[row].and_then(BusinessDate::from_epoch_days).ok_or_else(damaged)?,
            valid_to: to[row].and_then(BusinessDate::from_epoch_days),
            attributes: Attributes { snapshot, scoring_version },
        });
    }
    Ok(versions)
}
