//! What a client said, in the form advocacy takes it.

use crate::columns::{Cursor, days, flags, ints, keys, texts};
use crate::frames::StageError;
use loyalty::{
    Advocacy, AdvocacyParams, Complaint, NpsAnswer, SatisfactionAnswer, Voice, advocacy,
};
use polars::prelude::*;

/// Feedback older than this is not counted, days.
const WINDOW: i32 = 730;
/// Surveys ask from 1 to 5; a step is so many centi-points.
const PER_STEP: i64 = 2_500;

/// Feedback of the bucket's clients, sorted by client.
pub(super) struct Feedback<'a> {
    pub(super) client_id: Vec<i64>,
    day: Vec<Option<i32>>,
    kind: Vec<Option<&'a str>>,
    score: Vec<Option<i64>>,
    experience: Vec<Option<i64>>,
    expectation: Vec<Option<i64>>,
    severity: Vec<Option<i64>>,
    resolved_on: Vec<Option<i32>>,
    converted: Vec<bool>,
    today: i32,
}

impl<'a> Feedback<'a> {
    pub(super) const COLUMNS: &'static [&'static str] = &[
        "client_id",
        "date",
        "feedback_kind",
        "score",
        "experience",
        "expectation",
        "severity",
        "resolved_on",
        "converted",
    ];

    /// `frame` is sorted by client.
    pub(super) fn read(frame: &'a DataFrame, today: i32) -> Result<Self, StageError> {
        Ok(Self {
            client_id: keys(frame, "client_id")?,
            day: days(frame, "date")?,
            kind: texts(frame, "feedback_kind")?,
            score: ints(frame, "score")?,
            experience: ints(frame, "experience")?,
            expectation: ints(frame, "expectation")?,
            severity: ints(frame, "severity")?,
            resolved_on: days(frame, "resolved_on")?,
            converted: flags(frame, "converted")?,
            today,
        })
    }

    /// The advocacy of a client whose behaviour lets expect `behaviour` centi-points.
    pub(super) fn advocacy(
        &self,
        params: &AdvocacyParams,
        cursor: &mut Cursor<'_>,
        client_id: i64,
        behaviour: i64,
    ) -> Advocacy {
        let mut heard = Heard::default();
        for row in cursor.rows(client_id) {
            self.hear(row, &mut heard);
        }
        let voice = Voice {
            referrals: heard.referrals,
            nps: &heard.nps,
            satisfaction: &heard.satisfaction,
            compliments: heard.compliments,
            feedback: 0,
            complaints: &heard.complaints,
        };
        advocacy(params, &voice, behaviour)
    }

    fn hear(&self, row: usize, heard: &mut Heard) {
        let Some(day) = self.day[row].filter(|d| *d <= self.today) else { return };
        let age_days = (self.today - day).unsigned_abs();
        if self.today - day > WINDOW {
            return;
        }
        let small = |value: Option<i64>| value.and_then(|v| u8::try_from(v).ok());
        match self.kind[row] {
            Some("referral") if self.converted[row] => heard.referrals += 1,
            Some("compliment") => heard.compliments += 1,
            Some("nps") => {
                heard.nps.extend(small(self.score[row]).map(|score| NpsAnswer { score, age_days }));
            }
            Some("survey") => {
                if let (Some(found), Some(expected)) = (self.experience[row], self.expectation[row])
                {
                    heard.satisfaction.push(SatisfactionAnswer {
                        experience: (found - 1) * PER_STEP,
                        expectation: (expected - 1) * PER_STEP,
                        age_days,
                    });
                }
            }
            Some("complaint") => heard.complaints.push(Complaint {
                severity: small(self.severity[row]).unwrap_or(1),
                age_days,
                resolved: self.resolved_on[row].is_some_and(|d| d <= self.today),
            }),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Heard {
    referrals: u32,
    compliments: u32,
    nps: Vec<NpsAnswer>,
    satisfaction: Vec<SatisfactionAnswer>,
    complaints: Vec<Complaint>,
}
