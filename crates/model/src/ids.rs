//! Ids: who is meant, without saying anything about the person.

use std::fmt;
use xxhash_rust::xxh3::xxh3_64;

/// The separator between the parts of a key: it may not stand in any of them, so that
/// (`ab`, `c`) and (`a`, `bc`) stay two keys.
const UNIT_SEPARATOR: u8 = 0x1f;

/// A 63-bit key of some text parts: XXH3 cut to a non-negative `i64`.
///
/// The one hash by which rows find each other, the same on every machine, engine and thread.
/// Tables are laid out by ranges of it, so its bits have to be uniform. It hides nothing: a token
/// that leaves the bank is made with a secret, elsewhere.
///
/// Source: XXH3, 64 bits, seed 0 (Collet 2019).
pub fn key63(parts: &[&str]) -> i64 {
    let mut buffer = [0_u8; 128];
    let length: usize = parts.iter().map(|part| part.len() + 1).sum();
    if length <= buffer.len() {
        let mut at = 0;
        for part in parts {
            buffer[at..at + part.len()].copy_from_slice(part.as_bytes());
            at += part.len();
            buffer[at] = UNIT_SEPARATOR;
            at += 1;
        }
        return cut63(xxh3_64(&buffer[..length]));
    }
    let mut long = Vec::with_capacity(length);
    for part in parts {
        long.extend_from_slice(part.as_bytes());
        long.push(UNIT_SEPARATOR);
    }
    cut63(xxh3_64(&long))
}

/// Drops the lowest bit, so that the key fits a signed column of Parquet and keeps its order.
fn cut63(hash: u64) -> i64 {
    i64::try_from(hash >> 1).unwrap_or(i64::MAX)
}

/// Which of `buckets` ranges of the key space holds `key`: buckets are ranges, so the rows of
/// bucket 0, 1, 2, ... in this order are the rows in the order of their key, whatever their number.
pub fn bucket_of(key: i64, buckets: usize) -> usize {
    let position = u128::from(key.max(0).unsigned_abs()) * buckets as u128;
    usize::try_from(position >> 63).unwrap_or(0)
}

macro_rules! key_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

key_type!(
    /// One client of the bank: born once from the record that anchors it, never recomputed.
    ClientId
);
key_type!(
    /// One party record: the key of (system, party key in that system).
    RecordId
);
key_type!(
    /// One account: the key of (system, account key in that system).
    AccountId
);

impl RecordId {
    /// The id of the record `party_key` of `system`.
    pub fn of(system: &str, party_key: &str) -> Self {
        Self(key63(&["party", system, party_key]))
    }
}

impl AccountId {
    /// The id of the account `account_key` of `system`.
    pub fn of(system: &str, account_key: &str) -> Self {
        Self(key63(&["account", system, account_key]))
    }
}

impl std::str::FromStr for ClientId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(key63(&["ab", "c"]), key63(&["a", "bc"]));
        assert_ne!(RecordId::of("x", "1").0, AccountId::of("x", "1").0);
    }

    #[test]
    fn the_hash_is_part_of_the_contract() {
        assert_eq!(key63(&["party", "deposits", "A1"]), RecordId::of("deposits", "A1").0);
        let long = "x".repeat(300);
        assert!(key63(&[&long]) >= 0);
    }

    #[test]
    fn buckets_are_ranges_in_key_order() {
        let keys: Vec<i64> = (0..2_000).map(|i: i32| key63(&[&i.to_string()])).collect();
        for buckets in [1, 2, 7, 64] {
            let mut sorted = keys.clone();
            sorted.sort_unstable();
            let order: Vec<usize> = sorted.iter().map(|k| bucket_of(*k, buckets)).collect();
            assert!(order.windows(2).all(|w| w[0] <= w[1]));
            assert!(order.iter().all(|b| *b < buckets));
        }
        assert_eq!(bucket_of(i64::MAX, 64), 63);
        assert_eq!(bucket_of(0, 64), 0);
    }
}
