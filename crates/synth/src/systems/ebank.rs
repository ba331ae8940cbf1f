//! E-banking: users and their logins.

use super::{Desk, activity, party_key, records};
use crate::days::Day;
use crate::dice::{Dice, Stream};
use crate::economics::Product;
use crate::feeds::Feed;
use crate::organisations::Organisation;
use crate::people::{Person, System};
use crate::rows::Book;
use crate::shown::Shown;

/// Codes of papers, by `Paper`.
const PAPERS: [&str; 7] = ["idcard", "passport", "hkmacau", "taiwan", "officer", "hukou", "uscc"];

/// A person's rows.
pub(crate) fn write_person(desk: &Desk<'_>, person: &Person, book: &mut Book) {
    for (nth, (key, shown)) in records(desk, person, System::Ebank).into_iter().enumerate() {
        let since = shown.since;
        user(desk, person, &key, &shown, book);
        logins(desk, &key, since, if nth == 0 { 5.5 } else { 0.6 }, book);
    }
}

fn user(desk: &Desk<'_>, person: &Person, key: &str, shown: &Shown, book: &mut Book) {
    let left = desk.left();
    book.row(Feed::EbUser)
        .text(key)
        .text("personal")
        .text(shown.any_name())
        .maybe(shown.paper_code(PAPERS))
        .maybe(shown.paper_no())
        .maybe(shown.mobile.as_deref())
        .maybe(shown.email.as_deref())
        .day(shown.since)
        .maybe_day(left.map(|day| day.max(shown.since)))
        .text(if person.opted_out { "no" } else { "yes" })
        .text(if left.is_some() { "cancelled" } else { "active" })
        .end();
}

/// An organisation's rows.
pub(crate) fn write_organisation(desk: &Desk<'_>, firm: &Organisation, book: &mut Book) {
    let opened =
        desk.shown(System::Ebank).find(|a| a.product == Product::Ebanking).map(|a| a.opened);
    let since = opened.unwrap_or(firm.since);
    let left = desk.left();
    let key = party_key(System::Ebank, firm.index, false);
    book.row(Feed::EbUser)
        .text(&key)
        .text("corporate")
        .text(&firm.name)
        .text("uscc")
        .text(&firm.code)
        .text(&firm.mobile)
        .none()
        .day(since)
        .maybe_day(left.map(|day| day.max(since)))
        .none()
        .text(if left.is_some() { "cancelled" } else { "active" })
        .end();
    logins(desk, &key, since, 9.0, book);
}

/// Logins of each month by touchpoint; months without one give no row.
fn logins(desk: &Desk<'_>, key: &str, since: Day, usual: f64, book: &mut Book) {
    for span in desk.night.reported().iter().filter(|span| span.last >= since) {
        let t = span.month - desk.night.origin;
        let presence = desk.latent.presence(t + 1);
        let month = u64::from(span.month.unsigned_abs());
        let part = month << 1 | u64::from(usual < 1.0);
        let mut dice = Dice::new(desk.world.seed, Stream::Care, desk.index, part);
        for (touchpoint, share) in [("app", 1.0), ("web", 0.12)] {
            let n = dice.count(usual * activity(desk.latent) * share * presence / 1.5);
            let day = dice.between(span.first.max(since), span.last);
            if n > 0 && presence > 0.0 && day <= desk.night.as_of {
                let row = book.row(Feed::EbLogin).text(key).day(day).text(touchpoint);
                row.int(i64::try_from(n).ok()).end();
            }
        }
    }
}
