//! The seven systems: how each keeps its clients, accounts and movements.

mod cards;
mod care;
mod deposits;
mod ebank;
mod funds;
mod insurance;
mod ledger;
mod loans;
mod reference;

pub(crate) use reference::write_once;

use crate::chunk::World;
use crate::days::{Day, Night, Span};
use crate::economics::Product;
use crate::latent::Latent;
use crate::numbers::exp;
use crate::organisations::Organisation;
use crate::people::{Person, System};
use crate::portfolio::{Account, system_of};
use crate::rows::Book;
use crate::shown::{Shown, show};

/// All systems.
pub(crate) const SYSTEMS: [System; 7] = [
    System::Deposits,
    System::Cards,
    System::Loans,
    System::Funds,
    System::Insurance,
    System::Ebank,
    System::Care,
];

/// What the writers of a person's rows look at.
pub(crate) struct Desk<'a> {
    /// The bank.
    pub(crate) world: &'a World<'a>,
    /// The night.
    pub(crate) night: &'a Night,
    /// The number of the client.
    pub(crate) index: u64,
    /// The client's latent state.
    pub(crate) latent: &'a Latent,
    /// The client's accounts, those to come included.
    pub(crate) accounts: &'a [Account],
}

impl Desk<'_> {
    /// The accounts that a system shows tonight.
    fn shown(&self, system: System) -> impl Iterator<Item = &Account> {
        let as_of = self.night.as_of;
        self.accounts.iter().filter(move |a| system_of(a.product) == system && a.opened <= as_of)
    }

    /// The day the client left, once it has come.
    fn left(&self) -> Option<Day> {
        let month = self.night.origin + self.latent.leaves?;
        let day = Span::of(month).last;
        (day <= self.night.as_of).then_some(day)
    }

    /// The day an account was closed: the client left, or it ended.
    fn closed(&self, account: &Account) -> Option<Day> {
        let ended = account.matures.filter(|day| account.ends() && *day <= self.night.as_of);
        let left = self.left().map(|day| day.max(account.opened));
        [ended, left].into_iter().flatten().min()
    }

    /// The months at whose end there is a balance to give of what was there from one day to another.
    fn closings(&self, opened: Day, closed: Option<Day>) -> impl Iterator<Item = &Span> {
        let there =
            move |span: &&Span| span.last >= opened && closed.is_none_or(|day| day >= span.first);
        self.night.closings().filter(there)
    }
}

/// Contacts of a month that a client of this attachment usually has.
pub(crate) fn activity(latent: &Latent) -> f64 {
    1.5 * exp(0.55 * latent.attachment)
}

/// The keys of a system: numbers that say nothing about the order in which clients came.
fn scrambled(number: u64, salt: u64, digits: u32) -> u64 {
    let modulus = 10_u128.pow(digits);
    let product = u128::from(number) * 61_803_398_877 + u128::from(salt) * 2_718_281_829;
    u64::try_from(product % modulus).unwrap_or(0)
}

/// The party key of a client's first or second record in a system.
pub(crate) fn party_key(system: System, index: u64, second: bool) -> String {
    let number = scrambled(index * 2 + u64::from(second), system as u64 + 1, 10);
    let head = ["1", "2", "B", "F", "N", "u", "R"][system as usize];
    format!("{head}{number:010}")
}

/// The key of an account in its system.
pub(crate) fn account_key(account: &Account) -> String {
    let system = system_of(account.product);
    let number = scrambled(account.number, 11 + system as u64, 11);
    match account.product {
        Product::StandingOrder => format!("A{number:011}"),
        Product::Credit => format!("62258{number:011}"),
        Product::Debit => format!("62148{number:011}"),
        _ => {
            let head = ["6", "", "L", "H", "P", "", ""][system as usize];
            format!("{head}{number:011}")
        }
    }
}

/// The key of the party under which an account stands.
fn holder_key(system: System, index: u64, account: &Account) -> String {
    party_key(system, index, account.second)
}

/// Writes a person's rows in all systems.
pub(crate) fn write_person(
    world: &World<'_>,
    night: &Night,
    people: &[Person],
    person: &Person,
    accounts: &[Account],
    book: &mut Book,
) {
    let desk = Desk { world, night, index: person.index, latent: &person.latent, accounts };
    let spouse = person.spouse.map(|at| &people[at]);
    deposits::write_person(&desk, person, spouse, book);
    cards::write(&desk, person, book);
    loans::write_person(&desk, person, spouse, book);
    funds::write(&desk, person, book);
    insurance::write(&desk, person, book);
    ebank::write_person(&desk, person, book);
    care::write(&desk, person, book);
}

/// Writes an organisation's rows.
pub(crate) fn write_organisation(
    world: &World<'_>,
    night: &Night,
    firm: &Organisation,
    accounts: &[Account],
    book: &mut Book,
) {
    let desk = Desk { world, night, index: firm.index, latent: &firm.latent, accounts };
    let known: Vec<System> = known_to(firm, night).collect();
    if known.contains(&System::Deposits) {
        deposits::write_organisation(&desk, firm, book);
    }
    if known.contains(&System::Loans) {
        loans::write_organisation(&desk, firm, book);
    }
    if known.contains(&System::Ebank) {
        ebank::write_organisation(&desk, firm, book);
    }
}

/// The systems that know an organisation tonight.
pub(crate) fn known_to(firm: &Organisation, night: &Night) -> impl Iterator<Item = System> {
    let wanted =
        [(System::Deposits, true), (System::Loans, firm.borrows), (System::Ebank, firm.online)];
    let here = firm.since <= night.as_of;
    wanted.into_iter().filter(move |(_, known)| *known && here).map(|(system, _)| system)
}

/// The records of a person in a system tonight, with their keys.
fn records(desk: &Desk<'_>, person: &Person, system: System) -> Vec<(String, Shown)> {
    let at = system as usize;
    let Some(since) = person.since[at].filter(|day| *day <= desk.night.as_of) else {
        return Vec::new();
    };
    let record = |second| {
        (party_key(system, person.index, second), show(desk.world, person, system, since, second))
    };
    let mut records = vec![record(false)];
    if person.twice[at] {
        records.push(record(true));
    }
    records
}
