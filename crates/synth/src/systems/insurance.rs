//! Insurance agency.

use super::{Desk, account_key, holder_key, records};
use crate::days::ymd;
use crate::economics::Product;
use crate::feeds::Feed;
use crate::numbers::fen;
use crate::people::{Person, System};
use crate::portfolio::Account;
use crate::rows::Book;
use crate::shown::Shown;

/// Codes of papers, by `Paper`.
const PAPERS: [&str; 7] = ["sfz", "hz", "gatx", "tbz", "jgz", "hkb", "qt"];

/// A person's rows.
pub(crate) fn write(desk: &Desk<'_>, person: &Person, book: &mut Book) {
    let records = records(desk, person, System::Insurance);
    if records.is_empty() {
        return;
    }
    for (key, shown) in records {
        insured(person, &key, shown, book);
    }
    for account in desk.shown(System::Insurance) {
        policy(desk, account, book);
        premiums(desk, account, book);
        values(desk, account, book);
    }
}

fn insured(person: &Person, key: &str, mut shown: Shown, book: &mut Book) {
    let job = shown.keeps(0.5, person.occupation.word());
    let role = shown.keeps(0.7, person.role.code());
    let size = shown.keeps(0.7, person.family_size);
    book.row(Feed::InsPerson)
        .text(key)
        .text(shown.any_name())
        .maybe(shown.paper_code(PAPERS))
        .maybe(shown.paper_no())
        .maybe_day(shown.birth)
        .text(if person.male { "男" } else { "女" })
        .maybe(shown.mobile.as_deref())
        .text(&shown.address)
        .maybe(job)
        .maybe(role)
        .int(size)
        .day(shown.since)
        .end();
}

fn policy(desk: &Desk<'_>, account: &Account, book: &mut Book) {
    let plan = if account.product == Product::Annuity { "AN" } else { "TL" };
    book.row(Feed::InsPolicy)
        .text(&account_key(account))
        .text(&holder_key(System::Insurance, desk.index, account))
        .text(plan)
        .day(account.opened)
        .maybe_day(account.matures)
        .maybe_day(desk.closed(account))
        .money(fen(account.level * 20.0) / 100_000 * 100_000)
        .end();
}

/// Two in five pay monthly, the others once a year.
fn pays_monthly(account: &Account) -> bool {
    account.number % 5 < 2
}

fn premiums(desk: &Desk<'_>, account: &Account, book: &mut Book) {
    let key = account_key(account);
    let monthly = pays_monthly(account);
    let (_, month, day) = ymd(account.opened);
    let closed = desk.closed(account);
    for span in desk.night.reported() {
        let (year, this, _) = ymd(span.first);
        let on = crate::days::day_of(year, this, day);
        let due = on >= account.opened && (monthly || this == month);
        if !due || on > desk.night.as_of || closed.is_some_and(|end| on > end) {
            continue;
        }
        let parts = if monthly { 1.0 } else { 12.0 };
        let serial = u32::try_from(span.month.rem_euclid(1_200)).unwrap_or(0);
        let way = ["debit", "app", "counter"][usize::try_from(account.number / 7 % 3).unwrap_or(0)];
        let row = book.row(Feed::InsPremium).joined(&key, serial).text(&key).day(on);
        row.money(fen(account.flow * parts)).text(way).end();
    }
}

/// Cash values at month end.
fn values(desk: &Desk<'_>, account: &Account, book: &mut Book) {
    let key = account_key(account);
    let closed = desk.closed(account);
    for span in desk.closings(account.opened, closed) {
        let age = span.month - desk.night.origin - account.start();
        let over = closed.is_some_and(|day| day <= span.last);
        let before = cash_value(account, age - 1);
        let after = if over { 0 } else { cash_value(account, age) };
        let row = book.row(Feed::InsValue).text(&key).day(span.last);
        row.money(after).money(before.midpoint(after)).end();
    }
}

/// What the insurer would pay for a policy given up at the age of so many months, fen: a share of
/// the premiums paid, which grows with the years. A term policy keeps little of them.
fn cash_value(account: &Account, age: i32) -> i64 {
    if age < 0 {
        return 0;
    }
    let paid = if pays_monthly(account) { age + 1 } else { (age / 12 + 1) * 12 };
    let years = i64::from(age / 12);
    let percent = match account.product {
        Product::Annuity => (30 + 7 * years).min(100),
        _ => (3 * (years - 1)).clamp(0, 25),
    };
    fen(account.flow) * i64::from(paid) * percent / 100
}
