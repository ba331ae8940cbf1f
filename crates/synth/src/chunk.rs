//! A chunk of clients: the unit that one thread makes on its own.

use crate::days::{Day, Night, day_of};
use crate::dice::{Dice, Stream};
use crate::organisations::Organisation;
use crate::params::{Params, Rates};
use crate::people::{Person, households};
use crate::portfolio::{of_organisation, of_person};
use crate::rows::Book;
use crate::{systems, truth};

/// Clients in a chunk. Households and groups do not cross its edge.
pub(crate) const CHUNK: u64 = 2_048;

/// What holds for the whole bank.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World<'a> {
    /// Seed of every draw.
    pub(crate) seed: u64,
    /// Clients in all.
    pub(crate) clients: u64,
    /// Business date of the last night: ages and latent paths count from here.
    pub(crate) last: Day,
    /// Its month.
    pub(crate) origin: i32,
    /// 1 January 2004: papers of before may have the 15-digit number.
    pub(crate) year_2004: Day,
    /// How often what goes wrong.
    pub(crate) rates: &'a Rates,
}

impl<'a> World<'a> {
    /// The world of some parameters.
    pub(crate) fn new(params: &'a Params) -> Self {
        Self {
            seed: params.seed,
            clients: params.clients,
            last: params.as_of.epoch_days(),
            origin: params.as_of.month().0,
            year_2004: day_of(2004, 1, 1),
            rates: &params.rates,
        }
    }

    /// How many chunks the clients make.
    pub(crate) fn chunks(&self) -> u64 {
        self.clients.div_ceil(CHUNK)
    }
}

/// What a chunk gives in a night.
#[derive(Debug)]
pub(crate) struct Yield {
    /// Rows of every file.
    pub(crate) book: Book,
    /// Persons.
    pub(crate) persons: u64,
    /// Organisations.
    pub(crate) organisations: u64,
}

/// Makes the chunk's rows for a night; with its truth on the last night.
pub(crate) fn make(world: &World<'_>, night: &Night, chunk: u64) -> Yield {
    let (people, firms) = clients(world, chunk);
    let mut book = Book::new();
    for person in &people {
        let accounts = of_person(world, person);
        systems::write_person(world, night, &people, person, &accounts, &mut book);
        if night.as_of == world.last {
            truth::write_person(night, person, &accounts, &mut book);
        }
    }
    for firm in &firms {
        let accounts = of_organisation(world, firm);
        systems::write_organisation(world, night, firm, &accounts, &mut book);
        if night.as_of == world.last {
            truth::write_organisation(night, firm, &accounts, &mut book);
        }
    }
    Yield { book, persons: people.len() as u64, organisations: firms.len() as u64 }
}

/// The clients of a chunk.
pub(crate) fn clients(world: &World<'_>, chunk: u64) -> (Vec<Person>, Vec<Organisation>) {
    let numbers = chunk * CHUNK..((chunk + 1) * CHUNK).min(world.clients);
    let is_firm = |index: &u64| {
        Dice::new(world.seed, Stream::Kind, *index, 0).chance(world.rates.organisation)
    };
    let (firms, slots): (Vec<u64>, Vec<u64>) = numbers.partition(is_firm);
    let (heads, rest) = firms.split_at(firms.len() / 8);
    let led = rest.iter().map(|index| Organisation::draw(world, *index, heads));
    let firms =
        heads.iter().map(|index| Organisation::draw(world, *index, &[])).chain(led).collect();
    (households(world, chunk, &slots), firms)
}
