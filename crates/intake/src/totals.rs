//! What is summed up row by row: amounts by side of the book, and the digits of a column.

use crate::fields::{Field, Fields, RowFault};
use crate::typed::{Rule, trim};
use model::{Direction, DirectionColumn, FeedContract};

const NEITHER: &str = "neither debit nor credit (expected a text of the contract's `direction`)";

/// The totals of a feed beyond that of its amounts.
#[derive(Default)]
pub(crate) struct Totals {
    direction: Option<Sides>,
    hash: Option<Hash>,
}

/// How the side of an amount is told.
enum Sides {
    Sign,
    Column { at: usize, debit: Vec<String>, credit: Vec<String> },
}

/// The column whose digits are summed up.
struct Hash {
    at: usize,
    modulo: u64,
}

/// A side of the book.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// What lessens an account.
    Debit,
    /// What adds to it.
    Credit,
}

/// What a row adds to the totals; none where it cannot be read.
#[derive(Clone, Copy, Default)]
pub(crate) struct Share {
    /// Its amount, 0 without one.
    pub(crate) amount: Option<i64>,
    /// What of it is debit, and what credit.
    pub(crate) sides: Option<(i128, i128)>,
    /// The digits of its hash column as a number.
    pub(crate) hash: Option<u64>,
}

impl Totals {
    /// The totals that a contract declares; its columns are `rules`.
    pub(crate) fn of(feed: &FeedContract, rules: &[Rule]) -> Result<Self, String> {
        let place = |name: &str| {
            let at = rules.iter().position(|rule| rule.name == name);
            at.ok_or_else(|| format!("column `{name}` not found"))
        };
        let trimmed = |texts: &[String]| texts.iter().map(|text| trim(text).to_owned()).collect();
        let direction = match &feed.direction {
            Some(Direction::Column(DirectionColumn { column, debit, credit })) => {
                let (debit, credit) = (trimmed(debit), trimmed(credit));
                Some(Sides::Column { at: place(column)?, debit, credit })
            }
            Some(Direction::Sign) => Some(Sides::Sign),
            None => None,
        };
        let hash = match &feed.hash {
            Some(hash) => {
                let modulo = 10_u64.checked_pow(hash.modulo_digits);
                let modulo = modulo.ok_or("`hash`: too many `modulo_digits`")?;
                Some(Hash { at: place(&hash.column)?, modulo })
            }
            None => None,
        };
        Ok(Self { direction, hash })
    }

    /// A row whose side is told must tell it.
    pub(crate) fn check(&self, rules: &[Rule], fields: &Fields, row: &str) -> Result<(), RowFault> {
        let Some(Sides::Column { at, .. }) = &self.direction else { return Ok(()) };
        match self.side(0, rules, fields, row) {
            Some(_) => Ok(()),
            None => Err(RowFault { column: Some(*at), reason: NEITHER.into() }),
        }
    }

    /// What a row adds whose fields cannot be told apart.
    pub(crate) fn unreadable(&self, amount: Option<i64>) -> Share {
        let hash = self.hash.is_none().then_some(0);
        Share { amount, sides: Some((0, 0)), hash }
    }

    /// What a row of that amount adds.
    pub(crate) fn share(
        &self,
        amount: Option<i64>,
        rules: &[Rule],
        fields: &Fields,
        row: &str,
    ) -> Share {
        let sides = amount.and_then(|amount| self.sides(amount, rules, fields, row));
        Share { amount, sides, hash: self.digits(fields, row) }
    }

    /// The hash total of rows whose digits sum up to `sum`.
    pub(crate) fn hash_total(&self, sum: u128) -> u128 {
        self.hash.as_ref().map_or(0, |hash| sum % u128::from(hash.modulo))
    }

    /// An amount as what is debit and what is credit of it.
    fn sides(
        &self,
        amount: i64,
        rules: &[Rule],
        fields: &Fields,
        row: &str,
    ) -> Option<(i128, i128)> {
        if self.direction.is_none() {
            return Some((0, 0));
        }
        let side = self.side(amount, rules, fields, row)?;
        let by_sign = matches!(self.direction, Some(Sides::Sign));
        let amount = if by_sign { i128::from(amount).abs() } else { i128::from(amount) };
        Some(if side == Side::Debit { (amount, 0) } else { (0, amount) })
    }

    fn side(&self, amount: i64, rules: &[Rule], fields: &Fields, row: &str) -> Option<Side> {
        match self.direction.as_ref()? {
            Sides::Sign if amount < 0 => Some(Side::Debit),
            Sides::Sign => Some(Side::Credit),
            Sides::Column { at, debit, credit } => {
                let text = rules[*at].read(fields.get(*at, row), true).ok().flatten()?;
                let among = |texts: &[String]| texts.iter().any(|listed| listed == text);
                if among(debit) { Some(Side::Debit) } else { among(credit).then_some(Side::Credit) }
            }
        }
    }

    /// The digits of the hash column as they are written, its last ones where there are many.
    fn digits(&self, fields: &Fields, row: &str) -> Option<u64> {
        let Some(hash) = &self.hash else { return Some(0) };
        let text = match fields.get(hash.at, row) {
            Field::Text { text, .. } => text,
            Field::Absent => return Some(0),
            Field::Broken(_) => return None,
        };
        let digits = text.bytes().filter(u8::is_ascii_digit).map(|byte| u128::from(byte - b'0'));
        let modulo = u128::from(hash.modulo);
        let value = digits.fold(0, |value, digit| (value * 10 + digit) % modulo);
        u64::try_from(value).ok()
    }
}
