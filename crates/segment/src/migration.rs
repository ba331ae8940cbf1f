//! Migration: how many clients went from which tier to which between two nights (S27).

use model::Tier;

/// Tiers in the order of the table; a place after them stands for "not a client".
const TIERS: [Tier; 4] = [Tier::Top, Tier::Mid, Tier::Small, Tier::Unprofiled];
const PLACES: usize = TIERS.len() + 1;

/// Counts of moves, client by client; sums of buckets are the counts of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Migration {
    counts: [[u64; PLACES]; PLACES],
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationCount {
    /// Tier before; `None` for a new client.
    pub from: Option<Tier>,
    /// Tier now; `None` for a client that left.
    pub to: Option<Tier>,
    /// Number of clients.
    pub clients: u64,
}

impl Migration {
    /// Counts one client.
    pub fn add(&mut self, from: Option<Tier>, to: Option<Tier>) {
        self.counts[place(from)][place(to)] += 1;
    }

    /// Adds the counts of another bucket.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *mine += theirs;
        }
    }

    /// The moves that happened: from TOP down to new clients, to TOP down to those that left.
    pub fn rows(&self) -> impl Iterator<Item = MigrationCount> + '_ {
        let cells = (0..PLACES).flat_map(|from| (0..PLACES).map(move |to| (from, to)));
        let tier = |place: usize| TIERS.get(place).copied();
        let count = move |(from, to): (usize, usize)| MigrationCount {
            from: tier(from),
            to: tier(to),
            clients: self.counts[from][to],
        };
        cells.map(count).filter(|row| row.clients > 0)
    }
}

fn place(tier: Option<Tier>) -> usize {
    TIERS.iter().position(|known| Some(*known) == tier).unwrap_or(TIERS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_counted_in_the_order_of_tiers() {
        let (top, small) = (Some(Tier::Top), Some(Tier::Small));
        let mut first = Migration::default();
        first.add(None, small);
        first.add(small, top);
        let mut second = Migration::default();
        second.add(small, top);
        second.add(top, None);
        first.merge(&second);
        let rows: Vec<_> = first.rows().map(|row| (row.from, row.to, row.clients)).collect();
        assert_eq!(rows, [(top, None, 1), (small, top, 2), (None, small, 1)]);
    }

    #[test]
    fn every_pair_has_its_own_cell() {
        let places = TIERS.map(Some).into_iter().chain([None]);
        let mut migration = Migration::default();
        for from in places.clone() {
            for to in places.clone() {
                migration.add(from, to);
            }
        }
        assert_eq!(migration.rows().count(), PLACES * PLACES);
        assert!(migration.rows().all(|row| row.clients == 1));
    }
}
