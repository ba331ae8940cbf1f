//! A hot key: work is still dealt evenly.

use crate::world::World;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};

/// Repayments of one loan: more than all others together.
const HOT_ROWS: usize = 5_000;

/// Gives one loan thousands of repayments, with a trailer that says so.
fn heat(world: &World) {
    let path = world.extract("LN_REPAY_20261120.csv.gz");
    let mut text = String::new();
    GzDecoder::new(fs::File::open(&path).unwrap()).read_to_string(&mut text).unwrap();
    let trailer = text.lines().last().unwrap().to_owned();
    let fields: Vec<&str> = trailer.split(',').collect();
    let (rows, total) = (fields[1].parse::<usize>().unwrap(), fields[2].parse::<f64>().unwrap());
    let loan = text.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    let mut hot = text.replace(&format!("{trailer}\n"), "");
    for nth in 0..HOT_ROWS {
        writeln!(hot, "hot{nth},{loan},2026-03-{:02},1.00,APP", 1 + nth % 28).unwrap();
    }
    let total = total + HOT_ROWS as f64;
    writeln!(hot, "TRL,{},{total:.2}", rows + HOT_ROWS).unwrap();
    let mut file = GzEncoder::new(fs::File::create(&path).unwrap(), Compression::default());
    file.write_all(hot.as_bytes()).unwrap();
    file.finish().unwrap();
}

#[test]
fn a_hot_account_does_not_make_one_task_the_heaviest_by_far() {
    let world = World::sample();
    heat(&world);
    let told = world.night(&["--json", "--buckets", "64", "--threads", "2"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let summary: Value = serde_json::from_str(told.stdout.lines().last().unwrap()).unwrap();
    let stages = summary["stages"].as_array().unwrap();
    let skew = |name: &str| {
        let stage = stages.iter().find(|s| s["stage"] == name).unwrap();
        stage["skew_ppm"].as_u64().unwrap()
    };
    for stage in ["standardise", "link", "cluster", "identify", "hold", "contribute", "profile"] {
        let skew = skew(stage);
        println!("{stage}: the heaviest of eight tasks has {skew} ppm of the mean");
        assert!((1_000_000..=1_300_000).contains(&skew), "{stage}: {skew}");
    }
}
