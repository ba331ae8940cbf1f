//! Whether the balances of an account follow from its amounts, and the average they make.
//!
//! Rows of one day come in any order. A row leads from the balance before it (`balance_after -
//! amount`) to the balance after it, so a day's rows can be put in order exactly when these steps
//! form one trail from the day's opening balance that uses every row once: an Eulerian trail of a
//! directed graph whose vertices are balances (Euler 1736, Hierholzer 1873). Degrees and connected
//! components decide it in `n log n`, with no search, and say how many joints are missing at least.

use model::Money;

/// One booked row of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// Booking day, days since 1970-01-01.
    pub day: i32,
    /// Signed amount: what comes in is positive.
    pub amount: i64,
    /// The balance the source states after the row.
    pub balance_after: i64,
}

/// The end of a day with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayClose {
    /// The day, days since 1970-01-01.
    pub day: i32,
    /// Closing balance as the source states it: of the rows that may come last, the one nearest to
    /// opening plus amounts, of equals the later.
    pub closing: i64,
    /// Joints at which the balance jumps, in the best order of the rows; 0 when the day is in order.
    pub breaks: u32,
}

/// The days of one account, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalanceChain {
    /// One entry per day with rows.
    pub days: Vec<DayClose>,
    /// All breaks.
    pub breaks: u32,
}

/// Follows the balances of one account through its days, from zero.
///
/// `rows` ascend by day. Each day opens with the closing of the day before, so that one fault is one
/// break. Balances within `tolerance` (minor units) of each other count as one; near balances are
/// joined in chains (single linkage), which matters only where one day holds several balances nearly
/// as close as the tolerance.
pub fn balance_chain(rows: &[LedgerRow], tolerance: i64) -> BalanceChain {
    let tolerance = i128::from(tolerance.max(0));
    let mut chain = BalanceChain::default();
    let mut opening = 0;
    let mut day_graph = DayGraph::default();
    for rows in rows.chunk_by(|a, b| a.day == b.day) {
        let close = if let Some(closing) = as_given(opening, rows, tolerance) {
            DayClose { day: rows[0].day, closing, breaks: 0 }
        } else {
            day_graph.close(opening, rows, tolerance)
        };
        opening = close.closing;
        chain.breaks += close.breaks;
        chain.days.push(close);
    }
    chain
}

/// The day-weighted average balance from `first_day` to `last_day`, both included, rounded half to
/// even: each closing holds until the next one, and before the first the balance is zero.
///
/// `closings` ascend by day. `None` when the period is empty.
pub fn average_balance(closings: &[DayClose], first_day: i32, last_day: i32) -> Option<i64> {
    let days = i64::from(last_day) - i64::from(first_day) + 1;
    if days < 1 {
        return None;
    }
    let started = closings.partition_point(|close| close.day <= first_day);
    let mut balance = started.checked_sub(1).map_or(0, |at| closings[at].closing);
    let mut since = i64::from(first_day);
    let mut weighted: i128 = 0;
    for close in closings[started..].iter().take_while(|close| close.day <= last_day) {
        weighted += i128::from(balance) * i128::from(i64::from(close.day) - since);
        (balance, since) = (close.closing, i64::from(close.day));
    }
    weighted += i128::from(balance) * i128::from(i64::from(last_day) - since + 1);
    Money::round_ratio(weighted, i128::from(days)).ok().map(|money| money.0)
}

/// The closing balance when the rows follow each other as they stand, which most extracts do.
fn as_given(opening: i64, rows: &[LedgerRow], tolerance: i128) -> Option<i64> {
    rows.iter().try_fold(opening, |balance, row| {
        let jump = before(row) - i128::from(balance);
        (jump.abs() <= tolerance).then_some(row.balance_after)
    })
}

/// The balance a row starts from.
fn before(row: &LedgerRow) -> i128 {
    i128::from(row.balance_after) - i128::from(row.amount)
}

/// The graph of one day; its buffers are kept from day to day.
#[derive(Default)]
struct DayGraph {
    /// Balance and slot: slot 0 is the opening, 2i+1 and 2i+2 are row i before and after.
    balances: Vec<(i128, usize)>,
    /// Vertex of each slot.
    vertex: Vec<usize>,
    /// Steps out less steps in, per vertex.
    surplus: Vec<i32>,
    /// Union-find parent, per vertex.
    parent: Vec<usize>,
    /// Trails that have to start in a component, by its root.
    starts: Vec<i32>,
}

impl DayGraph {
    fn close(&mut self, opening: i64, rows: &[LedgerRow], tolerance: i128) -> DayClose {
        self.join_balances(opening, rows, tolerance);
        self.connect(rows.len());
        let breaks = self.trails().saturating_sub(1);
        let amounts: i128 = rows.iter().map(|row| i128::from(row.amount)).sum();
        let expected = i128::from(opening) + amounts;
        let is_end = |at: &usize| self.surplus[self.vertex[2 * at + 2]] < 0;
        let distance = |at: &usize| (i128::from(rows[*at].balance_after) - expected).abs();
        // Searched from the end, so that of equals the later row is taken.
        let last = (0..rows.len()).rev().filter(is_end).min_by_key(distance);
        let closing = rows[last.unwrap_or(rows.len() - 1)].balance_after;
        DayClose { day: rows[0].day, closing, breaks }
    }

    /// Gives every balance its vertex: near ones share it.
    fn join_balances(&mut self, opening: i64, rows: &[LedgerRow], tolerance: i128) {
        self.balances.clear();
        self.balances.push((i128::from(opening), 0));
        for (at, row) in rows.iter().enumerate() {
            self.balances.push((before(row), 2 * at + 1));
            self.balances.push((i128::from(row.balance_after), 2 * at + 2));
        }
        self.balances.sort_unstable();
        self.vertex.clear();
        self.vertex.resize(self.balances.len(), 0);
        let (mut current, mut previous) = (0, self.balances[0].0);
        for &(balance, slot) in &self.balances {
            current += usize::from(balance - previous > tolerance);
            previous = balance;
            self.vertex[slot] = current;
        }
        self.surplus.clear();
        self.surplus.resize(current + 1, 0);
        self.parent.clear();
        self.parent.extend(0..=current);
        self.starts.clear();
        self.starts.resize(current + 1, 0);
    }

    /// Counts degrees and joins components. The day before enters as one step into the opening.
    fn connect(&mut self, n_rows: usize) {
        self.surplus[self.vertex[0]] -= 1;
        for at in 0..n_rows {
            let (from, to) = (self.vertex[2 * at + 1], self.vertex[2 * at + 2]);
            self.surplus[from] += 1;
            self.surplus[to] -= 1;
            let (a, b) = (self.root(from), self.root(to));
            self.parent[a.max(b)] = a.min(b);
        }
    }

    /// The least number of trails that use every row once and the opening: in each component the
    /// steps that nothing leads to, at least one.
    fn trails(&mut self) -> u32 {
        let opening = self.root(self.vertex[0]);
        // The step into the opening has no predecessor.
        self.starts[opening] = 1;
        for vertex in 0..self.surplus.len() {
            let root = self.root(vertex);
            self.starts[root] += self.surplus[vertex].max(0);
        }
        let roots = (0..self.parent.len()).filter(|&vertex| self.parent[vertex] == vertex);
        roots.map(|root| self.starts[root].max(1).unsigned_abs()).sum()
    }

    fn root(&mut self, mut vertex: usize) -> usize {
        while self.parent[vertex] != vertex {
            self.parent[vertex] = self.parent[self.parent[vertex]];
            vertex = self.parent[vertex];
        }
        vertex
    }
}

#[cfg(test)]
mod tests;
