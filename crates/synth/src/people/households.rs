//! Households: who lives together, and what they share.

use super::documents::{citizen_id, sequence};
use super::names::{Name, surname};
use super::places::{Address, REGIONS};
use super::{Education, FamilyRole, Marital, Occupation, Person};
use crate::chunk::World;
use crate::days::{Day, ymd};
use crate::dice::{Dice, Stream};
use crate::latent::Latent;
use crate::numbers::whole;
use crate::organisations::firm_name;

/// One place in a household that is not filled yet.
#[derive(Clone, Copy, Debug)]
struct Seat {
    role: FamilyRole,
    male: bool,
    birth: Day,
    twin: bool,
}

/// What the members of a household share.
#[derive(Debug)]
struct Home {
    head: u64,
    size: i64,
    surname: usize,
    other_surname: usize,
    address: Address,
    married: bool,
}

/// Fills the numbers `slots` with households; `chunk` makes them differ.
pub(crate) fn households(world: &World<'_>, chunk: u64, slots: &[u64]) -> Vec<Person> {
    let mut dice = Dice::new(world.seed, Stream::Household, chunk, 0);
    let mut people: Vec<Person> = Vec::with_capacity(slots.len());
    while people.len() < slots.len() {
        let mut seats = plan(world, &mut dice);
        let outside = i64::from(dice.chance(0.25)) + i64::from(dice.chance(0.1));
        let size = i64::try_from(seats.len()).unwrap_or(1) + outside;
        seats.truncate(slots.len() - people.len());
        let home = Home {
            head: slots[people.len()],
            size,
            surname: surname(&mut dice),
            other_surname: surname(&mut dice),
            address: Address::draw(dice.index(REGIONS.len()), &mut dice),
            married: seats.iter().any(|seat| seat.role == FamilyRole::Spouse),
        };
        let first = people.len();
        for seat in seats {
            let person = settle(world, slots[people.len()], seat, &home, &people[first..]);
            people.push(person);
        }
        if home.married && people.len() > first + 1 {
            people[first].spouse = Some(first + 1);
            people[first + 1].spouse = Some(first);
        }
    }
    people
}

/// Who lives in the next household. The head comes first, the spouse second.
fn plan(world: &World<'_>, dice: &mut Dice) -> Vec<Seat> {
    let kind = dice.weighted(&[30, 24, 22, 6, 7, 7, 4]);
    let alone = kind == 0;
    let head_age = match (alone, dice.unit()) {
        (true, u) if u < 0.6 => 19.0 + 17.0 * dice.unit(),
        (true, _) => 36.0 + 48.0 * dice.unit(),
        (false, _) => 25.0 + 52.0 * dice.unit() * dice.unit().max(0.35),
    };
    let head_male = dice.chance(if alone { 0.5 } else { 0.7 });
    let seat = |role, male, age: f64, dice: &mut Dice| Seat {
        role,
        male,
        birth: world.last - whole(age * 365.25) - dice.between(0, 364),
        twin: false,
    };
    let role = if alone { FamilyRole::Single } else { FamilyRole::Head };
    let mut seats = vec![seat(role, head_male, head_age, dice)];
    if matches!(kind, 1..=5) {
        let age = (head_age + 3.0 * dice.normal()).max(21.0);
        seats.push(seat(FamilyRole::Spouse, !head_male, age, dice));
    }
    let children = match kind {
        2 | 5 | 6 => 1,
        3 => 2,
        _ => 0,
    };
    for _ in 0..children {
        let age = (head_age - 22.0 - 14.0 * dice.unit()).max(0.3);
        let child = seat(FamilyRole::Child, dice.chance(0.52), age, dice);
        seats.push(child);
        if dice.chance(world.rates.twins) {
            seats.push(Seat { male: dice.chance(0.5), twin: true, ..child });
        }
    }
    if matches!(kind, 4 | 5) {
        let age = (head_age + 22.0 + 10.0 * dice.unit()).min(96.0);
        seats.push(seat(FamilyRole::Parent, dice.chance(0.4), age, dice));
    }
    seats
}

fn settle(world: &World<'_>, index: u64, seat: Seat, home: &Home, family: &[Person]) -> Person {
    let mut dice = Dice::new(world.seed, Stream::Person, index, 0);
    let age = f64::from(world.last - seat.birth) / 365.25;
    let elder = family.last().filter(|_| seat.twin);
    let name = name_of(seat, home, family, elder, &mut dice);
    let id = paper_of(seat, home, elder, &mut dice);
    let education = Education::draw(age, &mut dice);
    let occupation = Occupation::draw(age, education, &mut dice);
    let couple = home.married && matches!(seat.role, FamilyRole::Head | FamilyRole::Spouse);
    let marital = if couple { Marital::Married } else { Marital::alone(age, &mut dice) };
    let firm = dice.below(1 + world.clients / 40);
    let employer = occupation.salaried().then(|| firm_name(world.seed, firm));
    let service = ((age - 22.0) * dice.unit() * 1.2).clamp(0.0, 42.0);
    let email = format!("{}{}@{}", name.handle(), dice.below(9999), dice.pick(&MAILS));
    let moved_from = if dice.chance(0.7) { home.address.region } else { dice.index(REGIONS.len()) };
    let head = family.first();
    let latent = Latent::draw(world, index, age, occupation, education);
    let mut person = Person {
        index,
        head: home.head,
        spouse: None,
        role: seat.role,
        family_size: home.size,
        male: seat.male,
        birth: seat.birth,
        name,
        id,
        guardian_id: head.map(|p| p.id.clone()),
        mobile: mobile(world.seed, index, 0),
        mobile_before: former_mobile(world, index, &mut dice),
        mobile_of_head: head.map(|p| p.mobile.clone()),
        email,
        home: home.address,
        home_before: Address::draw(moved_from, &mut dice),
        age,
        occupation,
        employer,
        service_years: i64::from(whole(service)),
        education,
        marital,
        latent,
        since: [None; 7],
        twice: [false; 7],
        opted_out: dice.chance(world.rates.opt_out),
    };
    crate::latent::join(world, &mut person);
    person
}

const MAILS: [&str; 6] = ["qq.com", "163.com", "126.com", "sina.com", "139.com", "outlook.com"];

fn name_of(
    seat: Seat,
    home: &Home,
    family: &[Person],
    elder: Option<&Person>,
    dice: &mut Dice,
) -> Name {
    if let Some(elder) = elder {
        return elder.name.twin(seat.male, dice);
    }
    let father =
        family.iter().find(|p| p.male && matches!(p.role, FamilyRole::Head | FamilyRole::Spouse));
    let surname = match seat.role {
        FamilyRole::Spouse => home.other_surname,
        FamilyRole::Child => father.map_or(home.surname, |p| p.name.surname),
        FamilyRole::Parent if !seat.male => surname(dice),
        _ => home.surname,
    };
    Name::draw(surname, seat.male, dice)
}

/// A twin's number follows the elder one's in the same register.
fn paper_of(seat: Seat, home: &Home, elder: Option<&Person>, dice: &mut Dice) -> String {
    let Some(elder) = elder else {
        let region = if dice.chance(0.7) { home.address.region } else { dice.index(REGIONS.len()) };
        return citizen_id(region, seat.birth, sequence(seat.male, dice));
    };
    let number: u32 = elder.id.get(14..17).and_then(|digits| digits.parse().ok()).unwrap_or(1);
    let step = if seat.male == elder.male { 2 } else { 1 };
    let next = if number + step < 996 { number + step } else { number - step };
    let region =
        REGIONS.iter().position(|r| elder.id.starts_with(r.code)).unwrap_or(home.address.region);
    citizen_id(region, seat.birth, next)
}

/// The `turn`-th mobile number of a person.
fn mobile(seed: u64, index: u64, turn: u64) -> String {
    const PREFIXES: [&str; 16] = [
        "130", "131", "133", "135", "136", "137", "138", "139", "150", "151", "158", "159", "177",
        "186", "188", "199",
    ];
    let mut dice = Dice::new(seed, Stream::Mobile, index, turn);
    format!("{}{:08}", dice.pick(&PREFIXES), dice.below(100_000_000))
}

/// The number before: sometimes one that the carrier has given to somebody else since.
fn former_mobile(world: &World<'_>, index: u64, dice: &mut Dice) -> String {
    if dice.chance(0.03) {
        mobile(world.seed, dice.below(world.clients), 0)
    } else {
        mobile(world.seed, index, 1)
    }
}

/// Day and month swapped, where that is a date.
pub(crate) fn swapped(birth: Day) -> Day {
    let (year, month, day) = ymd(birth);
    if day <= 12 { crate::days::day_of(year, day, month) } else { birth }
}
