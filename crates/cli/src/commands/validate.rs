//! `clientele validate`: a job file and all it names, without touching data.

use crate::args::ValidateArgs;
use crate::failure::Failure;
use crate::render;
use night::{NightError, Plan, Settings};

pub(crate) fn run(args: &ValidateArgs) -> Result<(), Failure> {
    validate(args).map_err(|failure| Failure { json: args.job.json, ..failure })
}

fn validate(args: &ValidateArgs) -> Result<(), Failure> {
    let plan = super::without_data(&args.job.job, args.job.lake.as_deref())?;
    // Mappings are tried on no rows.
    let settings = Settings { job: &plan.job, as_of: plan.as_of, run: "validate", buckets: 1 };
    check_feeds(&plan)?;
    worker::check_mappings(&plan.job, &settings)
        .map_err(|error| in_contract(&plan, NightError::from(error)))?;
    let feeds: usize = plan.job.sources.iter().map(|s| s.feeds.len()).sum();
    if args.job.json {
        let record = serde_json::json!({
            "result": "valid", "code": 0, "job": plan.job.name,
            "sources": plan.job.sources.len(), "feeds": feeds,
            "products": plan.job.products.products.len(),
            "scoring_version": plan.job.scoring.scoring_version,
        });
        render::line(&record.to_string());
        return Ok(());
    }
    tell(args, &plan, feeds);
    Ok(())
}

/// Asks the gate whether it can read by every contract.
fn check_feeds(plan: &Plan) -> Result<(), Failure> {
    let feeds = plan.job.sources.iter().flat_map(|s| s.feeds.iter().map(|feed| (&s.system, feed)));
    for (system, feed) in feeds {
        intake::check_feed(system, feed).map_err(|e| in_contract(plan, NightError::from(e)))?;
    }
    Ok(())
}

/// An error with the line of the contract that it speaks of.
fn in_contract(plan: &Plan, error: NightError) -> Failure {
    let flaw = plan.bundle.flaw_of_source(&error.to_string());
    flaw.map_or_else(|| error.into(), Failure::of_flaw)
}

fn tell(args: &ValidateArgs, plan: &Plan, feeds: usize) {
    let rows: Vec<Vec<String>> = plan
        .job
        .sources
        .iter()
        .flat_map(|source| {
            source.feeds.iter().map(|feed| {
                let tables: Vec<&str> = feed.tables.iter().map(|t| t.table.as_str()).collect();
                vec![source.system.clone(), feed.name.clone(), feed.file.clone(), tables.join(", ")]
            })
        })
        .collect();
    render::table(&["system", "feed", "file", "gives"], &rows, &[]);
    render::line(&format!(
        "{} is valid: {} sources, {feeds} feeds, {} products, scoring {}",
        args.job.job.display(),
        plan.job.sources.len(),
        plan.job.products.products.len(),
        plan.job.scoring.scoring_version
    ));
}
