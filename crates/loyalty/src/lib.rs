//! How firmly a client is attached: frequency of use, breadth of use, advocacy and feedback, and the
//! index they make (S05).
//!
//! Scores are whole centi-points, 0 to 10 000, and the parts of a score sum to it exactly. Frequency
//! and breadth are raw measures; the caller ranks them among clients before they enter the index.
//! Pure kernels on slices and small structs: no file, no frame, no clock, and nothing of value,
//! tiers or cuts. Ages in days come from the caller.

mod advocacy;
mod breadth;
mod decay;
mod frequency;
mod index;
mod points;

pub use advocacy::{
    Advocacy, AdvocacyFactor, AdvocacyParams, AdvocacySettings, Complaint, NpsAnswer,
    SatisfactionAnswer, SettingsError, Voice, advocacy, satisfaction_gap,
};
pub use breadth::{GroupUse, breadth, group_use};
pub use decay::{HalfLife, MICRO};
pub use frequency::{Activity, frequency};
pub use index::{Loyalty, WeightError, WeightSettings, Weights, loyalty};
pub use points::FULL;
