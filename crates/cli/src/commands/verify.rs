//! `clientele verify`: every published file against the digests of its run.

use super::lake_of;
use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::{published, render};

pub(crate) fn run(args: &VerifyArgs) -> Result<(), Failure> {
    verify(args).map_err(|failure| Failure { json: args.job.json, ..failure })
}

fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let lake = lake_of(&args.job)?;
    let run = published::open(&lake, args.run.as_deref())?.run;
    let found = lake::verify(&lake, &run)?;
    let faults: Vec<_> = found.faults().collect();
    for file in &faults {
        let fault = file.fault.as_ref().map(ToString::to_string).unwrap_or_default();
        render::aside(&format!("{} {fault}", file.path.display()));
    }
    if !found.is_whole() {
        let message = format!(
            "run {run}: {} of {} files are not what was published",
            faults.len(),
            found.files.len()
        );
        let hint = "keep the lake as it is; `clientele status JOB` lists earlier runs, restore this one from a backup";
        return Err(Failure::new(16, message, hint));
    }
    let count = found.files.len();
    if args.job.json {
        let record = serde_json::json!({ "result": "whole", "code": 0, "run": run.to_string(), "files": count });
        render::line(&record.to_string());
    } else {
        render::line(&format!("run {run} is whole: {count} files as published"));
    }
    Ok(())
}
