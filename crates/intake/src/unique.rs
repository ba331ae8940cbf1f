//! Rows that name themselves: repetitions are superseded, second rows with the same key refused.
//!
//! The first keys of a feed are kept in memory, and their rows judged at once. Keys beyond them
//! are only spilled; their rows are taken for new. At the end of the file the spill is looked
//! through for keys that repeat. If none does, every row was judged rightly. Else the feed is read
//! again, and the rows of the keys that repeat, now known to be few, are judged exactly.
//!
//! Threads that judge parts of a file only note the keys. Where all keys of a part are new they are
//! remembered at once; else the part is judged again, row by row.

use crate::batch::Batch;
use crate::error::Cause;
use crate::plan::Plan;
use crate::read::Sizes;
use crate::spill::Spill;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// The keys of a feed: those in memory, and those on disk.
pub(crate) struct Unique<'p> {
    plan: &'p Plan,
    scratch: &'p Path,
    sizes: Sizes,
    /// The hash of the first row of each key that is in memory.
    first: FxHashMap<Key, u64>,
    /// Keys that stand on several rows: what a second reading looks at.
    repeated: FxHashSet<u64>,
    spill: Option<Spill>,
    again: bool,
    buffer: Vec<u8>,
}

/// The keys of a part of a file, in the order of its rows.
pub(crate) struct Keys<'p> {
    plan: &'p Plan,
    /// Whether the rows' hashes are needed.
    whole: bool,
    noted: Vec<Key>,
    /// The hash of each row, where they are needed.
    rows: Vec<u64>,
    buffer: Vec<u8>,
}

/// Whether keys beyond those in memory are only spilled, so that nobody needs a row's hash.
#[derive(Default)]
pub(crate) struct Full(AtomicBool);

/// A key: XXH3 of its columns, 128 bits (Collet 2019). Two of 300 million keys are the same by
/// accident once in 10^22 feeds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    /// What is spilled. Two of 300 million halves are the same by accident once in 400 feeds: such
    /// a feed is read twice, for nothing, and its rows are judged by the whole key.
    half: u64,
    rest: u64,
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

impl<'p> Unique<'p> {
    /// Rows are named by the columns that the plan says; without any, every row is new. The folder
    /// `scratch` is used only beyond the keys that fit in memory.
    pub(crate) fn new(plan: &'p Plan, scratch: &'p Path, sizes: Sizes) -> Self {
        Self {
            plan,
            scratch,
            sizes,
            first: FxHashMap::default(),
            repeated: FxHashSet::default(),
            spill: None,
            again: false,
            buffer: Vec::new(),
        }
    }

    /// Judges the open row of the batch and remembers it. No value is a value like any other.
    pub(crate) fn see(&mut self, batch: &Batch) -> Result<Seen, Cause> {
        if self.plan.unique.is_empty() {
            return Ok(Seen::New);
        }
        let key = Key::of(batch, &self.plan.unique, &mut self.buffer);
        if self.again {
            if !self.repeated.contains(&key.half) {
                return Ok(Seen::New);
            }
        } else if self.first.len() >= self.sizes.keys && !self.first.contains_key(&key) {
            return self.spill(key).map(|()| Seen::New);
        }
        Ok(self.judge(key, batch))
    }

    /// Ends the first reading: finds out whether every row was judged rightly, or whether the feed
    /// must be read [`again`](Self::again).
    pub(crate) fn prove(&mut self) -> Result<(), Cause> {
        // Gone before the sorting begins, which needs as much room.
        self.first = FxHashMap::default();
        let Some(spill) = self.spill.take() else { return Ok(()) };
        let (plan, limit) = (self.plan, self.sizes.repeated);
        let (repeated, again) = (&mut self.repeated, &mut self.again);
        spill.repeated(|half| {
            *again = true;
            repeated.insert(half);
            if repeated.len() > limit { Err(not_unique(plan, limit)) } else { Ok(()) }
        })
    }

    /// Whether the feed is to be read a second time.
    pub(crate) fn again(&self) -> bool {
        self.again
    }

    /// Remembers the keys of the rows that follow if all are new; else remembers none of them.
    pub(crate) fn remember(&mut self, part: &Keys<'_>) -> Result<bool, Cause> {
        if self.again {
            return Ok(!part.noted.iter().any(|key| self.repeated.contains(&key.half)));
        }
        let room = self.sizes.keys.saturating_sub(self.first.len());
        let (kept, spilled) = part.noted.split_at(room.min(part.noted.len()));
        for (i, key) in kept.iter().enumerate() {
            match self.first.entry(*key) {
                Entry::Vacant(place) => place.insert(part.rows.get(i).copied().unwrap_or(0)),
                Entry::Occupied(_) => {
                    self.forget(&kept[..i]);
                    return Ok(false);
                }
            };
        }
        // Without a branch for each key, so that one look does not wait for the one before it.
        let seen = spilled.iter().map(|key| usize::from(self.first.contains_key(key)));
        if seen.sum::<usize>() > 0 {
            self.forget(kept);
            return Ok(false);
        }
        spilled.iter().try_for_each(|key| self.spill(*key))?;
        Ok(true)
    }

    fn forget(&mut self, keys: &[Key]) {
        for key in keys {
            self.first.remove(key);
        }
    }

    /// Whether no row's hash is needed any more.
    pub(crate) fn is_full(&self) -> bool {
        self.again || self.first.len() >= self.sizes.keys
    }

    fn judge(&mut self, key: Key, batch: &Batch) -> Seen {
        let row = row_hash(batch, &mut self.buffer);
        let same = match self.first.entry(key) {
            Entry::Vacant(place) => {
                place.insert(row);
                return Seen::New;
            }
            Entry::Occupied(first) => *first.get() == row,
        };
        self.repeated.insert(key.half);
        if same { Seen::Repeated } else { Seen::Second }
    }

    fn spill(&mut self, key: Key) -> Result<(), Cause> {
        match &mut self.spill {
            Some(spill) => spill.push(key.half),
            None => self.spill.insert(Spill::new(self.scratch, self.sizes.spill)?).push(key.half),
        }
    }
}

impl<'p> Keys<'p> {
    pub(crate) fn new(plan: &'p Plan, full: &Full) -> Self {
        let whole = !plan.unique.is_empty() && !full.0.load(Ordering::Acquire);
        Self { plan, whole, noted: Vec::new(), rows: Vec::new(), buffer: Vec::new() }
    }

    /// Notes the key of the open row of the batch.
    pub(crate) fn note(&mut self, batch: &Batch) {
        if self.plan.unique.is_empty() {
            return;
        }
        self.noted.push(Key::of(batch, &self.plan.unique, &mut self.buffer));
        if self.whole {
            self.rows.push(row_hash(batch, &mut self.buffer));
        }
    }
}

impl Full {
    /// Says so, once it is so: it stays so until the end of the file.
    pub(crate) fn tell(&self, unique: &Unique<'_>) {
        if unique.is_full() {
            self.0.store(true, Ordering::Release);
        }
    }
}

impl Key {
    #[expect(clippy::cast_possible_truncation, reason = "a hash is cut into its halves")]
    fn of(batch: &Batch, columns: &[usize], buffer: &mut Vec<u8>) -> Self {
        let hash = xxh3_128(written(batch, columns.iter().copied(), buffer));
        Self { half: (hash >> 64) as u64, rest: hash as u64 }
    }
}

/// The hash of all columns of the open row.
fn row_hash(batch: &Batch, buffer: &mut Vec<u8>) -> u64 {
    xxh3_64(written(batch, 0..batch.width(), buffer))
}

/// Some columns of the open row, as bytes.
fn written<'b>(
    batch: &Batch,
    columns: impl Iterator<Item = usize>,
    buffer: &'b mut Vec<u8>,
) -> &'b [u8] {
    buffer.clear();
    for column in columns {
        batch.write_open(column, buffer);
    }
    buffer
}

fn not_unique(plan: &Plan, limit: usize) -> Cause {
    let columns = plan.unique.iter().map(|&at| plan.rules[at].name.clone()).collect();
    Cause::NotUnique { columns, limit }
}
