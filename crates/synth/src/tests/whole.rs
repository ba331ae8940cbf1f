//! The bank against its parameters and its truth.

use super::reading::{contracts, feed, read};
use super::{Scratch, bank, params};
use crate::chunk::{World, clients};
use crate::economics::true_future;
use crate::people::Person;
use crate::people::documents::{citizen_check, credit_check};
use crate::portfolio::{Account, of_person};
use crate::shown::show;
use crate::systems::{SYSTEMS, activity};
use crate::{Params, SynthError, generate};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            );
        }
    }
    found
}

#[test]
fn threads_do_not_change_a_byte_and_seeds_do() {
    let (one, two, other) = (Scratch::new("one"), Scratch::new("two"), Scratch::new("other"));
    let params = params(2_500, 1, true);
    let summary = bank(&params, &one.0, 1);
    assert_eq!(summary, bank(&params, &two.0, 2));
    assert_eq!(summary.persons + summary.organisations, 2_500);
    assert!(files(&one.0) == files(&two.0));
    bank(&Params { seed: 8, ..params }, &other.0, 2);
    assert!(files(&one.0) != files(&other.0));
}

#[test]
fn the_truth_names_every_record_once() {
    let scratch = Scratch::new("truth");
    let summary = bank(&params(1_200, 1, false), &scratch.0, 2);
    let text = std::fs::read_to_string(scratch.0.join("truth/identity.csv")).unwrap();
    let truth: BTreeSet<(String, String)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split(',').map(str::to_owned);
            (fields.next().unwrap(), fields.next().unwrap())
        })
        .collect();
    assert_eq!(truth.len() as u64, summary.records);
    let parties = [
        ("deposits", "customer"),
        ("cards", "card"),
        ("loans", "borrower"),
        ("funds", "investor"),
        ("insurance", "insured"),
        ("ebank", "user"),
        ("care", "caller"),
    ];
    let folder = scratch.0.join("night/20261120");
    let mut seen = BTreeSet::new();
    for (system, name) in parties {
        let column = if system == "cards" { 2 } else { 0 };
        for row in read(&feed(system, name), &folder, "20261120") {
            if let Some(key) = row.unwrap()[column].clone() {
                seen.insert((system.to_owned(), key));
            }
        }
    }
    assert_eq!(seen, truth);
}

#[test]
fn who_holds_an_account_is_a_known_party() {
    let scratch = Scratch::new("roles");
    bank(&params(1_200, 1, false), &scratch.0, 2);
    let folder = scratch.0.join("night/20261120");
    let column = |system: &str, name: &str, at: usize| -> BTreeSet<String> {
        let rows = read(&feed(system, name), &folder, "20261120").into_iter().map(Result::unwrap);
        rows.filter_map(|row| row[at].clone()).collect()
    };
    let customers = column("deposits", "customer", 0);
    assert!(column("deposits", "account", 1).is_subset(&customers));
    assert!(column("deposits", "account", 2).is_subset(&customers));
    assert!(column("deposits", "customer", 20).is_subset(&customers));
    assert!(column("loans", "loan", 1).is_subset(&column("loans", "borrower", 0)));
    assert!(column("loans", "loan", 2).is_subset(&column("loans", "borrower", 0)));
    assert!(column("funds", "holding", 1).is_subset(&column("funds", "investor", 0)));
    assert!(column("insurance", "policy", 1).is_subset(&column("insurance", "insured", 0)));
    assert!(column("care", "voice", 1).is_subset(&column("care", "caller", 0)));
    let accounts = column("deposits", "account", 0);
    assert!(column("cards", "card", 20).is_subset(&accounts));
    assert!(column("deposits", "agreement", 1).is_subset(&accounts));
    assert!(column("deposits", "event", 1).is_subset(&accounts));
    assert!(column("deposits", "balance", 0).is_subset(&accounts));
}

fn people(params: &Params) -> (World<'_>, Vec<Person>) {
    let world = World::new(params);
    let people = (0..world.chunks()).flat_map(|chunk| clients(&world, chunk).0).collect();
    (world, people)
}

#[test]
fn papers_are_valid() {
    let params = params(6_000, 1, false);
    let (world, people) = people(&params);
    for person in &people {
        assert_eq!(citizen_check(&person.id[..17]), &person.id[17..]);
        let odd = person.id.as_bytes()[16] % 2 == 1;
        assert_eq!(odd, person.male);
    }
    for firm in clients(&world, 0).1 {
        assert_eq!(credit_check(&firm.code[..17]).to_string(), firm.code[17..]);
    }
    let ids: BTreeSet<&str> = people.iter().map(|p| p.id.as_str()).collect();
    assert!(ids.len() + 3 > people.len(), "{} of {}", ids.len(), people.len());
}

#[test]
fn rates_are_near_those_asked_for() {
    let params = params(16_000, 1, false);
    let (world, people) = people(&params);
    let adults: Vec<&Person> = people.iter().filter(|p| p.age >= 18.0).collect();
    let near = |name: &str, hits: usize, of: usize, asked: f64, slack: f64| {
        let share = hits as f64 / of as f64;
        assert!((share - asked).abs() < slack, "{name}: {share} (asked {asked})");
    };
    for system in SYSTEMS {
        let at = system as usize;
        let known: Vec<&&Person> = adults.iter().filter(|p| p.since[at].is_some()).collect();
        near(system.name(), known.len(), adults.len(), world.rates.member[at], 0.035);
        let twice = known.iter().filter(|p| p.twice[at]).count();
        near("duplicate", twice, known.len(), world.rates.duplicate, 0.01);
        let shown: Vec<_> =
            known.iter().map(|p| (show(&world, p, system, world.last, false), p)).collect();
        let missing = shown.iter().filter(|(s, _)| s.paper.is_none()).count();
        near("id missing", missing, shown.len(), world.rates.id_missing[at], 0.03);
        let latin = shown.iter().filter(|(s, _)| s.name.is_none()).count();
        near("latin", latin, shown.len(), world.rates.name_latin[at], 0.02);
        let right =
            shown.iter().filter(|(s, p)| s.name.as_deref() == Some(&p.name.hanzi())).count();
        assert!(right as f64 / shown.len() as f64 > 0.82);
    }
    let opted = people.iter().filter(|p| p.opted_out).count();
    near("opt out", opted, people.len(), world.rates.opt_out, 0.003);
    near("organisation", 16_000 - people.len(), 16_000, world.rates.organisation, 0.01);
    let early = people.iter().flat_map(|p| p.since).flatten().filter(|day| *day < 10_896).count();
    assert!(early > 500, "{early} records before 1999-11-01");
}

#[test]
fn twins_have_neighbouring_ids_and_alike_names() {
    let params = params(8_000, 1, false);
    let (_, people) = people(&params);
    let pairs = people.windows(2).filter(|w| w[0].head == w[1].head && w[0].birth == w[1].birth);
    let mut seen = 0;
    for pair in pairs {
        let number = |p: &Person| p.id[14..17].parse::<i32>().unwrap();
        assert!((1..=2).contains(&(number(&pair[0]) - number(&pair[1])).abs()));
        let start = |p: &Person| p.name.hanzi().chars().take(2).collect::<String>();
        assert_eq!(start(&pair[0]), start(&pair[1]));
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

/// Rank correlation (Spearman).
fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |values: &[f64]| {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|x, y| values[*x].total_cmp(&values[*y]));
        let mut ranks = vec![0.0; values.len()];
        for (rank, at) in order.into_iter().enumerate() {
            ranks[at] = rank as f64;
        }
        ranks
    };
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() as f64 - 1.0) / 2.0;
    let both: f64 = a.iter().zip(&b).map(|(x, y)| (x - mean) * (y - mean)).sum();
    both / a.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
}

#[test]
fn the_future_follows_margin_and_attachment_more_than_balance() {
    let params = params(6_000, 1, false);
    let (world, people) = people(&params);
    let here = people.iter().filter(|p| p.latent.leaves.is_none_or(|month| month > 0));
    let seen: Vec<(&Person, Vec<Account>)> = here.map(|p| (p, of_person(&world, p))).collect();
    let future: Vec<f64> =
        seen.iter().map(|(p, a)| true_future(&p.latent, a, activity(&p.latent)) as f64).collect();
    let now = |p: &Person, a: &Account| a.path(&p.latent, 0).unwrap_or(0.0);
    let balance: Vec<f64> = seen.iter().map(|(p, a)| a.iter().map(|x| now(p, x)).sum()).collect();
    let margin = |p: &Person, a: &Account| {
        let held = a.path(&p.latent, 0).is_some();
        if held { a.product.margin(now(p, a), a.rate_ppm, a.flow_at(&p.latent, 0)) } else { 0.0 }
    };
    let margins: Vec<f64> =
        seen.iter().map(|(p, a)| a.iter().map(|x| margin(p, x)).sum()).collect();
    let informed: Vec<f64> = seen
        .iter()
        .zip(&margins)
        .map(|((p, _), m)| m * (1.0 + 0.25 * p.latent.attachment) * (2.5 * p.latent.growth).exp())
        .collect();
    let by =
        [spearman(&balance, &future), spearman(&margins, &future), spearman(&informed, &future)];
    assert!(by[0] + 0.03 < by[1] && by[1] + 0.01 < by[2] && by[2] < 0.97, "{by:?}");
}

#[test]
fn the_attached_stay_and_do_more() {
    let params = params(6_000, 1, false);
    let (world, people) = people(&params);
    let (firm, loose): (Vec<&Person>, Vec<&Person>) =
        people.iter().partition(|p| p.latent.attachment > 0.0);
    let leaving = |group: &[&Person]| {
        group.iter().filter(|p| p.latent.leaves.is_some()).count() as f64 / group.len() as f64
    };
    let accounts = |group: &[&Person]| {
        group.iter().map(|p| of_person(&world, p).len()).sum::<usize>() as f64 / group.len() as f64
    };
    assert!(leaving(&firm) + 0.15 < leaving(&loose));
    assert!(accounts(&firm) > accounts(&loose) * 1.1);
}

#[test]
fn senseless_parameters_are_refused() {
    let scratch = Scratch::new("refused");
    let none = params(0, 1, false);
    let refused = generate(&none, &scratch.0, &|_, _| {}).unwrap_err();
    assert_eq!(refused.to_string(), "`clients`: must lie in 1..=1000000000");
    let mut odd = params(10, 1, false);
    odd.rates.twins = 1.5;
    assert!(matches!(
        generate(&odd, &scratch.0, &|_, _| {}),
        Err(SynthError::Params { name: "rates", .. })
    ));
}

#[test]
fn a_tiny_bank_with_faults_is_written() {
    let scratch = Scratch::new("tiny");
    let summary = bank(&params(3, 2, true), &scratch.0, 2);
    assert_eq!(summary.persons + summary.organisations, 3);
    let contracts = contracts();
    let feeds = contracts.iter().flat_map(|contract| &contract.feeds);
    let files: BTreeSet<&str> =
        feeds.map(|feed| feed.package.as_deref().unwrap_or(&feed.file)).collect();
    assert_eq!(files.len() * 2 + 3, summary.files.len());
}
