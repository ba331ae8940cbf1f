//! Advocacy and feedback: what a client says of the bank, to the bank and to others (S05, S32, S40).
//!
//! Everything a client says is an observation with a value, 0 to 10 000 centi-points, and a weight in
//! answers; a survey answer of today weighs one. Advocacy is their weighted mean, drawn towards what
//! behaviour alone would say by `k` answers' worth: `A = n/(n+k) A_observed + k/(n+k) A_model`, with
//! `n` the sum of weights. Silence is thus no opinion, and because good news has the highest value
//! and a complaint the lowest, neither can ever work the wrong way round.

use crate::decay::{HalfLife, MICRO, to_micro};
use crate::points::{FULL, nearest};

/// An answer to "would you recommend us", 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NpsAnswer {
    /// The answer; above 10 counts as 10.
    pub score: u8,
    /// Age at the business date, days.
    pub age_days: u32,
}

/// One survey wave: experience and expectation, each the mean over the dimensions asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SatisfactionAnswer {
    /// What the client found, centi-points of the survey's scale, 0 to 10 000.
    pub experience: i64,
    /// What the client had expected, on the same scale.
    pub expectation: i64,
    /// Age at the business date, days.
    pub age_days: u32,
}

/// A complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// How grave, 1 and up.
    pub severity: u8,
    /// Age at the business date, days.
    pub age_days: u32,
    /// Whether it was put right.
    pub resolved: bool,
}

/// All a client said. Counts cover the window the caller keeps (24 months is usual).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voice<'a> {
    /// Referred parties that became clients.
    pub referrals: u32,
    /// Answers to the recommendation question.
    pub nps: &'a [NpsAnswer],
    /// Satisfaction waves answered.
    pub satisfaction: &'a [SatisfactionAnswer],
    /// Compliments.
    pub compliments: u32,
    /// Other feedback given: suggestions, comments.
    pub feedback: u32,
    /// Complaints.
    pub complaints: &'a [Complaint],
}

/// How voices are weighed, as a person writes it. Weights are millionths of a survey answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvocacySettings {
    /// `k`: how many answers count as much as behaviour; 1 to 1000.
    pub prior_answers: u32,
    /// Half-life of survey answers, days; 1 to 3650.
    pub answer_half_life_days: u32,
    /// Days after which a complaint is forgotten, its weight falling evenly; at least 1.
    pub complaint_days: u32,
    /// Weight of a fresh, open complaint per degree of severity.
    pub complaint_weight: i64,
    /// Weight of the first referral; of n, `log2(1 + n)` times as much.
    pub referral_weight: i64,
    /// Weight of the first compliment; more count as referrals do.
    pub compliment_weight: i64,
    /// Weight of the first other feedback; more count as referrals do.
    pub feedback_weight: i64,
}

impl Default for AdvocacySettings {
    /// Two answers for behaviour, a year's half-life, complaints over 180 days.
    fn default() -> Self {
        Self {
            prior_answers: 2,
            answer_half_life_days: 365,
            complaint_days: 180,
            complaint_weight: MICRO / 2,
            referral_weight: MICRO,
            compliment_weight: MICRO / 2,
            feedback_weight: MICRO / 4,
        }
    }
}

/// A setting outside its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is {value} (expected {lowest} to {highest})")]
pub struct SettingsError {
    /// Which setting.
    pub name: &'static str,
    /// What was asked for.
    pub value: i64,
    /// Lowest value taken.
    pub lowest: i64,
    /// Highest value taken.
    pub highest: i64,
}

/// The settings once checked, with their tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdvocacyParams {
    settings: AdvocacySettings,
    half_life: HalfLife,
    /// `log2(1 + n)` in millionths.
    log_counts: Vec<i64>,
}

/// What moves advocacy; the order of parts and reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdvocacyFactor {
    /// What behaviour alone would say.
    Behaviour,
    /// Referrals converted.
    Referrals,
    /// Recommendation answers.
    Nps,
    /// Satisfaction: experience less expectation.
    Satisfaction,
    /// Compliments.
    Compliments,
    /// Other feedback given.
    Feedback,
    /// Complaints.
    Complaints,
}

impl AdvocacyFactor {
    /// All factors, in the order of parts.
    pub const ALL: [Self; 7] = [
        Self::Behaviour,
        Self::Referrals,
        Self::Nps,
        Self::Satisfaction,
        Self::Compliments,
        Self::Feedback,
        Self::Complaints,
    ];

    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Behaviour => "behaviour",
            Self::Referrals => "referrals",
            Self::Nps => "nps",
            Self::Satisfaction => "satisfaction",
            Self::Compliments => "compliments",
            Self::Feedback => "feedback",
            Self::Complaints => "complaints",
        }
    }
}

/// The advocacy of one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advocacy {
    /// Centi-points, 0 to 10 000.
    pub points: i64,
    /// Parts by [`AdvocacyFactor::ALL`], summing to `points`: behaviour in full, and how far each
    /// kind of voice moves the score away from it.
    pub parts: [i64; 7],
    /// Share of the score that rests on what the client said, permille: `n / (n + k)`.
    pub coverage_permille: i64,
}

/// Referrals, compliments and feedback beyond this number add nothing.
const MAX_COUNT: u32 = 64;
/// Heaviest voice, in millionths of an answer.
const MAX_WEIGHT: i64 = 100 * MICRO;
/// A recommendation answer's worth of centi-points per degree.
const PER_DEGREE: i64 = FULL / 10;

impl AdvocacySettings {
    /// Checks the settings and makes their tables.
    pub fn check(&self) -> Result<AdvocacyParams, SettingsError> {
        within("prior_answers", i64::from(self.prior_answers), 1, 1_000)?;
        within("complaint_days", i64::from(self.complaint_days), 1, 36_500)?;
        within("complaint_weight", self.complaint_weight, 0, MAX_WEIGHT)?;
        within("referral_weight", self.referral_weight, 0, MAX_WEIGHT)?;
        within("compliment_weight", self.compliment_weight, 0, MAX_WEIGHT)?;
        within("feedback_weight", self.feedback_weight, 0, MAX_WEIGHT)?;
        let days = self.answer_half_life_days;
        let half_life = HalfLife::new(days).ok_or(SettingsError {
            name: "answer_half_life_days",
            value: i64::from(days),
            lowest: 1,
            highest: 3_650,
        })?;
        let log_counts = (0..=MAX_COUNT).map(|n| to_micro(f64::from(1 + n).log2())).collect();
        Ok(AdvocacyParams { settings: *self, half_life, log_counts })
    }
}

/// The advocacy of a client; `behaviour` is what its behaviour alone lets expect, centi-points.
pub fn advocacy(params: &AdvocacyParams, voice: &Voice<'_>, behaviour: i64) -> Advocacy {
    let behaviour = behaviour.clamp(0, FULL);
    let observed = [
        (
            AdvocacyFactor::Referrals,
            params.counted(voice.referrals, params.settings.referral_weight),
        ),
        (AdvocacyFactor::Nps, params.nps(voice.nps)),
        (AdvocacyFactor::Satisfaction, params.satisfaction(voice.satisfaction)),
        (
            AdvocacyFactor::Compliments,
            params.counted(voice.compliments, params.settings.compliment_weight),
        ),
        (AdvocacyFactor::Feedback, params.counted(voice.feedback, params.settings.feedback_weight)),
        (AdvocacyFactor::Complaints, params.complaints(voice.complaints)),
    ];
    let prior = i128::from(params.settings.prior_answers) * i128::from(MICRO);
    let answers: i128 = observed.iter().map(|(_, seen)| seen.weight).sum();
    let all = answers + prior;
    let mut parts = [0; 7];
    parts[AdvocacyFactor::Behaviour as usize] = behaviour;
    // Rounding the running sum keeps every part within one of its exact share, and of its sign.
    let (mut running, mut reached) = (0, 0);
    for (factor, seen) in observed {
        running += seen.points - seen.weight * i128::from(behaviour);
        let next = nearest(running, all);
        parts[factor as usize] = next - reached;
        reached = next;
    }
    let coverage_permille = nearest(1_000 * answers, all);
    Advocacy { points: behaviour + reached, parts, coverage_permille }
}

/// Satisfaction as experience less expectation (Oliver 1980), -10 000 to 10 000.
pub fn satisfaction_gap(experience: i64, expectation: i64) -> i64 {
    experience.clamp(0, FULL) - expectation.clamp(0, FULL)
}

/// The observations of one kind: total weight, and total of weight times value.
#[derive(Clone, Copy, Default)]
struct Seen {
    weight: i128,
    points: i128,
}

impl Seen {
    fn add(&mut self, weight: i64, value: i64) {
        self.weight += i128::from(weight);
        self.points += i128::from(weight) * i128::from(value);
    }
}

impl AdvocacyParams {
    /// Good news of which only the number is known: the highest value, more of it counting less.
    fn counted(&self, count: u32, weight: i64) -> Seen {
        let at = usize::try_from(count.min(MAX_COUNT)).unwrap_or(0);
        let weight = i128::from(self.log_counts[at]) * i128::from(weight) / i128::from(MICRO);
        Seen { weight, points: weight * i128::from(FULL) }
    }

    fn nps(&self, answers: &[NpsAnswer]) -> Seen {
        let mut seen = Seen::default();
        for answer in answers {
            let value = i64::from(answer.score.min(10)) * PER_DEGREE;
            seen.add(self.half_life.weight(answer.age_days), value);
        }
        seen
    }

    /// A gap of zero, what was expected was found, stands in the middle.
    fn satisfaction(&self, answers: &[SatisfactionAnswer]) -> Seen {
        let mut seen = Seen::default();
        for answer in answers {
            let gap = satisfaction_gap(answer.experience, answer.expectation);
            seen.add(self.half_life.weight(answer.age_days), (FULL + gap).div_euclid(2));
        }
        seen
    }

    /// The lowest value; grave, fresh and open ones weigh more.
    fn complaints(&self, complaints: &[Complaint]) -> Seen {
        let days = i64::from(self.settings.complaint_days);
        let mut seen = Seen::default();
        for complaint in complaints {
            let left = (days - i64::from(complaint.age_days)).max(0);
            let open = self.settings.complaint_weight * i64::from(complaint.severity) * left / days;
            seen.add(if complaint.resolved { open / 2 } else { open }, 0);
        }
        seen
    }
}

fn within(name: &'static str, value: i64, lowest: i64, highest: i64) -> Result<(), SettingsError> {
    let inside = (lowest..=highest).contains(&value);
    if inside { Ok(()) } else { Err(SettingsError { name, value, lowest, highest }) }
}

#[cfg(test)]
mod tests;
