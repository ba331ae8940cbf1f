//! Loans.

use super::{Desk, account_key, holder_key, party_key, records};
use crate::days::{Day, Span};
use crate::dice::{Dice, Stream};
use crate::economics::Product;
use crate::feeds::Feed;
use crate::numbers::fen;
use crate::organisations::Organisation;
use crate::people::places::branch;
use crate::people::{Person, System};
use crate::portfolio::Account;
use crate::rows::Book;
use crate::shown::Shown;

/// Codes of papers, by `Paper`.
const PAPERS: [&str; 7] = ["ID18", "PASS", "HKM", "TWN", "MIL", "HUK", "USCC"];

/// A person's rows.
pub(crate) fn write_person(
    desk: &Desk<'_>,
    person: &Person,
    spouse: Option<&Person>,
    book: &mut Book,
) {
    let branch = branch(person.home.region, usize::try_from(person.head % 3).unwrap_or(0));
    for (key, shown) in records(desk, person, System::Loans) {
        borrower(person, &key, shown, &branch, book);
    }
    let partner = spouse
        .filter(|p| p.since[System::Loans as usize].is_some_and(|day| day <= desk.night.as_of));
    for account in
        desk.shown(System::Loans).filter(|a| a.product == Product::Mortgage || known(person))
    {
        let joint = partner.filter(|_| account.product == Product::Mortgage);
        let joint = joint.map(|p| party_key(System::Loans, p.index, false));
        write_loan(desk, account, joint.as_deref(), &branch, book);
    }
}

fn known(person: &Person) -> bool {
    person.since[System::Loans as usize].is_some()
}

fn borrower(person: &Person, key: &str, mut shown: Shown, branch: &str, book: &mut Book) {
    let income = shown.keeps(0.95, fen(person.latent.income) / 10_000 * 10_000);
    let short = shown.paper_no().is_some_and(|number| number.len() == 15);
    let paper = if short { Some("ID15") } else { shown.paper_code(PAPERS) };
    book.row(Feed::LnBorrower)
        .text(key)
        .text("P")
        .text(shown.any_name())
        .maybe(paper)
        .maybe(shown.paper_no())
        .maybe_day(shown.birth)
        .text(if person.male { "M" } else { "F" })
        .maybe(shown.mobile.as_deref())
        .text(&shown.address)
        .text(person.occupation.word())
        .maybe(person.employer.as_deref())
        .int(Some(person.service_years))
        .maybe_money(income)
        .text(person.role.code())
        .int(Some(person.family_size))
        .text(person.education.word())
        .text(person.marital.word())
        .day(shown.since)
        .text(branch)
        .none()
        .end();
}

/// An organisation's rows.
pub(crate) fn write_organisation(desk: &Desk<'_>, firm: &Organisation, book: &mut Book) {
    let branch = branch(firm.home.region, usize::try_from(firm.index % 3).unwrap_or(0));
    let mut row =
        book.row(Feed::LnBorrower).text(&party_key(System::Loans, firm.index, false)).text("C");
    row = row.text(&firm.name).text("USCC").text(&firm.code).none().none();
    row = row.text(&firm.mobile).text(&firm.home.text(2));
    for _ in 0..8 {
        row = row.none();
    }
    row.day(firm.since).text(&branch).text(firm.industry).end();
    for account in desk.shown(System::Loans) {
        write_loan(desk, account, None, &branch, book);
    }
}

fn write_loan(
    desk: &Desk<'_>,
    account: &Account,
    joint: Option<&str>,
    branch: &str,
    book: &mut Book,
) {
    let key = account_key(account);
    let settled = desk.closed(account);
    let kind = match account.product {
        Product::Mortgage => "HOUSING",
        Product::Business => "BUSINESS",
        _ => "CONSUMER",
    };
    book.row(Feed::LnLoan)
        .text(&key)
        .text(&holder_key(System::Loans, desk.index, account))
        .maybe(joint)
        .text(kind)
        .amount(fen(account.level))
        .rate(account.rate_ppm)
        .day(account.opened)
        .day(account.matures.unwrap_or(account.opened + 3_650))
        .maybe_day(settled)
        .text(if settled.is_some() { "SETTLED" } else { "ACTIVE" })
        .text(branch)
        .end();
    let over = |span: &Span| settled.is_some_and(|day| day < span.first);
    for span in desk.night.reported().iter().filter(|span| !over(span)) {
        let (before, after) = owed(desk, account, *span, settled);
        repayment(desk, account, &key, *span, before - after, book);
    }
    for span in desk.closings(account.opened, settled) {
        let (before, after) = owed(desk, account, *span, settled);
        let row = book.row(Feed::LnBalance).text(&key).day(span.last);
        row.amount(after).money(before.midpoint(after)).end();
    }
}

/// What is owed at the beginning and at the end of a month.
fn owed(desk: &Desk<'_>, account: &Account, span: Span, settled: Option<Day>) -> (i64, i64) {
    let t = span.month - desk.night.origin;
    let owed = |t: i32| account.path(desk.latent, t).map_or(0, fen);
    let before = if t > account.start() { owed(t - 1) } else { 0 };
    let after = if settled.is_some_and(|day| day <= span.last) { 0 } else { owed(t) };
    (before, after)
}

fn repayment(
    desk: &Desk<'_>,
    account: &Account,
    key: &str,
    span: Span,
    principal: i64,
    book: &mut Book,
) {
    let t = span.month - desk.night.origin;
    let serial = u32::try_from(span.month.rem_euclid(1_200)).unwrap_or(0);
    let due = if account.product == Product::Business {
        fen(account.level) * account.rate_ppm.unwrap_or(0) / 12_000_000 + principal.max(0)
    } else {
        fen(account.instalment()).max(principal)
    };
    let day = span.first + 19;
    if t > account.start() && day <= desk.night.as_of && due > 0 {
        let number = u64::from(span.month.unsigned_abs());
        let mut dice = Dice::new(desk.world.seed, Stream::Month, account.number, number);
        let via = ["DIRECT", "APP", "BRANCH"][dice.weighted(&[70, 24, 6])];
        let row = book.row(Feed::LnRepayment).joined(key, serial).text(key).day(day);
        row.amount(due).text(via).end();
    }
}
