//! The seven demographic inputs of a client as the expert scorecard wants them.

use crate::columns::{days, ints, texts};
use crate::frames::StageError;
use model::{BusinessDate, Money, Scoring};
use polars::prelude::*;
use value::{Answer, Attribute, Bins, DemographicInput, NumericBin, Scorecard, TextLevel};

/// The scoring file's card, checked.
pub(super) fn card(scoring: &Scoring) -> Result<Scorecard, StageError> {
    let attributes = scoring.scorecard.attributes.iter().filter_map(attribute).collect();
    Scorecard::new(attributes).map_err(|e| StageError::Data(e.to_string()))
}

fn attribute(written: &model::Attribute) -> Option<Attribute> {
    let level = |l: &model::Level| TextLevel { value: l.value.clone(), points: l.points };
    let bins = if written.bins.is_empty() {
        Bins::Text {
            levels: written.values.iter().map(level).collect(),
            other_points: written.other_points,
        }
    } else {
        let bin = |b: &model::Bin| NumericBin { from: b.from, points: b.points };
        Bins::Numeric(written.bins.iter().map(bin).collect())
    };
    Some(Attribute {
        input: DemographicInput::from_code(&written.name)?,
        enabled: written.enabled,
        bins,
        missing_points: written.missing_points,
    })
}

/// The answers of the bucket's clients, by row of `client_facts`.
pub(super) struct Demographics<'a> {
    sex: Vec<Option<&'a str>>,
    birth: Vec<Option<i32>>,
    occupation: Vec<Option<&'a str>>,
    service: Vec<Option<i64>>,
    income: Vec<Option<i64>>,
    role: Vec<Option<&'a str>>,
    size: Vec<Option<i64>>,
    as_of: BusinessDate,
}

impl<'a> Demographics<'a> {
    pub(super) fn read(facts: &'a DataFrame, as_of: BusinessDate) -> Result<Self, StageError> {
        Ok(Self {
            sex: texts(facts, "sex")?,
            birth: days(facts, "birth_date")?,
            occupation: texts(facts, "occupation")?,
            service: ints(facts, "years_of_service")?,
            income: ints(facts, "income")?,
            role: texts(facts, "family_role")?,
            size: ints(facts, "family_size")?,
            as_of,
        })
    }

    /// The answers of a client, in the order of [`DemographicInput::ALL`].
    pub(super) fn answers(&self, row: usize) -> [Answer<'a>; 7] {
        let text = |value: Option<&'a str>| value.map_or(Answer::Unknown, Answer::Text);
        let number = |value: Option<i64>| value.map_or(Answer::Unknown, Answer::Number);
        let birth = self.birth[row].and_then(BusinessDate::from_epoch_days);
        [
            text(self.sex[row]),
            number(birth.map(|b| i64::from(self.as_of.age_from(b)))),
            text(self.occupation[row]),
            number(self.service[row]),
            number(self.income[row]),
            text(self.role[row]),
            number(self.size[row]),
        ]
    }
}

/// An answer as a reason shows it.
pub(super) fn shown(input: DemographicInput, answer: Answer<'_>) -> String {
    match answer {
        Answer::Number(minor) if input == DemographicInput::Income => Money(minor).to_string(),
        Answer::Number(number) => number.to_string(),
        Answer::Text(text) => text.to_owned(),
        Answer::Unknown => "unknown".to_owned(),
    }
}
