//! One file per command.

pub(crate) mod contract;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod synth;
pub(crate) mod validate;
pub(crate) mod verify;

use crate::args::JobArgs;
use crate::failure::Failure;
use night::Places;
use std::path::PathBuf;

/// The lake of a job.
fn lake_of(args: &JobArgs) -> Result<PathBuf, Failure> {
    let places = Places { lake: args.lake.clone(), extracts: None };
    Ok(night::lake_of(&args.job, &places)?)
}
