//! An account that moves: month by month towards its path, with movements that add up to the
//! balance, and an average that is the average of the days.

use super::{Desk, account_key, activity};
use crate::days::{Day, Span};
use crate::dice::{Dice, Stream};
use crate::feeds::Feed;
use crate::numbers::{exp, fen};
use crate::portfolio::Account;
use crate::rows::Book;

/// One movement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    day: Day,
    code: &'static str,
    channel: &'static str,
    /// Positive in, negative out, fen.
    amount: i64,
    /// Which agreement of the account it belongs to.
    agreement: Option<usize>,
}

/// A salary agreement or standing order as the ledger needs it.
#[derive(Clone, Debug)]
pub(crate) struct Agreement {
    /// Key.
    pub(crate) key: String,
    /// Amount of a month, fen: positive in, negative out.
    pub(crate) amount: i64,
    /// Day of the month.
    pub(crate) day: i32,
    /// Since.
    pub(crate) since: Day,
}

/// How somebody uses an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habit {
    /// Movements of a month, agreements apart.
    pub(crate) movements: f64,
    /// A usual amount, yuan.
    pub(crate) amount: f64,
    /// Chance of a month without any movement.
    pub(crate) quiet: f64,
}

/// What the extract shows of a month.
#[derive(Clone, Copy, Debug)]
struct Shows {
    movements: bool,
    closing: bool,
}

/// The account under way.
struct Ledger<'a> {
    desk: &'a Desk<'a>,
    account: &'a Account,
    key: String,
    agreements: &'a [Agreement],
    habit: Habit,
    running: i64,
    noise: f64,
}

/// Writes the balances and movements of a current account.
pub(crate) fn write(
    desk: &Desk<'_>,
    account: &Account,
    agreements: &[Agreement],
    habit: Habit,
    book: &mut Book,
) {
    let key = account_key(account);
    let mut ledger = Ledger { desk, account, key, agreements, habit, running: 0, noise: 0.0 };
    let first = desk.night.months[0];
    if account.opened < first.first {
        ledger.running = ledger.target(first.month - 1);
    }
    for (at, span) in desk.night.months.iter().enumerate() {
        let gone = desk.latent.leaves.is_some_and(|left| span.month - desk.night.origin > left);
        if span.last >= account.opened && !gone {
            let shown =
                Shows { movements: at >= desk.night.silent, closing: desk.night.closes(at, *span) };
            ledger.month(*span, shown, book);
        }
    }
}

impl Ledger<'_> {
    fn target(&self, month: i32) -> i64 {
        let path =
            self.account.path(self.desk.latent, month - self.desk.night.origin).unwrap_or(0.0);
        fen(path * exp(self.noise))
    }

    fn month(&mut self, span: Span, shown: Shows, book: &mut Book) {
        let number = u64::from(span.month.unsigned_abs());
        let mut dice = Dice::new(self.desk.world.seed, Stream::Month, self.account.number, number);
        self.noise = 0.7 * self.noise + 0.14 * dice.normal();
        let t = span.month - self.desk.night.origin;
        let leaving = self.desk.latent.leaves == Some(t);
        let quiet = dice.chance(self.habit.quiet) && !leaving;
        let mut moves = if quiet { Vec::new() } else { self.moves(span, t, &mut dice) };
        moves.retain(|m| m.day >= self.account.opened);
        moves.sort_by_key(|m| m.day);
        let balanced = self.settle(span, moves, quiet, leaving, dice.between(0, 5));
        let as_of = self.desk.night.as_of;
        let mut weighted = 0_i128;
        let mut since = span.first;
        for (nth, movement) in balanced.iter().enumerate() {
            weighted += i128::from(self.running) * i128::from(movement.day - since);
            since = movement.day;
            self.running += movement.amount;
            if shown.movements && movement.day <= as_of {
                self.write_move(span, nth, movement, book);
            }
        }
        weighted += i128::from(self.running) * i128::from(span.last + 1 - since);
        if shown.closing {
            let average = i64::try_from(weighted / i128::from(span.days())).unwrap_or(0);
            let row = book.row(Feed::DepBalance).text(&self.key).day(span.last);
            row.money(self.running).money(average).end();
        }
    }

    /// What the client does in a month.
    fn moves(&self, span: Span, t: i32, dice: &mut Dice) -> Vec<Move> {
        let presence = self.desk.latent.presence(t + 1).max(0.1);
        let mut moves = Vec::new();
        for (at, agreement) in self.agreements.iter().enumerate() {
            let day = (span.first + agreement.day - 1).min(span.last - 1);
            if day >= agreement.since {
                let amount = scaled(agreement.amount, 0.97 + 0.06 * dice.unit());
                let (code, channel) = if amount > 0 { ("SAL", "SY") } else { ("BIL", "SY") };
                moves.push(Move { day, code, channel, amount, agreement: Some(at) });
            }
        }
        for _ in 0..dice.count(self.habit.movements * presence) {
            moves.push(self.movement(span, dice));
        }
        moves
    }

    fn movement(&self, span: Span, dice: &mut Dice) -> Move {
        const KINDS: [(&str, &str, i64, u32); 7] = [
            ("COU", "AT", -1, 20),
            ("CIN", "BR", 1, 7),
            ("TOU", "AP", -1, 28),
            ("TIN", "AP", 1, 24),
            ("TOU", "WB", -1, 6),
            ("TIN", "WB", 1, 6),
            ("BIL", "AP", -1, 9),
        ];
        let (code, channel, sign, _) = KINDS[dice.weighted(&KINDS.map(|kind| kind.3))];
        let amount = fen(self.habit.amount * exp(0.9 * dice.normal())).max(100);
        let step = if code == "COU" { 10_000 } else { 1 };
        let amount = (amount / step).max(1) * step * sign;
        Move {
            day: dice.between(span.first, span.last - 2),
            code,
            channel,
            amount,
            agreement: None,
        }
    }

    /// Keeps the account above zero, then brings it to the month's target: what is left over or
    /// missing is moved to or from the client's other bank; interest comes last.
    fn settle(
        &self,
        span: Span,
        moves: Vec<Move>,
        quiet: bool,
        leaving: bool,
        back: i32,
    ) -> Vec<Move> {
        let mut running = self.running;
        let mut balanced = Vec::with_capacity(moves.len() + 2);
        for mut movement in moves {
            if running + movement.amount < 0 {
                movement.amount = -(running / 2);
            }
            if movement.amount != 0 && balanced.len() < 60 {
                running += movement.amount;
                balanced.push(movement);
            }
        }
        let target = if leaving { 0 } else { self.target(span.month) };
        let gap = target - running;
        let day = (span.last - 1 - if leaving { 0 } else { back.min(2) }).max(self.account.opened);
        let late = balanced.last().map_or(day, |m| m.day.max(day));
        if gap.abs() > 99.max(target / 40) && !quiet {
            let (code, channel) = if gap > 0 { ("TIN", "AP") } else { ("TOU", "AP") };
            balanced.push(Move { day: late, code, channel, amount: gap, agreement: None });
            running = target;
        }
        let interest = running * i64::from(span.days()) / 730_000;
        if interest > 0 && !leaving {
            let day = span.last;
            balanced.push(Move {
                day,
                code: "INT",
                channel: "SY",
                amount: interest,
                agreement: None,
            });
        }
        balanced
    }

    fn write_move(&self, span: Span, nth: usize, movement: &Move, book: &mut Book) {
        let serial = u32::try_from(span.month.rem_euclid(120)).unwrap_or(0) * 64
            + u32::try_from(nth).unwrap_or(0);
        let agreement = movement.agreement.and_then(|at| self.agreements.get(at));
        let sign = if movement.amount < 0 { "D" } else { "C" };
        book.row(Feed::DepEvent)
            .joined(&self.key, serial)
            .text(&self.key)
            .maybe(agreement.map(|a| a.key.as_str()))
            .day(movement.day)
            .text(sign)
            .money(movement.amount.abs())
            .money(self.running)
            .text(movement.channel)
            .text(movement.code)
            .end();
    }
}

/// How a person of this attachment uses a current account; money is put aside on a second one.
pub(crate) fn person_habit(desk: &Desk<'_>, main: bool) -> Habit {
    let attachment = desk.latent.attachment;
    let (share, usual) = if main { (0.4, 0.24) } else { (0.1, 0.6) };
    Habit {
        movements: share * activity(desk.latent),
        amount: (desk.latent.income / 12.0 * 0.09).clamp(40.0, 9_000.0),
        quiet: (usual - 0.13 * attachment).clamp(0.02, 0.9),
    }
}

fn scaled(fen: i64, factor: f64) -> i64 {
    crate::numbers::fen(fen as f64 / 100.0 * factor)
}
