//! Where high begins tonight, by the method of the scoring file.

use crate::columns::{flags, frame, int_column, ints_or, keys, text_column, texts};
use crate::frames::{Frames, Outputs, StageError};
use ::segment::{CutError, CutMethod, Histogram, Spread, threshold};
use night::Settings;

/// What counts as one when money is spread out for natural breaks: 100 units of currency.
const MONEY_UNIT: i64 = 10_000;
/// Above every score: nobody is high.
const NOBODY: i64 = i64::MAX;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let columns = ["kind", "opt_out", "lifetime_value", "value_score", "loyalty_score"];
    let scores = frames.take("client_score", &columns)?;
    let kinds = texts(&scores, "kind")?;
    let opted_out = flags(&scores, "opt_out")?;
    let lifetime = keys(&scores, "lifetime_value")?;
    let value_points = ints_or(&scores, "value_score", 0)?;
    let loyalty_points = ints_or(&scores, "loyalty_score", 0)?;
    let cuts = &settings.job.scoring.cuts;
    let mut rows = Rows::default();
    for kind in ["organisation", "person"] {
        let graded: Vec<usize> =
            (0..kinds.len()).filter(|row| kinds[*row] == Some(kind) && !opted_out[*row]).collect();
        let of =
            |values: &[i64]| Histogram::of_values(graded.iter().map(|row| values[*row]).collect());
        let money = Spread::Asinh { unit: MONEY_UNIT };
        let at = find(cuts.value, money, &of(&lifetime))?;
        let reached = graded.iter().filter(|row| lifetime[**row] >= at);
        let points = reached.map(|row| value_points[*row]).min().unwrap_or(10_000);
        rows.add(kind, "value", cuts.value, at, "money", points);
        let at = find(cuts.loyalty, Spread::Linear, &of(&loyalty_points))?;
        rows.add(kind, "loyalty", cuts.loyalty, at, "points", at.min(10_000));
    }
    let mut outputs = Outputs::default();
    outputs.add("cut", rows.frame()?)?;
    Ok(outputs)
}

fn find(
    method: model::CutMethod,
    spread: Spread,
    population: &Histogram,
) -> Result<i64, StageError> {
    let method = match method {
        model::CutMethod::Fixed { at } => CutMethod::Fixed(at),
        model::CutMethod::Quantile { top_ppm } => CutMethod::TopShare(top_ppm),
        model::CutMethod::NaturalBreaks => CutMethod::NaturalBreaks(spread),
    };
    match threshold(method, population) {
        Ok(at) => Ok(at),
        // A kind without clients, or with all alike, has nobody above.
        Err(CutError::Population { .. }) => Ok(NOBODY),
        Err(error @ CutError::Share { .. }) => Err(StageError::Data(error.to_string())),
    }
}

#[derive(Default)]
struct Rows {
    texts: [Vec<&'static str>; 4],
    at: Vec<i64>,
    points: Vec<i64>,
}

impl Rows {
    fn add(
        &mut self,
        kind: &'static str,
        axis: &'static str,
        method: model::CutMethod,
        at: i64,
        unit: &'static str,
        points: i64,
    ) {
        let method = match method {
            model::CutMethod::Fixed { .. } => "fixed",
            model::CutMethod::Quantile { .. } => "quantile",
            model::CutMethod::NaturalBreaks => "natural_breaks",
        };
        let row = [kind, axis, method, unit];
        self.texts.iter_mut().zip(row).for_each(|(column, text)| column.push(text));
        self.at.push(at);
        self.points.push(points);
    }

    fn frame(self) -> Result<polars::prelude::DataFrame, StageError> {
        let names = ["kind", "axis", "method", "unit"];
        let mut columns: Vec<_> =
            names.iter().zip(&self.texts).map(|(n, v)| text_column(n, v)).collect();
        columns.push(int_column("at", self.at));
        columns.push(int_column("points", self.points));
        frame(columns)
    }
}
