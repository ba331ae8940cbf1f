//! A person's name as it is, and as systems spoil it.

use super::name_tables::{GIVEN_F, GIVEN_M, HOMOPHONES, SURNAMES, TRADITIONAL};
use crate::dice::Dice;

/// A name: surname and one or two given characters.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// Which of [`SURNAMES`].
    pub(crate) surname: usize,
    /// Given characters with their reading.
    given: Vec<(char, &'static str)>,
}

/// A surname by its share of the population.
pub(crate) fn surname(dice: &mut Dice) -> usize {
    let total: u32 = SURNAMES.iter().map(|(_, _, share)| share).sum();
    let mut rest = dice.below(u64::from(total));
    for (at, (_, _, share)) in SURNAMES.iter().enumerate() {
        if rest < u64::from(*share) {
            return at;
        }
        rest -= u64::from(*share);
    }
    0
}

impl Name {
    /// A given name beside a surname; one in five has a single character.
    pub(crate) fn draw(surname: usize, male: bool, dice: &mut Dice) -> Self {
        let table = if male { GIVEN_M } else { GIVEN_F };
        let n = if dice.chance(0.2) { 1 } else { 2 };
        Self { surname, given: (0..n).map(|_| *dice.pick(table)).collect() }
    }

    /// A twin's name: it shares the first given character.
    pub(crate) fn twin(&self, male: bool, dice: &mut Dice) -> Self {
        let table = if male { GIVEN_M } else { GIVEN_F };
        let own = *dice.pick(table);
        let mut given = vec![self.given.first().copied().unwrap_or(own), own];
        if given[0] == given[1] {
            given.truncate(1);
        }
        Self { surname: self.surname, given }
    }

    /// In Chinese characters.
    pub(crate) fn hanzi(&self) -> String {
        let given: String = self.given.iter().map(|(c, _)| c).collect();
        format!("{}{given}", SURNAMES[self.surname].0)
    }

    /// In pinyin capitals; as embossed on a card without a blank in the given name, or all in one.
    pub(crate) fn latin(&self, run_together: bool) -> String {
        let given: String = self.given.iter().map(|(_, sound)| *sound).collect();
        let gap = if run_together { "" } else { " " };
        format!("{}{gap}{given}", SURNAMES[self.surname].1).to_uppercase()
    }

    /// In pinyin, small letters, for e-mail addresses.
    pub(crate) fn handle(&self) -> String {
        self.latin(true).to_lowercase()
    }

    /// With one given character replaced by another that sounds alike.
    pub(crate) fn homophone(&self, dice: &mut Dice) -> String {
        let mut changed = self.clone();
        let at = dice.index(changed.given.len());
        if let Some(slot) = changed.given.get_mut(at) {
            slot.0 = alike(slot.0, dice);
        }
        changed.hanzi()
    }

    /// With one given character lost, where two are there.
    pub(crate) fn shortened(&self, dice: &mut Dice) -> String {
        let mut changed = self.clone();
        if changed.given.len() > 1 {
            changed.given.remove(dice.index(changed.given.len()));
        }
        changed.hanzi()
    }
}

fn alike(character: char, dice: &mut Dice) -> char {
    let group = HOMOPHONES.iter().find(|group| group.contains(character));
    let others: Vec<char> =
        group.map_or_else(Vec::new, |g| g.chars().filter(|c| *c != character).collect());
    if others.is_empty() { character } else { *dice.pick(&others) }
}

/// Simplified characters turned into traditional ones, where the table knows them.
pub(crate) fn traditional(text: &str) -> String {
    let turn = |c| TRADITIONAL.iter().find(|(simple, _)| *simple == c).map_or(c, |(_, full)| *full);
    text.chars().map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn surnames_come_in_their_shares() {
        let mut dice = Dice::new(1, Stream::Person, 0, 0);
        let draws: Vec<usize> = (0..20_000).map(|_| surname(&mut dice)).collect();
        let wang = draws.iter().filter(|at| SURNAMES[**at].0 == "王").count();
        assert!((0.075..0.095).contains(&(wang as f64 / 20_000.0)), "{wang}");
    }

    #[test]
    fn spoiled_names_stay_close() {
        let mut dice = Dice::new(1, Stream::Person, 0, 0);
        let name = Name { surname: 0, given: vec![('伟', "wei"), ('军', "jun")] };
        assert_eq!((name.hanzi().as_str(), name.latin(false).as_str()), ("王伟军", "WANG WEIJUN"));
        assert_eq!(name.homophone(&mut dice).chars().count(), 3);
        assert_eq!(name.shortened(&mut dice).chars().count(), 2);
        assert_eq!(traditional("张伟"), "張偉");
    }
}
