//! The loyalty index: the weighted sum of frequency, breadth and advocacy, with its parts.

use crate::Advocacy;
use crate::points::{FULL, nearest};

/// Parts per million.
const PPM: i64 = 1_000_000;

/// Weights of the three axes, as a person writes them: ppm, together one million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightSettings {
    /// Frequency of use.
    pub frequency_ppm: i64,
    /// Breadth of use.
    pub breadth_ppm: i64,
    /// Advocacy and feedback.
    pub advocacy_ppm: i64,
}

impl Default for WeightSettings {
    /// 0.40, 0.35, 0.25.
    fn default() -> Self {
        Self { frequency_ppm: 400_000, breadth_ppm: 350_000, advocacy_ppm: 250_000 }
    }
}

/// The weights once checked: none negative, together one million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights(WeightSettings);

/// Why weights are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightError {
    /// A weight below zero.
    #[error("`{name}` is {ppm} (expected 0 to 1000000)")]
    Range {
        /// Which weight.
        name: &'static str,
        /// What was asked for.
        ppm: i64,
    },
    /// The weights are not one whole.
    #[error("loyalty weights sum to {sum} ppm (expected 1000000)")]
    Sum {
        /// Their sum.
        sum: i64,
    },
}

/// The loyalty of one client, centi-points: `total = frequency + breadth + advocacy`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loyalty {
    /// Loyalty, 0 to 10 000.
    pub total: i64,
    /// What frequency adds.
    pub frequency: i64,
    /// What breadth adds.
    pub breadth: i64,
    /// What advocacy adds: the sum of its parts.
    pub advocacy: i64,
    /// What each factor of advocacy adds, by [`crate::AdvocacyFactor::ALL`].
    pub advocacy_parts: [i64; 7],
}

impl WeightSettings {
    /// Checks the weights.
    pub fn check(self) -> Result<Weights, WeightError> {
        let named = [
            ("frequency_ppm", self.frequency_ppm),
            ("breadth_ppm", self.breadth_ppm),
            ("advocacy_ppm", self.advocacy_ppm),
        ];
        if let Some(&(name, ppm)) = named.iter().find(|(_, ppm)| !(0..=PPM).contains(ppm)) {
            return Err(WeightError::Range { name, ppm });
        }
        let sum = named.iter().map(|(_, ppm)| ppm).sum();
        if sum == PPM { Ok(Weights(self)) } else { Err(WeightError::Sum { sum }) }
    }
}

/// The index of frequency, breadth (both ranked among clients, 0 to 10 000) and advocacy.
///
/// The total is the weighted sum, rounded once; parts are the steps of its rounded running sum, so
/// that each is within one of its exact share and together they are the total.
pub fn loyalty(weights: Weights, frequency: i64, breadth: i64, advocacy: &Advocacy) -> Loyalty {
    let Weights(weights) = weights;
    let mut sum = RunningSum::default();
    let frequency = sum.step(weights.frequency_ppm, frequency.clamp(0, FULL));
    let breadth = sum.step(weights.breadth_ppm, breadth.clamp(0, FULL));
    let before = sum.reached;
    let advocacy_parts = advocacy.parts.map(|part| sum.step(weights.advocacy_ppm, part));
    let total = sum.reached;
    Loyalty { total, frequency, breadth, advocacy: total - before, advocacy_parts }
}

/// A sum of weighted centi-points and how far its rounded value has come.
#[derive(Default)]
struct RunningSum {
    exact: i128,
    reached: i64,
}

impl RunningSum {
    fn step(&mut self, weight_ppm: i64, points: i64) -> i64 {
        self.exact += i128::from(weight_ppm) * i128::from(points);
        let next = nearest(self.exact, i128::from(PPM));
        let step = next - self.reached;
        self.reached = next;
        step
    }
}

#[cfg(test)]
mod tests;
