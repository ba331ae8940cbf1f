//! The tier of every client tonight, what moved, and the history behind it.

use super::history::{Histories, Snapshot};
use super::moves;
use crate::columns::{
    Cursor, date_column, days, flags, ints, ints_or, keys, opt_text_column, ordered, text_column,
    texts,
};
use crate::frames::{Frames, Outputs, StageError};
use ::segment::{Advance, Cut, Cuts, GraceParams, Measure, Standing, TierState, advance, classify};
use model::{BusinessDate, Cell};
use night::Settings;
use polars::prelude::*;
use std::collections::BTreeSet;

/// Version of the models behind the scores.
const MODEL_VERSION: &str = "status-quo-1";
/// Version of the contract of the published tables.
const CONTRACT_VERSION: &str = "1";

/// Columns that go from scores and profile into the published table as they are.
const SCORE_COLUMNS: &[&str] = &[
    "client_id",
    "kind",
    "opt_out",
    "lifetime_value",
    "value_score",
    "loyalty_score",
    "frequency",
    "breadth",
    "advocacy",
    "confidence",
    "reason_1",
    "reason_2",
    "reason_3",
];
const PROFILE_COLUMNS: &[&str] =
    &["client_id", "lifetime_value_p10", "lifetime_value_p90", "current_value", "future_value"];

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let scores = ordered(&frames.take("client_score", SCORE_COLUMNS)?, &["client_id"])?;
    let profile = ordered(&frames.take("client_profile", PROFILE_COLUMNS)?, &["client_id"])?;
    let cuts = read_cuts(&frames.take("cut", &["kind", "axis", "at", "points"])?)?;
    let stale = stale_sources(&frames.take("load_report", &["system", "late"])?)?;
    let before = Before::read(frames)?;
    let mut histories = Histories::read(frames)?;
    let graded = grade(&scores, &cuts, &before, settings)?;
    let snapshots = snapshots(&scores, &graded)?;
    histories.advance(&snapshots, settings)?;
    let mut outputs = Outputs::default();
    outputs.add("tier_move", moves::moves(&scores, &graded, &cuts, settings)?)?;
    outputs.add("tier_count", moves::counts(&scores, &graded, &before)?)?;
    outputs.add(
        "client_segment",
        segment_rows(scores, &profile, &graded, stale.as_deref(), settings)?,
    )?;
    outputs.add_in_order("client_segment_history", histories.frame()?)?;
    Ok(outputs)
}

/// The systems whose data are older than was due; none where all are in time.
fn stale_sources(report: &DataFrame) -> Result<Option<String>, StageError> {
    let late = flags(report, "late")?;
    let systems = texts(report, "system")?.into_iter().zip(late).filter(|(_, late)| *late);
    let systems: BTreeSet<&str> = systems.filter_map(|(system, _)| system).collect();
    let listed = systems.into_iter().collect::<Vec<_>>().join(",");
    Ok((!listed.is_empty()).then_some(listed))
}

/// The cuts of organisations and persons.
fn read_cuts(frame: &DataFrame) -> Result<[Cuts; 2], StageError> {
    let (kinds, axes) = (texts(frame, "kind")?, texts(frame, "axis")?);
    let (at, points) = (keys(frame, "at")?, keys(frame, "points")?);
    let find = |kind: &str, axis: &str| {
        (0..at.len()).find(|row| kinds[*row] == Some(kind) && axes[*row] == Some(axis))
    };
    let cuts = |kind: &str| Cuts {
        value: find(kind, "value").map_or(Cut::on_points(i64::MAX), |row| Cut {
            measure: Measure::Money,
            threshold: at[row],
            points: points[row],
        }),
        loyalty_points: find(kind, "loyalty").map_or(i64::MAX, |row| at[row]),
    };
    Ok([cuts("organisation"), cuts("person")])
}

/// The state of every client the night before.
pub(super) struct Before {
    pub(super) client_id: Vec<i64>,
    pub(super) state: Vec<Option<TierState>>,
}

impl Before {
    fn read(frames: &mut Frames) -> Result<Self, StageError> {
        let columns = ["client_id", "tier", "cell", "tier_since", "watch_since"];
        let frame = frames.before("client_segment", &columns)?;
        let frame = ordered(&frame, &["client_id"])?;
        let (tiers, cells) = (texts(&frame, "tier")?, texts(&frame, "cell")?);
        let (since, watch) = (days(&frame, "tier_since")?, days(&frame, "watch_since")?);
        let state = |row: usize| {
            Some(TierState {
                tier: tiers[row]?.parse().ok()?,
                cell: cells[row].and_then(cell_of),
                tier_since: BusinessDate::from_epoch_days(since[row]?)?,
                watch_since: watch[row].and_then(BusinessDate::from_epoch_days),
            })
        };
        let client_id = keys(&frame, "client_id")?;
        Ok(Self { state: (0..client_id.len()).map(state).collect(), client_id })
    }
}

pub(super) fn cell_of(code: &str) -> Option<Cell> {
    [Cell::HvHl, Cell::HvLl, Cell::LvHl, Cell::LvLl].into_iter().find(|cell| cell.code() == code)
}

/// A client's tier tonight and before.
pub(super) struct Graded {
    pub(super) advance: Advance,
    pub(super) previous: Option<TierState>,
    pub(super) kind: usize,
}

fn grade(
    scores: &DataFrame,
    cuts: &[Cuts; 2],
    before: &Before,
    settings: &Settings<'_>,
) -> Result<Vec<Graded>, StageError> {
    let client_id = keys(scores, "client_id")?;
    let kinds = texts(scores, "kind")?;
    let opted_out = flags(scores, "opt_out")?;
    let money = keys(scores, "lifetime_value")?;
    let value = ints_or(scores, "value_score", 0)?;
    let loyalty = ints_or(scores, "loyalty_score", 0)?;
    let grace = GraceParams {
        promote_after_months: 0,
        demote_after_months: settings.job.scoring.grace.demote_after_months,
    };
    let mut cursor = Cursor::new(&before.client_id);
    let mut graded = Vec::with_capacity(client_id.len());
    for row in 0..client_id.len() {
        let previous = cursor.rows(client_id[row]).next().and_then(|at| before.state[at]);
        let kind = usize::from(kinds[row] != Some("organisation"));
        let standing = Standing {
            value_money: money[row],
            value_points: value[row],
            loyalty_points: loyalty[row],
        };
        let raw = classify(&standing, &cuts[kind], opted_out[row]);
        let advance = advance(previous.as_ref(), raw, settings.as_of, grace);
        graded.push(Graded { advance, previous, kind });
    }
    Ok(graded)
}

fn snapshots(scores: &DataFrame, graded: &[Graded]) -> Result<Vec<Snapshot>, StageError> {
    let client_id = keys(scores, "client_id")?;
    let kinds = texts(scores, "kind")?;
    let (value, loyalty) = (ints(scores, "value_score")?, ints(scores, "loyalty_score")?);
    let money = keys(scores, "lifetime_value")?;
    let snapshot = |(row, graded): (usize, &Graded)| Snapshot {
        client_id: client_id[row],
        kind: kinds[row].unwrap_or_default().to_owned(),
        tier: graded.advance.state.tier,
        cell: graded.advance.state.cell,
        value_score: value[row],
        loyalty_score: loyalty[row],
        lifetime_value: money[row],
        change: graded.advance.change.code().to_owned(),
    };
    Ok(graded.iter().enumerate().map(snapshot).collect())
}

fn segment_rows(
    scores: DataFrame,
    profile: &DataFrame,
    graded: &[Graded],
    stale: Option<&str>,
    settings: &Settings<'_>,
) -> Result<DataFrame, StageError> {
    let on = || [col("client_id")];
    let joined = scores.lazy().join(
        profile.clone().lazy(),
        on(),
        on(),
        JoinArgs::new(JoinType::Left).with_coalesce(JoinCoalesce::CoalesceColumns),
    );
    let mut rows = ordered(&joined.collect()?, &["client_id"])?;
    let height = rows.height();
    let state = |graded: &Graded| graded.advance.state;
    let day = |date: BusinessDate| Some(date.epoch_days());
    let tiers: Vec<&str> = graded.iter().map(|g| state(g).tier.code()).collect();
    let cells: Vec<Option<&str>> = graded.iter().map(|g| state(g).cell.map(Cell::code)).collect();
    let previous: Vec<Option<&str>> =
        graded.iter().map(|g| g.previous.map(|p| p.tier.code())).collect();
    let changes: Vec<&str> = graded.iter().map(|g| g.advance.change.code()).collect();
    let watch = |g: &Graded| state(g).watch_since.map(BusinessDate::epoch_days);
    let repeated = |name: &str, text: &str| text_column(name, &vec![text; height]);
    let columns = vec![
        text_column("tier", &tiers),
        opt_text_column("cell", &cells),
        opt_text_column("previous_tier", &previous),
        text_column("change_reason", &changes),
        date_column("as_of", vec![day(settings.as_of); height]),
        date_column("tier_since", graded.iter().map(|g| day(state(g).tier_since)).collect()),
        date_column("watch_since", graded.iter().map(watch).collect()),
        repeated("scoring_version", &settings.job.scoring.scoring_version),
        repeated("model_version", MODEL_VERSION),
        repeated("contract_version", CONTRACT_VERSION),
        repeated("run_id", settings.run),
        opt_text_column("stale_sources", &vec![stale; height]),
    ];
    for column in columns {
        rows.with_column(column)?;
    }
    Ok(rows)
}
