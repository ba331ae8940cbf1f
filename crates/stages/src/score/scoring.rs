//! Both scores of a client, with the reasons that sum exactly to them.

use super::feedback::Feedback;
use super::scale::{KINDS, MEASURES};
use crate::columns::{
    Cursor, flag_column, flags, frame, int_column, ints_or, keys, opt_int_column, opt_text_column,
    ordered, text_column, texts,
};
use crate::frames::{Frames, Outputs, StageError};
use ::segment::{Axis, Factor, Scale, top_reasons};
use loyalty::{
    Advocacy, AdvocacyFactor, AdvocacySettings, Loyalty, WeightSettings, Weights, loyalty,
};
use model::{LoyaltyWeights, Scoring};
use night::Settings;
use polars::prelude::*;
use value::rank_steps;

/// The middle of a scale, centi-points: what a loyalty part is measured against.
const MIDDLE: i64 = 5_000;
/// Parts per million.
const PPM: i64 = 1_000_000;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let profile = frames.take(
        "client_profile",
        &[
            "client_id",
            "kind",
            "opt_out",
            "lifetime_value",
            "frequency_raw",
            "breadth_raw",
            "months_observed",
            "demographics_known",
        ],
    )?;
    let profile = ordered(&profile, &["client_id"])?;
    let parts =
        frames.take("value_part", &["client_id", "position", "factor", "input", "amount"])?;
    let parts = ordered(&parts, &["client_id", "position"])?;
    let said = frames.take("client_feedback", Feedback::COLUMNS)?;
    // In any order within a client: what is summed does not depend on it.
    let said = ordered(&said, &["client_id"])?;
    let scales = Scales::read(&frames.take("scale", &["kind", "measure", "position", "edge"])?)?;
    let bench = Bench::new(&settings.job.scoring, scales)?;
    let (scores, reasons) = score_all(&bench, &profile, &parts, &said, settings)?;
    let mut outputs = Outputs::default();
    outputs.add("client_score", scores)?;
    outputs.add_in_order("score_reason", reasons)?;
    Ok(outputs)
}

/// The scales, by kind and measure.
struct Scales(Vec<Vec<Option<Scale>>>);

impl Scales {
    fn read(frame: &DataFrame) -> Result<Self, StageError> {
        let frame = frame.sort(["kind", "measure", "position"], SortMultipleOptions::default())?;
        let (kinds, measures) = (texts(&frame, "kind")?, texts(&frame, "measure")?);
        let edges = keys(&frame, "edge")?;
        let scale = |kind: &str, measure: &str| {
            let of = (0..edges.len())
                .filter(|r| kinds[*r] == Some(kind) && measures[*r] == Some(measure));
            Scale::of_edges(of.map(|row| edges[row]).collect())
        };
        let of_kind = |kind: &&str| MEASURES.iter().map(|(m, _)| scale(kind, m)).collect();
        Ok(Self(KINDS.iter().map(of_kind).collect()))
    }

    fn score(&self, kind: usize, measure: usize, value: i64) -> i64 {
        self.0[kind][measure].as_ref().map_or(MIDDLE, |scale| scale.score(value))
    }
}

/// What every client is scored with.
struct Bench {
    scales: Scales,
    weights: Weights,
    written: LoyaltyWeights,
    advocacy: loyalty::AdvocacyParams,
}

impl Bench {
    fn new(scoring: &Scoring, scales: Scales) -> Result<Self, StageError> {
        let written = scoring.loyalty;
        let weights = WeightSettings {
            frequency_ppm: written.frequency_ppm,
            breadth_ppm: written.breadth_ppm,
            advocacy_ppm: written.advocacy_ppm,
        };
        let settings = AdvocacySettings {
            prior_answers: written.prior_answers,
            ..AdvocacySettings::default()
        };
        Ok(Self {
            scales,
            weights: weights.check().map_err(|e| StageError::Data(e.to_string()))?,
            written,
            advocacy: settings.check().map_err(|e| StageError::Data(e.to_string()))?,
        })
    }
}

/// The parts of lifetime value of the bucket's clients.
struct Parts<'a> {
    factor: Vec<Option<&'a str>>,
    input: Vec<Option<&'a str>>,
    amount: Vec<i64>,
}

fn score_all(
    bench: &Bench,
    profile: &DataFrame,
    parts: &DataFrame,
    said: &DataFrame,
    settings: &Settings<'_>,
) -> Result<(DataFrame, DataFrame), StageError> {
    let client_id = keys(profile, "client_id")?;
    let kinds = texts(profile, "kind")?;
    let opted_out = flags(profile, "opt_out")?;
    let lifetime = keys(profile, "lifetime_value")?;
    let frequency = keys(profile, "frequency_raw")?;
    let breadth = keys(profile, "breadth_raw")?;
    let months = keys(profile, "months_observed")?;
    let known = ints_or(profile, "demographics_known", 0)?;
    let part_client = keys(parts, "client_id")?;
    let feedback = Feedback::read(said, settings.as_of.epoch_days())?;
    let (mut part_rows, mut said_rows) =
        (Cursor::new(&part_client), Cursor::new(&feedback.client_id));
    let parts = Parts {
        factor: texts(parts, "factor")?,
        input: texts(parts, "input")?,
        amount: keys(parts, "amount")?,
    };
    let mut scores = Scores::default();
    let mut reasons = Reasons::default();
    for row in 0..client_id.len() {
        let client = client_id[row];
        let rows = part_rows.rows(client);
        let kind = KINDS.iter().position(|k| kinds[row] == Some(k)).unwrap_or(1);
        let f = bench.scales.score(kind, 1, frequency[row]);
        let b = bench.scales.score(kind, 2, breadth[row]);
        let advocacy =
            feedback.advocacy(&bench.advocacy, &mut said_rows, client, i64::midpoint(f, b));
        if opted_out[row] {
            scores.skip();
            continue;
        }
        let steps = rank_steps(&parts.amount[rows.clone()], |x| bench.scales.score(kind, 0, x));
        let index = loyalty(bench.weights, f, b, &advocacy);
        let told = reasons.add_client(client, &steps, &parts, rows, &index, &bench.written);
        scores.add(Scored {
            value: steps.base + steps.steps.iter().sum::<i64>(),
            index,
            f,
            b,
            advocacy,
            confidence: confidence(kinds[row], months[row], known[row], &advocacy),
            told,
        });
    }
    let mut columns = vec![
        int_column("client_id", client_id),
        opt_text_column("kind", &kinds),
        flag_column("opt_out", &opted_out),
        int_column("lifetime_value", lifetime),
    ];
    columns.extend(scores.columns());
    Ok((frame(columns)?, reasons.frame()?))
}

/// How much of the evidence is there, centi-points: half by months observed, a quarter by
/// demographic answers (persons; for others the months count for them), a quarter by feedback.
fn confidence(kind: Option<&str>, months: i64, known_ppm: i64, advocacy: &Advocacy) -> i64 {
    let months = months.clamp(0, 12) * 10_000 / 12;
    let answers = if kind == Some("person") { known_ppm / 100 } else { months };
    let heard = advocacy.coverage_permille * 10;
    (2 * months + answers + heard) / 4
}

/// One client's scores.
struct Scored {
    value: i64,
    index: Loyalty,
    f: i64,
    b: i64,
    advocacy: Advocacy,
    confidence: i64,
    told: [Option<String>; 3],
}

#[derive(Default)]
struct Scores {
    points: [Vec<Option<i64>>; 6],
    told: [Vec<Option<String>>; 3],
}

impl Scores {
    fn add(&mut self, scored: Scored) {
        let row = [
            scored.value,
            scored.index.total,
            scored.f,
            scored.b,
            scored.advocacy.points,
            scored.confidence,
        ];
        self.points.iter_mut().zip(row).for_each(|(column, value)| column.push(Some(value)));
        self.told.iter_mut().zip(scored.told).for_each(|(column, reason)| column.push(reason));
    }

    fn skip(&mut self) {
        self.points.iter_mut().for_each(|column| column.push(None));
        self.told.iter_mut().for_each(|column| column.push(None));
    }

    fn columns(self) -> Vec<Column> {
        let names =
            ["value_score", "loyalty_score", "frequency", "breadth", "advocacy", "confidence"];
        let points = names.iter().zip(self.points).map(|(n, v)| opt_int_column(n, v));
        let told = ["reason_1", "reason_2", "reason_3"].iter().zip(&self.told);
        points.chain(told.map(|(n, v)| opt_text_column(n, v))).collect()
    }
}

/// Rows of `score_reason`.
#[derive(Default)]
struct Reasons<'a> {
    client: Vec<i64>,
    axis: Vec<&'static str>,
    position: Vec<i64>,
    factor: Vec<&'a str>,
    points: Vec<i64>,
    input: Vec<Option<&'a str>>,
    amount: Vec<Option<i64>>,
    weight: Vec<Option<i64>>,
}

impl<'a> Reasons<'a> {
    /// Adds the rows of one client in the order of the table; its three strongest reasons.
    fn add_client(
        &mut self,
        client: i64,
        steps: &value::RankSteps,
        parts: &Parts<'a>,
        rows: std::ops::Range<usize>,
        index: &Loyalty,
        written: &LoyaltyWeights,
    ) -> [Option<String>; 3] {
        let first = self.client.len();
        let f = ("frequency", index.frequency);
        self.add(client, Axis::Loyalty, f, None, None, Some(written.frequency_ppm));
        let b = ("breadth", index.breadth);
        self.add(client, Axis::Loyalty, b, None, None, Some(written.breadth_ppm));
        for (factor, points) in AdvocacyFactor::ALL.iter().zip(index.advocacy_parts) {
            if points != 0 || *factor == AdvocacyFactor::Behaviour {
                let part = (factor.code(), points);
                self.add(client, Axis::Loyalty, part, None, None, Some(written.advocacy_ppm));
            }
        }
        self.add(client, Axis::Value, ("base", steps.base), None, None, None);
        for (row, step) in rows.zip(&steps.steps) {
            let factor = (parts.factor[row].unwrap_or_default(), *step);
            self.add(client, Axis::Value, factor, parts.input[row], Some(parts.amount[row]), None);
        }
        self.strongest(first)
    }

    fn add(
        &mut self,
        client: i64,
        axis: Axis,
        (factor, points): (&'a str, i64),
        input: Option<&'a str>,
        amount: Option<i64>,
        weight: Option<i64>,
    ) {
        let follows = self.client.last() == Some(&client) && self.axis.last() == Some(&axis.code());
        let before = if follows { self.position.last().copied() } else { None };
        self.position.push(before.unwrap_or(0) + 1);
        self.client.push(client);
        self.axis.push(axis.code());
        self.factor.push(factor);
        self.points.push(points);
        self.input.push(input);
        self.amount.push(amount);
        self.weight.push(weight);
    }

    fn strongest(&self, first: usize) -> [Option<String>; 3] {
        let factor = |row: usize| {
            let value = self.axis[row] == Axis::Value.code();
            // A part of loyalty is measured against the middle of its scale; a part of value and a
            // voice against nothing, and the base is no reason.
            let ranked = ["frequency", "breadth", "behaviour"].contains(&self.factor[row]);
            let middle = self.weight[row].unwrap_or(0) * MIDDLE / PPM;
            let neutral = match (value, ranked) {
                (true, _) if self.factor[row] == "base" => self.points[row],
                (false, true) => middle,
                _ => 0,
            };
            let axis = if value { Axis::Value } else { Axis::Loyalty };
            Factor { axis, name: self.factor[row], points: self.points[row], neutral }
        };
        let factors: Vec<Factor<'_>> = (first..self.client.len()).map(factor).collect();
        let top = top_reasons::<3>(&factors);
        top.map(|reason| reason.map(|r| factors[r.row].code(r.direction).replace('.', "_")))
    }

    fn frame(self) -> Result<DataFrame, StageError> {
        frame(vec![
            int_column("client_id", self.client),
            text_column("axis", &self.axis),
            int_column("position", self.position),
            text_column("factor", &self.factor),
            int_column("points", self.points),
            opt_text_column("input", &self.input),
            opt_int_column("amount", self.amount),
            opt_int_column("weight", self.weight),
        ])
    }
}
