//! Blocking: the keys under which a record meets the records that may be the same client.

use crate::authority::Authority;
use crate::rule::Rule;
use crate::standardise::{PartyKind, Standardised};
use model::key63;
use std::fmt::Write;

/// One record under one blocking rule, with what linking needs to know of it. Rows of one block
/// have to meet in one place; nothing else has to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockKey {
    /// The rule.
    pub rule: Rule,
    /// Key of (rule, value): equal values, equal keys.
    pub block: i64,
    /// The record.
    pub record_id: i64,
    /// The number that proves who the record is. In a block of `Rule::CitizenId` none means that
    /// the record's birth date contradicts the id.
    pub authority: Option<Authority>,
    /// Key of the standard name, 0 where there is none.
    pub name_key: i64,
    /// Birth date, days since 1970-01-01.
    pub birth_days: Option<i32>,
}

/// The block keys of standardised records. A rule whose parts are not all there gives no key: two
/// missing values are no evidence.
pub fn block(records: &Standardised) -> Vec<BlockKey> {
    let mut keys = Vec::with_capacity(records.record_id.len() * 2);
    let mut value = String::new();
    for row in 0..records.record_id.len() {
        let of_row = |(rule, block)| BlockKey {
            rule,
            block,
            record_id: records.record_id[row],
            authority: records.authority[row],
            name_key: records.name_key[row],
            birth_days: records.birth_days[row],
        };
        keys.extend(records.document_block[row].map(of_row));
        keys.extend(name_birth_mobile(records, row, &mut value).map(of_row));
    }
    keys
}

/// The key of a person's name, birth date and mobile: none of the three would do alone or in pairs,
/// because namesakes, twins and families share them.
fn name_birth_mobile(
    records: &Standardised,
    row: usize,
    value: &mut String,
) -> Option<(Rule, i64)> {
    let name_key = records.name_key[row];
    if records.kind[row] != PartyKind::Person || name_key == 0 {
        return None;
    }
    let (birth, mobile) = (records.birth_days[row]?, records.mobile[row]?);
    value.clear();
    write!(value, "{name_key} {birth} {mobile}").ok()?;
    let rule = Rule::NameBirthMobile;
    Some((rule, key63(&["block", rule.name(), value])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standardise::{PartyColumns, standardise};
    use model::BusinessDate;

    /// The rules under which a person with this document, name, birth date and mobile is found.
    fn check(
        document: (&str, &str),
        name: Option<&str>,
        birth: Option<i32>,
        mobile: Option<&str>,
        expected: &[Rule],
    ) {
        let columns = PartyColumns {
            record_id: &[1],
            kind: &[Some("person")],
            name: &[name],
            document_type: &[Some(document.0)],
            document_no: &[Some(document.1)],
            birth_date: &[birth],
            mobile: &[mobile],
            ..PartyColumns::default()
        };
        let keys = block(&standardise(&columns, BusinessDate::from_ymd(2026, 1, 31).unwrap()));
        assert_eq!(keys.iter().map(|key| key.rule).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn missing_parts_give_no_key() {
        let (name, birth, mobile) = (Some("林一"), Some(100), Some("13912035678"));
        check(("", ""), name, birth, mobile, &[Rule::NameBirthMobile]);
        check(("", ""), None, birth, mobile, &[]);
        check(("", ""), name, None, mobile, &[]);
        check(("", ""), name, birth, None, &[]);
        check(("passport", "E12345670"), None, None, None, &[Rule::Document]);
    }

    #[test]
    fn placeholders_give_no_key() {
        check(
            ("citizen_id", "111111111111111111"),
            Some("未知"),
            Some(100),
            Some("13912035678"),
            &[],
        );
        check(("passport", "000000000"), Some("林一"), Some(-25_567), Some("13912035678"), &[]);
        check(("passport", ""), Some("林一"), Some(100), Some("13800138000"), &[]);
    }

    #[test]
    fn d5_a_wrong_check_digit_gives_no_key() {
        check(("citizen_id", "110105194912310021"), Some("林一"), Some(100), None, &[]);
    }
}
