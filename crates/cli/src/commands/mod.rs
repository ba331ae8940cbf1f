//! One file per command.

pub(crate) mod contract;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod land;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod stage;
pub(crate) mod status;
pub(crate) mod synth;
pub(crate) mod validate;
pub(crate) mod verify;

use crate::args::JobArgs;
use crate::failure::Failure;
use crate::watch;
use model::BusinessDate;
use night::{Places, Plan};
use std::path::{Path, PathBuf};

/// Exit code of a success with warnings.
const WARNED: u8 = 4;

/// The lake of a job.
fn lake_of(args: &JobArgs) -> Result<PathBuf, Failure> {
    let places = Places { lake: args.lake.clone(), extracts: None };
    Ok(night::lake_of(&args.job, &places)?)
}

/// A job for commands that look at no data: any date will do.
fn without_data(job: &Path, lake: Option<&Path>) -> Result<Plan, Failure> {
    let places = Places { lake: lake.map(Path::to_owned), extracts: None };
    let any = BusinessDate::from_ymd(2000, 1, 1).ok_or_else(|| Failure::new(16, "no date", ""))?;
    Ok(Plan::open(job, any, watch::moment(), &places, String::new(), "")?)
}
