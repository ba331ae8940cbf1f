//! Clusters of tiny banks, and what holds for all of them.

use super::*;
use crate::authority::AuthorityClass;
use proptest::prelude::*;

fn strong(key: i64) -> Authority {
    Authority { class: AuthorityClass::Citizen18, key }
}

fn weak(key: i64) -> Authority {
    Authority { class: AuthorityClass::Citizen15, key }
}

fn edge(a: i64, b: i64, rule: Rule) -> Edge {
    Edge::between(a, b, rule, rule.weight())
}

/// Pairs that must and pairs that cannot be one client.
type Verdicts<'a> = (Pairs<'a>, Pairs<'a>);

type Pairs<'a> = &'a [(i64, i64)];

const NO_VERDICTS: Verdicts<'_> = (&[], &[]);

/// Clusters of the records 1, 2, 3, ... with these authorities.
fn check(
    authority: &[Option<Authority>],
    edges: &[Edge],
    verdicts: Verdicts<'_>,
    representative: &[i64],
) -> Clusters {
    let record_id: Vec<i64> = (1..).take(authority.len()).collect();
    let (must_link, cannot_link) = verdicts;
    let input = ClusterInput {
        record_id: &record_id,
        authority,
        edges,
        must_link,
        cannot_link,
        ..ClusterInput::default()
    };
    let clusters = cluster(&input);
    assert_eq!(clusters.representative, representative);
    clusters
}

#[test]
fn records_without_links_are_clients_by_themselves() {
    let clusters = check(&[None, Some(strong(1))], &[], NO_VERDICTS, &[1, 2]);
    assert_eq!(clusters.rule, [None, None]);
    assert_eq!(clusters.weight, [0, 0]);
}

#[test]
fn d2_a_chain_of_merges_in_every_order_is_one_cluster() {
    let chain =
        [edge(2, 1, Rule::Document), edge(3, 2, Rule::Document), edge(4, 3, Rule::Document)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let edges = order.map(|at: usize| chain[at]);
        check(&[None; 4], &edges, NO_VERDICTS, &[1, 1, 1, 1]);
    }
}

#[test]
fn d3_a_cycle_of_merges_ends_in_one_cluster() {
    let edges = [edge(1, 2, Rule::Document), edge(2, 1, Rule::Document)];
    let clusters = check(&[None; 2], &edges, NO_VERDICTS, &[1, 1]);
    assert_eq!(clusters.rejected, []);
}

#[test]
fn each_record_tells_the_strongest_pair_by_which_it_joined() {
    let edges = [
        edge(1, 2, Rule::NameBirthMobile),
        edge(1, 3, Rule::CitizenId),
        edge(2, 3, Rule::Document),
    ];
    let clusters = check(&[None; 3], &edges, NO_VERDICTS, &[1, 1, 1]);
    assert_eq!(clusters.rule, [None, Some(Rule::Document), Some(Rule::CitizenId)]);
    assert_eq!(clusters.weight, [0, Rule::Document.weight(), Rule::CitizenId.weight()]);
}

#[test]
fn two_valid_ids_are_two_clients_whatever_links_them() {
    let edges = [edge(1, 3, Rule::Document), edge(2, 3, Rule::NameBirthMobile)];
    let clusters =
        check(&[Some(strong(1)), Some(strong(2)), None], &edges, NO_VERDICTS, &[1, 2, 1]);
    let rejected = RejectedMerge {
        edge: edges[1],
        cluster_a: 2,
        cluster_b: 1,
        cause: RejectCause::TwoNumbers,
    };
    assert_eq!(clusters.rejected, [rejected]);
}

#[test]
fn an_upgraded_number_yields_to_a_document_but_not_to_a_shared_mobile() {
    let authority = [Some(strong(1)), Some(weak(2))];
    check(&authority, &[edge(1, 2, Rule::Document)], NO_VERDICTS, &[1, 1]);
    let by_mobile = check(&authority, &[edge(1, 2, Rule::NameBirthMobile)], NO_VERDICTS, &[1, 2]);
    assert_eq!(by_mobile.rejected[0].cause, RejectCause::DoubtfulNumbers);
}

#[test]
fn a_number_that_yielded_keeps_its_strong_twin_out() {
    let edges = [edge(1, 2, Rule::Document), edge(2, 3, Rule::NameBirthMobile)];
    let clusters =
        check(&[Some(strong(1)), Some(weak(2)), Some(strong(2))], &edges, NO_VERDICTS, &[1, 1, 3]);
    assert_eq!(clusters.rejected[0].cause, RejectCause::TwoNumbers);
}

#[test]
fn a_steward_decides_over_numbers_and_a_no_holds_through_third_records() {
    let edges = [edge(1, 3, Rule::Document), edge(2, 3, Rule::Document)];
    check(&[Some(strong(1)), Some(strong(2)), None], &edges, (&[(1, 2)], &[]), &[1, 1, 1]);
    let clusters = check(&[None; 3], &edges, (&[], &[(2, 1)]), &[1, 2, 1]);
    assert_eq!(clusters.rejected[0].cause, RejectCause::Verdict);
    check(&[None; 3], &edges, (&[(1, 2)], &[(1, 2)]), &[1, 2, 1]);
}

#[test]
fn a_void_number_proves_nothing() {
    let input = ClusterInput {
        record_id: &[5, 4],
        authority: &[Some(strong(1)), Some(strong(2))],
        edges: &[edge(4, 5, Rule::NameBirthMobile), edge(4, 77, Rule::CitizenId)],
        void: &[Authority { class: AuthorityClass::Citizen15, key: 2 }],
        ..ClusterInput::default()
    };
    let clusters = cluster(&input);
    assert_eq!((clusters.record_id, clusters.representative), (vec![4, 5], vec![4, 4]));
}

const RECORDS: i64 = 14;

fn any_authority() -> impl Strategy<Value = Option<Authority>> {
    let key = 1_i64..4;
    prop_oneof![
        3 => Just(None),
        2 => key.clone().prop_map(|key| Some(strong(key))),
        1 => key.prop_map(|key| Some(weak(key))),
    ]
}

fn any_edge() -> impl Strategy<Value = Edge> {
    let rules = [Rule::CitizenId, Rule::Document, Rule::NameBirthMobile];
    (0..RECORDS, 0..RECORDS, prop::sample::select(rules.to_vec()))
        .prop_map(|(a, b, rule)| edge(a, b, rule))
}

/// The numbers of the records of one cluster that have a check character.
fn strong_numbers(clusters: &Clusters, authority: &[Option<Authority>], of: i64) -> Vec<i64> {
    let mut keys: Vec<i64> = (0..authority.len())
        .filter(|row| clusters.representative[*row] == of)
        .filter_map(|row| authority[row].filter(|authority| authority.class.is_strong()))
        .map(|authority| authority.key)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

proptest! {
    #[test]
    fn clusters_are_an_equivalence_that_no_order_changes_and_no_conflict_enters(
        authority in prop::collection::vec(any_authority(), 14),
        edges in prop::collection::vec(any_edge(), 0..30),
        forbidden in prop::collection::vec((0..RECORDS, 0..RECORDS), 0..4),
    ) {
        let forbidden: Vec<_> = forbidden.into_iter().filter(|(a, b)| a != b).collect();
        let record_id: Vec<i64> = (0..RECORDS).collect();
        let input = ClusterInput {
            record_id: &record_id,
            authority: &authority,
            edges: &edges,
            cannot_link: &forbidden,
            ..ClusterInput::default()
        };
        let clusters = cluster(&input);

        // An equivalence: the representative is of its own cluster, and the lowest.
        for (row, representative) in clusters.representative.iter().enumerate() {
            prop_assert!(*representative <= record_id[row]);
            let of = usize::try_from(*representative).unwrap();
            prop_assert_eq!(clusters.representative[of], *representative);
            prop_assert_eq!(clusters.rule[row].is_none(), *representative == record_id[row]);
            prop_assert!(strong_numbers(&clusters, &authority, *representative).len() <= 1);
        }
        let cluster_of = |record: i64| clusters.representative[usize::try_from(record).unwrap()];
        for (a, b) in &forbidden {
            prop_assert_ne!(cluster_of(*a), cluster_of(*b));
        }
        // Every pair is inside a cluster or between two whose merge was refused.
        for pair in &edges {
            let (a, b) = (cluster_of(pair.a), cluster_of(pair.b));
            let told = clusters.rejected.iter().any(|merge| {
                (merge.cluster_a, merge.cluster_b) == (a, b)
                    || (merge.cluster_a, merge.cluster_b) == (b, a)
            });
            prop_assert!(a == b || told);
        }

        let (mut turned_ids, mut turned_authority) = (record_id.clone(), authority.clone());
        let (mut turned_edges, mut turned_forbidden) = (edges.clone(), forbidden.clone());
        turned_ids.reverse();
        turned_authority.reverse();
        turned_edges.reverse();
        turned_forbidden.reverse();
        let turned = ClusterInput {
            record_id: &turned_ids,
            authority: &turned_authority,
            edges: &turned_edges,
            cannot_link: &turned_forbidden,
            ..ClusterInput::default()
        };
        prop_assert_eq!(cluster(&turned), clusters);
    }
}
