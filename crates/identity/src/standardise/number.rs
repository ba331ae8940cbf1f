//! A cleaned document number in place: no allocation for three million of them.

use super::text::{document_character, is_number_dress};
use std::fmt;

/// Room for the longest document number, in bytes.
const ROOM: usize = 40;

/// A document number, cleaned: half width, upper case, nothing between its characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    bytes: [u8; ROOM],
    length: usize,
}

impl Number {
    /// No number.
    pub(super) const EMPTY: Self = Self { bytes: [0; ROOM], length: 0 };

    /// The cleaned form of a text; nothing when it is too long to be a number, or holds a character
    /// that is neither a letter nor a digit.
    pub(super) fn clean(text: &str) -> Option<Self> {
        let mut number = Self::EMPTY;
        let plain = text.chars().map(document_character).filter(|c| !is_number_dress(*c));
        for character in plain {
            if !character.is_alphanumeric() || number.length + character.len_utf8() > ROOM {
                return None;
            }
            number.push(character);
        }
        Some(number)
    }

    /// A number of plain ASCII, cut to the room there is.
    pub(super) fn ascii(text: &[u8]) -> Self {
        let mut number = Self::EMPTY;
        for byte in text.iter().take(ROOM) {
            number.push(char::from(byte & 0x7f));
        }
        number
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn push(&mut self, character: char) {
        let end = self.length + character.len_utf8();
        character.encode_utf8(&mut self.bytes[self.length..end]);
        self.length = end;
    }
}

impl fmt::Debug for Number {
    /// Says how long the number is and never what it is: it may stand in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({} bytes)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dress_goes_and_what_is_no_number_is_refused() {
        let clean = |text: &str| Number::clean(text).map(|number| number.as_str().to_owned());
        assert_eq!(clean(" ｅ1234-5678 ").as_deref(), Some("E12345678"));
        assert_eq!(clean("军字第0012号").as_deref(), Some("军字第0012号"));
        assert_eq!(clean("1101****1234"), None);
        assert_eq!(clean(&"9".repeat(41)), None);
        assert_eq!(clean("").as_deref(), Some(""));
    }

    #[test]
    fn a_number_does_not_print_itself() {
        let text = format!("{:?}", Number::ascii(b"E12345678"));
        assert_eq!(text, "Number(9 bytes)");
    }
}
