//! What a party record shows of a person: the truth with the system's gaps and mistakes.

use crate::chunk::World;
use crate::days::{Day, day_of};
use crate::dice::{Dice, Stream};
use crate::people::documents::{Paper, mistyped, other_paper, placeholder, short_form};
use crate::people::names::traditional;
use crate::people::places::wide_digits;
use crate::people::{FamilyRole, Person, System};

/// A party record of a person as a system has it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// Name in Chinese characters, unless only the Latin one is known.
    pub(crate) name: Option<String>,
    /// Name in Latin letters.
    pub(crate) latin: String,
    /// Document.
    pub(crate) paper: Option<(Paper, String)>,
    /// Date of birth.
    pub(crate) birth: Option<Day>,
    /// Mobile number.
    pub(crate) mobile: Option<String>,
    /// E-mail address.
    pub(crate) email: Option<String>,
    /// Address.
    pub(crate) address: String,
    /// Client of the system since.
    pub(crate) since: Day,
    /// Draws for what only one system keeps.
    pub(crate) dice: Dice,
}

/// The parts of a record that depend on person, system and rates.
struct Eye<'a> {
    world: &'a World<'a>,
    person: &'a Person,
    at: usize,
    since: Day,
    dice: Dice,
}

/// The record of a person in a system: the first or the second one.
pub(crate) fn show(
    world: &World<'_>,
    person: &Person,
    system: System,
    since: Day,
    second: bool,
) -> Shown {
    let at = system as usize;
    let part = at as u64 * 2 + u64::from(second);
    let dice = Dice::new(world.seed, Stream::Record, person.index, part);
    let mut eye = Eye { world, person, at, since, dice };
    let latin = person.name.latin(eye.dice.chance(0.5));
    let name = eye.name();
    let paper = eye.paper();
    let birth = eye.birth();
    let mobile = eye.mobile();
    let email = eye.email();
    let address = eye.address();
    Shown { name, latin, paper, birth, mobile, email, address, since, dice: eye.dice }
}

impl Shown {
    /// The name, in whatever letters.
    pub(crate) fn any_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.latin)
    }

    /// The document number.
    pub(crate) fn paper_no(&self) -> Option<&str> {
        self.paper.as_ref().map(|(_, number)| number.as_str())
    }

    /// The document's type in the codes of a system, by [`Paper`].
    pub(crate) fn paper_code(&self, codes: [&'static str; 7]) -> Option<&'static str> {
        self.paper.as_ref().map(|(paper, _)| codes[*paper as usize])
    }

    /// A value that this record has with probability `p`.
    pub(crate) fn keeps<T>(&mut self, p: f64, value: T) -> Option<T> {
        self.dice.chance(p).then_some(value)
    }
}

impl Eye<'_> {
    fn name(&mut self) -> Option<String> {
        let (rates, name) = (self.world.rates, &self.person.name);
        if self.dice.chance(rates.name_latin[self.at]) {
            return None;
        }
        if self.dice.chance(rates.name_homophone) {
            return Some(name.homophone(&mut self.dice));
        }
        if self.dice.chance(rates.name_lost) {
            return Some(name.shortened(&mut self.dice));
        }
        let mut text = name.hanzi();
        if self.dice.chance(rates.name_space) {
            let surname = text.char_indices().nth(1).map_or(0, |(at, _)| at);
            text.insert(surname, ' ');
        }
        if self.dice.chance(rates.name_traditional) {
            text = traditional(&text);
        }
        Some(text)
    }

    fn paper(&mut self) -> Option<(Paper, String)> {
        let (rates, person) = (self.world.rates, self.person);
        let child = person.age < 18.0;
        let missing = rates.id_missing[self.at];
        if self.dice.chance(missing) {
            return None;
        }
        if self.dice.chance(rates.id_placeholder) {
            return Some((Paper::Citizen, placeholder(&mut self.dice).to_owned()));
        }
        if self.dice.chance(rates.id_other) {
            return Some(other_paper(&mut self.dice));
        }
        let guarded = if child { 0.15 } else { rates.id_guardian };
        let guardian = person.guardian_id.as_ref().filter(|_| self.dice.chance(guarded));
        let mut number = guardian.unwrap_or(&person.id).clone();
        if self.since < self.world.year_2004 && self.dice.chance(rates.id_short) {
            number = short_form(&number).unwrap_or(number);
        }
        if self.dice.chance(rates.id_typo[self.at]) {
            number = mistyped(&number, &mut self.dice);
        }
        Some((Paper::Citizen, number))
    }

    fn birth(&mut self) -> Option<Day> {
        let (rates, birth) = (self.world.rates, self.person.birth);
        if self.dice.chance(rates.birth_missing[self.at]) {
            return None;
        }
        if self.dice.chance(rates.birth_default) {
            return Some(day_of(1900, 1, 1));
        }
        if self.dice.chance(rates.birth_swapped) {
            return Some(crate::people::swapped(birth));
        }
        if self.dice.chance(rates.birth_shifted) {
            return Some(birth + self.dice.pick(&[-365, -31, -1, 1, 30, 366]));
        }
        Some(birth)
    }

    fn mobile(&mut self) -> Option<String> {
        let (rates, person) = (self.world.rates, self.person);
        if self.dice.chance(rates.mobile_missing[self.at]) {
            return None;
        }
        let dependent = matches!(person.role, FamilyRole::Child | FamilyRole::Spouse);
        let shared = dependent && self.dice.chance(rates.mobile_shared);
        let own = if self.dice.chance(rates.mobile_old[self.at]) {
            &person.mobile_before
        } else {
            &person.mobile
        };
        let mut number = person.mobile_of_head.as_ref().filter(|_| shared).unwrap_or(own).clone();
        if self.dice.chance(rates.mobile_typo) {
            number = mistyped(&number, &mut self.dice);
        }
        if self.dice.chance(rates.mobile_format) {
            number = dressed(&number, &mut self.dice);
        }
        Some(number)
    }

    fn email(&mut self) -> Option<String> {
        let missing = self.dice.chance(self.world.rates.email_missing[self.at]);
        (!missing).then(|| self.person.email.clone())
    }

    fn address(&mut self) -> String {
        let rates = self.world.rates;
        let old = self.dice.chance(rates.address_old[self.at]);
        let address = if old { &self.person.home_before } else { &self.person.home };
        let text = address.text(self.dice.index(5));
        if self.dice.chance(rates.address_wide) { wide_digits(&text) } else { text }
    }
}

/// A mobile number with prefix or separators.
fn dressed(number: &str, dice: &mut Dice) -> String {
    let parts = (number.get(..3), number.get(3..7), number.get(7..));
    let (Some(a), Some(b), Some(c)) = parts else { return number.to_owned() };
    match dice.index(5) {
        0 => format!("+86{number}"),
        1 => format!("0086{number}"),
        2 => format!("86-{number}"),
        3 => format!("{a} {b} {c}"),
        _ => format!("{a}-{b}-{c}"),
    }
}
