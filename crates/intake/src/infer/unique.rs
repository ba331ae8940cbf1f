//! Columns that name a row, found in a whole sample.

use super::column::value;
use super::{GuessedColumn, Record, tolerated};
use model::ColumnType;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::Xxh3;

/// With fewer rows everything looks like a key.
const FEWEST: usize = 20;

/// Columns among which a key of several is looked for.
const AMONG: usize = 4;

/// The fewest columns that name a row: one of all, two or three of the first; their places.
pub(super) fn find(rows: &[&Record<'_>], columns: &[GuessedColumn], null: &[String]) -> Vec<usize> {
    if rows.len() < FEWEST {
        return Vec::new();
    }
    let most = tolerated(rows.len());
    let fit = |at: &usize| {
        let column = &columns[*at];
        let kind = matches!(column.kind, ColumnType::Text | ColumnType::Integer | ColumnType::Date);
        kind && !column.is_personal() && column.filled + most >= rows.len()
    };
    let single = |at: &usize| {
        columns[*at].kind != ColumnType::Date && columns[*at].distinct + most >= rows.len()
    };
    let fitting: Vec<usize> = (0..columns.len()).filter(fit).collect();
    if let Some(at) = fitting.iter().copied().find(single) {
        return vec![at];
    }
    let first: Vec<usize> = fitting.into_iter().take(AMONG).collect();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for (i, a) in first.iter().enumerate() {
        for (j, b) in first.iter().enumerate().skip(i + 1) {
            sets.push(vec![*a, *b]);
            sets.extend(first.iter().skip(j + 1).map(|c| vec![*a, *b, *c]));
        }
    }
    sets.sort_by_key(|set| (set.len(), set.clone()));
    sets.into_iter().find(|set| distinct(rows, set, null) + most >= rows.len()).unwrap_or_default()
}

fn distinct(rows: &[&Record<'_>], set: &[usize], null: &[String]) -> usize {
    let key = |row: &&Record<'_>| {
        let mut hasher = Xxh3::new();
        for at in set {
            let text = value(&row.cells[*at], null).unwrap_or_default();
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.digest128()
    };
    rows.iter().map(key).collect::<FxHashSet<u128>>().len()
}
