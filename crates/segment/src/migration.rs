//! Migration: how many clients went from which tier to which between two nights (S27).

use model::Tier;

/// Tiers in the order of the table; a place after them stands for "not a client".
const TIERS: [Tier; 4] = [Tier::Top, Tier::Mid, Tier::Small, Tier::Unprofiled];
const PLACES: usize = TIERS.len() + 1;

/// Counts of moves, client by client; counts of ranges of clients sum to those of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Migration {
    moves: [[(u64, i128); PLACES]; PLACES],
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
    /// What they are worth now, minor units.
    pub amount: i128,
}

impl Migration {
    /// Counts one client and what it is worth now, minor units.
    pub fn add(&mut self, from: Option<Tier>, to: Option<Tier>, amount: i64) {
        let (clients, total) = &mut self.moves[place(from)][place(to)];
        *clients += 1;
        *total += i128::from(amount);
    }

    /// The moves that happened: from TOP down to new clients, to TOP down to those that left.
    pub fn rows(&self) -> impl Iterator<Item = MigrationCount> + '_ {
        let cells = (0..PLACES).flat_map(|from| (0..PLACES).map(move |to| (from, to)));
        let tier = |place: usize| TIERS.get(place).copied();
        let count = move |(from, to): (usize, usize)| {
            let (clients, amount) = self.moves[from][to];
            MigrationCount { from: tier(from), to: tier(to), clients, amount }
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
        let mut moves = Migration::default();
        moves.add(None, small, 7);
        moves.add(small, top, i64::MAX);
        moves.add(top, None, 0);
        moves.add(small, top, i64::MAX);
        let rows: Vec<_> = moves.rows().map(|r| (r.from, r.to, r.clients, r.amount)).collect();
        let twice = 2 * i128::from(i64::MAX);
        assert_eq!(rows, [(top, None, 1, 0), (small, top, 2, twice), (None, small, 1, 7)]);
    }

    #[test]
    fn every_pair_has_its_own_cell() {
        let places = TIERS.map(Some).into_iter().chain([None]);
        let mut migration = Migration::default();
        for from in places.clone() {
            for to in places.clone() {
                migration.add(from, to, 1);
            }
        }
        assert_eq!(migration.rows().count(), PLACES * PLACES);
        assert!(migration.rows().all(|row| row.clients == 1 && row.amount == 1));
    }
}
