//! The sample night against its golden tables, and the same bytes whatever the machine.

use crate::world::{AS_OF, World, column};
use testkit::{assert_golden, repo_root};

/// Tables kept as they are; of the others their digest is kept.
const WHOLE: [&str; 7] = [
    "client_segment",
    "concentration",
    "load_report",
    "match_review",
    "rejects",
    "segment_summary",
    "tier_migration",
];

#[test]
fn the_sample_night_gives_the_golden_tables() {
    let world = World::sample();
    let told = world.night(&[]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let tables = world.ask("show", &["--json"]);
    let listed: serde_json::Value = serde_json::from_str(&tables.stdout).unwrap();
    let run = listed["run"].as_str().unwrap();
    let mut digests = String::from("table,rows,blake3\n");
    for table in listed["tables"].as_array().unwrap() {
        let name = table["table"].as_str().unwrap();
        // The run id holds the digest of the binary, which is another one on every machine.
        let csv = world.csv(name).replace(run, "RUN");
        let digest = blake3::hash(csv.as_bytes()).to_hex();
        digests.extend([name, ",", &(csv.lines().count() - 1).to_string(), ","]);
        digests.extend([digest.as_str(), "\n"]);
        if WHOLE.contains(&name) {
            assert_golden(&repo_root().join(format!("data-samples/expected/{name}.csv")), &csv);
        }
    }
    assert_golden(&repo_root().join("data-samples/expected/digests.csv"), &digests);
    reconciles(&world.csv("load_report"));
}

/// Read = loaded + rejected + filtered + superseded, in every feed, by count and to the cent.
fn reconciles(report: &str) {
    let names: Vec<&str> = report.lines().next().unwrap().split(',').collect();
    for line in report.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let figure = |name: String| -> i64 {
            let at = names.iter().position(|known| *known == name).unwrap();
            cells[at].replace('.', "").parse().unwrap_or(0)
        };
        for what in ["rows", "amount"] {
            let parts = ["loaded", "rejected", "filtered", "superseded"];
            let told: i64 = parts.iter().map(|part| figure(format!("{what}_{part}"))).sum();
            assert_eq!(figure(format!("{what}_read")), told, "{what}: {line}");
        }
    }
}

#[test]
fn buckets_and_threads_change_no_byte() {
    let world = World::sample();
    let mut first = None;
    for (buckets, threads) in
        [("1", "1"), ("1", "2"), ("2", "2"), ("7", "1"), ("7", "2"), ("64", "2")]
    {
        let told = world.night(&["--buckets", buckets, "--threads", threads]);
        assert_eq!(told.code, 0, "{}", told.stderr);
        let published = world.published();
        let expect = first.get_or_insert_with(|| published.clone());
        let differ = published.iter().zip(expect.iter()).find(|(a, b)| a != b).map(|(a, _)| &a.0);
        assert_eq!(differ, None, "{buckets} buckets, {threads} threads");
        assert_eq!(published.len(), expect.len());
        std::fs::remove_dir_all(world.path("lake")).unwrap();
    }
}

#[test]
fn a_second_run_is_a_no_op_and_an_edited_input_a_new_run() {
    let world = World::sample();
    assert_eq!(world.night(&[]).code, 0);
    let first = world.published();
    let again = world.night(&[]);
    assert_eq!(again.code, 0);
    assert!(again.stdout.contains("RESULT unchanged code=0"), "{}", again.stdout);
    assert_eq!(world.published(), first);

    let contacts = world.extract("care_contact_20261120.csv");
    let text = std::fs::read_to_string(&contacts).unwrap();
    let fewer: Vec<&str> = text.lines().collect();
    std::fs::write(&contacts, format!("{}\n", fewer[..fewer.len() - 5].join("\n"))).unwrap();
    let edited = world.night(&[]);
    assert_eq!(edited.code, 0, "{}", edited.stderr);
    assert!(edited.stdout.contains("RESULT published code=0"), "{}", edited.stdout);
    assert_ne!(world.published(), first);
    let runs = world.ask("status", &["--json"]).stdout;
    let runs: serde_json::Value = serde_json::from_str(&runs).unwrap();
    let published = runs["runs"].as_array().unwrap().iter().filter(|r| r["state"] == "published");
    assert_eq!(published.count(), 2, "{runs}");
    assert!(runs["runs"].as_array().unwrap().iter().all(|r| r["as_of"] == AS_OF));
}

#[test]
fn reasons_sum_exactly_to_the_scores_of_every_client() {
    let world = World::sample();
    assert_eq!(world.night(&[]).code, 0);
    let cents = |text: &str| -> i64 { text.replace('.', "").parse().unwrap() };
    let segment = world.csv("client_segment");
    let reasons = world.csv("score_reason");
    let mut sums = std::collections::BTreeMap::new();
    let (clients, axes) = (column(&reasons, "client_id"), column(&reasons, "axis"));
    for ((client, axis), points) in clients.iter().zip(axes).zip(column(&reasons, "points")) {
        *sums.entry((client.clone(), axis)).or_insert(0) += cents(&points);
    }
    let clients = column(&segment, "client_id");
    let mut checked = 0;
    for axis in ["value", "loyalty"] {
        let scores = column(&segment, &format!("{axis}_score"));
        for (client, score) in clients.iter().zip(scores).filter(|(_, score)| !score.is_empty()) {
            assert_eq!(sums[&(client.clone(), axis.to_owned())], cents(&score), "{client} {axis}");
            checked += 1;
        }
    }
    assert!(checked > 3_000, "{checked}");
}
