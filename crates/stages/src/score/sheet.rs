//! The rows of profiles as they are made, and what of them is counted for the scales.

use super::demographics::shown;
use super::holdings::Held;
use crate::columns::{flag_column, flags, frame, int_column, opt_text_column, text_column, texts};
use crate::frames::StageError;
use crate::summary::{MEASURES, Summary};
use ::segment::bin;
use model::Family;
use polars::prelude::*;
use value::{DemographicInput, Growth};

/// The output rows as they are made.
#[derive(Default)]
pub(super) struct Sheet {
    facts_row: Vec<usize>,
    profile: [Vec<i64>; 11],
    part_client: Vec<i64>,
    part_position: Vec<i64>,
    part_factor: Vec<String>,
    part_input: Vec<String>,
    part_amount: Vec<i64>,
}

const PROFILE_COLUMNS: [&str; 11] = [
    "client_id",
    "lifetime_value",
    "lifetime_value_p10",
    "lifetime_value_p90",
    "current_value",
    "future_value",
    "balance_total",
    "frequency_raw",
    "breadth_raw",
    "months_observed",
    "demographics_known",
];

/// Where in these columns the ranked measures stand: lifetime value, frequency, breadth.
const RANKED: [usize; 3] = [1, 7, 8];

impl Sheet {
    pub(super) fn add_profile(
        &mut self,
        facts_row: usize,
        client: i64,
        lifetime: value::Lifetime,
        held: &Held,
        (frequency, breadth): (i64, i64),
        known_permille: u16,
    ) -> Result<(), StageError> {
        let too_much = |_| StageError::Data("the balances of a client are out of range".into());
        let future =
            lifetime.held.checked_add(lifetime.growth).ok_or(model::MoneyError::OutOfRange)?;
        let row = [
            client,
            lifetime.total,
            lifetime.p10,
            lifetime.p90,
            lifetime.current,
            future,
            i64::try_from(held.balance).map_err(too_much)?,
            frequency,
            breadth,
            held.months_observed,
            i64::from(known_permille) * 1_000,
        ];
        self.facts_row.push(facts_row);
        self.profile.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        Ok(())
    }

    pub(super) fn add_parts(
        &mut self,
        client: i64,
        held: &Held,
        growth: &Growth,
        answers: &[value::Answer<'_>; 7],
    ) {
        let accounts = |at: usize| match held.accounts[at] {
            1 => "1 account".to_owned(),
            n => format!("{n} accounts"),
        };
        for (axis, amounts) in [("current", &held.current), ("future", &held.future)] {
            for (at, family) in Family::ALL.iter().enumerate() {
                self.add_part(
                    client,
                    format!("{axis}.{}", family.code()),
                    accounts(at),
                    amounts[at],
                );
            }
        }
        for (at, input) in DemographicInput::ALL.iter().enumerate() {
            let factor = format!("growth.{}", input.code());
            self.add_part(client, factor, shown(*input, answers[at]), growth.parts[at]);
        }
        self.add_part(client, "growth.base".into(), "scorecard".into(), growth.base);
    }

    /// Parts of nothing are not told.
    fn add_part(&mut self, client: i64, factor: String, input: String, amount: i64) {
        if amount == 0 {
            return;
        }
        let follows = self.part_client.last() == Some(&client);
        let before = if follows { self.part_position.last().copied() } else { None };
        self.part_position.push(before.unwrap_or(0) + 1);
        self.part_client.push(client);
        self.part_factor.push(factor);
        self.part_input.push(input);
        self.part_amount.push(amount);
    }

    /// Profiles, the parts of lifetime value, and what is ranked, counted.
    pub(super) fn frames(
        self,
        facts: &DataFrame,
    ) -> Result<(DataFrame, DataFrame, DataFrame), StageError> {
        let picked = |name: &str| -> Result<Vec<Option<&str>>, StageError> {
            let values = texts(facts, name)?;
            Ok(self.facts_row.iter().map(|row| values[*row]).collect())
        };
        let kinds = picked("kind")?;
        let opted_out = flags(facts, "opt_out")?;
        let out: Vec<bool> = self.facts_row.iter().map(|row| opted_out[*row]).collect();
        let counts = self.counts(&kinds, &out).frame()?;
        let mut columns = vec![
            opt_text_column("kind", &kinds),
            opt_text_column("branch", &picked("branch")?),
            opt_text_column("manager", &picked("manager")?),
            flag_column("opt_out", &out),
        ];
        columns.extend(PROFILE_COLUMNS.iter().zip(self.profile).map(|(n, v)| int_column(n, v)));
        let parts = frame(vec![
            int_column("client_id", self.part_client),
            int_column("position", self.part_position),
            text_column("factor", &self.part_factor),
            text_column("input", &self.part_input),
            int_column("amount", self.part_amount),
        ])?;
        Ok((frame(columns)?, parts, counts))
    }

    /// The raw measures of those that are graded, by bin.
    fn counts(&self, kinds: &[Option<&str>], opted_out: &[bool]) -> Summary {
        let mut counts = Summary::new(&MEASURES);
        for (measure, column) in RANKED.into_iter().enumerate() {
            let values = &self.profile[column];
            for row in (0..values.len()).filter(|row| !opted_out[*row]) {
                counts.add(kinds[row], measure, bin(values[row]), 0);
            }
        }
        counts
    }
}
