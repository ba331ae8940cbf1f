//! Published data by the contracts written for them, where the files are: every row of every file.

use super::{Once, arrive, as_of};
use crate::read::read_feed;
use arrow::record_batch::RecordBatch;
use model::SourceContract;
use std::path::{Path, PathBuf};
use testkit::{files_below, read_text, repo_root, shared_data};

/// What a file gives: rows, and the sum of its amount column in minor units.
struct Whole {
    system: &'static str,
    feed: &'static str,
    rows: u64,
    amount: i128,
}

const fn whole(system: &'static str, feed: &'static str, rows: u64, amount: i128) -> Whole {
    Whole { system, feed, rows, amount }
}

const BERKA: [Whole; 8] = [
    whole("accounts", "account", 4_500, 0),
    whole("accounts", "disposition", 5_369, 0),
    whole("cards", "card", 892, 0),
    whole("clients", "client", 5_369, 0),
    whole("districts", "district", 77, 0),
    whole("loans", "loan", 682, 10_326_174_000),
    whole("orders", "standing_order", 6_471, 2_122_899_360),
    whole("transactions", "trans", 49_102, 31_548_644_980),
];

const OPEN: [Whole; 5] = [
    whole("bank_churners", "client", 10_127, 1_177_581_800),
    whole("churn_modelling", "client", 10_000, 76_485_889_288),
    whole("comprehensive_bank", "client", 5_000, 2_530_285_459),
    whole("qingdao", "client", 10_000, 34_230_044_568),
    whole("uci_bank", "contact", 45_211, 6_158_968_200),
];

/// The contracts in a folder of `jobs/` whose files begin so, in the order of their systems.
fn contracts(under: &str, prefix: &str) -> Vec<SourceContract> {
    let is_one = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    };
    let files = files_below(&repo_root().join("jobs").join(under)).into_iter().filter(is_one);
    let contract = |path: PathBuf| SourceContract::parse(&read_text(&path), "test").unwrap();
    let mut contracts: Vec<_> = files.map(contract).collect();
    contracts.sort_by(|a, b| a.system.cmp(&b.system));
    contracts
}

/// Reads every feed of some contracts, and holds what comes out against what is known of the files.
fn check(sources: &[SourceContract], folder: &Path, expected: &[Whole]) {
    let arrived = arrive(sources, folder).unwrap();
    let feeds = sources.iter().flat_map(|source| &source.feeds);
    assert_eq!((feeds.clone().count(), arrived.len()), (expected.len(), expected.len()));
    for ((feed, arrived), whole) in feeds.zip(&arrived).zip(expected) {
        let place = format!("{}.{}", arrived.system, feed.name);
        assert_eq!(place, format!("{}.{}", whole.system, whole.feed));
        let mut rows = 0;
        let mut sink = Once(|batch: RecordBatch| {
            rows += batch.num_rows() as u64;
            Ok(())
        });
        let system = &arrived.system;
        let scratch = std::env::temp_dir();
        let o = read_feed(system, feed, arrived, as_of(), &mut sink, &|_| {}, &scratch).unwrap();
        assert_eq!(o.rejects.first().map(|reject| &reject.reason), None, "{place}");
        let counts = (o.rows_read, o.rows_delivered, o.rows_rejected, o.rows_superseded);
        assert_eq!(counts, (whole.rows, whole.rows, 0, 0), "{place}");
        assert_eq!((rows, o.amount_delivered), (whole.rows, whole.amount), "{place}");
    }
}

#[test]
fn the_eight_files_of_berka_are_read_whole() {
    let Some(folder) = shared_data("berka") else { return };
    check(&contracts("sources", "berka_"), &folder, &BERKA);
}

#[test]
fn every_open_client_file_is_read_whole() {
    let Some(uci) = shared_data("uci_bank") else { return };
    check(&contracts("open/sources", ""), uci.parent().unwrap(), &OPEN);
}
