//! Names that become folder and file names.

use crate::LakeError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The id of a run: a digest of its inputs, job, binary and date, so the same run has the same id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);

impl RunId {
    /// The id, when it is 1 to 64 of `0-9`, `a-z` and `-`.
    pub fn new(text: impl Into<String>) -> Result<Self, LakeError> {
        let text = text.into();
        if is_name(&text, 64, |byte| byte == b'-') {
            return Ok(Self(text));
        }
        Err(LakeError::Name { what: "run id", text, expected: "1 to 64 of 0-9, a-z and -" })
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RunId {
    type Err = LakeError;

    fn from_str(text: &str) -> Result<Self, LakeError> {
        Self::new(text)
    }
}

impl TryFrom<String> for RunId {
    type Error = LakeError;

    fn try_from(text: String) -> Result<Self, LakeError> {
        Self::new(text)
    }
}

impl From<RunId> for String {
    fn from(run: RunId) -> Self {
        run.0
    }
}

/// Checks a name of a table, a stage or a key before it becomes part of a path.
pub(crate) fn check(what: &'static str, text: &str) -> Result<(), LakeError> {
    if is_name(text, 128, |byte| byte == b'-' || byte == b'_') {
        return Ok(());
    }
    let expected = "1 to 128 of 0-9, a-z, - and _";
    Err(LakeError::Name { what, text: text.to_owned(), expected })
}

fn is_name(text: &str, longest: usize, also: impl Fn(u8) -> bool) -> bool {
    let plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase() || also(byte);
    (1..=longest).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for text in ["", ".", "..", "a/b", "A", "a b", "a\n", "ü", &"a".repeat(65)] {
            assert!(RunId::new(text).is_err(), "{text}");
        }
        assert!(check("table", "client_segment").is_ok());
        assert!(check("table", "../x").is_err());
    }

    proptest! {
        #[test]
        fn a_run_id_survives_json(text in "[0-9a-z-]{1,64}") {
            let run = RunId::new(text).unwrap();
            let json = serde_json::to_string(&run).unwrap();
            prop_assert_eq!(serde_json::from_str::<RunId>(&json).unwrap(), run);
        }

        #[test]
        fn a_bad_run_id_in_json_is_refused(text in "[A-Z/.]{1,8}") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert!(serde_json::from_str::<RunId>(&json).is_err());
        }
    }
}
