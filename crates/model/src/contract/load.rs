//! What a delivery holds, against what came before: load modes, and how many rows may vanish.

use super::{ColumnType, FeedContract};
use crate::calendar::BusinessDate;
use crate::ids::key63;
use serde::Deserialize;

/// Rows deleted at which a night goes on, ppm of the rows held, where a contract says nothing else.
const MAX_DELETED_PPM: u64 = 50_000;
/// Rows deleted at which a night always goes on.
const DELETED_FLOOR: u64 = 10;
/// The line of a row has a meaning in its own file only.
const SOURCE_ROW: &str = "source_row";

/// What a delivery holds, against what came before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadMode {
    /// Everything there is; nothing is kept.
    #[default]
    Full,
    /// New rows only: events. Rows delivered before stay as they are.
    Added,
    /// New and changed rows.
    Delta,
    /// New, changed and deleted rows; a column says which.
    DeltaDeletes,
    /// Everything there is, held against the rows kept: what changed, what is new, what vanished.
    Compare,
}

/// The column by which a row says that it deletes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// A text column, required, with `values`.
    pub column: String,
    /// Its texts that mean a deletion; all others mean that the row is there.
    pub delete: Vec<String>,
}

impl LoadMode {
    /// Whether rows are kept from night to night.
    pub fn keeps(self) -> bool {
        self != Self::Full
    }

    /// Whether a delivery makes sense only after the one before it.
    pub fn follows(self) -> bool {
        matches!(self, Self::Added | Self::Delta | Self::DeltaDeletes)
    }

    /// The word in contracts and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Added => "added",
            Self::Delta => "delta",
            Self::DeltaDeletes => "delta_deletes",
            Self::Compare => "compare",
        }
    }

    fn deletes(self) -> bool {
        matches!(self, Self::DeltaDeletes | Self::Compare)
    }
}

impl FeedContract {
    /// The limit that a number of deletions passes, ppm of the rows held; none where it passes none.
    pub fn deletes_beyond(&self, deleted: u64, held: u64) -> Option<u64> {
        let limit = self.max_deleted_ppm.unwrap_or(MAX_DELETED_PPM);
        let beyond = u128::from(deleted) * 1_000_000 > u128::from(held) * u128::from(limit);
        (self.load.deletes() && deleted > DELETED_FLOOR && beyond).then_some(limit)
    }

    /// Whether a delivery of this date is a complete one that keeping begins with.
    pub fn begins_with(&self, delivery: BusinessDate) -> bool {
        self.load.keeps() && self.initial == Some(delivery)
    }

    /// A digest of how the columns of a row are kept: rows kept under another one cannot be read.
    pub fn kept_layout(&self) -> i64 {
        let mut parts = vec!["row".to_owned()];
        for column in &self.columns {
            parts.push(format!("{} {:?} {:?}", column.name, column.kind, column.scale));
        }
        parts.push("key".into());
        parts.extend(self.unique.iter().cloned());
        parts.extend(self.operation.iter().map(|o| format!("operation {}", o.column)));
        key63(&parts.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

/// Whether what a feed says of its deliveries fits together.
pub(super) fn hold(feed: &FeedContract) -> Result<(), String> {
    let (mode, name) = (feed.load, feed.load.name());
    if mode.keeps() && mode != LoadMode::Added && feed.unique.is_empty() {
        return Err(format!("`load` \"{name}\" needs `unique`, the columns that name a row"));
    }
    operation_holds(feed)?;
    if mode.follows() && feed.initial.is_none() {
        return Err(format!(
            "`load` \"{name}\" needs `initial`, the date of the complete delivery it begins with"
        ));
    }
    if !mode.keeps() && feed.initial.is_some() {
        return Err("`initial` is for rows that are kept (not for `load` \"full\")".into());
    }
    if !mode.deletes() && feed.max_deleted_ppm.is_some() {
        return Err("`max_deleted_ppm` is for `load` \"delta_deletes\" or \"compare\"".into());
    }
    if mode.follows() && feed.max_shrink_ppm.is_some() {
        return Err("`max_shrink_ppm` is for `load` \"full\" or \"compare\"".into());
    }
    for (key, limit) in
        [("max_deleted_ppm", feed.max_deleted_ppm), ("max_shrink_ppm", feed.max_shrink_ppm)]
    {
        if limit.is_some_and(|limit| limit > 1_000_000) {
            return Err(format!("`{key}` is at most 1000000"));
        }
    }
    names_no_line(feed)
}

fn operation_holds(feed: &FeedContract) -> Result<(), String> {
    let Some(operation) = &feed.operation else {
        return match feed.load {
            LoadMode::DeltaDeletes => Err("`load` \"delta_deletes\" needs `operation`".into()),
            _ => Ok(()),
        };
    };
    if feed.load != LoadMode::DeltaDeletes {
        return Err("`operation` is for `load` \"delta_deletes\"".into());
    }
    let name = &operation.column;
    let column = feed.columns.iter().find(|column| column.name == *name);
    let Some(column) = column.filter(|column| column.kind == ColumnType::Text) else {
        return Err(format!("`operation`: column `{name}` not found, or no text"));
    };
    if feed.unique.contains(name) {
        return Err(format!("`operation`: column `{name}` cannot name a row (`unique`)"));
    }
    let known = |text: &String| column.values.contains(text);
    let rest = column.values.iter().any(|text| !operation.delete.contains(text));
    if operation.delete.is_empty() || !operation.delete.iter().all(known) || !rest {
        return Err(format!(
            "`operation`: column `{name}` needs `values`: those of `delete`, and others"
        ));
    }
    if !column.required {
        return Err(format!("`operation`: column `{name}` needs `required = true`"));
    }
    Ok(())
}

/// A row that is carried on has no line in tonight's file.
fn names_no_line(feed: &FeedContract) -> Result<(), String> {
    if !feed.load.keeps() {
        return Ok(());
    }
    let of_table = |table: &super::TableMapping| -> Vec<String> {
        table.columns.values().chain(&table.when).cloned().collect()
    };
    let texts = feed.tables.iter().flat_map(of_table).chain(feed.condition.clone());
    if texts.into_iter().any(|text| text.contains(SOURCE_ROW)) {
        return Err(format!(
            "`{SOURCE_ROW}` in SQL means nothing in rows that are carried on (right: a key of the source)"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
