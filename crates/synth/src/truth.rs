//! The truth beside the extracts: who is who, who lives together, what the future brings.

use crate::days::Night;
use crate::economics::true_future;
use crate::feeds::Feed;
use crate::latent::Latent;
use crate::organisations::Organisation;
use crate::people::{Person, System};
use crate::portfolio::Account;
use crate::rows::Book;
use crate::systems::{SYSTEMS, activity, party_key};

/// A person's lines.
pub(crate) fn write_person(night: &Night, person: &Person, accounts: &[Account], book: &mut Book) {
    let label = person.label();
    for system in SYSTEMS {
        let Some(since) = person.since[system as usize].filter(|day| *day <= night.as_of) else {
            continue;
        };
        let records = 1 + u64::from(person.twice[system as usize] && since <= night.as_of);
        for second in 0..records {
            identity(book, system, person.index, second == 1, &label);
        }
    }
    future(book, &label, "person", &person.latent, accounts);
    let household = format!("H{:08}", person.head);
    book.row(Feed::TruthHousehold).text(&household).text(&label).text(person.role.code()).end();
}

/// An organisation's lines.
pub(crate) fn write_organisation(
    night: &Night,
    firm: &Organisation,
    accounts: &[Account],
    book: &mut Book,
) {
    let label = firm.label();
    for system in crate::systems::known_to(firm, night) {
        identity(book, system, firm.index, false, &label);
    }
    future(book, &label, "organisation", &firm.latent, accounts);
}

fn identity(book: &mut Book, system: System, index: u64, second: bool, label: &str) {
    let key = party_key(system, index, second);
    book.row(Feed::TruthIdentity).text(system.name()).text(&key).text(label).end();
}

/// `leaves_within_months` is 0 for who has left by the last night, and empty for who stays beyond
/// the horizon.
fn future(book: &mut Book, label: &str, kind: &str, latent: &Latent, accounts: &[Account]) {
    let margin = true_future(latent, accounts, activity(latent));
    let months = latent.leaves.map(|month| i64::from(month.max(0)));
    book.row(Feed::TruthFuture).text(label).text(kind).int(months).int(Some(margin)).end();
}
