//! What became of the rows of a feed: counted, summed, and the rejected ones listed.

use crate::raw::{Kept, RawRow};
use crate::totals::Share;

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
    /// Sum of the debits in `amount_read`, where the contract declares a direction.
    pub debit_read: i128,
    /// Sum of the credits in `amount_read`.
    pub credit_read: i128,
    /// Rejected rows with an amount that is on neither side, so that it is in none of the two.
    pub amount_unsided: u64,
    /// Sum of the digits of the hash column, not cut to the digits of its total.
    pub(crate) hash_read: u128,
    /// Rejected rows whose hash column cannot be read.
    pub(crate) hash_unreadable: u64,
    /// The first [`REJECTS_LISTED`] rejects, in file order.
    pub rejects: Vec<Reject>,
    /// Rejects beyond those: counted in `rows_rejected`, not listed.
    pub rejects_unlisted: u64,
    pub(crate) raw_kept: Kept,
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
    /// The row itself, for the vault zone only; none when too much is kept already.
    pub raw: Option<RawRow>,
}

impl FeedOutcome {
    pub(crate) fn deliver(&mut self, share: Share) {
        self.rows_delivered += 1;
        self.amount_delivered += self.read(share);
    }

    pub(crate) fn supersede(&mut self, share: Share) {
        self.rows_superseded += 1;
        self.amount_superseded += self.read(share);
    }

    /// Counts a rejected row and lists it, the row itself included, while there is room.
    pub(crate) fn reject(&mut self, share: Share, reject: Reject, raw: &dyn Fn() -> RawRow) {
        self.rows_rejected += 1;
        self.amount_rejected += self.read(share);
        self.list(reject, || Some(raw()));
    }

    /// Lists a reject while there is room.
    fn list(&mut self, reject: Reject, raw: impl FnOnce() -> Option<RawRow>) {
        if self.rejects.len() < REJECTS_LISTED {
            let raw = self.raw_kept.take(raw);
            self.rejects.push(Reject { raw, ..reject });
        } else {
            self.rejects_unlisted += 1;
        }
    }

    /// Adds the outcome of the rows that follow.
    pub(crate) fn join(&mut self, part: Self) {
        self.rows_read += part.rows_read;
        self.rows_delivered += part.rows_delivered;
        self.rows_rejected += part.rows_rejected;
        self.rows_superseded += part.rows_superseded;
        self.amount_read += part.amount_read;
        self.amount_delivered += part.amount_delivered;
        self.amount_rejected += part.amount_rejected;
        self.amount_superseded += part.amount_superseded;
        self.amount_unreadable += part.amount_unreadable;
        self.debit_read += part.debit_read;
        self.credit_read += part.credit_read;
        self.amount_unsided += part.amount_unsided;
        self.hash_read += part.hash_read;
        self.hash_unreadable += part.hash_unreadable;
        self.rejects_unlisted += part.rejects_unlisted;
        for mut reject in part.rejects {
            let raw = reject.raw.take();
            self.list(reject, || raw);
        }
    }

    /// Counts a row and adds its share; its amount, where that can be read.
    fn read(&mut self, share: Share) -> i128 {
        self.rows_read += 1;
        match share.hash {
            Some(digits) => self.hash_read += u128::from(digits),
            None => self.hash_unreadable += 1,
        }
        let Some(amount) = share.amount.map(i128::from) else {
            self.amount_unreadable += 1;
            return 0;
        };
        self.amount_read += amount;
        match share.sides {
            Some((debit, credit)) => {
                self.debit_read += debit;
                self.credit_read += credit;
            }
            None => self.amount_unsided += u64::from(amount != 0),
        }
        amount
    }
}
