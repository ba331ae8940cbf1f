//! Files of a job, from text. A person writes them, but a wrong file may be handed in: its brackets are
//! counted first, since the parser calls itself for each one that opens and a program that runs out of
//! stack says nothing.

use serde::de::{DeserializeOwned, Error};

/// How deep brackets may stand in each other; those in texts count too.
const DEPTH: usize = 100;

/// The file as a `T`; the error is the parser's.
pub(crate) fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, toml::de::Error> {
    if is_too_deep(text) {
        let what = format!("brackets stand in each other more than {DEPTH} deep");
        return Err(Error::custom(what));
    }
    toml::from_str(text)
}

/// Whether brackets stand too deep in each other for the parser.
pub(crate) fn is_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEPTH
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_end_of_brackets_is_refused_before_the_parser_sees_it() {
        for open in ["{", "[", "a = {", "a = [{"] {
            let error = from_toml::<toml::Table>(&open.repeat(100_000)).unwrap_err();
            assert!(error.to_string().contains("more than 100 deep"), "{error}");
        }
        let flat = "[[a]]\nb = { c = [1, 2], d = \"{date}\" }\n".repeat(1_000);
        assert_eq!(from_toml::<toml::Table>(&flat).unwrap()["a"].as_array().unwrap().len(), 1_000);
    }
}
