//! JSON lines: one object per line, its keys the contract's columns.
//!
//! Numbers are taken as they stand in the text, never through a float.

use crate::decode::Text;
use crate::fields::{Cut, Fields, RowFault, Shape, Slot};
use crate::lines::Line;
use model::{ColumnContract, ColumnType};
use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

const NESTED: &str = "an object or array (expected a single value)";
const NOT_TEXT: &str = "a number (expected a text in quotes)";
const BAD_ESCAPE: &str = "an escape that is no character";

/// The shape of JSON lines.
pub(crate) struct JsonLines {
    columns: Vec<Key>,
    seen: Vec<bool>,
}

struct Key {
    name: String,
    text: bool,
}

impl JsonLines {
    pub(crate) fn new(columns: &[ColumnContract]) -> Self {
        let key =
            |c: &ColumnContract| Key { name: c.name.clone(), text: c.kind == ColumnType::Text };
        Self { seen: vec![false; columns.len()], columns: columns.iter().map(key).collect() }
    }
}

impl Shape for JsonLines {
    type Store = Text;

    fn cut(&mut self, rest: &str, line: Line, _last: bool, fields: &mut Fields) -> Cut {
        fields.clear();
        self.seen.fill(false);
        for _ in &self.columns {
            fields.push(Slot::Absent);
        }
        let mut fault = None;
        let object =
            Object { columns: &self.columns, seen: &mut self.seen, fields, fault: &mut fault };
        let mut json = serde_json::Deserializer::from_str(&rest[..line.end]);
        match json.deserialize_map(object).and_then(|()| json.end()) {
            Ok(()) => Cut::Row { next: line.next, ended: line.ended },
            Err(error) => Cut::refused(line, fault.unwrap_or_else(|| not_an_object(&error))),
        }
    }
}

/// The parser's own words could quote a value: only the place is told.
fn not_an_object(error: &serde_json::Error) -> RowFault {
    RowFault::of_row(format!("not a JSON object (character {} of the line)", error.column()))
}

/// Fills the fields from the members of an object.
struct Object<'o> {
    columns: &'o [Key],
    seen: &'o mut [bool],
    fields: &'o mut Fields,
    fault: &'o mut Option<RowFault>,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut next = 0;
        while let Some(found) = map.next_key_seed(ColumnOf { columns: self.columns, next })? {
            let column = match found {
                Ok(column) if !self.seen[column] => column,
                Ok(column) => {
                    let reason = "key stands twice".into();
                    *self.fault = Some(RowFault { column: Some(column), reason });
                    return Err(A::Error::custom("key"));
                }
                Err(fault) => {
                    *self.fault = Some(fault);
                    return Err(A::Error::custom("key"));
                }
            };
            self.seen[column] = true;
            next = column + 1;
            let value: &RawValue = map.next_value()?;
            let slot = slot(value.get(), self.columns[column].text, self.fields);
            self.fields.set(column, slot);
        }
        Ok(())
    }
}

/// Finds the column of a key, first where it stands when the keys come in contract order.
struct ColumnOf<'o> {
    columns: &'o [Key],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for ColumnOf<'_> {
    type Value = Result<usize, RowFault>;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for ColumnOf<'_> {
    type Value = Result<usize, RowFault>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        if self.columns.get(self.next).is_some_and(|column| column.name == key) {
            return Ok(Ok(self.next));
        }
        let at = self.columns.iter().position(|column| column.name == key);
        Ok(at.ok_or_else(|| unknown(key)))
    }
}

/// Names the key where it looks like a column's name, so that no value ever gets into a reason.
fn unknown(key: &str) -> RowFault {
    let plain = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    if key.len() <= 63 && !key.is_empty() && key.bytes().all(plain) {
        return RowFault::of_row(format!("key `{key}` is not in the contract"));
    }
    RowFault::of_row("a key is not in the contract")
}

/// The slot of a JSON value, from its text.
fn slot(raw: &str, text_column: bool, fields: &mut Fields) -> Slot {
    let bare = |scratch: &mut String| {
        scratch.push_str(raw);
        Ok::<(), serde_json::Error>(())
    };
    let slot = match raw.as_bytes().first() {
        Some(b'"') => fields.write(true, |scratch| unescape(raw, scratch)),
        Some(b'{' | b'[') => Ok(Slot::Broken(NESTED)),
        Some(b'n') => Ok(Slot::Absent),
        Some(b't' | b'f') => fields.write(false, bare),
        _ if text_column => Ok(Slot::Broken(NOT_TEXT)),
        _ => fields.write(false, bare),
    };
    slot.unwrap_or(Slot::Broken(BAD_ESCAPE))
}

fn unescape(raw: &str, scratch: &mut String) -> Result<(), serde_json::Error> {
    if raw.contains('\\') {
        scratch.push_str(&serde_json::from_str::<String>(raw)?);
    } else {
        scratch.push_str(&raw[1..raw.len() - 1]);
    }
    Ok(())
}
