//! The cell of a client, and what would change it.

use crate::Scale;
use model::{Cell, Tier};

/// The two axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// Value.
    Value,
    /// Loyalty.
    Loyalty,
}

impl Axis {
    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Loyalty => "loyalty",
        }
    }
}

/// Where a client stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Lifetime value, minor units.
    pub value_money: i64,
    /// Value score, centi-points.
    pub value_points: i64,
    /// Loyalty score, centi-points.
    pub loyalty_points: i64,
}

/// What a value cut is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Lifetime value, minor units.
    Money,
    /// Value score, centi-points.
    Points,
}

/// A cut on the value axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What is compared.
    pub measure: Measure,
    /// High from here on, in the unit of the measure.
    pub threshold: i64,
    /// Where the cut lies among scores, centi-points: what distances are told in.
    pub points: i64,
}

impl Cut {
    /// A cut on the score.
    pub fn on_points(points: i64) -> Self {
        Self { measure: Measure::Points, threshold: points, points }
    }

    /// A cut on money, placed among scores by the scale that made them.
    pub fn on_money(threshold: i64, scale: &Scale) -> Self {
        Self { measure: Measure::Money, threshold, points: scale.score(threshold) }
    }
}

/// Both cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cuts {
    /// On value.
    pub value: Cut,
    /// On the loyalty score, centi-points.
    pub loyalty_points: i64,
}

/// The cell of a client; `None` for one that refused profiling. High is at the cut and above.
pub fn classify(client: &Standing, cuts: &Cuts, opted_out: bool) -> Option<Cell> {
    let value = match cuts.value.measure {
        Measure::Money => client.value_money,
        Measure::Points => client.value_points,
    };
    let cell =
        Cell::of(value >= cuts.value.threshold, client.loyalty_points >= cuts.loyalty_points);
    (!opted_out).then_some(cell)
}

/// The tier of a cell; without one the client is not graded.
pub fn tier_of(cell: Option<Cell>) -> Tier {
    cell.map_or(Tier::Unprofiled, Cell::tier)
}

/// The axis on which a client is nearest to another cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The nearer axis; of equals value.
    pub axis: Axis,
    /// Score less cut, centi-points: at or above zero the client is high and could fall, below zero
    /// it is low and could rise.
    pub distance: i64,
}

/// The nearest change of cell: every step over a cut is one.
pub fn nearest_flip(client: &Standing, cuts: &Cuts) -> Flip {
    let value = client.value_points - cuts.value.points;
    let loyalty = client.loyalty_points - cuts.loyalty_points;
    if loyalty.abs() < value.abs() {
        Flip { axis: Axis::Loyalty, distance: loyalty }
    } else {
        Flip { axis: Axis::Value, distance: value }
    }
}

#[cfg(test)]
mod tests;
