//! Texts that a field is compared with, row by row.

/// Texts of a contract; short ones are compared as one number.
#[derive(Default)]
pub(crate) struct Listed(Vec<(u64, String)>);

impl Listed {
    pub(crate) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        Self(texts.map(|text| (word(text.as_bytes()), text.to_owned())).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text is one of them.
    #[inline]
    pub(crate) fn holds(&self, text: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let (length, word) = (text.len(), word(text.as_bytes()));
        self.0.iter().any(|(of, listed)| {
            *of == word && listed.len() == length && (length <= 8 || listed == text)
        })
    }
}

/// The first bytes of a text; of texts of one length up to 8 no two have the same.
#[inline]
fn word(text: &[u8]) -> u64 {
    if let Some(first) = text.first_chunk::<8>() {
        return u64::from_le_bytes(*first);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_held_only_if_all_of_it_is() {
        let texts = ["", "D", "CR", "abc", "abcd", "abcdefg", "abcdefgh", "abcdefghi", "\u{0}"];
        for (i, text) in texts.iter().enumerate() {
            let others = texts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, text)| *text);
            assert!(!Listed::of(others).holds(text), "{text}");
            assert!(Listed::of(texts.into_iter()).holds(text), "{text}");
        }
        assert!(!Listed::of(["abcdefghx"].into_iter()).holds("abcdefghy"));
    }
}
