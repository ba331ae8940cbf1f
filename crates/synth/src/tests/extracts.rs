//! What stands in the extracts: readable, adding up, and what the catalogue says where faulty.

use super::reading::{Fields, contracts, feed, read};
use super::{Scratch, bank, params};
use model::Money;
use std::collections::{BTreeMap, BTreeSet};

fn text(fields: &Fields, at: usize) -> &str {
    fields[at].as_deref().unwrap_or("")
}

fn fen(fields: &Fields, at: usize) -> i64 {
    text(fields, at).parse::<Money>().unwrap().0
}

fn rows(scratch: &Scratch, stamp: &str, system: &str, name: &str) -> Vec<Fields> {
    let folder = scratch.0.join("night").join(stamp);
    read(&feed(system, name), &folder, stamp).into_iter().map(Result::unwrap).collect()
}

#[test]
fn every_row_of_a_bank_without_faults_holds_its_contract() {
    let scratch = Scratch::new("clean");
    let summary = bank(&params(700, 1, false), &scratch.0, 2);
    let folder = scratch.0.join("night/20261120");
    for contract in contracts() {
        for feed in &contract.feeds {
            let rows = read(feed, &folder, "20261120");
            let path = format!("night/20261120/{}", feed.file.replace("{date}", "20261120"));
            let counted = summary.files.iter().find(|f| f.path == path).unwrap();
            assert_eq!(rows.len() as u64, counted.rows, "{path}");
            assert!(!rows.is_empty(), "{path}");
            let mut keys = BTreeSet::new();
            for row in rows {
                let row = row.unwrap_or_else(|cause| panic!("{path}: {cause}"));
                let at = |name: &String| feed.columns.iter().position(|c| c.name == *name).unwrap();
                let key: Vec<String> =
                    feed.unique.iter().map(|n| text(&row, at(n)).to_owned()).collect();
                assert!(feed.unique.is_empty() || keys.insert(key), "{path}: a key twice");
            }
        }
    }
}

#[test]
fn balances_follow_from_the_movements() {
    let scratch = Scratch::new("ledger");
    bank(&params(600, 1, false), &scratch.0, 2);
    let mut running: BTreeMap<String, (String, i64)> = BTreeMap::new();
    let mut month_end: BTreeMap<(String, String), i64> = BTreeMap::new();
    for row in rows(&scratch, "20261120", "deposits", "event") {
        let sign = if text(&row, 4) == "C" { 1 } else { -1 };
        let (account, day, after) =
            (text(&row, 1).to_owned(), text(&row, 3).to_owned(), fen(&row, 6));
        if let Some((before_day, before)) = running.get(&account) {
            assert!(*before_day <= day);
            assert_eq!(before + sign * fen(&row, 5), after, "{account} {day}");
        }
        assert!(after >= 0 && fen(&row, 5) > 0);
        month_end.insert((account.clone(), day[..6].to_owned()), after);
        running.insert(account, (day, after));
    }
    let mut compared = 0;
    for row in rows(&scratch, "20261120", "deposits", "balance") {
        let key = (text(&row, 0).to_owned(), text(&row, 1)[..6].to_owned());
        if let Some(after) = month_end.get(&key) {
            assert_eq!(*after, fen(&row, 2), "{key:?}");
            compared += 1;
        }
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn nights_tell_the_same_past() {
    let scratch = Scratch::new("nights");
    bank(&params(500, 2, false), &scratch.0, 2);
    let balances = |stamp: &str| -> BTreeMap<(String, String), i64> {
        let key =
            |row: Fields| ((text(&row, 0).to_owned(), text(&row, 1).to_owned()), fen(&row, 2));
        rows(&scratch, stamp, "deposits", "balance").into_iter().map(key).collect()
    };
    let (before, after) = (balances("20261020"), balances("20261120"));
    let shared: Vec<_> = before.iter().filter(|(key, _)| after.contains_key(*key)).collect();
    assert!(shared.len() > 3_000 && shared.len() < before.len());
    assert!(shared.into_iter().all(|(key, fen)| after[key] == *fen));
    let parties = |stamp| -> BTreeSet<String> {
        rows(&scratch, stamp, "cards", "card").iter().map(|row| text(row, 0).to_owned()).collect()
    };
    assert!(parties("20261120").is_superset(&parties("20261020")));
}

#[test]
fn planted_rows_stand_where_the_summary_says() {
    let scratch = Scratch::new("faults");
    let summary = bank(&params(1_500, 1, true), &scratch.0, 2);
    let rejected = summary.faults.iter().filter(|f| f.fate == "rejected").count();
    assert!(rejected > 20 && summary.faults.len() > rejected + 10);
    let folder = scratch.0.join("night/20261120");
    for contract in contracts() {
        for feed in &contract.feeds {
            let path = format!("night/20261120/{}", feed.file.replace("{date}", "20261120"));
            let head = usize::from(feed.header.is_some())
                + usize::from(matches!(
                    feed.shape,
                    model::FileShape::Delimited { names: true, .. }
                ));
            let refused: BTreeSet<usize> = read(feed, &folder, "20261120")
                .iter()
                .enumerate()
                .filter(|(_, row)| row.is_err())
                .map(|(at, _)| at + 1 + head)
                .collect();
            let by_form = |what: &str| !what.contains("of the row before");
            let planted: BTreeSet<usize> = summary
                .faults
                .iter()
                .filter(|f| f.file == path && f.fate == "rejected" && by_form(f.what))
                .map(|f| usize::try_from(f.line).unwrap())
                .collect();
            assert_eq!(refused, planted, "{path}");
        }
    }
}
