//! What a contract says of the values themselves: the bank's words for a source's codes, and rules that
//! every row must follow to be plausible.

use super::{ColumnType, FeedContract, is_name};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What becomes of a code that is not in the map of its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmapped {
    /// The field has no value.
    #[default]
    Null,
    /// The code stays as it is.
    Keep,
    /// The row is rejected.
    Reject,
}

impl Unmapped {
    /// The word in contracts and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Keep => "keep",
            Self::Reject => "reject",
        }
    }
}

/// What must hold in a plausible row of a feed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedRule {
    /// Name, unique in the feed.
    pub name: String,
    /// SQL condition over the columns of the feed; where it is false the row breaks the rule, where a
    /// value for it is missing the row is not judged. `{as_of}` stands for the business date.
    pub holds: String,
    /// SQL condition: which rows are judged; all, where absent.
    #[serde(default)]
    pub when: Option<String>,
    /// Rows that may break it, ppm of the rows judged.
    #[serde(default)]
    pub max_breaks_ppm: u32,
    /// What a night does when more do.
    #[serde(default)]
    pub on_break: OnBreak,
}

/// What a night does when too many rows break a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBreak {
    /// It publishes nothing.
    #[default]
    Fail,
    /// It goes on and says so.
    Warn,
}

impl OnBreak {
    /// The word in contracts and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
        }
    }
}

impl FeedRule {
    /// Whether so many broken rows are more than it allows.
    pub fn is_exceeded(&self, judged: u64, broken: u64) -> bool {
        u128::from(broken) * 1_000_000 > u128::from(judged) * u128::from(self.max_breaks_ppm)
    }
}

/// Code maps and rules of a feed say something that can be done.
pub(super) fn hold(feed: &FeedContract) -> Result<(), String> {
    for column in &feed.columns {
        let name = &column.name;
        if column.codes.is_empty() {
            if column.unmapped.is_some() {
                return Err(format!("column `{name}` has `unmapped` without `codes`"));
            }
            continue;
        }
        if column.kind != ColumnType::Text {
            return Err(format!("column `{name}` has `codes` (only columns of type text may)"));
        }
        if column.codes.iter().any(|(code, word)| code.is_empty() || word.is_empty()) {
            return Err(format!("column `{name}` has an empty text in `codes`"));
        }
    }
    let mut names = BTreeSet::new();
    for rule in &feed.rules {
        let name = &rule.name;
        if !is_name(name) {
            return Err("`name` of a rule must match [a-z][a-z0-9_]*".into());
        }
        if !names.insert(name) {
            return Err(format!("rule `{name}` is declared twice"));
        }
        if rule.holds.trim().is_empty() {
            return Err(format!("rule `{name}`: `holds` is empty (expected a SQL condition)"));
        }
        if rule.max_breaks_ppm > 1_000_000 {
            return Err(format!("rule `{name}`: `max_breaks_ppm` is beyond 1000000"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::SourceContract;

    fn parse(columns: &str, rules: &str) -> Result<SourceContract, String> {
        let text = format!(
            "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f.csv\"\n\
             shape = {{ kind = \"delimited\", separator = \",\" }}\n\
             columns = [{{ name = \"a\", type = \"money\" }}, {columns}]\n{rules}"
        );
        SourceContract::parse(&text, "s.toml").map_err(|error| error.to_string())
    }

    #[test]
    fn a_map_and_a_rule_have_sensible_defaults() {
        let code = r#"{ name = "c", type = "text", codes = { "1" = "M", "2" = "F" } }"#;
        let read = parse(code, "[[feed.rule]]\nname = \"r\"\nholds = \"a >= 0\"\n").unwrap();
        let (column, rule) = (&read.feeds[0].columns[1], &read.feeds[0].rules[0]);
        assert_eq!((column.codes["1"].as_str(), column.unmapped), ("M", None));
        assert_eq!((rule.max_breaks_ppm, rule.on_break.word()), (0, "fail"));
        assert!(!rule.is_exceeded(10, 0) && rule.is_exceeded(10, 1));
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let text = r#"{ name = "c", type = "text" }"#;
        for (columns, rules, said) in [
            (r#"{ name = "c", type = "text", unmapped = "keep" }"#, "", "`unmapped` without"),
            (r#"{ name = "c", type = "integer", codes = { "1" = "M" } }"#, "", "type text"),
            (r#"{ name = "c", type = "text", codes = { "1" = "" } }"#, "", "empty text"),
            (text, "[[feed.rule]]\nname = \"R\"\nholds = \"a\"\n", "must match"),
            (text, "[[feed.rule]]\nname = \"r\"\nholds = \" \"\n", "`holds` is empty"),
            (
                text,
                "[[feed.rule]]\nname = \"r\"\nholds = \"a\"\n[[feed.rule]]\nname = \"r\"\nholds = \"a\"\n",
                "declared twice",
            ),
            (
                text,
                "[[feed.rule]]\nname = \"r\"\nholds = \"a\"\nmax_breaks_ppm = 1000001\n",
                "beyond 1000000",
            ),
        ] {
            let error = parse(columns, rules).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
