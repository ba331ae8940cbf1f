//! Cards.

use super::{Desk, account_key, activity, holder_key, records};
use crate::days::{Day, Span};
use crate::dice::{Dice, Stream};
use crate::economics::Product;
use crate::feeds::Feed;
use crate::numbers::{exp, fen};
use crate::people::places::branch;
use crate::people::{Person, System};
use crate::portfolio::Account;
use crate::rows::{Book, Row};
use crate::shown::Shown;

/// Codes of papers, by `Paper`.
const PAPERS: [&str; 7] = ["I", "P", "H", "T", "J", "B", "O"];

/// A person's rows.
pub(crate) fn write(desk: &Desk<'_>, person: &Person, book: &mut Book) {
    let records = records(desk, person, System::Cards);
    let branch = branch(person.home.region, usize::try_from(person.head % 3).unwrap_or(0));
    for (key, shown) in &records {
        let own = |a: &&Account| {
            a.product == Product::Credit && holder_key(System::Cards, desk.index, a) == *key
        };
        let cards: Vec<&Account> = desk.shown(System::Cards).filter(own).collect();
        for (nth, account) in cards.iter().enumerate() {
            let row = book
                .row(Feed::CrdCard)
                .text(&account_key(account))
                .int(i64::try_from(nth + 1).ok());
            let row = holder(row, person, key, shown.clone());
            plastic(desk, row, account, None, &branch);
            movements(desk, account, book);
        }
        if cards.is_empty() {
            supplementary(desk, person, key, shown.clone(), &branch, book);
        }
    }
    for account in desk.shown(System::Cards).filter(|a| a.product == Product::Debit) {
        let linked = account.runs_on.and_then(|at| desk.accounts.get(at)).map(account_key);
        let mut row = book.row(Feed::CrdCard).text(&account_key(account)).int(Some(1));
        for _ in 0..17 {
            row = row.none();
        }
        plastic(desk, row, account, linked.as_deref(), &branch);
        movements(desk, account, book);
    }
}

/// The holder's block of a credit card.
fn holder<'a>(row: Row<'a>, person: &Person, key: &str, mut shown: Shown) -> Row<'a> {
    let employer = shown.keeps(0.7, ()).and(person.employer.as_deref());
    let job = shown.keeps(0.85, person.occupation.letters());
    let years = shown.keeps(0.6, person.service_years);
    let income = shown.keeps(0.75, fen(person.latent.income) / 100_000 * 100_000);
    let education = shown.keeps(0.7, person.education.digit());
    let marital = shown.keeps(0.8, person.marital.letter());
    row.text(key)
        .maybe(shown.name.as_deref())
        .text(&shown.latin)
        .maybe(shown.paper_code(PAPERS))
        .maybe(shown.paper_no())
        .maybe_day(shown.birth)
        .text(if person.male { "M" } else { "F" })
        .maybe(shown.mobile.as_deref())
        .text(&shown.address)
        .maybe(job)
        .maybe(employer)
        .int(years)
        .maybe_money(income)
        .maybe(education)
        .maybe(marital)
        .day(shown.since)
        .text(if person.opted_out { "N" } else { "Y" })
}

/// The card's own block.
fn plastic(desk: &Desk<'_>, row: Row<'_>, account: &Account, linked: Option<&str>, branch: &str) {
    let closed = desk.closed(account);
    let credit = account.product == Product::Credit;
    let limit =
        (account.flow * 4.0 / 1_000.0).ceil() * 1_000.0 + (account.level / 500.0).ceil() * 1_000.0;
    row.text(if credit { "CC" } else { "DC" })
        .maybe(linked)
        .maybe_money(credit.then_some(fen(limit)))
        .rate(account.rate_ppm)
        .day(account.opened)
        .day(expiry(account.opened, desk.world.last))
        .maybe_day(closed)
        .text(if closed.is_some() { "C" } else { "A" })
        .text(branch)
        .end();
}

/// Cards are renewed every five years.
fn expiry(opened: Day, last: Day) -> Day {
    let rounds = (last - opened).div_euclid(1_826) + 1;
    opened + rounds * 1_826
}

/// A second record holds a card that was never used.
fn supplementary(
    desk: &Desk<'_>,
    person: &Person,
    key: &str,
    shown: Shown,
    branch: &str,
    book: &mut Book,
) {
    let opened = shown.since;
    let number = format!("62259{}", &key[..11]);
    let closed = desk.left();
    let row = book.row(Feed::CrdCard).text(&number).int(Some(1));
    holder(row, person, key, shown)
        .text("CC")
        .none()
        .money(100_000)
        .rate(Some(0))
        .day(opened)
        .day(expiry(opened, desk.world.last))
        .maybe_day(closed)
        .text(if closed.is_some() { "C" } else { "A" })
        .text(branch)
        .end();
    for span in desk.closings(opened, closed) {
        balance(&number, *span, 0, 0, book);
    }
}

fn balance(key: &str, span: Span, owed: i64, average: i64, book: &mut Book) {
    book.row(Feed::CrdBalance).text(key).day(span.last).money(owed).money(average).end();
}

/// A month of a card under way.
struct Statement<'a> {
    key: &'a str,
    span: Span,
    nth: u32,
    shown: bool,
    as_of: Day,
}

impl Statement<'_> {
    fn add(&mut self, book: &mut Book, day: Day, code: &str, fen: i64, channel: &str) {
        self.nth += 1;
        if !self.shown || day > self.as_of || fen <= 0 {
            return;
        }
        let serial = u32::try_from(self.span.month.rem_euclid(120)).unwrap_or(0) * 64 + self.nth;
        let row = book.row(Feed::CrdMovement).joined(self.key, serial).hashed(self.key);
        let is_debit = matches!(code, "PUR" | "INT");
        row.day(day).text(code).booked(fen, is_debit).text(channel).end();
    }
}

fn movements(desk: &Desk<'_>, account: &Account, book: &mut Book) {
    let key = account_key(account);
    let credit = account.product == Product::Credit;
    let mut owed = if credit { brought_forward(desk, account) } else { 0 };
    for (at, span) in desk.night.months.iter().enumerate() {
        let t = span.month - desk.night.origin;
        let presence = desk.latent.presence(t);
        if span.last < account.opened || (presence <= 0.0 && desk.latent.leaves != Some(t)) {
            continue;
        }
        let month = u64::from(span.month.unsigned_abs());
        let mut dice = Dice::new(desk.world.seed, Stream::Month, account.number, month);
        let shown = at >= desk.night.silent;
        let mut statement =
            Statement { key: &key, span: *span, nth: 0, shown, as_of: desk.night.as_of };
        let before = owed;
        let (repaid, interest) =
            if credit { repay(account, owed, presence, &mut dice) } else { (0, 0) };
        statement.add(book, span.first + 19, "REP", repaid, "APP");
        let spent = spend(desk, account, *span, t, &mut statement, &mut dice, book);
        statement.add(book, span.last, "INT", interest, "SYS");
        owed = if credit { owed - repaid + interest + spent } else { 0 };
        if desk.night.closes(at, *span) {
            balance(&key, *span, owed, before.midpoint(owed), book);
        }
    }
}

/// What is owed on a credit card before the first month: the balance carried, or else what was
/// spent in the month before, which is paid in full.
fn brought_forward(desk: &Desk<'_>, account: &Account) -> i64 {
    let first = desk.night.months[0];
    if account.opened >= first.first {
        return 0;
    }
    if account.rate_ppm == Some(0) {
        return fen(account.flow_at(desk.latent, first.month - 1 - desk.night.origin));
    }
    fen(account.level)
}

/// What is paid back and what interest is charged: those who pay in full pay what they owe.
fn repay(account: &Account, owed: i64, presence: f64, dice: &mut Dice) -> (i64, i64) {
    if account.rate_ppm == Some(0) || presence <= 0.0 {
        return (owed, 0);
    }
    let usual = owed.min(fen(account.flow) + owed / 20);
    let above = owed.saturating_sub(fen(account.level * 1.15)).max(0);
    let repaid = usual.max(above).min(owed);
    let late = if dice.chance(0.04) { repaid / 2 } else { repaid };
    (late, owed * 182_500 / 12_000_000)
}

fn spend(
    desk: &Desk<'_>,
    account: &Account,
    span: Span,
    t: i32,
    statement: &mut Statement<'_>,
    dice: &mut Dice,
    book: &mut Book,
) -> i64 {
    let usual = if account.product == Product::Credit { 0.85 } else { 0.45 };
    let mean = usual * activity(desk.latent) * desk.latent.presence(t);
    let n = dice.count(mean);
    let each = account.flow_at(desk.latent, t) / (usual * activity(desk.latent));
    let mut spent = 0;
    for _ in 0..n {
        let day = dice.between(span.first, span.last);
        let amount = fen(each * exp(0.8 * dice.normal() - 0.3)).max(100);
        let channel = if dice.chance(0.55) { "POS" } else { "APP" };
        if day >= account.opened {
            statement.add(book, day, "PUR", amount, channel);
            spent += amount;
        }
    }
    if n > 1 && dice.chance(0.02) {
        let amount = fen(each / 3.0).clamp(100, spent.max(100));
        statement.add(book, span.last, "RFD", amount, "WEB");
        spent -= amount;
    }
    spent.max(0)
}
