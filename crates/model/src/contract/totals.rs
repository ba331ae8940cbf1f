//! What is summed up besides the amounts, and how many rejects a feed may have.

use super::bounds::{ControlRecord, ControlValue};
use super::{ColumnType, FeedContract};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// Most digits of a hash total: they fit 64 bits.
const HASH_DIGITS: u32 = 18;

/// How a row says on which side of the book its amount stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `"sign"`: amounts below zero are debits, all others credits; totals are without a sign.
    Sign,
    /// `{ column = "dc", debit = ["D"], credit = ["C"] }`: a column says it.
    Column(DirectionColumn),
}

/// A column that says debit or credit; a row that says neither is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectionColumn {
    /// A text column.
    pub column: String,
    /// Its texts that mean debit.
    pub debit: Vec<String>,
    /// Its texts that mean credit.
    pub credit: Vec<String>,
}

/// A hash total: the sum of a column whose sum means nothing but that all rows are there and
/// unchanged, as an account number (the entry hash of ACH files is one: Nacha Operating Rules,
/// appendix three).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashTotal {
    /// A text or integer column, of which the digits count and nothing else.
    pub column: String,
    /// Digits of the total, 1 to 18: what is larger loses its leading ones.
    pub modulo_digits: u32,
}

/// What a rejected row costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnReject {
    /// Itself; the others are loaded.
    #[default]
    Row,
    /// The whole file.
    File,
}

impl<'de> Deserialize<'de> for Direction {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Written)
    }
}

/// Reads a direction from a word or a table.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Direction;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"sign\" or { column, debit, credit }")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Direction, E> {
        if word == "sign" {
            return Ok(Direction::Sign);
        }
        Err(E::invalid_value(Unexpected::Str(word), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Direction, A::Error> {
        DirectionColumn::deserialize(MapAccessDeserializer::new(table)).map(Direction::Column)
    }
}

/// Whether what a feed says of its control records, totals and limits fits together.
pub(super) fn hold(feed: &FeedContract) -> Result<(), String> {
    direction_holds(feed)?;
    hash_holds(feed)?;
    for (name, record) in [("header", &feed.header), ("trailer", &feed.trailer)] {
        if let Some(record) = record {
            record_holds(feed, name, record)?;
        }
    }
    if feed.header.as_ref().is_some_and(|header| header.place(ControlValue::Date).is_none()) {
        return Err("`header` needs a `date` or a `date_field`".into());
    }
    let mut counts =
        feed.header.iter().chain(&feed.trailer).map(|record| record.place(ControlValue::Count));
    if feed.trailer.is_some() && !counts.any(|place| place.is_some()) {
        return Err("`trailer` needs a `count` or a `count_field`, or the `header` has one".into());
    }
    if feed.max_rejects_ppm.is_some_and(|limit| limit > 1_000_000) {
        return Err("`max_rejects_ppm` is at most 1000000".into());
    }
    let limited = feed.max_rejects_ppm.is_some() || feed.max_rejects_rows.is_some();
    if limited && feed.on_reject == OnReject::File {
        return Err("`on_reject = \"file\"` takes no reject: leave `max_rejects_*` out".into());
    }
    Ok(())
}

fn direction_holds(feed: &FeedContract) -> Result<(), String> {
    let Some(direction) = &feed.direction else { return Ok(()) };
    if feed.amount.is_none() {
        return Err("`direction` needs the feed's `amount` column".into());
    }
    let Direction::Column(DirectionColumn { column, debit, credit }) = direction else {
        return Ok(());
    };
    typed(feed, "direction", column, &[ColumnType::Text])?;
    if debit.is_empty() || credit.is_empty() {
        return Err("`direction` needs texts for `debit` and for `credit`".into());
    }
    match debit.iter().find(|text| credit.contains(text)) {
        Some(text) => Err(format!("`direction`: `{text}` means debit and credit")),
        None => Ok(()),
    }
}

fn hash_holds(feed: &FeedContract) -> Result<(), String> {
    let Some(hash) = &feed.hash else { return Ok(()) };
    typed(feed, "hash", &hash.column, &[ColumnType::Text, ColumnType::Integer])?;
    if !(1..=HASH_DIGITS).contains(&hash.modulo_digits) {
        return Err(format!("`hash`: `modulo_digits` must lie in 1..={HASH_DIGITS}"));
    }
    Ok(())
}

/// The column must be there and be of one of the types.
fn typed(feed: &FeedContract, key: &str, name: &str, kinds: &[ColumnType]) -> Result<(), String> {
    let Some(column) = feed.columns.iter().find(|column| column.name == name) else {
        return Err(format!("`{key}`: column `{name}` not found"));
    };
    if kinds.contains(&column.kind) {
        return Ok(());
    }
    let expected = if kinds.len() == 1 { "text" } else { "text or integer" };
    Err(format!("`{key}`: column `{name}` has another type than {expected}"))
}

fn record_holds(feed: &FeedContract, name: &str, record: &ControlRecord) -> Result<(), String> {
    let zero = |value: &ControlValue| record.declared(*value).0 == Some(0);
    if record.prefix.is_empty() || ControlValue::ALL.iter().any(zero) {
        return Err(format!("`{name}` needs a `prefix`, and fields from 1"));
    }
    let needed = [
        (ControlValue::Total, feed.amount.is_some(), "amount"),
        (ControlValue::Debit, feed.direction.is_some(), "direction"),
        (ControlValue::Credit, feed.direction.is_some(), "direction"),
        (ControlValue::Hash, feed.hash.is_some(), "hash"),
    ];
    for (value, there, need) in needed {
        if record.place(value).is_some() && !there {
            return Err(format!("a `{}` in the `{name}` needs the feed's `{need}`", value.name()));
        }
    }
    let (header, trailer) = record.count_includes.needs();
    if (header && feed.header.is_none()) || (trailer && feed.trailer.is_none()) {
        return Err(format!("`{name}.count_includes` counts a record that the feed has not"));
    }
    if (header || trailer) && record.place(ControlValue::Count).is_none() {
        return Err(format!("`{name}.count_includes` needs a count"));
    }
    Ok(())
}
