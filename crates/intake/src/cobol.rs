//! From the bytes of a COBOL item to the text of a field, exactly.
//!
//! A number becomes the digits of its picture, zeros in front included, a point where `V` stands
//! and a minus where it is below zero: what the column's type reads, and what a key looks like.

mod number;
#[cfg(test)]
pub(crate) mod tests;

use crate::decode::decode;
use crate::ebcdic::Page;
use crate::fields::{Fields, Slot};
use crate::typed::{Reason, trim};
use model::{CharSet, Cobol, CobolContent, Fill, Spot};

const NOT_TEXT: Reason = "bytes that are no text (expected assigned bytes and pairs, and as many \
                          shifts back as shifts out)";
const NOT_PAIRS: Reason = "bytes that are no double-byte text (expected assigned pairs)";
const NOT_READ: Reason = "an item that is not read";

/// Reads one item of every record.
pub(crate) struct Item {
    content: CobolContent,
    from: usize,
    to: usize,
    charset: CharSet,
    /// Bytes that mean "no value" when the item holds nothing else.
    fills: Vec<u8>,
}

impl Item {
    /// An item that begins at byte `at`, from 0.
    pub(crate) fn new(at: usize, cobol: &Cobol, charset: CharSet, fills: &[Fill]) -> Self {
        let blank = if charset.is_ebcdic() { 0x40 } else { b' ' };
        let byte = |fill: &Fill| match fill {
            Fill::LowValues => 0x00,
            Fill::HighValues => 0xff,
            Fill::Spaces => blank,
        };
        Self {
            content: cobol.content.clone(),
            from: at,
            to: at.saturating_add(cobol.width),
            charset,
            fills: fills.iter().map(byte).collect(),
        }
    }

    /// The item of a header's or trailer's place; none where the contract does not hold.
    pub(crate) fn of_spot(spot: &Spot, charset: CharSet) -> Option<Self> {
        Some(Self::new(spot.at.checked_sub(1)?, &spot.item()?, charset, &[]))
    }

    /// The field that the item is, in the scratch text of `fields`.
    pub(crate) fn slot(&self, record: &[u8], fields: &mut Fields) -> Slot {
        let Some(bytes) = record.get(self.from..self.to) else { return Slot::Absent };
        if self.fills.iter().any(|fill| bytes.iter().all(|byte| byte == fill)) {
            return Slot::Absent;
        }
        fields.write(false, |text| self.write(bytes, text)).unwrap_or_else(Slot::Broken)
    }

    /// The item as text without outer blanks, none where it is not what it should be.
    pub(crate) fn text(&self, record: &[u8]) -> Option<String> {
        let mut text = String::new();
        self.write(record.get(self.from..self.to)?, &mut text).ok()?;
        Some(trim(&text).to_owned())
    }

    fn write(&self, bytes: &[u8], text: &mut String) -> Result<(), Reason> {
        match &self.content {
            CobolContent::Text => decode(self.charset, bytes, text).map_err(|_| NOT_TEXT),
            CobolContent::Pairs => match Page::of(self.charset) {
                Some(page) => page.decode_pairs(bytes, text).map_err(|_| NOT_PAIRS),
                None => Err(NOT_PAIRS),
            },
            CobolContent::Number(number) => {
                number::write(*number, bytes, self.charset.is_ebcdic(), text)
            }
            CobolContent::Opaque(_) => Err(NOT_READ),
        }
    }
}
