//! Disjoint sets of rows, of which the first stands for all (Tarjan 1975, with path halving).

/// Rows, each alone at first.
pub(crate) struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    pub(crate) fn new(rows: usize) -> Self {
        Self { parent: (0..rows).collect() }
    }

    /// The first row of a row's set.
    pub(crate) fn first(&mut self, mut row: usize) -> usize {
        while self.parent[row] != row {
            self.parent[row] = self.parent[self.parent[row]];
            row = self.parent[row];
        }
        row
    }

    /// Joins two sets; whether they were apart.
    pub(crate) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.first(a), self.first(b));
        self.parent[a.max(b)] = a.min(b);
        a != b
    }
}
