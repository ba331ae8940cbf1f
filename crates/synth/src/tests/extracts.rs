//! What stands in the extracts: readable, adding up, and what the catalogue says where faulty.

use super::reading::{Fields, contracts, feed, read};
use super::{Scratch, bank, params};
use model::{FeedContract, FileShape, Money};
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

/// Where a summary says that a feed of the night stands.
pub(super) fn path(feed: &FeedContract) -> String {
    let package = feed.package.iter().map(String::as_str);
    let parts: Vec<&str> =
        ["night/{date}"].into_iter().chain(package).chain([&*feed.file]).collect();
    parts.join("/").replace("{date}", "20261120")
}

#[test]
fn every_row_of_a_bank_without_faults_holds_its_contract() {
    let scratch = Scratch::new("clean");
    let summary = bank(&params(700, 1, false), &scratch.0, 2);
    let folder = scratch.0.join("night/20261120");
    for contract in contracts() {
        for feed in &contract.feeds {
            let rows = read(feed, &folder, "20261120");
            let path = path(feed);
            if feed.package.is_none() {
                let counted = summary.files.iter().find(|f| f.path == path).unwrap();
                assert_eq!(rows.len() as u64, counted.rows, "{path}");
            }
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
fn the_first_movement_follows_from_the_balance_brought_forward() {
    let scratch = Scratch::new("opening");
    bank(&params(600, 1, false), &scratch.0, 2);
    let brought: BTreeMap<String, i64> = rows(&scratch, "20261120", "deposits", "balance")
        .iter()
        .filter(|row| text(row, 1) == "20251031")
        .map(|row| (text(row, 0).to_owned(), fen(row, 2)))
        .collect();
    let mut moved = BTreeSet::new();
    for row in rows(&scratch, "20261120", "deposits", "event") {
        let account = text(&row, 1).to_owned();
        let Some(brought) = brought.get(&account).filter(|_| !moved.contains(&account)) else {
            continue;
        };
        let sign = if text(&row, 4) == "C" { 1 } else { -1 };
        assert_eq!(brought + sign * fen(&row, 5), fen(&row, 6), "{account}");
        moved.insert(account);
    }
    assert!(moved.len() > 350, "{}", moved.len());
}

#[test]
fn every_account_with_a_balance_has_one_for_each_month_end_it_was_there() {
    let scratch = Scratch::new("closings");
    bank(&params(900, 1, false), &scratch.0, 2);
    let feeds = [
        ("deposits", "account", 5, 7, "balance", 13),
        ("cards", "card", 23, 25, "balance", 13),
        ("loans", "loan", 6, 8, "balance", 13),
        ("funds", "holding", 3, 5, "value", 24),
        ("insurance", "policy", 3, 5, "value", 13),
    ];
    for (system, accounts, opened, closed, balances, most) in feeds {
        let month = |day: &str| day.replace('-', "")[..6].to_owned();
        let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows(&scratch, "20261120", system, balances) {
            assert!(held.entry(text(&row, 0).to_owned()).or_default().insert(month(text(&row, 1))));
        }
        let ends: BTreeSet<String> = held.values().flatten().cloned().collect();
        assert_eq!(
            (ends.len(), ends.last().map(String::as_str)),
            (most, Some("202610")),
            "{system}"
        );
        for row in rows(&scratch, "20261120", system, accounts) {
            let from = month(text(&row, opened));
            let to = row[closed].as_deref().map_or("999999".to_owned(), month);
            let there = ends.iter().filter(|end| **end >= from && **end <= to).cloned().collect();
            let given = held.remove(text(&row, 0)).unwrap_or_default();
            // Closed on the day it was opened: nothing was ever on it.
            if row[opened] == row[closed] {
                continue;
            }
            assert_eq!(given, there, "{system} {}", text(&row, 0));
        }
        assert!(held.is_empty(), "{system}");
    }
}

#[test]
fn debit_cards_owe_nothing_and_policies_are_worth_more_with_the_years() {
    let scratch = Scratch::new("worth");
    bank(&params(900, 1, false), &scratch.0, 2);
    let debit: BTreeSet<String> = rows(&scratch, "20261120", "cards", "card")
        .iter()
        .filter(|row| text(row, 19) == "DC")
        .map(|row| text(row, 0).to_owned())
        .collect();
    let owed = rows(&scratch, "20261120", "cards", "balance");
    assert!(owed.iter().filter(|row| debit.contains(text(row, 0))).all(|row| fen(row, 2) == 0));
    assert!(owed.iter().any(|row| fen(row, 2) > 0) && owed.iter().all(|row| fen(row, 2) >= 0));
    let open: BTreeMap<String, bool> = rows(&scratch, "20261120", "insurance", "policy")
        .iter()
        .filter(|row| row[5].is_none())
        .map(|row| (text(row, 0).to_owned(), text(row, 2) == "AN"))
        .collect();
    let mut before: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows(&scratch, "20261120", "insurance", "value") {
        let key = text(&row, 0).to_owned();
        let Some(saves) = open.get(&key) else { continue };
        let worth = fen(&row, 2);
        assert!(worth >= *before.get(&key).unwrap_or(&0), "{key}");
        assert!(worth > 0 || !saves, "{key}");
        assert!(fen(&row, 3) <= worth, "{key}");
        before.insert(key, worth);
    }
    assert!(before.len() > 150, "{}", before.len());
}

#[test]
fn nights_tell_the_same_past() {
    let scratch = Scratch::new("nights");
    bank(&params(500, 2, false), &scratch.0, 2);
    for (system, feed, least) in
        [("deposits", "balance", 3_000), ("cards", "balance", 3_000), ("funds", "value", 1_500)]
    {
        let balances = |stamp: &str| -> BTreeMap<(String, String), i64> {
            let key =
                |row: Fields| ((text(&row, 0).to_owned(), text(&row, 1).to_owned()), fen(&row, 2));
            rows(&scratch, stamp, system, feed).into_iter().map(key).collect()
        };
        let (before, after) = (balances("20261020"), balances("20261120"));
        let shared: Vec<_> = before.iter().filter(|(key, _)| after.contains_key(*key)).collect();
        assert!(shared.len() > least && shared.len() < before.len(), "{system}: {}", shared.len());
        assert!(shared.into_iter().all(|(key, fen)| after[key] == *fen), "{system}");
    }
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
            let path = path(feed);
            let head = usize::from(feed.header.is_some())
                + match feed.shape {
                    FileShape::Delimited { names, .. } => usize::from(names),
                    FileShape::Sheet { names_row, .. } => names_row as usize,
                    _ => 0,
                };
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
