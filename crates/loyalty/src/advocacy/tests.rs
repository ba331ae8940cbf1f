use super::*;
use proptest::prelude::*;

fn params() -> AdvocacyParams {
    AdvocacySettings::default().check().unwrap()
}

/// Points, and the part of one factor.
fn check(voice: &Voice<'_>, behaviour: i64, factor: AdvocacyFactor, expect: (i64, i64)) {
    let advocacy = advocacy(&params(), voice, behaviour);
    assert_eq!((advocacy.points, advocacy.parts[factor as usize]), expect, "{voice:?}");
    assert_eq!(advocacy.parts.iter().sum::<i64>(), advocacy.points);
}

fn nps(score: u8, age_days: u32) -> NpsAnswer {
    NpsAnswer { score, age_days }
}

fn complaint(severity: u8, age_days: u32, resolved: bool) -> Complaint {
    Complaint { severity, age_days, resolved }
}

#[test]
fn silence_is_what_behaviour_says() {
    let silent = advocacy(&params(), &Voice::default(), 6_200);
    assert_eq!(
        silent,
        Advocacy { points: 6_200, parts: [6_200, 0, 0, 0, 0, 0, 0], coverage_permille: 0 }
    );
}

#[test]
fn an_answer_counts_a_third_against_two_of_behaviour() {
    // 1/3 * 9 000 + 2/3 * 6 000.
    let voice = Voice { nps: &[nps(9, 0)], ..Voice::default() };
    check(&voice, 6_000, AdvocacyFactor::Nps, (7_000, 1_000));
    assert_eq!(advocacy(&params(), &voice, 6_000).coverage_permille, 333);
    // A year old it weighs one half: 0.5 / 2.5 = 1/5 of the way.
    let voice = Voice { nps: &[nps(9, 365)], ..Voice::default() };
    check(&voice, 6_000, AdvocacyFactor::Nps, (6_600, 600));
}

#[test]
fn satisfaction_is_experience_less_expectation() {
    let wave =
        |experience, expectation| SatisfactionAnswer { experience, expectation, age_days: 0 };
    for (answer, expect) in [
        (wave(8_000, 8_000), (5_000, 0)),
        (wave(10_000, 4_000), (6_000, 1_000)),
        (wave(0, 10_000), (3_333, -1_667)),
        (wave(99_999, -5), (6_667, 1_667)),
    ] {
        let voice = Voice { satisfaction: &[answer], ..Voice::default() };
        check(&voice, 5_000, AdvocacyFactor::Satisfaction, expect);
    }
}

#[test]
fn complaints_fade_and_count_half_when_put_right() {
    // Severity 4 weighs two answers: 6 000 * 2 / 4.
    for (complaint, expect) in [
        (complaint(4, 0, false), (3_000, -3_000)),
        (complaint(4, 0, true), (4_000, -2_000)),
        (complaint(4, 90, false), (4_000, -2_000)),
        (complaint(4, 180, false), (6_000, 0)),
        (complaint(4, 9_999, false), (6_000, 0)),
    ] {
        let voice = Voice { complaints: &[complaint], ..Voice::default() };
        check(&voice, 6_000, AdvocacyFactor::Complaints, expect);
    }
}

#[test]
fn good_news_counts_by_the_logarithm_of_its_number() {
    // Three referrals weigh log2(4) = 2 answers.
    let voice = Voice { referrals: 3, ..Voice::default() };
    check(&voice, 5_000, AdvocacyFactor::Referrals, (7_500, 2_500));
    let voice = Voice { compliments: 1, ..Voice::default() };
    check(&voice, 5_000, AdvocacyFactor::Compliments, (6_000, 1_000));
    let voice = Voice { feedback: 3, ..Voice::default() };
    check(&voice, 5_000, AdvocacyFactor::Feedback, (6_000, 1_000));
    let most = |referrals| advocacy(&params(), &Voice { referrals, ..Voice::default() }, 0).points;
    assert_eq!(most(64), most(u32::MAX));
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let base = AdvocacySettings::default();
    for (settings, message) in [
        (
            AdvocacySettings { prior_answers: 0, ..base },
            "`prior_answers` is 0 (expected 1 to 1000)",
        ),
        (AdvocacySettings { answer_half_life_days: 0, ..base }, "`answer_half_life_days` is 0"),
        (AdvocacySettings { complaint_days: 0, ..base }, "`complaint_days` is 0"),
        (AdvocacySettings { referral_weight: -1, ..base }, "`referral_weight` is -1"),
    ] {
        let error = settings.check().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn factors_stand_in_their_order() {
    for (at, factor) in AdvocacyFactor::ALL.into_iter().enumerate() {
        assert_eq!(factor as usize, at, "{}", factor.code());
    }
}

#[derive(Clone, Debug)]
struct Said {
    counts: [u32; 3],
    nps: Vec<NpsAnswer>,
    satisfaction: Vec<SatisfactionAnswer>,
    complaints: Vec<Complaint>,
}

impl Said {
    fn points(&self, behaviour: i64) -> Advocacy {
        let [referrals, compliments, feedback] = self.counts;
        let (nps, satisfaction, complaints) = (&self.nps, &self.satisfaction, &self.complaints);
        let voice = Voice { referrals, nps, satisfaction, compliments, feedback, complaints };
        advocacy(&params(), &voice, behaviour)
    }
}

fn said() -> impl Strategy<Value = Said> {
    let answer = (0_u8..=10, 0_u32..1_500).prop_map(|(score, age)| nps(score, age));
    let wave = (0_i64..=FULL, 0_i64..=FULL, 0_u32..1_500).prop_map(
        |(experience, expectation, age_days)| SatisfactionAnswer {
            experience,
            expectation,
            age_days,
        },
    );
    let trouble = (1_u8..6, 0_u32..300, any::<bool>())
        .prop_map(|(severity, age, resolved)| complaint(severity, age, resolved));
    (
        prop::array::uniform3(0_u32..80),
        prop::collection::vec(answer, 1..5),
        prop::collection::vec(wave, 1..4),
        prop::collection::vec(trouble, 1..4),
    )
        .prop_map(|(counts, nps, satisfaction, complaints)| Said {
            counts,
            nps,
            satisfaction,
            complaints,
        })
}

proptest! {
    #[test]
    fn parts_sum_and_points_are_bounded(said in said(), behaviour in 0_i64..=FULL) {
        let advocacy = said.points(behaviour);
        prop_assert_eq!(advocacy.parts.iter().sum::<i64>(), advocacy.points);
        prop_assert!((0..=FULL).contains(&advocacy.points));
        prop_assert!((0..=1_000).contains(&advocacy.coverage_permille));
        prop_assert!(advocacy.parts[AdvocacyFactor::Complaints as usize] <= 0);
        prop_assert!(advocacy.parts[AdvocacyFactor::Referrals as usize] >= 0);
    }

    #[test]
    fn good_news_never_lowers_and_bad_news_never_raises(said in said(), behaviour in 0_i64..FULL) {
        let before = said.points(behaviour).points;
        prop_assert!(said.points(behaviour + 1).points >= before);
        for at in 0..3 {
            let mut more = said.clone();
            more.counts[at] += 1;
            prop_assert!(more.points(behaviour).points >= before);
        }
        let mut better = said.clone();
        better.nps[0].score = (better.nps[0].score + 1).min(10);
        better.satisfaction[0].experience += 500;
        better.complaints[0].resolved = true;
        better.complaints[0].age_days += 30;
        prop_assert!(better.points(behaviour).points >= before);
        let mut worse = said.clone();
        worse.complaints.push(complaint(1, 0, false));
        worse.satisfaction[0].expectation += 500;
        worse.complaints[0].severity += 1;
        prop_assert!(worse.points(behaviour).points <= before);
    }
}
