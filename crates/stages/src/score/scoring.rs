//! Both scores of a client, with the reasons that sum exactly to them.

use super::feedback::Feedback;
use super::reasons::{MIDDLE, Parts, Reasons};
use crate::columns::{
    Cursor, flag_column, flags, frame, int_column, ints_or, keys, opt_int_column, opt_text_column,
    ordered, texts,
};
use crate::frames::{Frames, Outputs, StageError};
use crate::summary::{AXES, KINDS, MEASURES, Summary};
use ::segment::{Scale, bin};
use loyalty::{Advocacy, AdvocacySettings, Loyalty, WeightSettings, Weights, loyalty};
use model::{LoyaltyWeights, Scoring};
use night::Settings;
use polars::prelude::*;
use value::rank_steps;

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
    let made = score_all(&bench, &profile, &parts, &said, settings)?;
    let mut outputs = Outputs::default();
    outputs.add("client_score", made.scores)?;
    outputs.add_in_order("score_reason", made.reasons)?;
    outputs.add("score_count", made.counts.frame()?)?;
    Ok(outputs)
}

/// The tables of this stage.
struct Made {
    scores: DataFrame,
    reasons: DataFrame,
    counts: Summary,
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
        let of_kind = |kind: &&str| MEASURES.measures.iter().map(|m| scale(kind, m)).collect();
        Ok(Self(KINDS.iter().map(of_kind).collect()))
    }

    /// The rank of a value's bin: bins are what was counted.
    fn score(&self, kind: usize, measure: usize, value: i64) -> i64 {
        self.0[kind][measure].as_ref().map_or(MIDDLE, |scale| scale.score(bin(value)))
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

fn score_all(
    bench: &Bench,
    profile: &DataFrame,
    parts: &DataFrame,
    said: &DataFrame,
    settings: &Settings<'_>,
) -> Result<Made, StageError> {
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
    let mut counts = Summary::new(&AXES);
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
        let value = steps.base + steps.steps.iter().sum::<i64>();
        counts.add(kinds[row], 0, bin(lifetime[row]), value);
        counts.add(kinds[row], 1, index.total, index.total);
        scores.add(Scored {
            value,
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
    Ok(Made { scores: frame(columns)?, reasons: reasons.frame()?, counts })
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
