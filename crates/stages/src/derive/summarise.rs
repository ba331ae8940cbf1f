//! The groups of the whole bank, and how few clients hold how much.

use crate::columns::{date_column, frame, int_column, keys, opt_int_column, text_column, texts};
use crate::frames::{Frames, Outputs, StageError};
use ::segment::{Concentration, Share, TOP_SHARES_PPM, concentration};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let columns = ["kind", "lifetime_value", "current_value"];
    let segment = frames.take("client_segment", &columns)?;
    let mut outputs = Outputs::default();
    outputs.add("segment_summary", summary(frames, settings)?)?;
    outputs.add("concentration", concentrations(&segment, settings)?)?;
    Ok(outputs)
}

fn summary(frames: &mut Frames, settings: &Settings<'_>) -> Result<DataFrame, StageError> {
    let as_of = lit(settings.as_of.epoch_days()).cast(DataType::Date);
    let all = frames
        .lazy("group_count")?
        .group_by([col("dimension"), col("member"), col("tier")])
        .agg(["clients", "lifetime_value", "current_value"].map(|c| col(c).sum()))
        .with_column(as_of.alias("as_of"));
    Ok(all.collect()?)
}

/// The whale curve of every kind of client, by lifetime value and by the margin of twelve months.
fn concentrations(segment: &DataFrame, settings: &Settings<'_>) -> Result<DataFrame, StageError> {
    let kinds = texts(segment, "kind")?;
    let mut rows = Curve::default();
    for kind in ["organisation", "person"] {
        for measure in ["lifetime_value", "current_value"] {
            let values = keys(segment, measure)?;
            let mut of_kind: Vec<i64> =
                (0..values.len()).filter(|r| kinds[*r] == Some(kind)).map(|r| values[r]).collect();
            of_kind.sort_unstable_by(|a, b| b.cmp(a));
            if of_kind.is_empty() {
                continue;
            }
            let found = concentration(&of_kind).map_err(|e| StageError::Data(e.to_string()))?;
            rows.add(kind, measure, &found);
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
