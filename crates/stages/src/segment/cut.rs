//! Where high begins tonight, by the method of the scoring file.

use crate::columns::{frame, int_column, text_column};
use crate::frames::{Frames, Outputs, StageError};
use crate::summary::{AXES, KINDS, Summary};
use ::segment::{CutError, CutMethod, Histogram, Spread, bin, bin_from, threshold};
use night::Settings;

/// What counts as one when money is spread out for natural breaks: 100 units of currency.
const MONEY_UNIT: i64 = 10_000;
/// Above every score: nobody is high.
const NOBODY: i64 = i64::MAX;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let mut counts = Summary::read(frames, &AXES)?;
    let cuts = &settings.job.scoring.cuts;
    let mut rows = Rows::default();
    for (kind, name) in KINDS.into_iter().enumerate() {
        let money = Spread::Asinh { unit: MONEY_UNIT };
        let found = find(cuts.value, money, &counts.histogram(kind, 0))?;
        // What was found parts no bin; what management fixed is cut at to the unit.
        let fixed = matches!(cuts.value, model::CutMethod::Fixed { .. });
        let at = if fixed { found } else { bin_from(found) };
        // All of a bin have one score, so that of the bin the cut lies in is the least above it.
        let reached = counts.of(kind, 0).iter().filter(|bar| bar.value >= bin(at));
        let points = reached.map(|bar| bar.figure).min();
        let points = points.and_then(|points| i64::try_from(points).ok()).unwrap_or(10_000);
        rows.add(name, "value", cuts.value, at, "money", points);
        let at = find(cuts.loyalty, Spread::Linear, &counts.histogram(kind, 1))?;
        rows.add(name, "loyalty", cuts.loyalty, at, "points", at.min(10_000));
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
