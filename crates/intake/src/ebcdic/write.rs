//! Characters to EBCDIC: the way back, for whoever makes files of a mainframe.

use super::{Page, SHIFT_IN, SHIFT_OUT};
use model::CharSet;

/// What stands for a character that the page does not have (SUB).
const SUBSTITUTE: u16 = 0x3f;

/// Writes text in an EBCDIC character set.
#[derive(Debug)]
pub struct EbcdicWriter {
    /// By UTF-16 unit: a byte, a pair from 0x4040 on, or 0 for none.
    codes: Vec<u16>,
    blank: u8,
}

impl EbcdicWriter {
    /// The writer of a character set; none where it is not EBCDIC.
    #[must_use]
    pub fn of(charset: CharSet) -> Option<Self> {
        let page = Page::of(charset)?;
        let mut codes = vec![0; 1 << 16];
        let mut put = |character: Option<char>, code: u16| {
            let place = character.and_then(|c| codes.get_mut(c as usize));
            // A byte is the shorter of two ways to write a character.
            if let Some(place) = place.filter(|place| **place == 0) {
                *place = code;
            }
        };
        for byte in 0..=u8::MAX {
            put(page.character(byte), byte.into());
        }
        if page.pairs.is_some() {
            for pair in 0x4040..=u16::MAX {
                put(page.pair(&pair.to_be_bytes()), pair);
            }
        }
        let blank = page.byte_of(' ')?;
        Some(Self { codes, blank })
    }

    /// Appends `text` in `width` bytes: as many whole characters as have room, every shift out with
    /// its shift back among them, blanks behind. A character that the page does not have becomes SUB.
    pub fn append(&self, text: &str, width: usize, out: &mut Vec<u8>) {
        let end = out.len() + width;
        let mut shifted = false;
        for character in text.chars() {
            let code = self.codes.get(character as usize).copied().unwrap_or(0);
            let code = if code == 0 && character != '\0' { SUBSTITUTE } else { code };
            let (pair, [high, low]) = (code > 0xff, code.to_be_bytes());
            let shift = (pair != shifted).then_some(if pair { SHIFT_OUT } else { SHIFT_IN });
            let back = usize::from(pair);
            let bytes = usize::from(shift.is_some()) + if pair { 2 } else { 1 };
            if out.len() + bytes + back > end {
                break;
            }
            out.extend(shift);
            out.extend(pair.then_some(high));
            out.push(low);
            shifted = pair;
        }
        out.extend(shifted.then_some(SHIFT_IN));
        out.resize(end, self.blank);
    }
}
