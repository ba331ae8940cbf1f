//! Core deposits.

use super::ledger::{Agreement, Habit, person_habit};
use super::{Desk, account_key, activity, holder_key, ledger, party_key, records};
use crate::economics::Product;
use crate::feeds::Feed;
use crate::numbers::fen;
use crate::organisations::Organisation;
use crate::people::documents::Paper;
use crate::people::places::branch;
use crate::people::{Person, System};
use crate::portfolio::Account;
use crate::rows::Book;
use crate::shown::Shown;

/// Codes of papers, by [`Paper`].
const PAPERS: [&str; 7] = ["01", "02", "03", "04", "05", "06", "21"];

/// A person's rows.
pub(crate) fn write_person(
    desk: &Desk<'_>,
    person: &Person,
    spouse: Option<&Person>,
    book: &mut Book,
) {
    for (key, shown) in records(desk, person, System::Deposits) {
        customer(desk, person, &key, shown, book);
    }
    let branch = home_branch(person);
    let partner = spouse.filter(|p| p.since[0].is_some_and(|day| day <= desk.night.as_of));
    let agreements = agreements(desk, &branch, book);
    let own = desk.shown(System::Deposits).filter(|a| a.product != Product::StandingOrder);
    for (nth, account) in own.enumerate() {
        let joint =
            partner.filter(|_| account.number % 17 == 3 || (account.number % 5 == 2 && nth == 0));
        let joint = joint.map(|p| party_key(System::Deposits, p.index, false));
        write_account(desk, account, joint.as_deref(), &branch, book);
        if account.product == Product::Demand {
            let running: &[Agreement] = if nth == 0 { &agreements } else { &[] };
            ledger::write(desk, account, running, person_habit(desk, nth == 0), book);
        } else {
            term_balances(desk, account, book);
        }
    }
}

fn home_branch(person: &Person) -> String {
    branch(person.home.region, usize::try_from(person.head % 3).unwrap_or(0))
}

fn customer(desk: &Desk<'_>, person: &Person, key: &str, mut shown: Shown, book: &mut Book) {
    let rich = person.latent.money(0) > 400_000.0;
    let branch = home_branch(person);
    let manager = rich.then(|| format!("M{branch}{:02}", person.index % 12));
    let job = shown.keeps(0.82, person.occupation.number());
    let employer = shown.keeps(0.45, ()).and(person.employer.as_deref());
    let years = shown.keeps(0.4, person.service_years);
    let income = shown.keeps(0.35, fen(person.latent.income) / 100_000 * 100_000);
    let education = shown.keeps(0.6, person.education.digit());
    let marital = shown.keeps(0.65, person.marital.digit());
    let sex = shown.keeps(0.97, if person.male { "1" } else { "2" });
    book.row(Feed::DepCustomer)
        .text(key)
        .text("1")
        .text(shown.any_name())
        .maybe(shown.paper_code(PAPERS))
        .maybe(shown.paper_no())
        .maybe_day(shown.birth)
        .maybe(sex)
        .maybe(shown.mobile.as_deref())
        .maybe(shown.email.as_deref())
        .text(&shown.address)
        .maybe(job)
        .maybe(employer)
        .int(years)
        .maybe_money(income)
        .maybe(education)
        .maybe(marital)
        .day(shown.since)
        .text(&branch)
        .maybe(manager.as_deref())
        .none()
        .none()
        .text(if person.opted_out { "N" } else { "Y" })
        .text(if desk.left().is_some() { "C" } else { "A" })
        .end();
}

/// The agreements of the first account, written and handed to its ledger.
fn agreements(desk: &Desk<'_>, branch: &str, book: &mut Book) -> Vec<Agreement> {
    let mut all = Vec::new();
    for account in desk.shown(System::Deposits).filter(|a| a.product == Product::StandingOrder) {
        let Some(base) = account.runs_on.and_then(|at| desk.accounts.get(at)) else { continue };
        let key = account_key(account);
        let kind = if account.flow > 0.0 { "SAL" } else { "BIL" };
        book.row(Feed::DepAgreement)
            .text(&key)
            .text(&account_key(base))
            .text(kind)
            .day(account.opened)
            .maybe_day(desk.closed(account))
            .text(branch)
            .end();
        let day = [5, 10, 15, 25][usize::try_from(account.number % 4).unwrap_or(0)];
        all.push(Agreement { key, amount: fen(account.flow), day, since: account.opened });
    }
    all
}

fn write_account(
    desk: &Desk<'_>,
    account: &Account,
    joint: Option<&str>,
    branch: &str,
    book: &mut Book,
) {
    let code = match account.product {
        Product::Term1y => "T12",
        Product::Term3y => "T36",
        Product::CorpCurrent => "C01",
        _ => "D01",
    };
    let closed = desk.closed(account);
    book.row(Feed::DepAccount)
        .text(&account_key(account))
        .text(&holder_key(System::Deposits, desk.index, account))
        .maybe(joint)
        .text(code)
        .text("CNY")
        .day(account.opened)
        .day(account.matures.unwrap_or(crate::days::day_of(9999, 12, 31)))
        .maybe_day(closed)
        .rate(account.rate_ppm)
        .text(branch)
        .text(if closed.is_some() { "1" } else { "0" })
        .end();
}

fn term_balances(desk: &Desk<'_>, account: &Account, book: &mut Book) {
    let key = account_key(account);
    let closed = desk.closed(account);
    let level = fen(account.level);
    for span in desk.closings(account.opened, closed) {
        let here = (span.last + 1 - span.first.max(account.opened)).min(span.days());
        let here = closed
            .filter(|day| *day <= span.last)
            .map_or(here, |day| day - span.first.max(account.opened));
        let average = level * i64::from(here.max(0)) / i64::from(span.days());
        let balance = if closed.is_some_and(|day| day <= span.last) { 0 } else { level };
        book.row(Feed::DepBalance).text(&key).day(span.last).money(balance).money(average).end();
    }
}

/// An organisation's rows.
pub(crate) fn write_organisation(desk: &Desk<'_>, firm: &Organisation, book: &mut Book) {
    let branch = branch(firm.home.region, usize::try_from(firm.index % 3).unwrap_or(0));
    let parent = firm.parent.map(|head| party_key(System::Deposits, head, false));
    let manager = format!("M{branch}{:02}", firm.index % 6);
    book.row(Feed::DepCustomer)
        .text(&party_key(System::Deposits, firm.index, false))
        .text("2")
        .text(&firm.name)
        .text(PAPERS[Paper::Organisation as usize])
        .text(&firm.code)
        .none()
        .none()
        .text(&firm.mobile)
        .none()
        .text(&firm.home.text(0))
        .none()
        .none()
        .none()
        .none()
        .none()
        .none()
        .day(firm.since)
        .text(&branch)
        .text(&manager)
        .text(firm.industry)
        .maybe(parent.as_deref())
        .text("Y")
        .text(if desk.left().is_some() { "C" } else { "A" })
        .end();
    let movements = 6.0 * activity(desk.latent).min(3.0);
    let habit = Habit { movements, amount: firm.latent.income / 12.0 / movements, quiet: 0.01 };
    for account in desk.shown(System::Deposits) {
        write_account(desk, account, None, &branch, book);
        ledger::write(desk, account, &[], habit, book);
    }
}
