//! What nobody at the bank sees: income, wealth, attachment, and when a client leaves. Everything
//! visible follows from it.

use crate::chunk::World;
use crate::days::{Day, day_of};
use crate::dice::{Dice, Stream};
use crate::numbers::{exp, whole};
use crate::people::{Education, Occupation, Person, System};

/// A client's latent state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Latent {
    /// Income of a year, yuan.
    pub(crate) income: f64,
    /// Money to invest, at all banks, yuan.
    pub(crate) wealth: f64,
    /// Share of it that is here.
    pub(crate) share: f64,
    /// Growth of the money here per year.
    pub(crate) growth: f64,
    /// Attachment, about standard normal: activity, breadth, referrals, answers, staying.
    pub(crate) attachment: f64,
    /// What the future adds to growth per year and nobody can know.
    pub(crate) luck: f64,
    /// Month of leaving, counted from the month of the last night (not positive: it is past).
    pub(crate) leaves: Option<i32>,
}

/// Months before the last night from which clients may leave.
const LEAVING_FROM: i32 = -17;
/// Months after the last night that the truth looks ahead.
pub(crate) const HORIZON: i32 = 60;

impl Latent {
    /// A person's latent state.
    pub(crate) fn draw(
        world: &World<'_>,
        index: u64,
        age: f64,
        occupation: Occupation,
        education: Education,
    ) -> Self {
        let mut dice = Dice::new(world.seed, Stream::Latent, index, 0);
        let attachment = dice.normal();
        let years = ((age - 44.0) / 34.0).powi(2).min(0.6);
        let schooling = 0.82
            + 0.11 * f64::from(u8::from(education >= Education::College))
            + 0.07 * f64::from(education as u8);
        let income = occupation.income() * schooling * (1.0 - years) * exp(0.42 * dice.normal());
        let saved = if occupation == Occupation::Retired {
            6.5
        } else {
            ((age - 19.0) / 9.0).clamp(0.1, 4.5)
        };
        let wealth = income.max(9_000.0) * saved * exp(0.85 * dice.normal() - 0.35);
        let share =
            (0.12 + 0.55 / (1.0 + exp(-1.1 * attachment)) + 0.08 * dice.normal()).clamp(0.03, 0.95);
        let promise =
            if age < 40.0 { 0.12 * ((income - 90_000.0) / 90_000.0).clamp(-0.3, 1.4) } else { 0.0 };
        let growth = base_growth(age) + promise + 0.02 * dice.normal();
        let young = if age < 30.0 { 1.35 } else { 1.0 };
        let hazard = 0.0066 * young * exp(-0.85 * attachment);
        let luck = 0.05 * dice.normal();
        Self { income, wealth, share, growth, attachment, luck, leaves: leaving(hazard, &mut dice) }
    }

    /// The money that is here, `t` months from the last night, yuan; the future holds luck.
    pub(crate) fn money(&self, t: i32) -> f64 {
        self.wealth * self.share * self.drift(t)
    }

    /// What has become of one yuan `t` months from the last night.
    pub(crate) fn drift(&self, t: i32) -> f64 {
        let rate = if t > 0 { self.growth + self.luck } else { self.growth };
        exp(rate * f64::from(t) / 12.0).clamp(0.05, 8.0)
    }

    /// What is left of activity and money, `t` months from the last night, on the way out.
    pub(crate) fn presence(&self, t: i32) -> f64 {
        match self.leaves.map(|leaves| leaves - t) {
            Some(left) if left <= 0 => 0.0,
            Some(1) => 0.3,
            Some(2) => 0.6,
            Some(3) => 0.85,
            _ => 1.0,
        }
    }
}

fn base_growth(age: f64) -> f64 {
    match age {
        a if a < 28.0 => 0.13,
        a if a < 38.0 => 0.09,
        a if a < 52.0 => 0.03,
        a if a < 66.0 => -0.02,
        _ => -0.10,
    }
}

/// The first month in which the hazard strikes. Before the last night fewer leave: those who had
/// left long ago are no longer in the extracts.
pub(crate) fn leaving(hazard: f64, dice: &mut Dice) -> Option<i32> {
    let fate = dice.unit();
    let mut stays = 1.0;
    for month in LEAVING_FROM..=HORIZON {
        let weight = if month <= 0 { 0.5 } else { 1.0 };
        stays *= 1.0 - (hazard * weight).min(0.5);
        if fate > stays {
            return Some(month);
        }
    }
    None
}

/// Draws which systems know a person, and since when.
pub(crate) fn join(world: &World<'_>, person: &mut Person) {
    let mut dice = Dice::new(world.seed, Stream::Membership, person.index, 0);
    let first = first_day(world, person, &mut dice);
    let latent = person.latent;
    let richness = 1.3 * (latent.wealth - 120_000.0) / (latent.wealth + 120_000.0);
    let adult = person.age >= 18.0;
    let mut known = false;
    for at in 0..7 {
        let tilt = match at {
            3 => 0.4 * richness + 0.1 * latent.attachment,
            _ => 0.22 * latent.attachment.clamp(-1.5, 1.5),
        };
        let minor = if at == 0 { 0.8 } else { 0.0 };
        let asked = world.rates.member[at];
        let p = if adult { asked * (1.0 + tilt * (1.0 - asked)) } else { minor };
        if dice.chance(p) {
            let later = if known { dice.unit() * dice.unit() } else { 0.0 };
            person.since[at] = Some(first + whole(f64::from(world.last - first - 1) * later));
            known = true;
        }
        person.twice[at] = dice.chance(world.rates.duplicate);
    }
    if !known {
        person.since[System::Deposits as usize] = Some(first);
    }
}

/// Since when the bank knows the person: up to 34 years, from the age of 16 on (a child's account
/// from birth).
fn first_day(world: &World<'_>, person: &Person, dice: &mut Dice) -> Day {
    let spread = dice.unit();
    let tenure = whole(30.0 + 365.25 * 34.0 * spread * (0.4 + 0.6 * spread));
    let grown = if person.age < 18.0 { 0.1 } else { 16.0 };
    let earliest = person.birth + whole(grown * 365.25);
    let opening = day_of(1988, 1, 4);
    (world.last - tenure).max(earliest).max(opening).min(world.last - 1)
}
