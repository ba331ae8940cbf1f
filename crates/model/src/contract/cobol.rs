//! COBOL data descriptions: what the bytes of an item of a record hold, and where a copybook
//! puts them (Enterprise COBOL for z/OS, Language Reference, data division).

mod clauses;
mod copybook;
mod picture;
#[cfg(test)]
mod tests;
mod words;

pub(super) use copybook::Copybook;
pub use copybook::RECORD_CAP;

use clauses::{Clauses, Inherited};
use serde::Deserialize;
use std::str::FromStr;

/// What the bytes of an item hold: picture and usage, written as `S9(11)V99 COMP-3`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Cobol {
    /// What is in it.
    pub content: CobolContent,
    /// How many bytes it takes.
    pub width: usize,
}

/// What is in an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CobolContent {
    /// Characters of the file's character set: `PIC X`, `PIC A`, an edited number, a group.
    Text,
    /// Double-byte characters without shifts around them: `PIC G`, `PIC N`.
    Pairs,
    /// A number.
    Number(CobolNumber),
    /// Bytes that a record may hold and no column may name, and what they are.
    Opaque(&'static str),
}

/// A number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CobolNumber {
    /// Decimal digits, decimals included.
    pub digits: usize,
    /// Digits behind the implied point.
    pub decimals: usize,
    /// Whether it may be below zero.
    pub signed: bool,
    /// How digits and sign are coded.
    pub coding: CobolCoding,
}

/// How the digits and the sign of a number are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CobolCoding {
    /// `DISPLAY`: one digit a byte.
    Zoned(CobolSign),
    /// `COMP-3`: two digits a byte, the sign in the last half byte.
    Packed,
    /// `COMP`: big-endian, no more digits than the picture has.
    Binary,
    /// `COMP-5`: big-endian, every value that the bytes can hold.
    Native,
}

/// Where a zoned number has its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CobolSign {
    /// In front, not behind.
    pub leading: bool,
    /// In a byte of its own, not in the zone of a digit.
    pub separate: bool,
}

impl CobolSign {
    /// Where COBOL puts the sign when nothing is said.
    pub const TRAILING: Self = Self { leading: false, separate: false };
}

impl Cobol {
    /// Characters in so many bytes.
    pub fn text(width: usize) -> Self {
        Self { content: CobolContent::Text, width }
    }
}

impl FromStr for Cobol {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = words::words(text)?;
        let picture_first = !found.first().is_some_and(|word| clauses::is_clause(word));
        let mut clauses =
            Clauses::parse(if picture_first { found.get(1..) } else { Some(&*found) })?;
        if picture_first {
            clauses.picture = found.into_iter().next();
        }
        if clauses.occurs.is_some() || clauses.redefines.is_some() {
            return Err("OCCURS and REDEFINES belong into a copybook".into());
        }
        clauses.item(Inherited::default())
    }
}

impl TryFrom<String> for Cobol {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|cause| format!("`cobol = \"{text}\"`: {cause}"))
    }
}
