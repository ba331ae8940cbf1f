//! Several nights in turn: ids stay, history and migration grow, a failed night is taken up again.

use crate::world::{World, column};
use std::collections::BTreeMap;

#[test]
fn ids_stay_and_history_grows_over_three_nights() {
    let world = World::synthetic("400", "3");
    let mut owners: BTreeMap<(String, String), String> = BTreeMap::new();
    for (at, as_of) in ["2026-09-20", "2026-10-20", "2026-11-20"].iter().enumerate() {
        let told = world.night_of(as_of, &[]);
        assert_eq!(told.code, 0, "{}", told.stderr);
        let xref = world.csv("client_xref");
        let keys = column(&xref, "system").into_iter().zip(column(&xref, "party_key"));
        let mut moved = 0;
        for (key, client) in keys.zip(column(&xref, "client_id")) {
            moved += usize::from(owners.get(&key).is_some_and(|before| *before != client));
            owners.insert(key, client);
        }
        // A record may change its client only where the crosswalk says so.
        let events = world.csv("client_id_crosswalk").lines().count() - 1;
        assert!(moved == 0 || events > 0, "{moved} records moved without an event");
        let history = world.csv("client_segment_history");
        let open = column(&history, "current").iter().filter(|c| *c == "true").count();
        assert_eq!(
            open,
            world.csv("client_segment").lines().count() - 1,
            "one open row per client"
        );
        let from = column(&world.csv("tier_migration"), "from_tier");
        assert_eq!(from.iter().any(|tier| tier != "NEW"), at > 0);
    }
    let earlier = world.night_of("2026-10-20", &[]);
    assert!(earlier.stdout.contains("RESULT unchanged"), "{}{}", earlier.stdout, earlier.stderr);
}

#[test]
fn the_second_night_counts_every_client_in_whatever_buckets() {
    let world = World::synthetic("400", "2");
    let mut first = None;
    for buckets in ["1", "7"] {
        assert_eq!(world.night_of("2026-10-20", &["--buckets", buckets]).code, 0);
        let before = world.csv("client_segment").lines().count() - 1;
        let told = world.night_of("2026-11-20", &["--buckets", buckets]);
        assert_eq!(told.code, 0, "{}", told.stderr);
        let migration = world.csv("tier_migration");
        let counted = |tier: &str, not: &str| -> usize {
            let counts = column(&migration, tier).into_iter().zip(column(&migration, "clients"));
            counts.filter(|(tier, _)| tier != not).map(|(_, n)| n.parse::<usize>().unwrap()).sum()
        };
        assert_eq!(counted("from_tier", "NEW"), before, "{migration}");
        let tonight = world.csv("client_segment").lines().count() - 1;
        assert_eq!(counted("to_tier", "LEFT"), tonight, "{migration}");
        let published = world.published();
        let same = first.get_or_insert_with(|| published.clone()) == &published;
        assert!(same, "{buckets} buckets");
        std::fs::remove_dir_all(world.path("lake")).unwrap();
    }
}

#[test]
fn an_earlier_date_does_not_move_readers_back() {
    let world = World::synthetic("120", "2");
    assert_eq!(world.night_of("2026-11-20", &[]).code, 0);
    let told = world.night_of("2026-10-20", &[]);
    assert_eq!(told.code, 64, "{}", told.stderr);
    assert!(told.stderr.contains("2026-11-20"), "{}", told.stderr);
}

#[test]
fn a_night_that_failed_its_checks_is_taken_up_where_it_was() {
    let world = World::sample();
    let job = std::fs::read_to_string(world.job()).unwrap();
    let limit = job.lines().find(|line| line.starts_with("min_clients")).unwrap().to_owned();
    std::fs::write(world.job(), job.replace(&limit, "min_clients = 1000000")).unwrap();
    let failed = world.night(&[]);
    assert_eq!(failed.code, 8, "{}", failed.stderr);
    assert!(failed.stderr.contains("min_clients"), "{}", failed.stderr);
    assert!(!world.is_published());
    std::fs::write(world.job(), job).unwrap();
    let told = world.night(&["--json"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let summary: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let stages = summary["stages"].as_array().unwrap();
    let load = stages.iter().find(|s| s["stage"] == "load").unwrap();
    assert_eq!(load["reused"], true, "{summary}");
}

#[test]
fn a_client_is_explained_by_id_and_by_source_record() {
    let world = World::sample();
    assert_eq!(world.night(&[]).code, 0);
    let xref = world.csv("client_xref");
    let (client, system) = (&column(&xref, "client_id")[0], &column(&xref, "system")[0]);
    let key = &column(&xref, "party_key")[0];
    let by_id = world.ask("explain", &[client]);
    assert_eq!(by_id.code, 0, "{}", by_id.stderr);
    for word in ["tier", "lifetime value", "value score", "loyalty score", "frequency", "behaviour"]
    {
        assert!(by_id.stdout.contains(word), "{word}: {}", by_id.stdout);
    }
    let by_record = world.ask("explain", &[&format!("{system}:{key}")]);
    assert_eq!(by_record.stdout, by_id.stdout);
    assert_eq!(world.ask("explain", &["1"]).code, 64);
    assert_eq!(world.ask("show", &["no_such_table"]).code, 64);
}
