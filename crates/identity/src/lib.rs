//! Who is one client: party records of separate systems in, clients with stable ids out.
//!
//! Pure kernels on columns, in the order of a night: standardise what a record says, block records
//! that may be one client, link those a declared rule proves to be, cluster the links without
//! putting two persons into one, allocate ids that do not move, choose the best values.
//! Knows no file, no data frame, no clock and no system by name; draws no number. The same rows in
//! any order give the same bytes out.
//!
//! Links here come from declared rules (`Rule`). A scorer plugs in where `link` stands: anything
//! that hands `Edge`s with weights to `cluster` gets its constraints, ids and golden values.

mod authority;
mod rule;
mod sets;

mod standardise;

mod block;

mod link;

mod row_index;

mod cluster;

mod allocate;

mod component;

mod survive;

mod quality;

#[cfg(test)]
mod tests;

pub use allocate::{
    AllocateInput, Allocation, Held, IdEvent, IdEventKind, Member, PastEvent, allocate, derived_id,
};
pub use authority::{Authority, AuthorityClass};
pub use block::{BlockKey, block};
pub use cluster::{ClusterInput, Clusters, RejectCause, RejectedMerge, cluster};
pub use component::{Components, component_of, components, spanning_forest, taken};
pub use link::{Capped, Doubt, DoubtCause, LinkParams, Linked, link};
pub use quality::{Quality, pairwise};
pub use rule::{Edge, Rule};
pub use standardise::{
    Citizen, Document, DocumentClass, DocumentType, Judgement, Mobile, Organisation, PartyColumns,
    PartyKind, Proof, Said, Sex, Standardised, Statement, TrustGrade, Verdict, citizen, document,
    fold_name, judge, mobile, organisation, standardise,
};
pub use survive::{Candidate, Survivor, survive, survivors};
