use super::*;
use crate::contract::SourceContract;

fn feed(text: &str) -> Result<FeedContract, String> {
    let text = format!(
        r#"
version = 1
system = "cards"
title = "Cards"
[[feed]]
name = "card"
file = "card_{{date}}.csv"
shape = {{ kind = "delimited", separator = "," }}
columns = [
    {{ name = "card", type = "text" }},
    {{ name = "op", type = "text", required = true, values = ["I", "U", "D"] }},
    {{ name = "free", type = "text" }},
    {{ name = "rate", type = "decimal", scale = 3 }},
]
{text}
"#
    );
    let contract = SourceContract::parse(&text, "cards.toml").map_err(|e| e.to_string())?;
    Ok(contract.feeds[0].clone())
}

const DELETES: &str = "load = \"delta_deletes\"\nunique = [\"card\"]\ninitial = \"2026-11-20\"\n";

#[test]
fn a_mode_says_all_it_needs() {
    assert_eq!(feed("").unwrap().load, LoadMode::Full);
    feed("load = \"compare\"\nunique = [\"card\"]").unwrap();
    feed("load = \"added\"\ninitial = \"2026-11-20\"").unwrap();
    feed(&format!("{DELETES}operation = {{ column = \"op\", delete = [\"D\"] }}")).unwrap();
    for (text, cause) in [
        ("load = \"compare\"", "`load` \"compare\" needs `unique`"),
        ("load = \"delta\"\nunique = [\"card\"]", "`load` \"delta\" needs `initial`"),
        ("load = \"added\"", "`load` \"added\" needs `initial`"),
        ("initial = \"2026-11-20\"", "not for `load` \"full\""),
        (DELETES, "`load` \"delta_deletes\" needs `operation`"),
        ("max_deleted_ppm = 1", "`max_deleted_ppm` is for"),
        (
            "load = \"compare\"\nunique = [\"card\"]\nmax_deleted_ppm = 1000001",
            "`max_deleted_ppm` is at most",
        ),
        (
            "load = \"added\"\ninitial = \"2026-11-20\"\nmax_shrink_ppm = 1",
            "`max_shrink_ppm` is for",
        ),
        ("operation = { column = \"op\", delete = [\"D\"] }", "`operation` is for"),
        ("load = \"upsert\"", "unknown variant"),
    ] {
        let told = feed(text).unwrap_err();
        assert!(told.contains(cause), "{text}: {told}");
    }
}

#[test]
fn a_deletion_is_one_of_the_values_of_its_column() {
    for (operation, cause) in [
        (r#"{ column = "what", delete = ["D"] }"#, "column `what` not found"),
        (r#"{ column = "rate", delete = ["D"] }"#, "column `rate` not found, or no text"),
        (r#"{ column = "card", delete = ["D"] }"#, "column `card` cannot name a row"),
        (r#"{ column = "op", delete = ["X"] }"#, "column `op` needs `values`"),
        (r#"{ column = "op", delete = ["I", "U", "D"] }"#, "column `op` needs `values`"),
        (r#"{ column = "op", delete = [] }"#, "column `op` needs `values`"),
        (r#"{ column = "free", delete = ["D"] }"#, "column `free` needs `values`"),
    ] {
        let told = feed(&format!("{DELETES}operation = {operation}")).unwrap_err();
        assert!(told.contains(cause), "{operation}: {told}");
    }
}

#[test]
fn no_line_stands_in_the_sql_of_rows_that_are_kept() {
    let table = "[[feed.table]]\ntable = \"event\"\ncolumns = { event_key = \"source_row\" }";
    feed(table).unwrap();
    let kept = format!("load = \"compare\"\nunique = [\"card\"]\n{table}");
    assert!(feed(&kept).unwrap_err().contains("`source_row` in SQL"));
}

#[test]
fn small_feeds_may_lose_a_few_rows_and_large_ones_a_share() {
    let mut feed = feed("load = \"compare\"\nunique = [\"card\"]").unwrap();
    assert_eq!(feed.deletes_beyond(10, 10), None);
    assert_eq!(feed.deletes_beyond(11, 100), Some(50_000));
    assert_eq!(feed.deletes_beyond(50, 1_000), None);
    assert_eq!(feed.deletes_beyond(51, 1_000), Some(50_000));
    feed.max_deleted_ppm = Some(0);
    assert_eq!(feed.deletes_beyond(11, u64::MAX), Some(0));
    feed.load = LoadMode::Full;
    assert_eq!(feed.deletes_beyond(11, 11), None);
}

#[test]
fn another_column_is_another_layout() {
    let feed = feed("load = \"compare\"\nunique = [\"card\"]").unwrap();
    let (mut wider, mut finer, mut named) = (feed.clone(), feed.clone(), feed.clone());
    wider.columns.swap(0, 2);
    finer.columns[3].scale = Some(4);
    named.unique.push("op".into());
    for other in [wider, finer, named] {
        assert_ne!(feed.kept_layout(), other.kept_layout());
    }
}
