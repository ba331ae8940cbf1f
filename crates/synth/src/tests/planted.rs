//! The planted rows at the gate: each has the fate that the catalogue of the sample bank tells.

use super::extracts::path;
use super::reading::{Fields, contracts, feed, gated};
use super::{Scratch, bank, params};
use crate::Summary;
use model::FeedContract;
use std::collections::BTreeSet;
use std::path::Path;

/// Whether the contract leaves a row out.
fn is_left_out(feed: &FeedContract, row: &Fields) -> bool {
    let Some(condition) = &feed.condition else { return false };
    let words: Vec<&str> = condition.split(' ').collect();
    let [column, sign, value] = words[..] else { panic!("{condition}") };
    let at = feed.columns.iter().position(|c| c.name == column).unwrap();
    let found = row[at].as_deref().unwrap();
    match (sign, value) {
        ("<>", text) => format!("'{found}'") == text,
        ("<=", "{as_of}") => found > "2026-11-20",
        _ => panic!("{condition}"),
    }
}

#[test]
fn every_planted_row_has_its_fate() {
    let scratch = Scratch::new("planted");
    let summary = bank(&params(500, 1, true), &scratch.0, 2);
    let folder = scratch.0.join("night/20261120");
    let mut seen = 0;
    for contract in contracts() {
        for feed in &contract.feeds {
            let file = path(feed);
            let planted = |fate: &str| -> BTreeSet<i64> {
                let faults = summary.faults.iter().filter(|f| f.file == file && f.fate == fate);
                faults.map(|fault| fault.line.try_into().unwrap()).collect()
            };
            let gated = gated(feed, &folder, "20261120");
            let rejects: BTreeSet<i64> = gated.rejects.keys().copied().collect();
            assert_eq!(rejects, planted("rejected"), "{file}");
            assert_eq!(gated.superseded, planted("superseded").len() as u64, "{file}");
            let left_out = gated.rows.iter().filter(|(_, row)| is_left_out(feed, row));
            let left_out: BTreeSet<i64> = left_out.map(|(number, _)| *number).collect();
            assert_eq!(left_out, planted("filtered"), "{file}");
            seen += rejects.len() + left_out.len() + planted("superseded").len();
        }
    }
    assert_eq!(seen + 1, summary.faults.len(), "all but the orphan");
    assert_orphan(&summary, &folder);
}

/// The planted card is read, and runs on an account that is not there.
fn assert_orphan(summary: &Summary, folder: &Path) {
    let orphan = summary.faults.iter().find(|fault| fault.fate == "orphan").unwrap();
    let cards = gated(&feed("cards", "card"), folder, "20261120");
    let card = &cards.rows[&i64::try_from(orphan.line).unwrap()];
    let accounts = gated(&feed("deposits", "account"), folder, "20261120").rows;
    assert!(card[20].is_some() && accounts.values().all(|account| account[0] != card[20]));
}
