//! `clientele stage`: one feed as a Parquet file, and nothing else of a night.

use super::run::{own_digest, processors};
use crate::args::StageArgs;
use crate::failure::Failure;
use crate::render;
use crate::watch::{self, Onlooker};
use night::{Places, Plan, StageOrder};

pub(crate) fn run(args: &StageArgs) -> Result<(), Failure> {
    stage(args).map_err(|failure| Failure {
        as_of: Some(args.as_of.to_string()),
        json: args.job.json,
        ..failure
    })
}

fn stage(args: &StageArgs) -> Result<(), Failure> {
    let places = Places { lake: args.job.lake.clone(), extracts: args.extracts.clone() };
    let version = env!("CARGO_PKG_VERSION");
    let now = watch::moment();
    let plan = Plan::open(&args.job.job, args.as_of, now, &places, own_digest()?, version)?;
    let watch = Onlooker::new(args.progress);
    let threads = args.threads.map_or_else(processors, usize::from);
    let order = StageOrder { feed: &args.feed, out: &args.out, threads };
    let outcome = night::stage_feed(&plan, &order, &watch)?;
    let (rows, rejected) = (outcome.rows_delivered, outcome.rows_rejected);
    let superseded = outcome.rows_superseded;
    if args.job.json {
        let told = serde_json::json!({
            "result": "staged", "code": 0, "as_of": args.as_of.to_string(), "feed": args.feed,
            "read": outcome.rows_read, "rows": rows, "rejected": rejected, "superseded": superseded,
        });
        render::line(&told.to_string());
        return Ok(());
    }
    render::line(&format!(
        "{}: {} rows read, {} written, {} rejected, {} superseded",
        args.feed,
        render::grouped(i128::from(outcome.rows_read)),
        render::grouped(i128::from(rows)),
        render::grouped(i128::from(rejected)),
        render::grouped(i128::from(superseded)),
    ));
    render::line(&format!("RESULT staged code=0 as_of={}", args.as_of));
    Ok(())
}
