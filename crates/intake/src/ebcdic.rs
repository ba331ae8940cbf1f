//! EBCDIC to characters, strictly: a byte or a pair that the page does not assign, or shifts that
//! do not pair up, are no text.
//!
//! In a mixed page the byte 0x0E shifts to pairs of bytes, 0x0F shifts back.

mod pages;
#[cfg(test)]
pub(crate) mod tests;
mod write;

pub use write::EbcdicWriter;

use model::CharSet;
use pages::{CONTROLS, CP037, CP500, CP935, CP1047, GRAPHICS_FROM, NONE, PAIRS_935, PAIRS_1388};

const SHIFT_OUT: u8 = 0x0e;
const SHIFT_IN: u8 = 0x0f;

/// The bytes that pairs are made of; the ideographic blank, 0x4040, stands apart.
const PAIR_BYTES: std::ops::RangeInclusive<u8> = 0x41..=0xfe;
const BLANK: [u8; 2] = [0x40, 0x40];

/// A code page.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    graphics: &'static [char; 192],
    /// Of a mixed page: its pairs, two bytes of UTF-16BE each, 0 where there is none.
    pairs: Option<&'static [u8]>,
}

impl Page {
    /// The page of a character set, none where it is not EBCDIC.
    pub(crate) fn of(charset: CharSet) -> Option<Self> {
        let (graphics, pairs) = match charset {
            CharSet::Cp037 => (&CP037, None),
            CharSet::Cp500 => (&CP500, None),
            CharSet::Cp1047 => (&CP1047, None),
            CharSet::Cp935 => (&CP935, Some(PAIRS_935.as_slice())),
            CharSet::Cp1388 => (&CP935, Some(PAIRS_1388.as_slice())),
            _ => return None,
        };
        Some(Self { graphics, pairs })
    }

    /// Appends all of `raw` to `text`; the error is the first byte that is no character.
    pub(crate) fn decode(self, raw: &[u8], text: &mut String) -> Result<(), usize> {
        let mut at = 0;
        while let Some(&byte) = raw.get(at) {
            if byte == SHIFT_OUT && self.pairs.is_some() {
                let length = raw[at..].iter().skip(1).step_by(2).position(|b| *b == SHIFT_IN);
                // Without a shift back the pairs are looked at all the same: one of them may be
                // what is wrong.
                let end = length.map_or(raw.len(), |pairs| at + 1 + 2 * pairs);
                self.decode_pairs(&raw[at + 1..end], text).map_err(|within| at + 1 + within)?;
                length.ok_or(at)?;
                at = end + 1;
            } else {
                text.push(self.character(byte).ok_or(at)?);
                at += 1;
            }
        }
        Ok(())
    }

    /// Appends pairs without shifts around them; the error is the first byte of what is no pair.
    pub(crate) fn decode_pairs(self, raw: &[u8], text: &mut String) -> Result<(), usize> {
        for (at, pair) in raw.chunks(2).enumerate() {
            text.push(self.pair(pair).ok_or(2 * at)?);
        }
        Ok(())
    }

    /// The byte of a character that takes one.
    pub(crate) fn byte_of(self, character: char) -> Option<u8> {
        (0..=u8::MAX).find(|byte| self.character(*byte) == Some(character))
    }

    /// The character of a byte outside of shifts.
    fn character(self, byte: u8) -> Option<char> {
        if self.pairs.is_some() && matches!(byte, SHIFT_OUT | SHIFT_IN) {
            return None;
        }
        let found = match byte.checked_sub(GRAPHICS_FROM) {
            Some(place) => self.graphics.get(usize::from(place)).copied(),
            None => CONTROLS.get(usize::from(byte)).map(|code| char::from(*code)),
        };
        found.filter(|character| *character != NONE)
    }

    fn pair(self, pair: &[u8]) -> Option<char> {
        let &[high, low] = pair else { return None };
        let table = self.pairs?;
        if [high, low] == BLANK {
            return Some('\u{3000}');
        }
        if !PAIR_BYTES.contains(&high) || !PAIR_BYTES.contains(&low) {
            return None;
        }
        let (first, columns) = (*PAIR_BYTES.start(), PAIR_BYTES.len());
        let at = 2 * (usize::from(high - first) * columns + usize::from(low - first));
        let code = u16::from_be_bytes([*table.get(at)?, *table.get(at + 1)?]);
        char::from_u32(code.into()).filter(|_| code != 0)
    }
}
