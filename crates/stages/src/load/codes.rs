//! A source's codes in the bank's words, and the codes that no map knows.

use super::{Refused, Unknown};
use crate::columns::{keys, opt_text_column};
use crate::frames::StageError;
use model::{DataClass, FeedContract, Unmapped};
use polars::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// The longest code that is told as it is, in characters: what is longer is no code but a text.
const LONGEST: usize = 32;

/// The code maps of a feed.
pub(super) struct Codes(Vec<Map>);

struct Map {
    column: String,
    words: FxHashMap<String, String>,
    unmapped: Unmapped,
    /// Whether the codes may be told.
    told: bool,
}

/// A code that no map knows, in one row.
pub(super) struct Miss {
    map: usize,
    source_row: i64,
    code: String,
}

impl Codes {
    pub(super) fn of(feed: &FeedContract) -> Self {
        let mapped = feed.columns.iter().filter(|column| !column.codes.is_empty());
        let map = mapped.map(|column| Map {
            column: column.name.clone(),
            words: column.codes.clone().into_iter().collect(),
            unmapped: column.unmapped.unwrap_or_default(),
            told: column.class == DataClass::Internal,
        });
        Self(map.collect())
    }

    /// Puts the words in the place of the codes; which rows have codes without one.
    pub(super) fn translate(&self, rows: &mut DataFrame) -> Result<Vec<Miss>, StageError> {
        let mut misses = Vec::new();
        for (at, map) in self.0.iter().enumerate() {
            let source_rows = keys(rows, "source_row")?;
            let codes = rows.column(&map.column)?.str()?;
            let mut words: Vec<Option<&str>> = Vec::with_capacity(codes.len());
            for (code, source_row) in codes.iter().zip(source_rows) {
                let word = code.and_then(|code| map.words.get(code)).map(String::as_str);
                words.push(match code {
                    Some(code) if word.is_none() => {
                        misses.push(Miss { map: at, source_row, code: map.shown(code) });
                        Some(code).filter(|_| map.unmapped == Unmapped::Keep)
                    }
                    _ => word,
                });
            }
            let words = opt_text_column(&map.column, &words);
            rows.with_column(words)?;
        }
        Ok(misses)
    }

    /// What is to be told of the misses among the rows that the contract keeps, and the rows refused
    /// for them.
    pub(super) fn judge(
        &self,
        misses: Vec<Miss>,
        kept: &DataFrame,
    ) -> Result<(Vec<Unknown>, Vec<Refused>), StageError> {
        if misses.is_empty() {
            return Ok(<_>::default());
        }
        let kept: FxHashSet<i64> = keys(kept, "source_row")?.into_iter().collect();
        let (mut unknown, mut refused) = (Vec::new(), Vec::new());
        for miss in misses.into_iter().filter(|miss| kept.contains(&miss.source_row)) {
            let map = &self.0[miss.map];
            if map.unmapped == Unmapped::Reject {
                refused.push(Refused {
                    source_row: miss.source_row,
                    column: map.column.clone().into(),
                    reason: "code is not in the code map".to_owned(),
                });
            }
            unknown.push(Unknown {
                column: map.column.clone(),
                code: miss.code,
                source_row: miss.source_row,
                treatment: map.unmapped.word(),
            });
        }
        Ok((unknown, refused))
    }
}

impl Map {
    /// A code as the report has it.
    fn shown(&self, code: &str) -> String {
        let length = code.chars().count();
        match (self.told, length > LONGEST) {
            (false, _) => String::new(),
            (true, true) => format!("({length} characters)"),
            (true, false) => code.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A feed with a map of sexes on a column of a class, and what becomes of other codes.
    fn codes(class: &str, unmapped: &str) -> Codes {
        let text = format!(
            "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n\
             shape = {{ kind = \"delimited\", separator = \",\" }}\n\
             columns = [{{ name = \"sex\", type = \"text\", class = \"{class}\", \
             codes = {{ \"1\" = \"M\", \"2\" = \"F\" }}, unmapped = \"{unmapped}\" }}]\n"
        );
        let contract = model::SourceContract::parse(&text, "s.toml").unwrap();
        Codes::of(&contract.feeds[0])
    }

    fn rows() -> DataFrame {
        let long = "x".repeat(33);
        let sexes = [Some("1"), None, Some("9"), Some("2"), Some(long.as_str())];
        df!("sex" => sexes, "source_row" => [2_i64, 3, 4, 5, 6]).unwrap()
    }

    #[test]
    fn codes_become_words_and_others_what_the_contract_says() {
        for (unmapped, nine, refused) in
            [("null", None, 0), ("keep", Some("9"), 0), ("reject", None, 2)]
        {
            let (codes, mut rows) = (codes("internal", unmapped), rows());
            let misses = codes.translate(&mut rows).unwrap();
            let words = crate::columns::texts(&rows, "sex").unwrap();
            assert_eq!(words[..4], [Some("M"), None, nine, Some("F")], "{unmapped}");
            let (unknown, bad) = codes.judge(misses, &rows).unwrap();
            let told: Vec<_> = unknown.iter().map(|u| (u.code.as_str(), u.source_row)).collect();
            assert_eq!(told, [("9", 4), ("(33 characters)", 6)]);
            assert_eq!(bad.len(), refused, "{unmapped}");
        }
    }

    #[test]
    fn personal_data_are_not_told_and_rows_left_out_do_not_count() {
        let (codes, mut rows) = (codes("identity", "reject"), rows());
        let misses = codes.translate(&mut rows).unwrap();
        let kept = rows.head(Some(4));
        let (unknown, refused) = codes.judge(misses, &kept).unwrap();
        assert_eq!((unknown.len(), unknown[0].code.as_str(), refused.len()), (1, "", 1));
        assert_eq!(refused[0].reason, "code is not in the code map");
    }
}
