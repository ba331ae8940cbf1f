//! Nights in the life of ids, as tiny tables.

use super::*;
use crate::authority::AuthorityClass;
use proptest::prelude::*;

fn held(rows: &[(i64, i64)]) -> Vec<Held> {
    rows.iter()
        .map(|(record_id, client_id)| Held { record_id: *record_id, client_id: *client_id })
        .collect()
}

/// A record with its cluster and the year since which it is there; no number.
fn member(record_id: i64, cluster: i64, opened_on: i32) -> Member {
    Member { record_id, cluster, authority: None, opened_on: Some(opened_on) }
}

fn proven(member: Member) -> Member {
    let authority = Some(Authority { class: AuthorityClass::Citizen18, key: member.record_id });
    Member { authority, ..member }
}

/// One night after `previous`: expected clients by record, expected events.
fn check(
    previous: &[(i64, i64)],
    members: &[Member],
    clients: &[(i64, i64)],
    events: &[(IdEventKind, Option<i64>, Option<i64>)],
) -> Allocation {
    let previous = held(previous);
    let input = AllocateInput { members, previous: &previous, ..AllocateInput::default() };
    let allocation = allocate(&input);
    assert_eq!(allocation.held, held(clients));
    let found: Vec<_> = allocation.events.iter().map(|e| (e.event, e.old_id, e.new_id)).collect();
    assert_eq!(found, events);
    allocation
}

const BIRTH: IdEventKind = IdEventKind::Birth;
const MERGE: IdEventKind = IdEventKind::Merge;
const SPLIT: IdEventKind = IdEventKind::Split;
const RETIRE: IdEventKind = IdEventKind::Retire;

#[test]
fn a_new_client_is_born_of_its_anchor() {
    let born = derived_id(2);
    let members = [member(1, 9, 2010), member(2, 9, 2005)];
    check(&[], &members, &[(1, born), (2, born)], &[(BIRTH, None, Some(born))]);
    let born = derived_id(1);
    let members = [proven(member(1, 9, 2010)), member(2, 9, 2005)];
    check(&[], &members, &[(1, born), (2, born)], &[(BIRTH, None, Some(born))]);
}

#[test]
fn a_client_that_gains_and_loses_records_keeps_its_id() {
    let previous = [(1, 70), (2, 70)];
    let members = [member(2, 1, 2010), member(3, 1, 2001)];
    let night = check(&previous, &members, &[(2, 70), (3, 70)], &[]);
    assert_eq!(night.dormant, held(&[(1, 70)]));
}

#[test]
fn d4_a_client_who_changes_paper_keeps_the_id() {
    let before = member(1, 1, 2010);
    let born = derived_id(1);
    check(&[], &[before], &[(1, born)], &[(BIRTH, None, Some(born))]);
    check(&[(1, born)], &[proven(before)], &[(1, born)], &[]);
}

#[test]
fn of_merged_clients_the_one_of_longest_standing_keeps_then_the_larger_then_the_lower() {
    let previous = [(1, 70), (2, 80), (3, 80)];
    let merged = |id, of| [(MERGE, Some(of), Some(id))];
    let members = [member(1, 1, 2001), member(2, 1, 2005), member(3, 1, 2006)];
    check(&previous, &members, &[(1, 70), (2, 70), (3, 70)], &merged(70, 80));
    let members = [member(1, 1, 2001), member(2, 1, 2001), member(3, 1, 2006)];
    check(&previous, &members, &[(1, 80), (2, 80), (3, 80)], &merged(80, 70));
    let members = [member(1, 1, 2001), member(2, 1, 2001)];
    check(&[(1, 80), (2, 70)], &members, &[(1, 70), (2, 70)], &merged(70, 80));
}

#[test]
fn of_a_split_client_the_part_with_the_anchor_keeps() {
    let previous = [(1, 70), (2, 70), (3, 70)];
    let born = derived_id(2);
    let members = [proven(member(1, 1, 2010)), member(2, 2, 2001), member(3, 2, 2002)];
    check(&previous, &members, &[(1, 70), (2, born), (3, born)], &[(SPLIT, Some(70), Some(born))]);
    let born = derived_id(1);
    let members = [member(1, 1, 2010), member(2, 2, 2001), member(3, 2, 2002)];
    check(&previous, &members, &[(1, born), (2, 70), (3, 70)], &[(SPLIT, Some(70), Some(born))]);
}

#[test]
fn a_record_that_changes_clients_leaves_both_ids_in_place() {
    let previous = [(1, 70), (2, 70), (3, 80), (4, 80)];
    let members = [member(1, 1, 2001), member(2, 2, 2009), member(3, 2, 2002), member(4, 2, 2003)];
    check(&previous, &members, &[(1, 70), (2, 80), (3, 80), (4, 80)], &[]);
}

#[test]
fn an_anchor_lost_to_an_older_client_leaves_the_id_with_the_rest() {
    let previous = [(1, 70), (2, 70), (3, 70), (4, 80)];
    let members =
        [proven(member(1, 1, 2010)), member(4, 1, 2001), member(2, 2, 2011), member(3, 2, 2012)];
    check(&previous, &members, &[(1, 80), (2, 70), (3, 70), (4, 80)], &[]);
}

#[test]
fn a_client_without_records_is_retired_once_and_returns_to_its_id() {
    let first =
        allocate(&AllocateInput { members: &[member(1, 1, 2001)], ..AllocateInput::default() });
    let id = first.held[0].client_id;
    let gone = allocate(&AllocateInput { previous: &first.held, ..AllocateInput::default() });
    assert_eq!((gone.events[0].event, gone.events[0].old_id), (RETIRE, Some(id)));
    assert_eq!(gone.dormant, first.held);

    let crosswalk = [PastEvent { old_id: id, new_id: None, event: RETIRE }];
    let later =
        AllocateInput { dormant: &gone.dormant, crosswalk: &crosswalk, ..AllocateInput::default() };
    assert_eq!(allocate(&later).events, []);

    let back = [member(1, 5, 2001)];
    let by_record = allocate(&AllocateInput { members: &back, ..later });
    let by_birth = allocate(&AllocateInput { members: &back, dormant: &[], ..later });
    for night in [by_record, by_birth] {
        assert_eq!(night.held, first.held);
        assert_eq!(night.events[0].event, BIRTH);
        assert_eq!((night.events[0].old_id, night.events[0].new_id), (Some(id), Some(id)));
    }
}

#[test]
fn an_alias_is_never_an_id_again() {
    let alias = derived_id(2);
    let crosswalk = [PastEvent { old_id: alias, new_id: Some(70), event: MERGE }];
    let previous = held(&[(1, 70), (2, 70)]);
    let members = [member(1, 1, 2001), member(2, 2, 2005)];
    let input = AllocateInput {
        members: &members,
        previous: &previous,
        crosswalk: &crosswalk,
        ..AllocateInput::default()
    };
    assert_eq!(allocate(&input).held, held(&[(1, 70), (2, alias + 1)]));
}

#[test]
fn records_gone_follow_their_client_into_a_merge() {
    let previous = held(&[(1, 70), (2, 80)]);
    let dormant = held(&[(3, 80)]);
    let members = [member(1, 1, 2001), member(2, 1, 2005)];
    let input = AllocateInput {
        members: &members,
        previous: &previous,
        dormant: &dormant,
        ..AllocateInput::default()
    };
    assert_eq!(allocate(&input).dormant, held(&[(3, 70)]));
}

fn any_night() -> impl Strategy<Value = Vec<Member>> {
    let record = (0_i64..6, 0_i32..3, any::<bool>(), 0_u8..4);
    prop::collection::vec(record, 10).prop_map(|records| {
        let mut members = Vec::new();
        for (record_id, (cluster, opened_on, proof, absent)) in (1..).zip(records) {
            let plain = member(record_id, cluster, opened_on);
            if absent > 0 {
                members.push(if proof { proven(plain) } else { plain });
            }
        }
        members
    })
}

/// The crosswalk after these events.
fn extend(crosswalk: &mut Vec<PastEvent>, events: &[IdEvent]) {
    crosswalk.extend(events.iter().filter_map(|event| {
        Some(PastEvent { old_id: event.old_id?, new_id: event.new_id, event: event.event })
    }));
}

proptest! {
    #[test]
    fn ids_follow_clusters_over_random_nights(
        nights in prop::collection::vec(any_night(), 1..6),
    ) {
        let mut last = Allocation::default();
        let mut crosswalk = Vec::new();
        let mut known: FxHashSet<i64> = FxHashSet::default();
        for members in &nights {
            let input = AllocateInput {
                taken: &[],
                members,
                previous: &last.held,
                dormant: &last.dormant,
                crosswalk: &crosswalk,
            };
            let night = allocate(&input);

            // One id for each cluster, whatever the order of the rows.
            prop_assert_eq!(night.held.len(), members.len());
            let mut pairs = FxHashSet::default();
            for row in members {
                let at = night.held.binary_search_by_key(&row.record_id, |h| h.record_id).unwrap();
                pairs.insert((row.cluster, night.held[at].client_id));
            }
            let clusters: FxHashSet<i64> = pairs.iter().map(|pair| pair.0).collect();
            let ids: FxHashSet<i64> = pairs.iter().map(|pair| pair.1).collect();
            prop_assert_eq!((clusters.len(), ids.len()), (pairs.len(), pairs.len()));
            let turned: Vec<Member> = members.iter().rev().copied().collect();
            prop_assert_eq!(&allocate(&AllocateInput { members: &turned, ..input }), &night);

            // No id of last night is lost without an event; an id that is new has one.
            let told: FxHashSet<i64> = night.events.iter().filter_map(|e| e.old_id).collect();
            let accounted = |h: &Held| ids.contains(&h.client_id) || told.contains(&h.client_id);
            prop_assert!(last.held.iter().all(accounted));
            let given: FxHashSet<i64> = night.events.iter().filter_map(|e| e.new_id).collect();
            prop_assert!(ids.iter().all(|id| known.contains(id) || given.contains(id)));
            known.extend(&ids);

            // The same night again: no event, the same ids.
            extend(&mut crosswalk, &night.events);
            let again = AllocateInput {
                taken: &[],
                members,
                previous: &night.held,
                dormant: &night.dormant,
                crosswalk: &crosswalk,
            };
            let again = allocate(&again);
            prop_assert_eq!(&again.held, &night.held);
            prop_assert_eq!(&again.dormant, &night.dormant);
            prop_assert_eq!(again.events, vec![]);
            last = night;
        }
    }
}
