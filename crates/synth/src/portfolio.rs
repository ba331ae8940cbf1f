//! Which accounts a client has, and the path each would take without chance.

use crate::chunk::World;
use crate::days::{Day, Span, month_of};
use crate::dice::{Dice, Stream};
use crate::economics::Product;
use crate::latent::Latent;
use crate::numbers::{exp, whole};
use crate::organisations::Organisation;
use crate::people::{Occupation, Person, System};

/// One account, contract or holding.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Product.
    pub(crate) product: Product,
    /// Its number among all accounts of the bank.
    pub(crate) number: u64,
    /// Whether it stands under the client's second record in the system.
    pub(crate) second: bool,
    /// Opened on.
    pub(crate) opened: Day,
    /// Matures on.
    pub(crate) matures: Option<Day>,
    /// Client rate a year where the account has its own.
    pub(crate) rate_ppm: Option<i64>,
    /// Balance at the last night, or principal of a loan, yuan.
    pub(crate) level: f64,
    /// What flows in a month: purchases, premiums, subscriptions, yuan.
    pub(crate) flow: f64,
    /// Which account of the portfolio it runs on.
    pub(crate) runs_on: Option<usize>,
    /// Months from the last night to opening (not positive for what exists).
    start: i32,
    /// Months from the last night to maturity.
    end: Option<i32>,
    /// Whether it is renewed at maturity.
    renewed: bool,
}

impl Account {
    /// The month it opens, counted from the last night.
    pub(crate) fn start(&self) -> i32 {
        self.start
    }

    /// Whether it ends at maturity.
    pub(crate) fn ends(&self) -> bool {
        self.end.is_some() && !self.renewed
    }

    /// Expected balance in yuan `t` months from the last night; none when it is not there.
    pub(crate) fn path(&self, latent: &Latent, t: i32) -> Option<f64> {
        let over = self.end.is_some_and(|end| t >= end) && !self.renewed;
        if t < self.start || over {
            return None;
        }
        let here = latent.presence(t);
        match self.product {
            Product::Term1y | Product::Term3y => Some(if here > 0.5 { self.level } else { 0.0 }),
            Product::Mortgage | Product::Consumer => Some(self.outstanding(t) * here.ceil()),
            Product::Business => Some(self.level * here.ceil()),
            Product::Credit if self.rate_ppm == Some(0) => Some(self.flow_at(latent, t)),
            _ => Some(self.level * latent.drift(t) * here),
        }
    }

    /// Expected flow of the month in yuan.
    pub(crate) fn flow_at(&self, latent: &Latent, t: i32) -> f64 {
        let grows = matches!(self.product, Product::Credit | Product::Debit | Product::EquityFund);
        let drift = if grows { latent.drift(t) } else { 1.0 };
        self.flow * drift * latent.presence(t)
    }

    /// The instalment of a month, yuan.
    pub(crate) fn instalment(&self) -> f64 {
        let (rate, months) = self.schedule();
        self.level * rate / (1.0 - (1.0 + rate).powi(-months))
    }

    /// What is owed of an annuity loan `t` months from the last night.
    fn outstanding(&self, t: i32) -> f64 {
        let (rate, months) = self.schedule();
        let grown = (1.0 + rate).powi(months);
        let paid = (t - self.start).clamp(0, months);
        self.level * (grown - (1.0 + rate).powi(paid)) / (grown - 1.0)
    }

    fn schedule(&self) -> (f64, i32) {
        let rate = self.rate_ppm.unwrap_or(40_000) as f64 / 12e6;
        (rate, self.end.map_or(240, |end| (end - self.start).max(1)))
    }
}

/// The accounts of a client under construction.
struct Builder<'a> {
    origin: i32,
    last: Day,
    number: u64,
    accounts: Vec<Account>,
    latent: &'a Latent,
}

/// How many accounts a client can have.
const ROOM: u64 = 32;

impl<'a> Builder<'a> {
    fn new(world: &World<'_>, index: u64, latent: &'a Latent) -> Self {
        Self {
            origin: world.origin,
            last: world.last,
            number: index * ROOM,
            accounts: Vec::new(),
            latent,
        }
    }

    fn open(&mut self, product: Product, opened: Day, level: f64) -> &mut Account {
        let account = Account {
            product,
            number: self.number + self.accounts.len() as u64,
            second: false,
            opened,
            matures: None,
            rate_ppm: None,
            level,
            flow: 0.0,
            runs_on: None,
            start: month_of(opened) - self.origin,
            end: None,
            renewed: false,
        };
        self.accounts.push(account);
        let at = self.accounts.len() - 1;
        &mut self.accounts[at]
    }

    /// Lets the last account mature `months` after its opening.
    fn mature(&mut self, months: i32, renewed: bool) {
        if let Some(account) = self.accounts.last_mut() {
            let end = account.start + months;
            account.end = Some(end);
            account.matures = Some(Span::of(self.origin + end).first + 14);
            account.renewed = renewed;
        }
    }

    /// A day between `since` and the last night, early more often.
    fn later(&self, since: Day, dice: &mut Dice) -> Day {
        since + whole(f64::from(self.last - since) * dice.unit() * dice.unit())
    }
}

/// A person's accounts. Those that open after the last night are what the person will buy.
pub(crate) fn of_person(world: &World<'_>, person: &Person) -> Vec<Account> {
    let mut dice = Dice::new(world.seed, Stream::Portfolio, person.index, 0);
    let mut build = Builder::new(world, person.index, &person.latent);
    let since = |system: System| person.since[system as usize];
    let funds_share = if since(System::Funds).is_some() { 0.25 + 0.4 * dice.unit() } else { 0.0 };
    if let Some(day) = since(System::Deposits) {
        deposits(&mut build, person, day, 1.0 - funds_share, &mut dice);
    }
    if let Some(day) = since(System::Cards) {
        credit_cards(&mut build, person, day, &mut dice);
    }
    if let Some(day) = since(System::Loans) {
        loan(&mut build, person, day, &mut dice);
    }
    if let Some(day) = since(System::Funds) {
        funds(&mut build, day, funds_share, &mut dice);
    }
    if let Some(day) = since(System::Insurance) {
        policies(&mut build, person, day, &mut dice);
    }
    if let Some(day) = since(System::Ebank) {
        build.open(Product::Ebanking, day, 0.0);
    }
    purchases_to_come(&mut build, person, &mut dice);
    second_records(&mut build.accounts, person, &mut dice);
    build.accounts
}

fn deposits(build: &mut Builder<'_>, person: &Person, since: Day, share: f64, dice: &mut Dice) {
    let money = build.latent.wealth * build.latent.share * share;
    let locked = (0.14
        + if person.age > 50.0 { 0.28 } else { 0.0 }
        + if money > 60_000.0 { 0.2 } else { 0.0 })
        * f64::from(u8::from(person.age > 22.0));
    let term = if dice.chance(locked) { 0.3 + 0.4 * dice.unit() } else { 0.0 };
    let demand = (money * (1.0 - term)).max(40.0);
    build.open(Product::Demand, since, demand);
    if dice.chance(0.2) {
        let opened = build.later(since, dice);
        build.open(Product::Demand, opened, demand * 0.25);
    }
    if dice.chance(0.62) && person.age > 15.0 {
        let opened = build.later(since, dice);
        let card = build.open(Product::Debit, opened, 0.0);
        card.runs_on = Some(0);
        card.flow =
            (person.latent.income / 12.0 * 0.12 * exp(0.4 * person.latent.attachment)).min(6_000.0);
    }
    let attached = person.latent.attachment;
    let paid = person.occupation.salaried() || person.occupation == Occupation::Retired;
    if paid && dice.chance((0.5 + 0.15 * attached).clamp(0.1, 0.9)) {
        agreement(build, since, (person.latent.income / 12.0).max(900.0), dice);
    }
    if person.age > 20.0 && dice.chance((0.28 + 0.12 * attached).clamp(0.02, 0.8)) {
        agreement(build, since, -(60.0 + 340.0 * dice.unit()), dice);
    }
    if term > 0.0 {
        term_deposit(build, money * term, since, dice);
    }
}

/// A salary agreement (flow in) or a standing order (flow out) on the first account.
fn agreement(build: &mut Builder<'_>, since: Day, flow: f64, dice: &mut Dice) {
    let opened = build.later(since, dice);
    let agreement = build.open(Product::StandingOrder, opened, 0.0);
    agreement.runs_on = Some(0);
    agreement.flow = flow;
}

fn term_deposit(build: &mut Builder<'_>, level: f64, since: Day, dice: &mut Dice) {
    let long = dice.chance(0.45);
    let (product, months, rate) = if long {
        (Product::Term3y, 36, dice.between(125, 175))
    } else {
        (Product::Term1y, 12, dice.between(95, 135))
    };
    let rolled = months * dice.between(0, 3).min((build.last - since) / (months * 31));
    let opened = (build.last - dice.between(3, months * 30) - rolled * 365 / 12).max(since);
    let account = build.open(product, opened, (level / 100.0).round() * 100.0);
    account.rate_ppm = Some(i64::from(rate) * 100);
    build.mature(months + rolled, dice.chance(if long { 0.65 } else { 0.72 }));
}

fn credit_cards(build: &mut Builder<'_>, person: &Person, since: Day, dice: &mut Dice) {
    let poor = person.latent.wealth < person.latent.income;
    let p = if poor && person.age < 50.0 { 0.42 } else { 0.15 };
    let revolves = dice.chance(p);
    let income = person.latent.income.max(15_000.0);
    let spend = income / 12.0 * (0.1 + 0.35 * dice.unit()) * exp(0.3 * person.latent.attachment);
    let limit = (income * (0.12 + 0.25 * dice.unit()) / 1_000.0).ceil() * 1_000.0;
    let owed = if revolves { limit * (0.2 + 0.55 * dice.unit()) } else { 0.0 };
    let cards = if dice.chance(0.12) { 2 } else { 1 };
    for card in 0..cards {
        let opened = if card == 0 { since } else { build.later(since, dice) };
        let part = if card == 0 { 1.0 } else { 0.4 };
        let account = build.open(Product::Credit, opened, owed * part);
        account.rate_ppm = Some(if revolves { 182_500 } else { 0 });
        account.flow = (spend * part).min(limit * 0.8);
    }
}

fn loan(build: &mut Builder<'_>, person: &Person, since: Day, dice: &mut Dice) {
    let income = person.latent.income.max(24_000.0);
    let housing = (25.0..58.0).contains(&person.age) && income > 60_000.0 && dice.chance(0.62);
    let (product, months, level, rate) = if housing {
        let months = 12 * dice.between(15, 30);
        (Product::Mortgage, months, income * (2.0 + 3.0 * dice.unit()), dice.between(310, 420))
    } else {
        (
            Product::Consumer,
            12 * dice.between(1, 5),
            income * (0.2 + 0.7 * dice.unit()),
            dice.between(430, 880),
        )
    };
    let oldest = build.last - months * 30 * 4 / 5;
    let opened = build.later(since, dice).max(oldest).min(build.last - 1);
    let account = build.open(product, opened, (level / 1_000.0).ceil() * 1_000.0);
    account.rate_ppm = Some(i64::from(rate) * 100);
    build.mature(months, false);
}

fn funds(build: &mut Builder<'_>, since: Day, share: f64, dice: &mut Dice) {
    let money = (build.latent.wealth * build.latent.share * share).max(300.0);
    let first =
        [Product::MoneyFund, Product::EquityFund, Product::Wealth][dice.weighted(&[45, 25, 30])];
    let more = [Product::EquityFund, Product::Wealth, Product::MoneyFund];
    let holdings = 1 + usize::from(dice.chance(0.35)) + usize::from(dice.chance(0.12));
    for holding in 0..holdings {
        let product = if holding == 0 { first } else { more[dice.index(3)] };
        let opened = if holding == 0 { since } else { build.later(since, dice) };
        let part = if holding == 0 { 0.6 } else { 0.3 };
        let account = build.open(product, opened, money * part);
        account.flow = money * part * 0.03;
    }
}

fn policies(build: &mut Builder<'_>, person: &Person, since: Day, dice: &mut Dice) {
    let policies = if dice.chance(0.2) { 2 } else { 1 };
    for _ in 0..policies {
        let saves = dice.chance(0.4);
        let (product, share) =
            if saves { (Product::Annuity, 0.05) } else { (Product::TermLife, 0.012) };
        let opened = build.later(since, dice);
        let yearly = (person.latent.income.max(20_000.0) * share * (0.5 + dice.unit())).max(300.0);
        let account = build.open(product, opened, yearly * 12.0);
        account.flow = (yearly / 12.0 * 100.0).round() / 100.0;
        build.mature(12 * dice.between(18, 30), false);
    }
}

/// What the years will bring: the young and well paid buy homes, then invest.
fn purchases_to_come(build: &mut Builder<'_>, person: &Person, dice: &mut Dice) {
    let latent = &person.latent;
    let attached = exp(0.4 * latent.attachment);
    let owes = build.accounts.iter().any(|a| a.product == Product::Mortgage);
    let home = if (22.0..40.0).contains(&person.age) && latent.income > 85_000.0 && !owes {
        0.007
    } else {
        0.0
    };
    let invest = if (28.0..62.0).contains(&person.age) && latent.income > 110_000.0 {
        0.006
    } else {
        0.0006
    };
    for month in 1..60 {
        let day = Span::of(build.origin + month).first + 9;
        if dice.chance(home * attached) {
            let account = build.open(Product::Mortgage, day, latent.income * 3.5);
            account.rate_ppm = Some(34_000);
            build.mature(300, false);
            break;
        }
        if dice.chance(invest * attached) {
            build.open(Product::Wealth, day, latent.wealth * latent.share * 0.35);
            break;
        }
    }
}

/// Some accounts stand under a person's second record.
fn second_records(accounts: &mut [Account], person: &Person, dice: &mut Dice) {
    for account in accounts {
        let system = system_of(account.product);
        account.second =
            person.twice[system as usize] && account.runs_on.is_none() && dice.chance(0.5);
    }
}

/// The system that keeps a product's accounts.
pub(crate) fn system_of(product: Product) -> System {
    match product {
        Product::Demand
        | Product::Term1y
        | Product::Term3y
        | Product::CorpCurrent
        | Product::StandingOrder => System::Deposits,
        Product::Credit | Product::Debit => System::Cards,
        Product::Mortgage | Product::Consumer | Product::Business => System::Loans,
        Product::MoneyFund | Product::EquityFund | Product::Wealth => System::Funds,
        Product::TermLife | Product::Annuity => System::Insurance,
        Product::Ebanking => System::Ebank,
    }
}

/// An organisation's accounts.
pub(crate) fn of_organisation(world: &World<'_>, firm: &Organisation) -> Vec<Account> {
    let mut dice = Dice::new(world.seed, Stream::Portfolio, firm.index, 0);
    let mut build = Builder::new(world, firm.index, &firm.latent);
    build.open(Product::CorpCurrent, firm.since, firm.latent.money(0).max(800.0));
    if dice.chance(0.2) {
        let opened = build.later(firm.since, &mut dice);
        build.open(Product::CorpCurrent, opened, firm.latent.money(0) * 0.2);
    }
    if firm.borrows {
        let opened = (build.last - dice.between(20, 700)).max(firm.since);
        let level = (firm.latent.income * (0.08 + 0.2 * dice.unit()) / 10_000.0).ceil() * 10_000.0;
        let account = build.open(Product::Business, opened, level);
        account.rate_ppm = Some(i64::from(dice.between(345, 560)) * 100);
        build.mature(12 * dice.between(2, 4), dice.chance(0.7));
    }
    if firm.online {
        let opened = build.later(firm.since, &mut dice);
        build.open(Product::Ebanking, opened, 0.0);
    }
    build.accounts
}
