//! Groups of one block as tiny tables.

use super::*;
use crate::authority::AuthorityClass;
use proptest::prelude::*;

fn number(key: i64) -> Authority {
    Authority { class: AuthorityClass::Citizen18, key }
}

/// A row: record, authority, name, birth date (0 is none for the last two).
fn row(
    rule: Rule,
    record_id: i64,
    authority: Option<Authority>,
    name: i64,
    birth: i32,
) -> BlockKey {
    let birth_days = (birth != 0).then_some(birth);
    BlockKey { rule, block: 1, record_id, authority, name_key: name, birth_days }
}

fn check(rows: &[BlockKey], edges: &[(i64, i64)], doubts: &[(i64, i64, DoubtCause)]) -> Linked {
    let linked = link(rows.to_vec(), &LinkParams::default());
    let found: Vec<_> = linked.edges.iter().map(|edge| (edge.a, edge.b)).collect();
    assert_eq!(found, edges);
    let found: Vec<_> = linked.doubts.iter().map(|doubt| (doubt.a, doubt.b, doubt.cause)).collect();
    assert_eq!(found, doubts);
    linked
}

#[test]
fn records_of_one_id_are_one_client_whatever_one_of_name_and_birth_date_says() {
    let rule = Rule::CitizenId;
    let rows = [
        row(rule, 1, Some(number(1)), 10, 500),
        row(rule, 2, Some(number(1)), 11, 500),
        row(rule, 3, None, 10, 501),
        row(rule, 4, Some(number(1)), 0, 500),
    ];
    let linked = check(&rows, &[(1, 2), (1, 3), (1, 4)], &[]);
    assert!(linked.edges.iter().all(|edge| edge.weight == Rule::CitizenId.weight()));
}

#[test]
fn a_guardians_id_does_not_make_the_child_the_guardian() {
    let rule = Rule::CitizenId;
    let child = 9_000;
    let rows = [
        row(rule, 1, None, 20, child),
        row(rule, 2, Some(number(1)), 10, 500),
        row(rule, 3, None, 20, child),
        row(rule, 4, None, 30, child + 700),
    ];
    let doubts = [(1, 2, DoubtCause::IdOfAnother), (2, 4, DoubtCause::IdOfAnother)];
    let linked = check(&rows, &[(1, 3)], &doubts);
    assert_eq!(linked.edges[0].rule, Rule::Document);
}

#[test]
fn children_on_an_id_whose_owner_is_no_client_follow_their_names() {
    let rule = Rule::CitizenId;
    let rows = [
        row(rule, 1, None, 20, 9_000),
        row(rule, 2, None, 30, 9_700),
        row(rule, 3, None, 20, 9_000),
        row(rule, 4, None, 0, 9_000),
    ];
    let doubts = [(1, 2, DoubtCause::IdOfAnother), (1, 4, DoubtCause::IdOfAnother)];
    check(&rows, &[(1, 3)], &doubts);
}

#[test]
fn a_passport_number_needs_the_name_or_the_birth_date() {
    let rule = Rule::Document;
    let rows = [
        row(rule, 1, None, 10, 500),
        row(rule, 2, None, 10, 0),
        row(rule, 3, None, 99, 700),
        row(rule, 4, None, 0, 500),
        row(rule, 5, None, 0, 0),
        row(rule, 6, None, 98, 700),
    ];
    let doubts = [(1, 3, DoubtCause::NumberAlone), (1, 5, DoubtCause::NumberAlone)];
    check(&rows, &[(1, 2), (1, 4), (3, 6)], &doubts);
}

#[test]
fn name_and_birth_date_may_chain_records_of_one_passport() {
    let rule = Rule::Document;
    let rows = [row(rule, 1, None, 10, 0), row(rule, 2, None, 0, 500), row(rule, 3, None, 10, 500)];
    check(&rows, &[(1, 3), (2, 3)], &[]);
}

#[test]
fn a_record_without_an_id_does_not_bridge_two_ids() {
    let rule = Rule::NameBirthMobile;
    let rows = [
        row(rule, 1, None, 10, 500),
        row(rule, 2, Some(number(1)), 10, 500),
        row(rule, 3, Some(number(2)), 10, 500),
        row(rule, 4, Some(number(1)), 10, 500),
    ];
    let doubts = [(1, 2, DoubtCause::Ambiguous), (2, 3, DoubtCause::ConflictingIds)];
    check(&rows, &[(2, 4)], &doubts);
    check(&rows[..2], &[(1, 2)], &[]);
}

#[test]
fn papers_of_different_kinds_do_not_conflict() {
    let permit = Some(Authority { class: AuthorityClass::HkMacauPermit, key: 5 });
    let rule = Rule::NameBirthMobile;
    let rows = [row(rule, 1, permit, 10, 500), row(rule, 2, Some(number(1)), 10, 500)];
    check(&rows, &[(1, 2)], &[]);
}

#[test]
fn a_hub_links_nobody_and_is_reported() {
    let rows: Vec<BlockKey> =
        (0..5).map(|at| row(Rule::CitizenId, at, Some(number(7)), 10, 500)).collect();
    let linked = link(rows.clone(), &LinkParams { cap: 4 });
    let capped = Capped { rule: Rule::CitizenId, block: 1, records: 5, authority: Some(number(7)) };
    assert_eq!(linked, Linked { capped: vec![capped], ..Linked::default() });
    assert!(link(rows, &LinkParams { cap: 5 }).capped.is_empty());
}

fn any_row() -> impl Strategy<Value = BlockKey> {
    let rules = [Rule::CitizenId, Rule::Organisation, Rule::Document, Rule::NameBirthMobile];
    let authority = prop_oneof![Just(None), (1_i64..3).prop_map(|key| Some(number(key)))];
    (prop::sample::select(rules.to_vec()), 0_i64..3, 0_i64..12, authority, 0_i64..3, 0_i32..3)
        .prop_map(|(rule, block, record_id, authority, name, birth)| BlockKey {
            block,
            ..row(rule, record_id, authority, name, birth)
        })
}

proptest! {
    #[test]
    fn the_order_of_rows_and_the_split_into_ranges_do_not_matter(
        rows in prop::collection::vec(any_row(), 0..30),
    ) {
        let params = LinkParams { cap: 6 };
        let whole = link(rows.clone(), &params);
        let mut turned = rows.clone();
        turned.reverse();
        prop_assert_eq!(&link(turned, &params), &whole);
        let mut parts = Linked::default();
        for range in 0..3 {
            let of_range = rows.iter().copied().filter(|row| row.block == range).collect();
            let part = link(of_range, &params);
            parts.edges.extend(part.edges);
            parts.doubts.extend(part.doubts);
            parts.capped.extend(part.capped);
        }
        parts.edges.sort_unstable();
        parts.doubts.sort_unstable();
        parts.doubts.dedup();
        parts.capped.sort_unstable();
        prop_assert_eq!(parts, whole);
    }
}
