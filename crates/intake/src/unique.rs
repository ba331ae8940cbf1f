//! Rows that name themselves: repetitions are superseded, second rows with the same key refused.

use crate::batch::Batch;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use xxhash_rust::xxh3::xxh3_64;

/// The keys of a feed seen so far, as hashes: 16 bytes a row and the map's slack.
pub(crate) struct Unique {
    key: Vec<usize>,
    rows: FxHashMap<u64, u64>,
    buffer: Vec<u8>,
}

/// What a row is to the rows before it.
pub(crate) enum Seen {
    /// The first with its key.
    New,
    /// The same in every column.
    Repeated,
    /// Another row with the same key.
    Second,
}

impl Unique {
    /// Rows are named by the columns `key`; without any, every row is new.
    pub(crate) fn new(key: Vec<usize>) -> Self {
        Self { key, rows: FxHashMap::default(), buffer: Vec::new() }
    }

    /// Judges the open row of the batch and remembers it. No value is a value like any other.
    pub(crate) fn see(&mut self, batch: &Batch) -> Seen {
        if self.key.is_empty() {
            return Seen::New;
        }
        let key = hash(batch, self.key.iter().copied(), &mut self.buffer);
        let row = hash(batch, 0..batch.width(), &mut self.buffer);
        match self.rows.entry(key) {
            Entry::Vacant(place) => {
                place.insert(row);
                Seen::New
            }
            Entry::Occupied(first) if *first.get() == row => Seen::Repeated,
            Entry::Occupied(_) => Seen::Second,
        }
    }
}

/// XXH3, 64 bits (Collet 2019), of some columns of the open row.
fn hash(batch: &Batch, columns: impl Iterator<Item = usize>, buffer: &mut Vec<u8>) -> u64 {
    buffer.clear();
    for column in columns {
        batch.write_open(column, buffer);
    }
    xxh3_64(buffer)
}
