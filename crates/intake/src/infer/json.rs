//! JSON lines in a sample.

use super::{Cell, Record};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// More keys than this are no columns: the objects are used as maps.
const MOST_KEYS: usize = 500;

/// The keys of a file of JSON lines, in the order in which they first stand, and its records; none
/// when most lines are no objects.
pub(super) fn records<'t>(texts: [&'t str; 2]) -> Option<(Vec<String>, Vec<Record<'t>>)> {
    let lines = || texts.into_iter().flat_map(str::lines).filter(|line| !line.is_empty());
    let objects = lines().filter(|line| line.starts_with('{')).count();
    if objects * 10 < lines().count() * 9 {
        return None;
    }
    let mut keys: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for line in lines() {
        let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(line) else {
            // A control record, or half an object.
            rows.push((line, Vec::new()));
            continue;
        };
        for (key, _) in members.iter().filter(|(key, _)| is_name(key)) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        rows.push((line, members));
    }
    if keys.is_empty() || keys.len() > MOST_KEYS {
        return None;
    }
    let record = |(line, members): (&'t str, Vec<(String, &'t RawValue)>)| {
        if members.is_empty() {
            return Record { line, cells: Vec::new() };
        }
        let value = |key: &String| members.iter().find(|(name, _)| name == key);
        let cells = keys.iter().map(|key| value(key).map(|(_, raw)| cell(raw.get())));
        Record { line, cells: cells.map(Option::unwrap_or_default).collect() }
    };
    let records = rows.into_iter().map(record).collect();
    Some((keys, records))
}

/// Whether a key may be a column's name, and no value: no long run of digits, no mail address.
fn is_name(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    !key.is_empty() && key.len() <= 63 && digits < 6 && !key.contains('@')
}

fn cell(raw: &str) -> Cell<'_> {
    match raw.as_bytes().first() {
        Some(b'"') => {
            let text = serde_json::from_str::<String>(raw).unwrap_or_default();
            Cell { text: Cow::Owned(text), quoted: true, ..Cell::default() }
        }
        Some(b'{' | b'[') => Cell { nested: true, ..Cell::default() },
        Some(b'n') | None => Cell::default(),
        Some(b't' | b'f') => Cell { text: Cow::Borrowed(raw), quoted: true, ..Cell::default() },
        Some(_) => Cell { text: Cow::Borrowed(raw), number: true, ..Cell::default() },
    }
}

/// The members of an object in their order.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_map(Collect)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
