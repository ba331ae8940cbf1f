//! What is summed up row by row: amounts by side of the book, and the digits of a column.

use crate::fields::{Field, Fields, RowFault};
use crate::listed::Listed;
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
    Column { at: usize, debit: Listed, credit: Listed },
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

impl Side {
    fn of_sign(amount: i64) -> Self {
        if amount < 0 { Self::Debit } else { Self::Credit }
    }
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
        let trimmed = |texts: &[String]| Listed::of(texts.iter().map(|text| trim(text)));
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

    /// A row whose side is told must tell it; that side.
    pub(crate) fn check(
        &self,
        rules: &[Rule],
        fields: &Fields,
        row: &str,
    ) -> Result<Option<Side>, RowFault> {
        let Some(Sides::Column { at, .. }) = &self.direction else { return Ok(None) };
        match self.side(0, rules, fields, row) {
            None => Err(RowFault { column: Some(*at), reason: NEITHER.into() }),
            side => Ok(side),
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
        let side = |amount| self.side(amount, rules, fields, row);
        let sides = amount.and_then(|amount| self.sides(amount, side));
        Share { amount, sides, hash: self.digits(fields, row) }
    }

    /// What a row adds that holds, of that amount and of the side that it tells.
    pub(crate) fn share_of(
        &self,
        amount: i64,
        told: Option<Side>,
        fields: &Fields,
        row: &str,
    ) -> Share {
        let side = |amount| if told.is_some() { told } else { Some(Side::of_sign(amount)) };
        Share {
            amount: Some(amount),
            sides: self.sides(amount, side),
            hash: self.digits(fields, row),
        }
    }

    /// The hash total of rows whose digits sum up to `sum`.
    pub(crate) fn hash_total(&self, sum: u128) -> u128 {
        self.hash.as_ref().map_or(0, |hash| sum % u128::from(hash.modulo))
    }

    /// An amount as what is debit and what is credit of it.
    fn sides(&self, amount: i64, side: impl FnOnce(i64) -> Option<Side>) -> Option<(i128, i128)> {
        if self.direction.is_none() {
            return Some((0, 0));
        }
        let side = side(amount)?;
        let by_sign = matches!(self.direction, Some(Sides::Sign));
        let amount = if by_sign { i128::from(amount).abs() } else { i128::from(amount) };
        Some(if side == Side::Debit { (amount, 0) } else { (0, amount) })
    }

    fn side(&self, amount: i64, rules: &[Rule], fields: &Fields, row: &str) -> Option<Side> {
        match self.direction.as_ref()? {
            Sides::Sign => Some(Side::of_sign(amount)),
            Sides::Column { at, debit, credit } => {
                let text = rules[*at].read(fields.get(*at, row), true).ok().flatten()?;
                if debit.holds(text) {
                    return Some(Side::Debit);
                }
                credit.holds(text).then_some(Side::Credit)
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
        let digits = text.bytes().rev().filter(u8::is_ascii_digit).map(|byte| byte - b'0');
        let (mut value, mut place) = (0, 1_u64);
        for digit in digits {
            value += u64::from(digit) * place;
            place *= 10;
            if place == hash.modulo {
                break;
            }
        }
        Some(value)
    }
}
