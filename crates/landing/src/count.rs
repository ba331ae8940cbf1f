//! Counts the rows of a CSV text while it passes.

use memchr::memchr2_iter;

/// Rows seen so far: lines that end outside of quotes.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    ended: u64,
    quoted: bool,
}

impl Rows {
    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        for at in memchr2_iter(b'"', b'\n', bytes) {
            if bytes[at] == b'"' {
                // A doubled quote closes and opens again.
                self.quoted = !self.quoted;
            } else if !self.quoted {
                self.ended += 1;
            }
        }
    }

    /// Rows without the line of names.
    pub(crate) fn without_names(&self) -> u64 {
        self.ended.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_in_quotes_end_no_row() {
        let text = "a,b\n1,\"x\ny\"\n,\"he said \"\"no\"\"\n\"\n\"\",\n";
        let mut rows = Rows::default();
        text.as_bytes().chunks(3).for_each(|chunk| rows.take(chunk));
        assert_eq!(rows.without_names(), 3);
        assert_eq!(Rows::default().without_names(), 0);
    }
}
