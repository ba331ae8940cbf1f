//! A real bank: the Czech bank of the PKDD'99 challenge, where its files are present.

use crate::world::{Told, column, command};
use std::path::{Path, PathBuf};
use testkit::{repo_root, shared_data};

struct Bank {
    job: String,
    extracts: String,
    lake: tempfile::TempDir,
}

impl Bank {
    /// None where the files are not present; says so.
    fn open() -> Option<Self> {
        let extracts: PathBuf = shared_data("berka")?;
        Some(Self {
            job: text(&repo_root().join("jobs/berka.toml")),
            extracts: text(&extracts),
            lake: tempfile::tempdir().unwrap(),
        })
    }

    fn lake(&self) -> String {
        text(self.lake.path())
    }

    fn night(&self, as_of: &str) -> serde_json::Value {
        let lake = self.lake();
        let told = command(&[
            "run",
            &self.job,
            "--as-of",
            as_of,
            "--extracts",
            &self.extracts,
            "--lake",
            &lake,
            "--progress",
            "none",
            "--json",
        ]);
        assert_eq!(told.code, 0, "{as_of}: {}", told.stderr);
        serde_json::from_str(&told.stdout).unwrap()
    }

    fn ask(&self, name: &str, more: &[&str]) -> Told {
        let lake = self.lake();
        let told = command(&[&[name, &self.job, "--lake", &lake], more].concat());
        assert_eq!(told.code, 0, "{}", told.stderr);
        told
    }

    fn csv(&self, table: &str) -> String {
        self.ask("show", &[table, "--csv"]).stdout
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn count(values: &[String], wanted: &str) -> usize {
    values.iter().filter(|value| *value == wanted).count()
}

#[test]
fn the_real_bank_loads_whole_and_merges_nobody() {
    let Some(bank) = Bank::open() else { return };
    let summary = bank.night("1994-03-31");
    let loaded = |system: &str, feed: &str| {
        let feeds = summary["feeds"].as_array().unwrap();
        let found = feeds.iter().find(|f| f["system"] == system && f["feed"] == feed);
        found.unwrap_or_else(|| panic!("no feed {system}.{feed}"))["rows_loaded"].as_u64().unwrap()
    };
    assert_eq!(loaded("clients", "client"), 5_369);
    assert_eq!(loaded("accounts", "account"), 4_500);
    assert_eq!(loaded("loans", "loan"), 682);
    assert_eq!(loaded("cards", "card"), 892);
    assert_eq!(loaded("orders", "standing_order"), 6_471);
    assert_eq!(loaded("transactions", "trans"), 49_102);
    assert_eq!(summary["rows_rejected"], 0);
    // The balances of a real bank follow from its movements: no rule is broken.
    let plausible = bank.csv("plausibility");
    assert_eq!(column(&plausible, "rule"), ["balances_follow", "amounts_are_not_negative"]);
    assert_eq!(column(&plausible, "rows_judged"), ["49102", "49102"], "{plausible}");
    assert_eq!(column(&plausible, "rows_broken"), ["0", "0"], "{plausible}");
    let xref = bank.csv("client_xref");
    let mut clients = column(&xref, "client_id");
    clients.sort();
    clients.dedup();
    assert_eq!((column(&xref, "record_id").len(), clients.len()), (5_369, 5_369));
    let golden = bank.csv("client_golden");
    let sexes: Vec<String> = golden
        .lines()
        .filter_map(|line| line.split_once(",sex,").map(|(_, rest)| rest[..1].to_owned()))
        .collect();
    assert_eq!((count(&sexes, "F"), count(&sexes, "M")), (2_645, 2_724));
    assert_eq!(golden.lines().filter(|line| line.contains(",birth_date,")).count(), 5_369);
}

#[test]
fn three_nights_of_the_real_bank_give_history_and_migration() {
    let Some(bank) = Bank::open() else { return };
    let mut graded = Vec::new();
    for as_of in ["1994-01-31", "1994-02-28", "1994-03-31"] {
        let summary = bank.night(as_of);
        graded.push(summary["clients"].as_u64().unwrap());
    }
    assert!(graded.windows(2).all(|w| w[0] < w[1]), "{graded:?}");
    let tiers = column(&bank.csv("client_segment"), "tier");
    assert_eq!(tiers.len() as u64, graded[2]);
    for tier in ["TOP", "MID", "SMALL"] {
        assert!(count(&tiers, tier) > 0, "{tier}");
    }
    let migration = bank.csv("tier_migration");
    assert!(count(&column(&migration, "from_tier"), "NEW") > 0, "{migration}");
    assert!(count(&column(&migration, "from_tier"), "SMALL") > 0, "{migration}");
    let history = bank.csv("client_segment_history");
    let closed = column(&history, "valid_to").iter().filter(|day| !day.is_empty()).count();
    assert!(closed > 0, "no tier changed in three months");
    let client = column(&bank.csv("client_segment"), "client_id")[0].clone();
    let told = bank.ask("explain", &[&client]);
    assert!(told.stdout.contains("value score"), "{}", told.stdout);
}
