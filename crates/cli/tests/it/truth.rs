//! The sample bank against its truth, which the night never reads.

use crate::world::{World, column};
use model::RecordId;
use std::collections::HashMap;
use testkit::repo_root;

fn truth(file: &str) -> String {
    std::fs::read_to_string(repo_root().join("data-samples/truth").join(file)).unwrap()
}

/// Person of every source record, by its record id.
fn persons() -> HashMap<i64, i64> {
    let text = truth("identity.csv");
    let keys = column(&text, "system").into_iter().zip(column(&text, "party_key"));
    let number =
        |person: &str| person[1..].parse::<i64>().unwrap() * 2 + i64::from(person.starts_with('P'));
    let pairs = keys.zip(column(&text, "person"));
    pairs.map(|((system, key), person)| (RecordId::of(&system, &key).0, number(&person))).collect()
}

#[test]
fn identity_is_precise_and_its_recall_stated() {
    let world = World::sample();
    assert_eq!(world.night(&[]).code, 0);
    let xref = world.csv("client_xref");
    let found: Vec<(i64, i64)> = column(&xref, "record_id")
        .iter()
        .zip(column(&xref, "client_id"))
        .map(|(record, client)| (record.parse().unwrap(), client.parse().unwrap()))
        .collect();
    let truth: Vec<(i64, i64)> = persons().into_iter().collect();
    let quality = identity::pairwise(&truth, &found);
    println!(
        "identity: precision {:.4}, recall {:.4}, F1 {:.4}",
        quality.precision, quality.recall, quality.f1
    );
    assert!(quality.precision >= 0.99, "{quality:?}");
    assert!(quality.recall >= 0.75, "{quality:?}");
}

#[test]
fn lifetime_value_follows_the_true_future_better_than_the_balance() {
    let world = World::sample();
    assert_eq!(world.night(&["--json"]).code, 0);
    let persons = persons();
    let future = truth("future.csv");
    let number =
        |person: &str| person[1..].parse::<i64>().unwrap() * 2 + i64::from(person.starts_with('P'));
    let margins: HashMap<i64, f64> = column(&future, "person")
        .iter()
        .zip(column(&future, "true_future_margin"))
        .map(|(person, margin)| (number(person), margin.parse().unwrap()))
        .collect();
    let xref = world.csv("client_xref");
    let mut person_of: HashMap<String, i64> = HashMap::new();
    for (client, record) in column(&xref, "client_id").into_iter().zip(column(&xref, "record_id")) {
        if let Some(person) = persons.get(&record.parse::<i64>().unwrap()) {
            person_of.entry(client).or_insert(*person);
        }
    }
    let segment = world.csv("client_segment");
    let balances = balances(&world);
    let (mut lifetime, mut balance, mut actual) = (Vec::new(), Vec::new(), Vec::new());
    for (client, value) in
        column(&segment, "client_id").iter().zip(column(&segment, "lifetime_value"))
    {
        let Some(margin) = person_of.get(client).and_then(|p| margins.get(p)) else { continue };
        lifetime.push(value.parse::<f64>().unwrap());
        balance.push(balances.get(client).copied().unwrap_or(0.0));
        actual.push(*margin);
    }
    let of_value = value::spearman(&lifetime, &actual).unwrap();
    let of_balance = value::spearman(&balance, &actual).unwrap();
    println!(
        "true future margin: rank correlation of lifetime value {of_value:.3}, of balance {of_balance:.3}"
    );
    assert!(actual.len() > 1_500, "{}", actual.len());
    assert!(of_value > of_balance + 0.05, "{of_value} against {of_balance}");
    let beside = (
        value::top_share_overlap(&lifetime, &actual, 200_000),
        value::top_share_overlap(&balance, &actual, 200_000),
    );
    println!(
        "share of the true top 20 % found: by lifetime value {:?}, by balance {:?}",
        beside.0, beside.1
    );
}

/// Average balance of the last month by client, all products.
fn balances(world: &World) -> HashMap<String, f64> {
    let contribution = world.csv("client_contribution");
    let months = column(&contribution, "month");
    let last = months.iter().max().unwrap().clone();
    let mut balances = HashMap::new();
    let rows = column(&contribution, "client_id")
        .into_iter()
        .zip(column(&contribution, "average_balance"));
    for ((client, balance), month) in rows.zip(months) {
        if month == last {
            *balances.entry(client).or_insert(0.0) += balance.parse::<f64>().unwrap();
        }
    }
    balances
}
