//! What became of the rows of a feed: counted, summed, and the rejected ones listed.

/// How many rejects are listed; further ones are only counted.
pub const REJECTS_LISTED: usize = 100_000;

/// What became of the rows of a feed. Always, by count and by amount:
/// read = delivered + rejected + superseded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedOutcome {
    /// Detail rows in the file.
    pub rows_read: u64,
    /// Rows handed to the sink.
    pub rows_delivered: u64,
    /// Rows refused, each with a reason.
    pub rows_rejected: u64,
    /// Exact repetitions of an earlier row with the same key.
    pub rows_superseded: u64,
    /// Sum of the amount column, where readable, in units of its last decimal.
    pub amount_read: i128,
    /// Of that, in rows handed to the sink.
    pub amount_delivered: i128,
    /// Of that, in rejected rows.
    pub amount_rejected: i128,
    /// Of that, in superseded rows.
    pub amount_superseded: i128,
    /// Rejected rows whose amount cannot be read, so that it is in none of the sums.
    pub amount_unreadable: u64,
    /// The first [`REJECTS_LISTED`] rejects, in file order.
    pub rejects: Vec<Reject>,
    /// Rejects beyond those: counted in `rows_rejected`, not listed.
    pub rejects_unlisted: u64,
}

/// A row refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Line of the file, from 1; the first line of a row that spans several; the number of a record.
    pub source_row: i64,
    /// The first column that does not hold, when it is about one.
    pub column: Option<String>,
    /// What does not hold and what would; never the value.
    pub reason: String,
}

impl FeedOutcome {
    pub(crate) fn deliver(&mut self, amount: i64) {
        self.rows_read += 1;
        self.rows_delivered += 1;
        self.amount_read += i128::from(amount);
        self.amount_delivered += i128::from(amount);
    }

    pub(crate) fn supersede(&mut self, amount: i64) {
        self.rows_read += 1;
        self.rows_superseded += 1;
        self.amount_read += i128::from(amount);
        self.amount_superseded += i128::from(amount);
    }

    /// Counts a rejected row; `amount` is none where it cannot be read.
    pub(crate) fn reject(&mut self, amount: Option<i64>, reject: Reject) {
        self.rows_read += 1;
        self.rows_rejected += 1;
        match amount {
            Some(amount) => {
                self.amount_read += i128::from(amount);
                self.amount_rejected += i128::from(amount);
            }
            None => self.amount_unreadable += 1,
        }
        if self.rejects.len() < REJECTS_LISTED {
            self.rejects.push(reject);
        } else {
            self.rejects_unlisted += 1;
        }
    }
}
