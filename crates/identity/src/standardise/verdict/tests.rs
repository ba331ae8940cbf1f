use super::*;
use PartyField as F;
use proptest::prelude::*;

fn as_of() -> BusinessDate {
    "2026-11-20".parse().unwrap()
}

fn record<'a>(kind: &'a str, paper: &'a str, said: &[(F, Said<'a>)]) -> Judgement {
    let mut statement =
        Statement { kind: Some(kind), document_type: Some(paper), said: [Said::Nothing; F::COUNT] };
    for (field, value) in said {
        statement.said[*field as usize] = *value;
    }
    judge(&statement, as_of(), &mut String::new())
}

/// One letter for a field: valid, invalid, absent.
fn letter(judgement: &Judgement, field: F) -> char {
    match judgement.verdicts[field as usize] {
        Verdict::Valid { .. } => 'v',
        Verdict::Invalid { .. } => 'i',
        Verdict::Absent => '-',
    }
}

fn day(text: &str) -> Said<'static> {
    Said::Day(text.parse::<BusinessDate>().unwrap().epoch_days())
}

#[test]
fn a_field_is_absent_invalid_or_valid() {
    for (field, said, expected) in [
        (F::Name, Said::Text("张三"), 'v'),
        (F::Name, Said::Text("***"), 'i'),
        (F::Name, Said::Text(" "), '-'),
        (F::Document, Said::Text("11010519491231002X"), 'v'),
        (F::Document, Said::Text("110105194912310021"), 'i'),
        (F::Document, Said::Text("111111111111111111"), 'i'),
        (F::BirthDate, day("1980-02-29"), 'v'),
        (F::BirthDate, day("1900-01-01"), 'i'),
        (F::BirthDate, day("2026-11-21"), 'i'),
        (F::Sex, Said::Text("F"), 'v'),
        (F::Sex, Said::Text("3"), 'i'),
        (F::Mobile, Said::Text("+86 138-1234-9876"), 'v'),
        (F::Mobile, Said::Text("11111111111"), 'i'),
        (F::Email, Said::Text("a@b.cn"), 'v'),
        (F::Email, Said::Text("a@b"), 'i'),
        (F::Email, Said::Text("a b@c.cn"), 'i'),
        (F::Email, Said::Text("a@b..cn"), 'i'),
        (F::Address, Said::Text("北京市朝阳区1号"), 'v'),
        (F::Address, Said::Text("无"), 'i'),
        (F::Address, Said::Text("xxxx"), 'i'),
        (F::Occupation, Said::Text("worker"), 'v'),
        (F::Occupation, Said::Text("--"), 'i'),
        (F::YearsOfService, Said::Number(0), 'v'),
        (F::YearsOfService, Said::Number(99), 'i'),
        (F::Income, Said::Number(0), 'v'),
        (F::Income, Said::Number(-1), 'i'),
        (F::FamilySize, Said::Number(0), 'i'),
        (F::FamilySize, Said::Nothing, '-'),
    ] {
        let judged = record("person", "citizen_id", &[(field, said)]);
        assert_eq!(letter(&judged, field), expected, "{field:?} {said:?}");
    }
}

#[test]
fn a_record_that_contradicts_its_document_proves_nothing() {
    let id = (F::Document, Said::Text("11010519491231002X"));
    let with = |more| record("person", "citizen_id", &[id, more]);
    let judged = with((F::BirthDate, day("1949-12-31")));
    assert_eq!((letter(&judged, F::BirthDate), judged.proof), ('v', Proof::Authoritative));
    let judged = with((F::BirthDate, day("1975-01-01")));
    assert_eq!((letter(&judged, F::BirthDate), judged.proof), ('i', Proof::Nothing));
    assert_eq!(letter(&with((F::Sex, Said::Text("F"))), F::Sex), 'v');
    assert_eq!(letter(&with((F::Sex, Said::Text("M"))), F::Sex), 'i');
    // A company's record with the id of its representative has no document of its own.
    let judged = record("organisation", "citizen_id", &[id]);
    assert_eq!((letter(&judged, F::Document), judged.proof), ('i', Proof::Nothing));
}

#[test]
fn one_value_written_twice_is_one_value() {
    let key = |field: F, text| {
        record("person", "citizen_id", &[(field, Said::Text(text))]).verdicts[field as usize]
    };
    assert_eq!(key(F::Name, "张 三"), key(F::Name, "張三"));
    assert_eq!(key(F::Mobile, "13812349876"), key(F::Mobile, "0086 138 1234 9876"));
    assert_eq!(key(F::Email, "A@b.cn"), key(F::Email, "a@B.cn"));
    assert_eq!(key(F::Document, "110105491231002"), key(F::Document, "11010519491231002x"));
    assert_ne!(key(F::Name, "张三"), key(F::Name, "张四"));
}

#[test]
fn grades_go_by_document_and_day() {
    let cut = "1999-11-01".parse::<BusinessDate>().unwrap().epoch_days();
    let (before, after) = (Some(cut - 1), Some(cut));
    for (proof, opened, checked, grade) in [
        (Proof::Authoritative, after, None, "A"),
        (Proof::Authoritative, before, after, "A"),
        (Proof::Authoritative, before, None, "C"),
        (Proof::Authoritative, before, before, "C"),
        (Proof::Authoritative, None, None, "B"),
        (Proof::Document, after, None, "B"),
        (Proof::Document, before, None, "C"),
        (Proof::Nothing, after, after, "D"),
    ] {
        let found = TrustGrade::of(proof, opened, checked, cut).code();
        assert_eq!(found, grade, "{proof:?} {opened:?} {checked:?}");
    }
    assert!(TrustGrade::A < TrustGrade::D);
}

#[test]
fn a_15_digit_number_is_a_document_and_no_authority() {
    let id = (F::Document, Said::Text("110105491231002"));
    assert_eq!(record("person", "citizen_id", &[id]).proof, Proof::Document);
    let code = (F::Document, Said::Text("91350100M000100Y43"));
    let judged = record("organisation", "organisation_code", &[code]);
    assert_eq!(judged.proof, Proof::Authoritative);
}

proptest! {
    #[test]
    fn any_text_has_a_verdict(text in ".{0,40}", at in 0..F::COUNT) {
        let field = F::ALL[at];
        let judged = record("person", "citizen_id", &[(field, Said::Text(&text))]);
        let verdict = judged.verdicts[at];
        prop_assert_eq!(verdict.is_present(), !text.trim().is_empty());
        prop_assert!(verdict.is_present() || verdict.key().is_none());
        prop_assert!(judged.verdicts.iter().filter(|v| v.is_present()).count() <= 1);
    }
}
