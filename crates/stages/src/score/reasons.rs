//! Why a client has its scores: what every part adds, and the strongest of them.

use crate::columns::{frame, int_column, opt_int_column, opt_text_column, text_column};
use crate::frames::StageError;
use ::segment::{Axis, Factor, top_reasons};
use loyalty::{AdvocacyFactor, Loyalty};
use model::LoyaltyWeights;
use polars::prelude::*;

/// The middle of a scale, centi-points: what a loyalty part is measured against.
pub(super) const MIDDLE: i64 = 5_000;
/// Parts per million.
const PPM: i64 = 1_000_000;

/// The parts of lifetime value of the bucket's clients.
pub(super) struct Parts<'a> {
    pub(super) factor: Vec<Option<&'a str>>,
    pub(super) input: Vec<Option<&'a str>>,
    pub(super) amount: Vec<i64>,
}

/// Rows of `score_reason`.
#[derive(Default)]
pub(super) struct Reasons<'a> {
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
    pub(super) fn add_client(
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

    pub(super) fn frame(self) -> Result<DataFrame, StageError> {
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
