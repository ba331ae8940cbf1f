//! Rows of fixed width, counted in bytes of the encoded file.

use crate::decode::{Raw, decode};
use crate::fields::{Cut, Fields, RowFault, Shape, Slot};
use crate::lines::Line;
use model::CharSet;

const CUTS_CHARACTER: &str = "bytes cut a character (expected whole characters within the width)";

/// The shape of fixed-width files.
pub(crate) struct Fixed {
    widths: Vec<usize>,
    row: usize,
    charset: CharSet,
}

impl Fixed {
    pub(crate) fn new(widths: Vec<usize>, charset: CharSet) -> Self {
        Self { row: widths.iter().sum(), widths, charset }
    }
}

impl Shape for Fixed {
    type Store = Raw;

    fn cut(&mut self, rest: &[u8], line: Line, _last: bool, fields: &mut Fields) -> Cut {
        fields.clear();
        let bytes = &rest[..line.end];
        let fits = bytes.len() == self.row;
        if fits && self.slice(bytes, fields) {
            return Cut::Row { next: line.next, ended: line.ended };
        }
        // Either the row is cut wrongly, or the file is not in its character set.
        match decode(self.charset, bytes, &mut String::new()) {
            Err(at) => Cut::Undecodable(at),
            Ok(()) if fits => Cut::Row { next: line.next, ended: line.ended },
            Ok(()) => {
                let reason = format!("{} bytes (expected {})", bytes.len(), self.row);
                Cut::refused(line, RowFault::of_row(reason))
            }
        }
    }
}

impl Fixed {
    /// Decodes field by field, each on its own; false when one of them is no text.
    fn slice(&self, bytes: &[u8], fields: &mut Fields) -> bool {
        let (mut from, mut whole) = (0, true);
        for width in &self.widths {
            let field = &bytes[from..from + width];
            from += width;
            let slot = fields.write(false, |text| {
                match std::str::from_utf8(field).ok().filter(|field| field.is_ascii()) {
                    Some(ascii) => {
                        text.push_str(ascii);
                        Ok(())
                    }
                    None => decode(self.charset, field, text),
                }
            });
            whole &= slot.is_ok();
            fields.push(slot.unwrap_or(Slot::Broken(CUTS_CHARACTER)));
        }
        whole
    }
}
