//! Funds and wealth products.

use super::{Desk, account_key, activity, holder_key, records};
use crate::dice::{Dice, Stream};
use crate::economics::Product;
use crate::feeds::Feed;
use crate::numbers::{exp, fen};
use crate::people::{Person, System};
use crate::portfolio::Account;
use crate::rows::Book;
use crate::shown::Shown;

/// Codes of papers, by `Paper`.
const PAPERS: [&str; 7] = ["0", "1", "4", "A", "2", "5", "9"];

/// A person's rows.
pub(crate) fn write(desk: &Desk<'_>, person: &Person, book: &mut Book) {
    let records = records(desk, person, System::Funds);
    if records.is_empty() {
        return;
    }
    for (key, shown) in records {
        investor(person, &key, shown, book);
    }
    for account in desk.shown(System::Funds) {
        holding(desk, account, book);
        values(desk, account, book);
    }
}

fn investor(person: &Person, key: &str, mut shown: Shown, book: &mut Book) {
    let income = shown.keeps(0.3, fen(person.latent.income) / 1_000_000 * 1_000_000);
    let address = shown.keeps(0.6, ()).map(|()| shown.address.clone());
    book.row(Feed::FndInvestor)
        .text(key)
        .text(shown.any_name())
        .maybe(shown.paper_code(PAPERS))
        .maybe(shown.paper_no())
        .maybe_day(shown.birth)
        .text(if person.male { "m" } else { "f" })
        .maybe(shown.mobile.as_deref())
        .maybe(shown.email.as_deref())
        .maybe(address.as_deref())
        .maybe_money(income)
        .day(shown.since)
        .end();
}

fn holding(desk: &Desk<'_>, account: &Account, book: &mut Book) {
    let class = match account.product {
        Product::MoneyFund => "MM",
        Product::EquityFund => "EQ",
        _ => "WM",
    };
    book.row(Feed::FndHolding)
        .text(&account_key(account))
        .text(&holder_key(System::Funds, desk.index, account))
        .text(class)
        .day(account.opened)
        .maybe_day(account.matures)
        .maybe_day(desk.closed(account))
        .end();
}

/// Months of values before those of the other systems: two years in all, as performance is shown.
const EARLIER: i32 = 11;

/// Values at month end, and the trades of the months reported.
fn values(desk: &Desk<'_>, account: &Account, book: &mut Book) {
    let key = account_key(account);
    let swing = match account.product {
        Product::MoneyFund => 0.03,
        Product::EquityFund => 0.06,
        _ => 0.02,
    };
    let earliest = desk.night.months[0].month - EARLIER - 1 - desk.night.origin;
    let mut before = account.path(desk.latent, earliest).map(fen);
    let mut noise = 0.0;
    for (at, span) in desk.night.months_and(EARLIER).enumerate() {
        let t = span.month - desk.night.origin;
        if span.last < account.opened || desk.latent.leaves.is_some_and(|left| t > left) {
            continue;
        }
        let number = u64::from(span.month.unsigned_abs());
        let mut dice = Dice::new(desk.world.seed, Stream::Month, account.number, number);
        noise = 0.85 * noise + swing * dice.normal();
        let value = fen(account.path(desk.latent, t).unwrap_or(0.0) * exp(noise));
        let average = before.map_or(value / 2, |b: i64| b.midpoint(value));
        before = Some(value);
        if desk.night.reported().first().is_some_and(|first| span.month >= first.month) {
            trade(desk, account, &key, span.first + dice.between(0, 27), number, &mut dice, book);
        }
        if desk.night.closes(at, span) {
            book.row(Feed::FndValue).text(&key).day(span.last).money(value).money(average).end();
        }
    }
}

fn trade(
    desk: &Desk<'_>,
    account: &Account,
    key: &str,
    day: i32,
    month: u64,
    dice: &mut Dice,
    book: &mut Book,
) {
    let t = i32::try_from(month).unwrap_or(0) - desk.night.origin;
    let wish = 0.11 * activity(desk.latent) * desk.latent.presence(t);
    let trades = dice.chance(wish) && day >= account.opened && day <= desk.night.as_of;
    if !trades {
        return;
    }
    let sells = dice.chance(0.3);
    let each = account.flow.max(100.0) * 6.0 * dice.unit() + 100.0;
    let via = ["app", "branch", "manager"][dice.weighted(&[78, 15, 7])];
    let serial = u32::try_from(month % 1_200).unwrap_or(0);
    let row = book.row(Feed::FndTrade).joined(key, serial).text(key).day(day);
    row.text(if sells { "sell" } else { "buy" }).money(fen(each)).text(via).end();
}
