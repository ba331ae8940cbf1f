//! Components: which records may have to do with each other, tonight or by the ids of last night.
//!
//! Clusters and ids are found within a component, so that no machine has to see all records. What
//! has to be seen at once is two numbers for each pair of a spanning forest, and the ids so far.

use crate::allocate::{Held, derived_id};
use crate::row_index::RowIndex;
use crate::rule::Edge;
use crate::sets::Sets;
use model::key63;

/// Records of components with more than one record or a past, sorted by record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Components {
    /// The record.
    pub record_id: Vec<i64>,
    /// Its component, a key.
    pub component: Vec<i64>,
}

/// The pairs that join what was apart: at most one less than there are records. Joined by them are
/// the same records as by all pairs.
pub fn spanning_forest(edges: &[Edge]) -> Vec<(i64, i64)> {
    let mut pairs: Vec<(i64, i64)> = edges.iter().map(|edge| (edge.a, edge.b)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let index = RowIndex::new(pairs.iter().flat_map(|(a, b)| [*a, *b]).collect());
    let mut sets = Sets::new(index.ids().len());
    pairs.retain(|(a, b)| match (index.row(*a), index.row(*b)) {
        (Some(a), Some(b)) => sets.join(a, b),
        _ => false,
    });
    pairs
}

/// Components of the forests of all blocks and of the ids so far: records of one client of last
/// night stay in one component, so that who keeps its id is decided in one place.
pub fn components(forest: &[(i64, i64)], held: &[Held]) -> Components {
    let paired = forest.iter().flat_map(|(a, b)| [*a, *b]);
    let index = RowIndex::new(paired.chain(held.iter().map(|h| h.record_id)).collect());
    let mut sets = Sets::new(index.ids().len());
    let mut join = |a: i64, b: i64| {
        if let (Some(a), Some(b)) = (index.row(a), index.row(b)) {
            sets.join(a, b);
        }
    };
    for (a, b) in forest {
        join(*a, *b);
    }
    let mut by_client: Vec<(i64, i64)> = held.iter().map(|h| (h.client_id, h.record_id)).collect();
    by_client.sort_unstable();
    for two in by_client.windows(2).filter(|two| two[0].0 == two[1].0) {
        join(two[0].1, two[1].1);
    }
    let component =
        (0..index.ids().len()).map(|row| component_of(index.ids()[sets.first(row)])).collect();
    Components { component, record_id: index.into_ids() }
}

/// The component of a record that is alone, or the lowest of its component. A hash, so that
/// components are spread evenly over the key space, which lowest ids are not.
pub fn component_of(lowest_record: i64) -> i64 {
    key63(&["component", &lowest_record.to_string()])
}

/// For each record with an id: whether the id that it would give birth to has been given, to
/// whatever client. Within a component this cannot be seen.
pub fn taken(held: &[Held]) -> Vec<bool> {
    let clients = RowIndex::new(held.iter().map(|h| h.client_id).collect());
    held.iter().map(|h| clients.row(derived_id(h.record_id)).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{AllocateInput, Allocation, IdEventKind, Member, PastEvent, allocate};
    use crate::rule::Rule;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn edges(pairs: &[(i64, i64)]) -> Vec<Edge> {
        pairs.iter().map(|(a, b)| Edge::between(*a, *b, Rule::Document, 1)).collect()
    }

    fn held(rows: &[(i64, i64)]) -> Vec<Held> {
        rows.iter()
            .map(|(record_id, client_id)| Held { record_id: *record_id, client_id: *client_id })
            .collect()
    }

    #[test]
    fn records_meet_by_pairs_and_by_the_client_they_had() {
        let found = components(&[(1, 2), (3, 4)], &held(&[(2, 70), (5, 70), (6, 71)]));
        let of = |record: i64| {
            let row = found.record_id.binary_search(&record).unwrap();
            found.component[row]
        };
        assert_eq!(found.record_id, [1, 2, 3, 4, 5, 6]);
        assert_eq!((of(1), of(2), of(5)), (component_of(1), component_of(1), component_of(1)));
        assert_eq!((of(3), of(4)), (component_of(3), component_of(3)));
        assert_eq!(of(6), component_of(6));
    }

    #[test]
    fn an_id_given_away_by_its_record_is_seen() {
        let born = derived_id(10);
        let rows = held(&[(10, 99), (11, born), (12, 98)]);
        assert_eq!(taken(&rows), [true, false, false]);
    }

    proptest! {
        #[test]
        fn a_forest_joins_what_all_pairs_join(
            pairs in prop::collection::vec((0_i64..25, 0_i64..25), 0..60),
            cut in 0_usize..60,
        ) {
            let pairs: Vec<(i64, i64)> =
                pairs.into_iter().filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect();
            let (one, other) = pairs.split_at(cut.min(pairs.len()));
            let mut forests = spanning_forest(&edges(one));
            forests.extend(spanning_forest(&edges(other)));
            prop_assert_eq!(components(&forests, &[]), components(&pairs, &[]));
            let records = components(&pairs, &[]).record_id.len();
            prop_assert!(spanning_forest(&edges(&pairs)).len() < records.max(1));
        }
    }

    /// A night: the cluster of each record of tonight.
    type Night = BTreeMap<i64, i64>;

    #[derive(Default)]
    struct Past {
        held: Vec<Held>,
        dormant: Vec<Held>,
        crosswalk: Vec<PastEvent>,
    }

    impl Past {
        fn after(mut self, night: &Allocation) -> Self {
            let told = night.events.iter().filter(|e| e.event != IdEventKind::Birth);
            let event = |e: &crate::allocate::IdEvent| {
                Some(PastEvent { old_id: e.old_id?, new_id: e.new_id, event: e.event })
            };
            self.crosswalk.extend(told.filter_map(event));
            Self { held: night.held.clone(), dormant: night.dormant.clone(), ..self }
        }
    }

    fn members(night: &Night) -> Vec<Member> {
        let member = |(record_id, cluster): (&i64, &i64)| Member {
            record_id: *record_id,
            cluster: *cluster,
            authority: None,
            opened_on: Some(i32::try_from(*record_id % 3).unwrap()),
        };
        night.iter().map(member).collect()
    }

    /// Component by component, as the stages do it.
    fn by_component(night: &Night, past: &Past) -> Allocation {
        let members = members(night);
        let mut by_cluster: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for member in &members {
            by_cluster.entry(member.cluster).or_default().push(member.record_id);
        }
        let pairs: Vec<(i64, i64)> = by_cluster
            .values()
            .flat_map(|records| records.windows(2).map(|two| (two[0], two[1])))
            .collect();
        let all: Vec<Held> = past.held.iter().chain(&past.dormant).copied().collect();
        let found = components(&pairs, &all);
        let of = |record: i64| match found.record_id.binary_search(&record) {
            Ok(row) => found.component[row],
            Err(_) => component_of(record),
        };
        let taken: Vec<Held> =
            all.iter().zip(taken(&all)).filter(|(_, taken)| *taken).map(|(h, _)| *h).collect();
        let mut names: Vec<i64> = members.iter().map(|m| of(m.record_id)).collect();
        names.extend(all.iter().map(|h| of(h.record_id)));
        names.sort_unstable();
        names.dedup();
        let mut whole = Allocation::default();
        for name in names {
            let here = |held: &[Held]| -> Vec<Held> {
                held.iter().filter(|h| of(h.record_id) == name).copied().collect()
            };
            let births: Vec<i64> = here(&taken).iter().map(|h| derived_id(h.record_id)).collect();
            let part = allocate(&AllocateInput {
                members: &members
                    .iter()
                    .filter(|m| of(m.record_id) == name)
                    .copied()
                    .collect::<Vec<_>>(),
                previous: &here(&past.held),
                dormant: &here(&past.dormant),
                crosswalk: &past.crosswalk,
                taken: &births,
            });
            whole.held.extend(part.held);
            whole.dormant.extend(part.dormant);
            whole.events.extend(part.events);
        }
        whole.held.sort_unstable();
        whole.dormant.sort_unstable();
        whole.events.sort_unstable();
        whole
    }

    proptest! {
        #[test]
        fn ids_are_the_same_component_by_component(
            nights in prop::collection::vec(
                prop::collection::btree_map(0_i64..14, 0_i64..8, 0..14), 1..5),
        ) {
            let mut past = Past::default();
            for night in &nights {
                let all_at_once = allocate(&AllocateInput {
                    members: &members(night),
                    previous: &past.held,
                    dormant: &past.dormant,
                    crosswalk: &past.crosswalk,
                    taken: &[],
                });
                prop_assert_eq!(&by_component(night, &past), &all_at_once);
                past = past.after(&all_at_once);
            }
        }
    }
}
