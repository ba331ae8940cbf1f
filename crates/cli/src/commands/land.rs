//! `clientele land`: the results of queries as files, and nothing else of a night.

use super::run::own_digest;
use crate::args::LandArgs;
use crate::databases::Databases;
use crate::failure::Failure;
use crate::render;
use crate::watch::{self, Onlooker};
use night::{Landed, Places, Plan};

pub(crate) fn run(args: &LandArgs) -> Result<(), Failure> {
    land(args).map_err(|failure| Failure {
        as_of: Some(args.as_of.to_string()),
        json: args.job.json,
        ..failure
    })
}

fn land(args: &LandArgs) -> Result<(), Failure> {
    let places = Places { lake: args.job.lake.clone(), extracts: None };
    let version = env!("CARGO_PKG_VERSION");
    let now = watch::moment();
    let plan = Plan::open(&args.job.job, args.as_of, now, &places, own_digest()?, version)?;
    let watch = Onlooker::new(args.progress);
    let landed = night::land(&plan, &Databases { again: args.land_again }, &watch)?;
    let result = if landed.iter().all(|one| one.reused) { "unchanged" } else { "landed" };
    if args.job.json {
        let feeds: Vec<serde_json::Value> = landed.iter().map(record).collect();
        let told = serde_json::json!({
            "result": result, "code": 0, "as_of": args.as_of.to_string(), "feeds": feeds,
        });
        render::line(&told.to_string());
        return Ok(());
    }
    if landed.is_empty() {
        render::line("no source of the job is a database: nothing to land");
    } else {
        let rows: Vec<Vec<String>> = landed.iter().map(row).collect();
        render::table(&["feed", "file", "rows", "bytes", ""], &rows, &[2, 3]);
    }
    render::line(&format!("RESULT {result} code=0 as_of={}", args.as_of));
    Ok(())
}

fn row(one: &Landed) -> Vec<String> {
    vec![
        format!("{}.{}", one.system, one.feed),
        one.file.clone(),
        render::grouped(i128::from(one.rows)),
        render::bytes(one.bytes),
        if one.reused { "reused".into() } else { String::new() },
    ]
}

fn record(one: &Landed) -> serde_json::Value {
    serde_json::json!({
        "system": one.system, "feed": one.feed, "file": one.file, "rows": one.rows,
        "bytes": one.bytes, "blake3": one.blake3, "reused": one.reused,
    })
}
