//! Rejected rows as they stand in their file. They hold personal data: they go to the vault zone,
//! and never into a message.

use std::borrow::Cow;
use std::fmt;

/// Bytes of a row that are kept.
const ROW_KEPT: usize = 1 << 12;

/// Bytes of all rows of a feed that are kept, but for the last one.
const FEED_KEPT: usize = 1 << 25;

/// A row as it stands in its file, without its line end, up to 4 KiB of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawRow {
    /// The row as text, or the hexadecimal digits of its bytes.
    pub text: String,
    /// Whether these are digits: the bytes are no text of the declared character set.
    pub hex: bool,
    /// Whether the row is longer than what is kept.
    pub cut: bool,
}

impl RawRow {
    /// A row that is text.
    pub(crate) fn of_text(row: &str) -> Self {
        let kept = row.floor_char_boundary(ROW_KEPT);
        Self { text: row[..kept].to_owned(), hex: false, cut: kept < row.len() }
    }

    /// A row that is bytes.
    pub(crate) fn of_bytes(row: &[u8]) -> Self {
        let kept = &row[..row.len().min(ROW_KEPT)];
        let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
        let text = kept.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        Self { text, hex: true, cut: kept.len() < row.len() }
    }

    /// A row that was decoded, or could not be.
    pub(crate) fn of(decoded: Option<Cow<'_, str>>, row: &[u8]) -> Self {
        decoded.map_or_else(|| Self::of_bytes(row), |text| Self::of_text(&text))
    }
}

/// Says how much there is, not what.
impl fmt::Debug for RawRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawRow({} bytes)", self.text.len())
    }
}

/// How much of a feed's rejected rows is kept, so that a bad file does not fill the memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept(usize);

impl Kept {
    /// The row, while there is room.
    pub(crate) fn take(&mut self, raw: impl FnOnce() -> Option<RawRow>) -> Option<RawRow> {
        let raw = (self.0 < FEED_KEPT).then(raw).flatten()?;
        self.0 += raw.text.len();
        Some(raw)
    }
}
