//! Rows of a feed that are kept from night to night, as the source sent them: how a row is written
//! down ([`RowCodec`]), where tonight's rows wait until all are read ([`Pile`]), and what becomes of
//! the rows held when tonight's arrive ([`merge`]).
//!
//! Knows rows and dates. It does not know tables, nor where versions are kept.

mod codec;
mod merge;
mod pile;

#[cfg(test)]
mod tests;

pub use codec::{Encoded, RowCodec};
pub use merge::{Counts, Merged, Missing, Rules, Tonight, Version, What, merge};
pub use pile::Pile;
