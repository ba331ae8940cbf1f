//! Load modes: three nights of a small bank with a feed in each mode, and what must stop a night.

use crate::world::{Told, World, column};
use std::fmt::Write;
use std::fs;

const JOB: &str = r#"
version = 1
name = "small"
purpose = "Try load modes"
legal_basis = "Nobody's data"
currency = "CNY"
lake = "../lake"
extracts = "../in/{date}"
sources = ["sources/core.toml"]
products = "products.toml"
scoring = "scoring/standard.toml"
limits = { max_rejects_ppm = 500000 }
survivorship = { trust = ["core"] }
"#;

const CORE: &str = r#"
version = 1
system = "core"
title = "Core"

[[feed]]
name = "customer"
file = "customer_{date}.csv"
shape = { kind = "delimited", separator = ",", names = true }
load = "compare"
unique = ["no"]
columns = [
    { name = "no", type = "text", class = "key", required = true },
    { name = "name", type = "text", class = "identity", required = true },
]
[[feed.table]]
table = "party"
columns = { party_key = "no", kind = "'person'", name = "name" }

[[feed]]
name = "account"
file = "account_{date}.csv"
shape = { kind = "delimited", separator = ",", names = true }
load = "delta_deletes"
initial = "2026-11-18"
operation = { column = "op", delete = ["D"] }
unique = ["acct"]
amount = "line"
columns = [
    { name = "op", type = "text", required = true, values = ["I", "U", "D"] },
    { name = "acct", type = "text", class = "key", required = true },
    { name = "no", type = "text", class = "key" },
    { name = "prod", type = "text" },
    { name = "line", type = "money", class = "financial" },
]
[[feed.table]]
table = "account"
columns = { account_key = "acct", product = "prod", currency = "'CNY'" }
[[feed.table]]
table = "role"
columns = { account_key = "acct", party_key = "no", role = "'owner'" }

[[feed]]
name = "balance"
file = "balance_{date}.csv"
shape = { kind = "delimited", separator = ",", names = true }
max_shrink_ppm = 400000
unique = ["acct"]
columns = [
    { name = "acct", type = "text", class = "key", required = true },
    { name = "day", type = "date", format = "%Y-%m-%d" },
    { name = "amount", type = "money", class = "financial" },
]
[[feed.table]]
table = "balance"
columns = { account_key = "acct", date = "day", balance = "amount" }

[[feed]]
name = "event"
file = "event_{date}.csv"
shape = { kind = "delimited", separator = ",", names = true }
load = "added"
initial = "2026-11-18"
columns = [
    { name = "acct", type = "text", class = "key", required = true },
    { name = "day", type = "date", format = "%Y-%m-%d" },
    { name = "amount", type = "money", class = "financial" },
]
[[feed.table]]
table = "event"
columns = { account_key = "acct", date = "day", direction = "'C'", amount = "amount" }

[[feed]]
name = "branch"
file = "branch_{date}.csv"
shape = { kind = "delimited", separator = ",", names = true }
load = "delta"
initial = "2026-11-18"
unique = ["code"]
columns = [
    { name = "code", type = "text", required = true },
    { name = "title", type = "text" },
]
[[feed.table]]
table = "branch"
columns = { branch = "code", branch_name = "title" }
"#;

const DAYS: [&str; 3] = ["2026-11-18", "2026-11-19", "2026-11-20"];

/// The bank of customers A00 to A29.
fn bank() -> World {
    let world = World::sample();
    fs::write(world.path("jobs/nightly.toml"), JOB).unwrap();
    fs::write(world.path("jobs/sources/core.toml"), CORE).unwrap();
    let (first, second, third) = (DAYS[0], DAYS[1], DAYS[2]);
    let all: Vec<(String, &str)> = (0..30).map(|n| (format!("A{n:02}"), "Ann")).collect();
    send(&world, first, "customer", &customers(&all));
    let mut changed = all.clone();
    changed[0].1 = "Bea";
    changed.pop();
    changed.push(("A30".into(), "Cem"));
    send(&world, second, "customer", &customers(&changed));
    // One row is refused, and one is not there.
    let third_rows = customers(&changed).replace("A07,Ann\n", "A07,\n").replace("A08,Ann\n", "");
    send(&world, third, "customer", &third_rows);
    let head = "op,acct,no,prod,line";
    send(
        &world,
        first,
        "account",
        &format!("{head}\nI,a1,A00,demand,1.00\nI,a2,A01,demand,2.00\n"),
    );
    let changes = "U,a1,A02,demand,1.00\nD,a2,,,2.00\nI,a3,A03,demand,3.00\nD,a9,,,9.00\n";
    send(&world, second, "account", &format!("{head}\n{changes}"));
    send(
        &world,
        third,
        "account",
        &format!("{head}\nI,a2,A01,demand,2.50\nU,a3,A03,nothing,4.00\n"),
    );
    send(&world, first, "branch", "code,title\nb1,North\nb2,South\n");
    send(&world, second, "branch", "code,title\nb2,Southwest\n");
    send(&world, third, "branch", "code,title\nb3,East\n");
    for day in DAYS {
        let rows = format!("acct,day,amount\na1,{day},5.00\na2,{day},6.00\na3,{day},7.00\n");
        send(&world, day, "balance", &rows);
        // Two movements that are the same are two movements.
        send(&world, day, "event", &format!("acct,day,amount\na1,{day},1.00\na1,{day},1.00\n"));
    }
    world
}

fn customers(rows: &[(String, &str)]) -> String {
    let mut text = String::from("no,name\n");
    for (no, name) in rows {
        writeln!(text, "{no},{name}").unwrap();
    }
    text
}

fn send(world: &World, day: &str, feed: &str, text: &str) {
    let compact = day.replace('-', "");
    let folder = world.path("in").join(&compact);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{feed}_{compact}.csv")), text).unwrap();
}

fn publish(world: &World, day: &str, more: &[&str]) {
    let told = world.night_of(day, more);
    assert_eq!(told.code, 0, "{day}: {}", told.stderr);
}

/// `feed key: row (from, to)` of every version of a feed but the customers that stay as they are.
fn versions(world: &World) -> Vec<String> {
    let told = world.ask("show", &["source_version", "--json"]);
    let mut found: Vec<String> = Vec::new();
    for line in told.stdout.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let dates = [text("valid_from"), text("valid_to")];
        let stays = dates == [DAYS[0], ""] && text("feed") == "customer";
        if !stays && text("feed") != "event" {
            found.push(format!("{} {} ({}, {})", text("feed"), text("row"), dates[0], dates[1]));
        }
    }
    found.sort();
    found
}

/// `feed: load new changed unchanged deleted absent carried`.
fn report(world: &World) -> Vec<String> {
    let csv = world.csv("load_report");
    let of = |name: &str| column(&csv, name);
    let names =
        ["load", "rows_new", "rows_changed", "rows_unchanged", "rows_deleted", "rows_absent"];
    let mut lines = of("feed");
    for name in names.into_iter().chain(["rows_carried"]) {
        for (line, cell) in lines.iter_mut().zip(of(name)) {
            let cell = if cell.is_empty() { "-".to_owned() } else { cell };
            write!(line, " {cell}").unwrap();
        }
    }
    lines
}

/// Rows of canonical tables.
fn canonical(world: &World) -> Vec<String> {
    let csv = world.csv("run_report");
    let rows = column(&csv, "written").into_iter().zip(column(&csv, "rows"));
    let wanted = ["party", "account", "role", "balance", "event", "branch"];
    rows.filter(|(table, _)| wanted.contains(&table.as_str()))
        .map(|(table, rows)| format!("{table} {rows}"))
        .collect()
}

fn refused(told: &Told, parts: &[&str]) {
    assert_eq!(told.code, 8, "{}", told.stderr);
    for part in parts {
        assert!(told.stderr.contains(part), "`{part}`: {}", told.stderr);
    }
    assert!(told.stderr.contains("hint: nothing was published"), "{}", told.stderr);
}

#[test]
fn three_nights_in_every_mode() {
    let world = bank();
    publish(&world, DAYS[0], &[]);
    assert_eq!(
        report(&world),
        [
            "account initial 2 0 0 0 0 0",
            "balance full - - - - - -",
            "branch initial 2 0 0 0 0 0",
            "customer compare 30 0 0 0 0 0",
            "event initial 2 0 0 0 0 0",
        ]
    );
    publish(&world, DAYS[1], &[]);
    assert_eq!(
        report(&world),
        [
            "account delta_deletes 1 1 0 1 1 0",
            "balance full - - - - - -",
            "branch delta 0 1 0 0 0 1",
            "customer compare 1 1 28 1 0 0",
            "event added 2 0 0 0 0 2",
        ]
    );
    let expect = ["account 2", "balance 3", "branch 2", "event 4", "party 30", "role 2"];
    assert_eq!(canonical(&world), expect);
    let told = world.night_of(DAYS[2], &["--exit-warnings"]);
    assert_eq!(told.code, 4, "{}", told.stderr);
    let warning = "feed `customer`: 1 rows were rejected, so 2 rows held before were carried on";
    assert!(told.stderr.contains(warning), "{}", told.stderr);
    assert_eq!(
        report(&world),
        [
            "account delta_deletes 1 0 0 0 0 2",
            "balance full - - - - - -",
            "branch delta 1 0 0 0 0 2",
            // What the refused row would have said is not known: nobody is taken for gone.
            "customer compare 0 0 28 0 0 2",
            "event added 2 0 0 0 0 4",
        ]
    );
    let expect = ["account 3", "balance 3", "branch 3", "event 6", "party 30", "role 3"];
    assert_eq!(canonical(&world), expect);
    let [first, second, third] = DAYS;
    let mut expect = vec![
        format!(r#"account [null,"a1","A00","demand",100] ({first}, {second})"#),
        format!(r#"account [null,"a1","A02","demand",100] ({second}, )"#),
        format!(r#"account [null,"a2","A01","demand",200] ({first}, {second})"#),
        format!(r#"account [null,"a2","A01","demand",250] ({third}, )"#),
        // Its second row names a product that does not exist: the first holds on.
        format!(r#"account [null,"a3","A03","demand",300] ({second}, )"#),
        format!(r#"branch ["b1","North"] ({first}, )"#),
        format!(r#"branch ["b2","South"] ({first}, {second})"#),
        format!(r#"branch ["b2","Southwest"] ({second}, )"#),
        format!(r#"branch ["b3","East"] ({third}, )"#),
        format!(r#"customer ["A00","Ann"] ({first}, {second})"#),
        format!(r#"customer ["A00","Bea"] ({second}, )"#),
        format!(r#"customer ["A29","Ann"] ({first}, {second})"#),
        format!(r#"customer ["A30","Cem"] ({second}, )"#),
    ];
    expect.sort();
    assert_eq!(versions(&world), expect);
    let unchanged = world.night_of(third, &[]);
    assert!(unchanged.stdout.contains("RESULT unchanged"), "{}", unchanged.stdout);
}

#[test]
fn the_same_bytes_in_whatever_buckets_and_after_a_correction() {
    let world = bank();
    for day in DAYS {
        publish(&world, day, &["--buckets", "1"]);
    }
    let first = world.published();
    // A delivery is corrected, and its night made again: what it is held against is the night before.
    send(&world, DAYS[2], "branch", "code,title\nb1,Centre\n");
    publish(&world, DAYS[2], &[]);
    let branches = versions(&world).into_iter().filter(|v| v.starts_with("branch")).count();
    assert_eq!(branches, 4);
    assert!(!versions(&world).iter().any(|version| version.contains("b3")));
    send(&world, DAYS[2], "branch", "code,title\nb3,East\n");
    fs::remove_dir_all(world.path("lake")).unwrap();
    for day in DAYS {
        publish(&world, day, &["--buckets", "7"]);
    }
    assert!(world.published() == first, "buckets show");
}

#[test]
fn a_compared_file_gives_what_a_full_one_gives() {
    let (kept, full) = (bank(), bank());
    let contract = CORE.replace("load = \"compare\"\n", "");
    fs::write(full.path("jobs/sources/core.toml"), contract).unwrap();
    for world in [&kept, &full] {
        DAYS[..2].iter().for_each(|day| publish(world, day, &[]));
    }
    for table in ["client_xref", "client_golden", "rejects", "client_contribution"] {
        assert_eq!(kept.csv(table), full.csv(table), "{table}");
    }
}

#[test]
fn a_short_file_does_not_close_half_the_bank() {
    let world = bank();
    publish(&world, DAYS[0], &[]);
    let before = world.published();
    let half: Vec<(String, &str)> = (0..15).map(|n| (format!("A{n:02}"), "Ann")).collect();
    send(&world, DAYS[1], "customer", &customers(&half));
    let told = world.night_of(DAYS[1], &[]);
    let finding = "max_deleted_ppm on source `core`, feed `customer`: 15 of 30 rows held would be \
                   deleted (limit 50000 ppm)";
    refused(&told, &[finding, "raise `max_deleted_ppm` of the feed for this night"]);
    send(&world, DAYS[1], "balance", "acct,day,amount\na1,2026-11-19,5.00\n");
    let told = world.night_of(DAYS[1], &[]);
    let finding =
        "max_shrink_ppm on source `core`, feed `balance`: 1 rows loaded, 3 the night before";
    refused(&told, &["2 checks failed", finding]);
    assert!(world.published() == before, "readers keep the night before");
    let wider = CORE
        .replace("load = \"compare\"", "load = \"compare\"\nmax_deleted_ppm = 500000")
        .replace("max_shrink_ppm = 400000", "max_shrink_ppm = 700000");
    fs::write(world.path("jobs/sources/core.toml"), wider).unwrap();
    publish(&world, DAYS[1], &[]);
    assert_eq!(report(&world)[3], "customer compare 0 0 15 15 0 0");
}

#[test]
fn a_lost_delivery_is_noticed() {
    let world = bank();
    let told = world.night_of(DAYS[1], &[]);
    let first = "lost delivery on source `core`, feed `account`: nothing was kept before the delivery \
                 of 2026-11-19 (expected the complete one of 2026-11-18 first)";
    refused(&told, &["3 checks failed", first]);
    assert!(!world.is_published());
    publish(&world, DAYS[0], &[]);
    let told = world.night_of(DAYS[2], &[]);
    let second = "lost delivery on source `core`, feed `branch`: the delivery of 2026-11-20 follows \
                  that of 2026-11-19, but the one loaded last is of 2026-11-18";
    refused(&told, &[second, "run the nights of the missing dates first"]);
    publish(&world, DAYS[1], &[]);
    publish(&world, DAYS[2], &[]);
}

#[test]
fn another_column_needs_a_complete_delivery() {
    let world = bank();
    publish(&world, DAYS[0], &[]);
    let contract = CORE.replace(
        "{ name = \"title\", type = \"text\" },",
        "{ name = \"title\", type = \"text\" }, { name = \"area\", type = \"text\" },",
    );
    fs::write(world.path("jobs/sources/core.toml"), &contract).unwrap();
    send(&world, DAYS[1], "branch", "code,title,area\nb2,Southwest,S\n");
    let told = world.night_of(DAYS[1], &[]);
    assert_eq!(told.code, 64, "{}", told.stderr);
    for part in ["source `core`, feed `branch`", "the columns are not those", "set as `initial`"] {
        assert!(told.stderr.contains(part), "`{part}`: {}", told.stderr);
    }
    let (before, branch) = contract.rsplit_once("initial = \"2026-11-18\"").unwrap();
    let anew = format!("{before}initial = \"2026-11-19\"{branch}");
    fs::write(world.path("jobs/sources/core.toml"), anew).unwrap();
    send(&world, DAYS[1], "branch", "code,title,area\nb2,Southwest,S\nb4,West,W\n");
    publish(&world, DAYS[1], &[]);
    assert_eq!(report(&world)[2], "branch initial 1 1 0 1 0 0");
}
