//! Records in standard form.

use super::*;

const ID: &str = "11010519491231002X";

fn as_of() -> BusinessDate {
    BusinessDate::from_ymd(2026, 1, 31).unwrap()
}

fn days(text: &str) -> i32 {
    text.parse::<BusinessDate>().unwrap().epoch_days()
}

/// One record with this kind, document type, number and birth date.
fn one(kind: &str, document_type: &str, number: &str, birth: Option<i32>) -> Standardised {
    standardise(
        &PartyColumns {
            record_id: &[1],
            kind: &[Some(kind)],
            document_type: &[Some(document_type)],
            document_no: &[Some(number)],
            birth_date: &[birth],
            ..PartyColumns::default()
        },
        as_of(),
    )
}

#[test]
fn columns_a_bank_does_not_have_are_null() {
    let columns = PartyColumns { record_id: &[7, 8], ..PartyColumns::default() };
    let found = standardise(&columns, as_of());
    assert_eq!(found.record_id, [7, 8]);
    assert_eq!(found.kind, [PartyKind::Person, PartyKind::Person]);
    assert_eq!(found.name_key, [0, 0]);
    assert_eq!(found.document_class, [DocumentClass::Absent, DocumentClass::Absent]);
    assert_eq!(found.mobile, [None, None]);
}

#[test]
fn birth_date_and_sex_come_from_the_id_where_not_stated() {
    let found = one("person", "citizen_id", ID, None);
    assert_eq!(found.birth_days, [Some(days("1949-12-31"))]);
    assert_eq!(found.sex, [Some(Sex::Female)]);
    assert!(found.authority[0].is_some());
    assert_eq!(found.birth_contradicts, [false]);
}

#[test]
fn an_id_against_the_stated_birth_date_blocks_but_proves_nothing() {
    let found = one("person", "citizen_id", ID, Some(days("2015-05-01")));
    assert_eq!(found.birth_days, [Some(days("2015-05-01"))]);
    assert_eq!(found.birth_contradicts, [true]);
    assert_eq!(found.authority, [None]);
    assert_eq!(found.document_block[0].map(|block| block.0), Some(Rule::CitizenId));
}

#[test]
fn default_and_impossible_birth_dates_are_null() {
    for date in ["1900-01-01", "1869-12-31", "2026-02-01", "0001-01-01"] {
        let found = one("person", "passport", "E12345670", Some(days(date)));
        assert_eq!(found.birth_days, [None], "{date}");
    }
    let found = one("person", "passport", "E12345670", Some(days("1870-01-01")));
    assert_eq!(found.birth_days, [Some(days("1870-01-01"))]);
}

#[test]
fn a_document_of_another_kind_of_party_is_not_its_own() {
    for (kind, document_type, number) in
        [("organisation", "citizen_id", ID), ("person", "organisation_code", "91350100M000100Y43")]
    {
        let found = one(kind, document_type, number, None);
        assert_eq!(found.document_block, [None], "{kind}");
        assert_eq!(found.authority, [None], "{kind}");
        assert_eq!(found.birth_days, [None], "{kind}");
    }
}

#[test]
fn the_document_says_the_kind_where_the_source_does_not() {
    let found = one("", "organisation_code", "91350100M000100Y43", None);
    assert_eq!(found.kind, [PartyKind::Organisation]);
    assert_eq!(found.document_block[0].map(|block| block.0), Some(Rule::Organisation));
}

#[test]
fn an_id_of_somebody_not_yet_born_is_no_id() {
    let early = BusinessDate::from_ymd(1940, 1, 1).unwrap();
    let columns = PartyColumns {
        record_id: &[1],
        document_type: &[Some("citizen_id")],
        document_no: &[Some(ID)],
        ..PartyColumns::default()
    };
    assert_eq!(standardise(&columns, early).document_block, [None]);
}
