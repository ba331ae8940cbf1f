//! The body of every stage, written once: frames of one bucket in, frames of one bucket out.
//!
//! Joins and group-bys are Polars; the mathematics is in the pure crates below and gets column
//! slices. A body does not know where it runs, nor how many buckets there are: it sees all rows of
//! its keys and no others, and may not depend on the order in which they come.

mod body;
mod columns;
mod frames;
mod load;
mod schema;
mod summary;

mod resolve {
    //! Chapter: party records to clients.
    pub(crate) mod cluster;
    pub(crate) mod component;
    pub(crate) mod gather;
    pub(crate) mod golden;
    pub(crate) mod identify;
    pub(crate) mod journal;
    pub(crate) mod link;
    pub(crate) mod quality;
    pub(crate) mod standardise;
}
mod measure {
    //! Chapter: accounts and movements to contribution and use.
    pub(crate) mod contribute;
    pub(crate) mod hold;
    pub(crate) mod ledger;
    pub(crate) mod plausible;
    pub(crate) mod terms;
}
mod score {
    //! Chapter: contribution and use to value and loyalty.
    pub(crate) mod contribution;
    pub(crate) mod demographics;
    pub(crate) mod feedback;
    pub(crate) mod holdings;
    pub(crate) mod profile;
    pub(crate) mod reasons;
    pub(crate) mod scale;
    pub(crate) mod scoring;
    pub(crate) mod sheet;
}
mod segment {
    //! Chapter: scores to tiers, and what changed since the night before.
    pub(crate) mod cut;
    pub(crate) mod history;
    pub(crate) mod moves;
    pub(crate) mod tiers;
}
mod derive {
    //! Chapter: groups, migration, concentration.
    pub(crate) mod count;
    pub(crate) mod migrate;
    pub(crate) mod quality;
    pub(crate) mod summarise;
}

pub use body::{Body, body};
pub use frames::{Frames, Outputs, StageError};
pub use load::{Loaded, Loader, Refused, RuleTally, Tally, Unknown};
pub use schema::{empty, minor, publishable, shape};
