use super::*;
use model::BalancesFollow;

fn feed(read: u64, loaded: u64, rejected: u64) -> LoadedFeed {
    LoadedFeed {
        system: "cards".into(),
        feed: "card".into(),
        rows_read: read,
        rows_loaded: loaded,
        rows_rejected: rejected,
        rows_filtered: 0,
        rows_superseded: 0,
        kept: None,
    }
}

fn checks_of(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.check).collect()
}

#[test]
fn a_feed_that_lost_a_row_is_found() {
    let limits = Limits::default();
    assert!(feeds(&limits, &[], &[feed(10_000, 9_999, 1)]).is_empty());
    assert_eq!(checks_of(&feeds(&limits, &[], &[feed(10, 9, 0)])), ["reconciliation"]);
}

#[test]
fn a_landed_feed_has_the_rows_its_database_counts() {
    let one = |rows| Landed {
        system: "cards".into(),
        feed: "card".into(),
        file: "cards.card_20261120.csv".into(),
        rows,
        bytes: 1,
        blake3: String::new(),
        reused: false,
    };
    assert!(landed(&[], &[feed(10, 10, 0)]).is_empty());
    assert!(landed(&[one(10)], &[feed(10, 9, 1)]).is_empty());
    let findings = landed(&[one(11)], &[feed(10, 10, 0)]);
    let text = findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let expected =
        "landed_rows on source `cards`, feed `card`: 10 rows read, the database counts 11";
    assert_eq!(text, expected);
}

#[test]
fn rejects_over_the_limit_stop_the_night() {
    let limits = Limits { max_rejects_ppm: 1_000, ..Limits::default() };
    assert!(feeds(&limits, &[], &[feed(1_000, 999, 1)]).is_empty());
    let findings = feeds(&limits, &[], &[feed(1_000, 998, 2)]);
    assert_eq!(checks_of(&findings), ["max_rejects_ppm"]);
    let text = findings[0].to_string();
    assert_eq!(
        text,
        "max_rejects_ppm on source `cards`, feed `card`: 2 of 1000 rows rejected (limit 1000 ppm)"
    );
}

/// A contract whose feed states this of its rejects.
fn stating(text: &str) -> Vec<SourceContract> {
    let contract = format!(
        "version = 1\nsystem = \"cards\"\ntitle = \"Cards\"\n[[feed]]\nname = \"card\"\nfile = \"f\"\n\
         shape = {{ kind = \"json_lines\" }}\n{text}\ncolumns = [{{ name = \"a\", type = \"text\" }}]\n"
    );
    vec![SourceContract::parse(&contract, "test").unwrap()]
}

#[test]
fn a_feed_is_held_to_its_own_limits_or_to_those_of_the_job() {
    let limits = Limits { max_rejects_ppm: 1_000, ..Limits::default() };
    let check = |text: &str, rejected: u64| {
        let findings = feeds(&limits, &stating(text), &[feed(1_000, 1_000 - rejected, rejected)]);
        findings.first().map(|finding| format!("{}: {}", finding.check, finding.cause))
    };
    let said = |text: &str| Some(text.to_owned());
    let ppm = "max_rejects_ppm = 3000";
    assert_eq!(check(ppm, 3), None);
    assert_eq!(check(ppm, 4), said("max_rejects_ppm: 4 of 1000 rows rejected (limit 3000 ppm)"));
    let rows = "max_rejects_rows = 2";
    assert_eq!(check(rows, 2), None);
    assert_eq!(check(rows, 3), said("max_rejects_rows: 3 of 1000 rows rejected (limit 2)"));
    let both = format!("{ppm}\nmax_rejects_rows = 9");
    assert_eq!(check(&both, 3), None);
    assert_eq!(check(&both, 4), said("max_rejects_ppm: 4 of 1000 rows rejected (limit 3000 ppm)"));
    let none = "on_reject = \"file\"";
    assert_eq!(check(none, 0), None);
    assert_eq!(check(none, 1), said("on_reject: 1 of 1000 rows rejected (the feed takes none)"));
}

#[test]
fn too_few_clients_too_many_moves_and_broken_balances_stop_the_night() {
    let limits = Limits { min_clients: 5, max_tier_moves_ppm: 100_000, ..Limits::default() };
    let checks = Checks {
        balances_follow: Some(BalancesFollow {
            tolerance: 10,
            max_breaks: 0,
            incomplete_days: Vec::new(),
        }),
    };
    let good = Figures { clients: 5, stayed: 10, moved: 1, balance_breaks: 0 };
    assert!(super::figures(&limits, &checks, good).is_empty());
    let bad = Figures { clients: 4, stayed: 10, moved: 2, balance_breaks: 1 };
    let found = super::figures(&limits, &checks, bad);
    assert_eq!(checks_of(&found), ["min_clients", "max_tier_moves_ppm", "balances_follow"]);
}

/// Two sources with a rule each; the first stops a night, the second warns.
fn sources_with_rules() -> Vec<SourceContract> {
    let contract = |system: &str, on_break: &str| {
        let text = format!(
            "version = 1\nsystem = \"{system}\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n\
             shape = {{ kind = \"delimited\", separator = \",\" }}\n\
             columns = [{{ name = \"a\", type = \"money\" }}]\n[[feed.rule]]\nname = \"r\"\n\
             holds = \"a >= 0\"\nmax_breaks_ppm = 100000\non_break = \"{on_break}\"\n"
        );
        SourceContract::parse(&text, "s.toml").unwrap()
    };
    vec![contract("one", "fail"), contract("two", "warn")]
}

#[test]
fn rows_that_break_a_rule_stop_the_night_or_are_told() {
    let sources = sources_with_rules();
    let row = |system: &str, judged: &str, broken: &str| {
        [system, "f", "r", judged, broken, "7"].map(str::to_owned).to_vec()
    };
    let (found, warned) = rules(&sources, &[row("one", "10", "1"), row("two", "0", "0")]);
    assert!(found.is_empty() && warned.is_empty());
    let (found, warned) = rules(&sources, &[row("one", "10", "2"), row("two", "10", "3")]);
    assert_eq!(
        found[0].to_string(),
        "rule on source `one`, feed `f`, rule `r`: 2 of 10 rows judged break it, line 7 first (limit 100000 ppm)"
    );
    assert!(warned[0].message.contains("source `two`"), "{}", warned[0].message);
    assert_eq!((found.len(), warned.len()), (1, 1));
}
