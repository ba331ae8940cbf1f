//! Where the fields of one row stand, and how a shape of file finds them.

use crate::decode::Store;
use crate::lines::Line;
use memchr::memchr3;
use std::borrow::Cow;

/// Why a row is refused: never its values.
pub(crate) struct RowFault {
    /// The column, by its place in the contract.
    pub(crate) column: Option<usize>,
    /// What does not hold and what would.
    pub(crate) reason: Cow<'static, str>,
}

impl RowFault {
    /// A fault of the row as a whole.
    pub(crate) fn of_row(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { column: None, reason: reason.into() }
    }

    /// A row with another number of fields than the contract has columns.
    pub(crate) fn of_count(found: usize, expected: usize) -> Self {
        Self::of_row(format!("{found} fields (expected {expected})"))
    }
}

/// What the front of a window turned out to be.
pub(crate) enum Cut {
    /// A row, its fields found; it ends before `next`.
    Row {
        /// Where the next line begins.
        next: usize,
        /// Whether the row has a line end.
        ended: bool,
    },
    /// No row: it is refused and reading goes on at `next`.
    Refused {
        /// Why.
        fault: RowFault,
        /// Where the next line begins.
        next: usize,
        /// Whether what is refused has a line end.
        ended: bool,
    },
    /// A byte, counted from the front, that is no character.
    Undecodable(usize),
    /// Not to be told before more of the file is there.
    More,
}

impl Cut {
    /// Refuses a line.
    pub(crate) fn refused(line: Line, fault: RowFault) -> Self {
        Self::Refused { fault, next: line.next, ended: line.ended }
    }
}

/// A shape of file: how a row is cut into fields.
pub(crate) trait Shape {
    /// What it reads from.
    type Store: Store;

    /// Cuts the row at the front of `rest`, whose first line is `line`; `last` says that the file
    /// ends with `rest`.
    fn cut(
        &mut self,
        rest: &<Self::Store as Store>::Slice,
        line: Line,
        last: bool,
        fields: &mut Fields,
    ) -> Cut;
}

/// The fields of one row: places in its text, or in a scratch text where they had to be decoded or
/// unescaped. Used again for every row.
#[derive(Default)]
pub(crate) struct Fields {
    slots: Vec<Slot>,
    scratch: String,
}

/// Where a field stands.
#[derive(Clone, Copy)]
pub(crate) enum Slot {
    /// No field at all: a key that a JSON object lacks, or `null`.
    Absent,
    /// In the row's text.
    Row {
        /// First byte.
        from: usize,
        /// Behind the last byte.
        to: usize,
        /// Whether it stood in quotes.
        quoted: bool,
    },
    /// In the scratch text.
    Scratch {
        /// First byte.
        from: usize,
        /// Behind the last byte.
        to: usize,
        /// Whether it stood in quotes.
        quoted: bool,
    },
    /// A field that is none, and why.
    Broken(&'static str),
}

impl Slot {
    /// Bytes of its text.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Row { from, to, .. } | Self::Scratch { from, to, .. } => to - from,
            Self::Absent | Self::Broken(_) => 0,
        }
    }
}

/// A field.
#[derive(Clone, Copy)]
pub(crate) enum Field<'a> {
    /// There is none.
    Absent,
    /// Its text.
    Text {
        /// As it stands, blanks included.
        text: &'a str,
        /// Whether it stood in quotes.
        quoted: bool,
    },
    /// It is none, and why.
    Broken(&'static str),
}

impl Fields {
    /// Forgets the last row.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.scratch.clear();
    }

    pub(crate) fn push(&mut self, slot: Slot) {
        self.slots.push(slot);
    }

    pub(crate) fn set(&mut self, column: usize, slot: Slot) {
        if let Some(place) = self.slots.get_mut(column) {
            *place = slot;
        }
    }

    /// Writes to the scratch text; what was written is the slot.
    pub(crate) fn write<E>(
        &mut self,
        quoted: bool,
        write: impl FnOnce(&mut String) -> Result<(), E>,
    ) -> Result<Slot, E> {
        let from = self.scratch.len();
        write(&mut self.scratch)?;
        Ok(Slot::Scratch { from, to: self.scratch.len(), quoted })
    }

    /// The field of a column; `row` is the row's text.
    pub(crate) fn get<'a>(&'a self, column: usize, row: &'a str) -> Field<'a> {
        match self.slots.get(column) {
            Some(&Slot::Row { from, to, quoted }) => Field::Text { text: &row[from..to], quoted },
            Some(&Slot::Scratch { from, to, quoted }) => {
                Field::Text { text: &self.scratch[from..to], quoted }
            }
            Some(Slot::Broken(reason)) => Field::Broken(reason),
            Some(Slot::Absent) | None => Field::Absent,
        }
    }

    /// Whether no field can hold a character that text may not hold; a quick look at the whole row
    /// that spares a look at each field. U+FFFD begins with 0xEF.
    pub(crate) fn surely_clean(&self, row: &[u8]) -> bool {
        surely_clean(row) && surely_clean(self.scratch.as_bytes())
    }
}

/// Whether no character can be in some bytes that text may not hold.
pub(crate) fn surely_clean(bytes: &[u8]) -> bool {
    bytes.is_empty() || memchr3(0, 0x1f, 0xef, bytes).is_none()
}
