//! Where high begins and who stands there: scales, cuts, cells, tiers with grace, and what a move
//! is explained by.
//!
//! Two axes and three tiers (S01, S06 to S08): value and loyalty high is TOP, one of them MID, none
//! SMALL. Scores arrive ready; how they were made is not known here. Scores are whole centi-points,
//! 0 to 10 000; money is `i64` minor units. Pure kernels: no file, no frame, no clock; the business
//! date is given.

mod bins;
mod histogram;
mod scale;

mod cuts;

mod classify;

mod grace;

mod reasons;

mod history;

mod concentration;
mod migration;

pub use bins::{bin, bin_from};
pub use histogram::{Bar, Histogram};
pub use scale::{MAX_EDGES, Scale};

pub use cuts::{CutError, CutMethod, Spread, threshold};

pub use classify::{Axis, Cut, Cuts, Flip, Measure, Standing, classify, nearest_flip, tier_of};

pub use grace::{Advance, Change, GraceParams, TierState, advance, whole_months};

pub use reasons::{Direction, Factor, Reason, top_reasons};

pub use history::{HistoryError, Version, advance_history};

pub use concentration::{BinTotal, Concentration, Share, TOP_SHARES_PPM, concentration};
pub use migration::{Migration, MigrationCount};
