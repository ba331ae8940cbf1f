//! The groups of the whole bank, and how few clients hold how much.

use crate::columns::{date_column, frame, int_column, opt_int_column, text_column};
use crate::frames::{Frames, Outputs, StageError};
use crate::summary::{Bar, KINDS, Summary, VALUES};
use ::segment::{BinTotal, Concentration, Share, TOP_SHARES_PPM, concentration};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let mut outputs = Outputs::default();
    outputs.add("segment_summary", summary(frames, settings)?)?;
    let values = Summary::read(frames, &VALUES)?;
    outputs.add("concentration", concentrations(values, settings)?)?;
    Ok(outputs)
}

fn summary(frames: &mut Frames, settings: &Settings<'_>) -> Result<DataFrame, StageError> {
    let by = ["dimension", "member", "tier"];
    let sums = ["clients", "lifetime_value", "current_value"];
    let as_of = lit(settings.as_of.epoch_days()).cast(DataType::Date);
    let all = frames.added_up("group_count", &by, &sums)?.lazy();
    Ok(all.with_column(as_of.alias("as_of")).collect()?)
}

/// The whale curve of every kind of client, by lifetime value and by the margin of twelve months.
fn concentrations(mut values: Summary, settings: &Settings<'_>) -> Result<DataFrame, StageError> {
    let mut rows = Curve::default();
    for (kind, name) in KINDS.into_iter().enumerate() {
        for (measure, measured) in VALUES.measures.iter().enumerate() {
            let bins: Vec<BinTotal> = values.of(kind, measure).iter().map(total).collect();
            if !bins.is_empty() {
                rows.add(name, measured, &concentration(bins)?);
            }
        }
    }
    let as_of = Some(settings.as_of.epoch_days());
    let height = rows.kind.len();
    frame(vec![
        date_column("as_of", vec![as_of; height]),
        text_column("kind", &rows.kind),
        text_column("measure", &rows.measure),
        int_column("top_ppm", rows.top),
        int_column("clients", rows.clients),
        int_column("amount", rows.amount),
        opt_int_column("share_ppm", rows.share),
    ])
}

fn total(bar: &Bar) -> BinTotal {
    BinTotal { value: bar.value, clients: bar.clients, amount: bar.figure }
}

#[derive(Default)]
struct Curve {
    kind: Vec<&'static str>,
    measure: Vec<&'static str>,
    top: Vec<i64>,
    clients: Vec<i64>,
    amount: Vec<i64>,
    share: Vec<Option<i64>>,
}

impl Curve {
    fn add(&mut self, kind: &'static str, measure: &'static str, found: &Concentration) {
        for (share, ppm) in found.tops.iter().zip(TOP_SHARES_PPM) {
            self.push(kind, measure, i64::from(ppm), share);
        }
        let all = Share { clients: found.clients, amount: found.total, share_ppm: Some(1_000_000) };
        self.push(kind, measure, 1_000_000, &all);
    }

    fn push(&mut self, kind: &'static str, measure: &'static str, top: i64, share: &Share) {
        self.kind.push(kind);
        self.measure.push(measure);
        self.top.push(top);
        self.clients.push(i64::try_from(share.clients).unwrap_or(i64::MAX));
        self.amount.push(share.amount);
        self.share.push(share.share_ppm);
    }
}
