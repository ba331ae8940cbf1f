//! `clientele status`: the runs of a lake, the latest last.

use super::lake_of;
use crate::args::LakeArgs;
use crate::failure::Failure;
use crate::render;

pub(crate) fn run(args: &LakeArgs) -> Result<(), Failure> {
    let lake = lake_of(&args.job)?;
    let current = lake::current(&lake)?;
    let stale = lake::stale(&lake)?;
    let runs = match lake::read_ledger(&lake)? {
        Some(ledger) => ledger.runs()?,
        None => Vec::new(),
    };
    if args.job.json {
        let current = current.as_ref().map(|p| p.run.to_string());
        let told = serde_json::json!({ "current": current, "stale": stale, "runs": runs });
        render::line(&told.to_string());
        return Ok(());
    }
    let row = |run: &lake::RunRow| {
        let here = current.as_ref().is_some_and(|p| p.run == run.run);
        vec![
            run.as_of.to_string(),
            run.run.to_string(),
            format!("{:?}", run.state).to_lowercase(),
            run.started_at.clone().unwrap_or_default(),
            run.ended_at.clone().unwrap_or_default(),
            run.exit_code.map(|c| c.to_string()).unwrap_or_default(),
            run.message.clone().unwrap_or_default(),
            if here { "current".into() } else { String::new() },
        ]
    };
    let rows: Vec<Vec<String>> = runs.iter().map(row).collect();
    let header = ["as of", "run", "state", "started", "ended", "exit", "message", ""];
    render::table(&header, &rows, &[5]);
    match current {
        Some(published) => render::line(&format!(
            "readers see the night of {}, run {}",
            published.manifest.as_of, published.run
        )),
        None => render::line("nothing is published yet"),
    }
    if let Some(stale) = stale {
        render::line(&format!(
            "which is older than was due: the night of {} ended with code {}: {}",
            stale.as_of, stale.exit_code, stale.cause
        ));
    }
    Ok(())
}
