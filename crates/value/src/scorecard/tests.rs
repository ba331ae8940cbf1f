use super::*;
use proptest::prelude::*;

const NOTHING: [Answer<'static>; 7] = [Answer::Unknown; 7];

fn age(enabled: bool) -> Attribute {
    let bins = [(0, 5), (18, 20), (30, 40)].map(|(from, points)| NumericBin { from, points });
    let bins = Bins::Numeric(bins.to_vec());
    Attribute { input: DemographicInput::Age, enabled, bins, missing_points: 15 }
}

fn occupation() -> Attribute {
    let level = |value: &str, points| TextLevel { value: value.into(), points };
    let levels = vec![level("teacher", 30), level("doctor", 50)];
    let bins = Bins::Text { levels, other_points: 10 };
    Attribute { input: DemographicInput::Occupation, enabled: true, bins, missing_points: 12 }
}

fn with(input: DemographicInput, answer: Answer<'_>) -> [Answer<'_>; 7] {
    let mut answers = NOTHING;
    answers[input as usize] = answer;
    answers
}

#[test]
fn codes_and_inputs_agree() {
    for (at, input) in DemographicInput::ALL.into_iter().enumerate() {
        assert_eq!((input as usize, DemographicInput::from_code(input.code())), (at, Some(input)));
    }
    assert_eq!(DemographicInput::from_code("shoe_size"), None);
}

#[test]
fn a_bin_owns_its_lower_edge() {
    let card = Scorecard::new(vec![age(true)]).unwrap();
    for (number, points) in
        [(0, 5), (17, 5), (18, 20), (29, 20), (30, 40), (i64::MAX, 40), (-1, 15)]
    {
        let scored = card.score(&with(DemographicInput::Age, Answer::Number(number)));
        assert_eq!(scored.total, points, "{number}");
        assert_eq!(scored.known_permille, if number < 0 { 0 } else { 1000 });
    }
}

#[test]
fn words_have_their_points_and_others_share_one() {
    let card = Scorecard::new(vec![occupation()]).unwrap();
    for (answer, points) in [
        (Answer::Text("teacher"), 30),
        (Answer::Text("doctor"), 50),
        (Answer::Text("diver"), 10),
        (Answer::Number(3), 12),
        (Answer::Unknown, 12),
    ] {
        assert_eq!(card.score(&with(DemographicInput::Occupation, answer)).total, points);
    }
}

#[test]
fn what_is_not_said_has_its_missing_points() {
    let card = Scorecard::new(vec![occupation(), age(true)]).unwrap();
    let scored = card.score(&with(DemographicInput::Age, Answer::Number(40)));
    assert_eq!(scored.parts, [0, 40, 12, 0, 0, 0, 0]);
    assert_eq!((scored.total, scored.known_permille), (52, 500));
    assert_eq!(card.score(&NOTHING).parts, card.missing_points());
}

#[test]
fn an_input_switched_off_is_the_same_for_everybody() {
    let card = Scorecard::new(vec![age(false)]).unwrap();
    let young = card.score(&with(DemographicInput::Age, Answer::Number(18)));
    let old = card.score(&with(DemographicInput::Age, Answer::Number(80)));
    assert_eq!(young, old);
    assert_eq!(young, Points { parts: [0, 15, 0, 0, 0, 0, 0], total: 15, known_permille: 1000 });
}

#[test]
fn slips_of_the_pen_are_refused_by_name() {
    let numeric = |bins| Attribute { bins: Bins::Numeric(bins), ..age(true) };
    let bin = |from, points| NumericBin { from, points };
    let double = || TextLevel { value: "x".into(), points: 1 };
    let twice = Bins::Text { levels: vec![double(), double()], other_points: 0 };
    for (attributes, message) in [
        (vec![age(true), age(true)], "`age` stands twice"),
        (vec![numeric(vec![])], "`age` do not ascend"),
        (vec![numeric(vec![bin(3, 0), bin(3, 1)])], "`age` do not ascend"),
        (vec![numeric(vec![bin(3, 1_000_001)])], "beyond a million"),
        (vec![Attribute { bins: twice, ..occupation() }], "`occupation` is listed twice"),
    ] {
        let error = Scorecard::new(attributes).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

proptest! {
    #[test]
    fn parts_make_the_total_and_rise_with_the_bins(young in 0_i64..100, older in 0_i64..60) {
        let card = Scorecard::new(vec![age(true), occupation()]).unwrap();
        let at = |age| card.score(&with(DemographicInput::Age, Answer::Number(age)));
        let (first, second) = (at(young), at(young + older));
        prop_assert!(first.total <= second.total);
        prop_assert_eq!(first.total, first.parts.iter().sum::<i64>());
    }
}
