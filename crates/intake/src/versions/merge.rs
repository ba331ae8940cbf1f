//! What becomes of the rows held of a feed when tonight's rows arrive (slowly changing dimension,
//! type 2: Kimball and Ross, The Data Warehouse Toolkit, 2013).

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A row of a feed while it stayed the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// 63-bit hash of `row_key`.
    pub key: i64,
    /// What names the row.
    pub row_key: String,
    /// The night that found it, days since 1970-01-01.
    pub valid_from: i32,
    /// The night that found it changed or gone; none while it holds.
    pub valid_to: Option<i32>,
    /// The file it came from.
    pub source_file: String,
    /// The line of that file.
    pub source_row: i64,
    /// Digest of the columns by which it was written down.
    pub layout: i64,
    /// The row.
    pub row: String,
}

/// A row of tonight's file. There is one for each key at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tonight {
    /// 63-bit hash of `row_key`.
    pub key: i64,
    /// What names the row.
    pub row_key: String,
    /// Its line.
    pub source_row: i64,
    /// What it says.
    pub what: What,
}

/// What a row of tonight's file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The row is so.
    Is(String),
    /// The row is gone.
    Gone,
    /// Nothing that could be used: the row was refused, and what was held before stays.
    Refused,
}

/// What becomes of rows held that tonight's file does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// They stay: the file holds a part.
    Stays,
    /// They are gone: the file holds everything.
    Gone,
}

/// How tonight's rows are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The night, days since 1970-01-01; later than every night before.
    pub day: i32,
    /// Tonight's file.
    pub file: String,
    /// Digest of the columns by which its rows are written down.
    pub layout: i64,
    /// What becomes of rows that it does not name.
    pub missing: Missing,
}

/// What became of the rows. Held before = unchanged + changed + deleted + carried; held after =
/// unchanged + changed + new + carried; named by the file and not refused = new + changed + unchanged
/// + its own deletions + absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows not held before.
    pub new: u64,
    /// Rows held with other contents.
    pub changed: u64,
    /// Rows held with the same contents.
    pub unchanged: u64,
    /// Rows held that are gone.
    pub deleted: u64,
    /// Deletions of rows that were not held.
    pub absent: u64,
    /// Rows held and not named, or named by a row that was refused.
    pub carried: u64,
}

/// Versions after tonight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// All versions, closed ones included, by key and date.
    pub versions: Vec<Version>,
    /// Which of them are open without a row of tonight's file.
    pub carried: Vec<usize>,
    /// What became of the rows.
    pub counts: Counts,
}

impl Version {
    fn name(&self) -> (i64, &str) {
        (self.key, &self.row_key)
    }
}

impl Tonight {
    fn name(&self) -> (i64, &str) {
        (self.key, &self.row_key)
    }
}

impl Counts {
    /// Rows held before tonight.
    pub fn held(&self) -> u64 {
        self.unchanged + self.changed + self.deleted + self.carried
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.deleted += other.deleted;
        self.absent += other.absent;
        self.carried += other.carried;
    }
}

/// Takes tonight's rows into the versions held. Both may come in any order; of a key there is one open
/// version at most. Keys of the same hash are told apart by what they were made from.
pub fn merge(mut held: Vec<Version>, mut tonight: Vec<Tonight>, rules: &Rules) -> Merged {
    held.sort_by(|a, b| a.name().cmp(&b.name()).then(a.valid_from.cmp(&b.valid_from)));
    tonight.sort_by(|a, b| a.name().cmp(&b.name()));
    let mut merged = Merged::default();
    let mut tonight = tonight.into_iter().peekable();
    for version in held {
        while let Some(row) = tonight.next_if(|row| row.name() < version.name()) {
            merged.meet(None, Some(row), rules);
        }
        if version.valid_to.is_some() {
            // The last version of a key may be closed: its row comes after all of them.
            merged.versions.push(version);
            continue;
        }
        let same = |row: &Tonight| row.name().cmp(&version.name()) == Ordering::Equal;
        let row = tonight.next_if(same);
        merged.meet(Some(version), row, rules);
    }
    for row in tonight {
        merged.meet(None, Some(row), rules);
    }
    merged
}

impl Merged {
    /// One key: the version that is open, and what tonight's file says of it.
    fn meet(&mut self, open: Option<Version>, row: Option<Tonight>, rules: &Rules) {
        match (open, row) {
            (Some(open), Some(Tonight { what: What::Is(text), .. })) if open.row == text => {
                self.counts.unchanged += 1;
                self.versions.push(open);
            }
            (Some(open), Some(Tonight { what: What::Is(text), source_row, .. })) => {
                self.counts.changed += 1;
                let next = opened(open.key, open.row_key.clone(), source_row, text, rules);
                self.close(open, rules);
                self.versions.push(next);
            }
            (Some(open), Some(Tonight { what: What::Gone, .. })) => {
                self.counts.deleted += 1;
                self.close(open, rules);
            }
            (Some(open), None) if rules.missing == Missing::Gone => {
                self.counts.deleted += 1;
                self.close(open, rules);
            }
            (Some(open), _) => {
                self.counts.carried += 1;
                self.carried.push(self.versions.len());
                self.versions.push(open);
            }
            (None, Some(Tonight { key, row_key, source_row, what: What::Is(text) })) => {
                self.counts.new += 1;
                self.versions.push(opened(key, row_key, source_row, text, rules));
            }
            (None, Some(Tonight { what: What::Gone, .. })) => self.counts.absent += 1,
            (None, _) => {}
        }
    }

    fn close(&mut self, open: Version, rules: &Rules) {
        self.versions.push(Version { valid_to: Some(rules.day), ..open });
    }
}

fn opened(key: i64, row_key: String, source_row: i64, row: String, rules: &Rules) -> Version {
    Version {
        key,
        row_key,
        valid_from: rules.day,
        valid_to: None,
        source_file: rules.file.clone(),
        source_row,
        layout: rules.layout,
        row,
    }
}
