//! The whole way of a night, from what records say to ids: the golden cases D1 to D5 of the rules
//! in force, and look-alikes.

use super::*;
use model::BusinessDate;

/// What a record says; empty where it is silent.
#[derive(Clone, Copy, Default)]
struct Said {
    document: (&'static str, &'static str),
    name: &'static str,
    birth: &'static str,
    mobile: &'static str,
}

const ID: &str = "11010519491231002X";
const OTHER_ID: &str = "110105199812319951";
const MOBILE: &str = "139 1203 5678";

fn said(text: &'static str) -> Option<&'static str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The records 1, 2, 3, ... as a night resolves them: doubts, and the clients by record.
fn resolve(records: &[Said]) -> (Vec<Doubt>, Clusters, Standardised) {
    let column = |of: fn(&Said) -> &'static str| -> Vec<Option<&'static str>> {
        records.iter().map(|record| said(of(record))).collect()
    };
    let birth_date: Vec<Option<i32>> = records
        .iter()
        .map(|record| record.birth.parse::<BusinessDate>().ok().map(BusinessDate::epoch_days))
        .collect();
    let columns = PartyColumns {
        record_id: &(1..).take(records.len()).collect::<Vec<i64>>(),
        kind: &column(|_| "person"),
        name: &column(|record| record.name),
        document_type: &column(|record| record.document.0),
        document_no: &column(|record| record.document.1),
        birth_date: &birth_date,
        sex: &[],
        mobile: &column(|record| record.mobile),
    };
    let standardised = standardise(&columns, "2026-01-31".parse().unwrap());
    let linked = link(block(&standardised), &LinkParams::default());
    let clusters = cluster(&ClusterInput {
        record_id: &standardised.record_id,
        authority: &standardised.authority,
        edges: &linked.edges,
        ..ClusterInput::default()
    });
    (linked.doubts, clusters, standardised)
}

fn check(records: &[Said], representative: &[i64], doubts: &[DoubtCause]) {
    let (found, clusters, _) = resolve(records);
    assert_eq!(clusters.representative, representative);
    assert_eq!(found.iter().map(|doubt| doubt.cause).collect::<Vec<_>>(), doubts);
}

/// Tonight's ids of the records, given last night's.
fn ids(records: &[Said], previous: &[Held]) -> Allocation {
    let (_, clusters, standardised) = resolve(records);
    let members: Vec<Member> = (0..records.len())
        .map(|row| Member {
            record_id: clusters.record_id[row],
            cluster: clusters.representative[row],
            authority: standardised.authority[row],
            opened_on: None,
        })
        .collect();
    allocate(&AllocateInput { members: &members, previous, ..AllocateInput::default() })
}

#[test]
fn d1_records_with_fifteen_and_eighteen_digits_join() {
    let old = Said { document: ("citizen_id", "110105491231002"), ..Said::default() };
    let new = Said { document: ("citizen_id", ID), ..Said::default() };
    check(&[old, new], &[1, 1], &[]);
}

#[test]
fn d2_chains_in_every_order_give_one_cluster_and_one_id() {
    let chain = [
        Said { document: ("citizen_id", ID), name: "林一", mobile: MOBILE, ..Said::default() },
        Said { name: "林一", birth: "1949-12-31", mobile: MOBILE, ..Said::default() },
        Said { document: ("household_book", ID), ..Said::default() },
        Said { document: ("citizen_id", "110105491231002"), name: "林壹", ..Said::default() },
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let records = order.map(|at: usize| chain[at]);
        check(&records, &[1, 1, 1, 1], &[]);
        assert_eq!(ids(&records, &[]).events.len(), 1);
    }
}

#[test]
fn d4_a_client_who_moves_from_household_book_to_id_card_keeps_the_id() {
    let book =
        Said { document: ("household_book", "3301-002-9981"), name: "林一", ..Said::default() };
    let card = Said { document: ("citizen_id", ID), ..book };
    let before = ids(&[book], &[]);
    let after = ids(&[card], &before.held);
    assert_eq!(after.held, before.held);
    assert_eq!(after.events, []);
}

#[test]
fn d5_a_wrong_check_digit_never_matches_on_number_alone() {
    let wrong = Said { document: ("citizen_id", "110105194912310021"), ..Said::default() };
    check(&[wrong, wrong], &[1, 2], &[]);
    let known = Said { name: "林一", birth: "1949-12-31", mobile: MOBILE, ..wrong };
    check(&[known, known], &[1, 1], &[]);
}

#[test]
fn look_alikes_with_a_name_and_a_birth_date_in_common_stay_apart() {
    let one = Said { name: "林一", birth: "1990-05-01", ..Said::default() };
    check(&[one, one], &[1, 2], &[]);
    check(&[Said { mobile: MOBILE, ..one }, one], &[1, 2], &[]);
    check(&[Said { mobile: MOBILE, ..one }, Said { mobile: "13912035679", ..one }], &[1, 2], &[]);
}

#[test]
fn a_child_with_a_guardians_id_is_not_the_guardian() {
    let guardian = Said { document: ("citizen_id", ID), name: "林一", ..Said::default() };
    let child = Said { name: "林小一", birth: "2018-03-05", ..guardian };
    check(&[guardian, child, guardian], &[1, 2, 1], &[DoubtCause::IdOfAnother]);
}

#[test]
fn a_record_without_a_document_does_not_join_two_persons() {
    let plain = Said { name: "林一", birth: "1949-12-31", mobile: MOBILE, ..Said::default() };
    let one = Said { document: ("citizen_id", ID), ..plain };
    let other = Said { document: ("hk_macau_permit", "H12340567"), ..plain };
    check(&[plain, one, other], &[1, 1, 1], &[]);
    let other = Said { document: ("citizen_id", "110105194912310038"), ..plain };
    let doubts = [DoubtCause::Ambiguous, DoubtCause::ConflictingIds];
    check(&[plain, one, other], &[1, 2, 3], &doubts);
}

#[test]
fn different_ids_are_different_clients_and_quality_says_so() {
    let one = Said { document: ("citizen_id", ID), name: "林一", ..Said::default() };
    let other = Said { document: ("citizen_id", OTHER_ID), ..one };
    let found = ids(&[one, other, one], &[]).held;
    let found: Vec<(i64, i64)> =
        found.iter().map(|held| (held.record_id, held.client_id)).collect();
    let quality = pairwise(&[(1, 7), (2, 8), (3, 7)], &found);
    assert_eq!((quality.pairs_true, quality.pairs_found, quality.pairs_right), (1, 1, 1));
}
