//! The story of a night: which stages there are, in which order, what each reads and writes,
//! what is checked between them, and what is said of it afterwards.
//!
//! It does not know how a stage computes (`stages`), nor where it runs (an [`Engine`]): it deals the
//! work into tasks and holds what comes back against what was asked. Open this file first: [`run`]
//! reads top-down as the night goes.

mod arrival;
mod bundle;
mod check;
mod deal;
pub mod delivery;
mod engine;
mod error;
mod forecast;
mod kept;
mod keys;
mod land;
mod nightfall;
mod plan;
mod planned;
mod stage;
mod stage_feed;
mod summary;
mod task;

pub use bundle::{Bundle, Digests, PlanError};
pub use check::{BALANCES_FOLLOW, Finding};
pub use engine::{
    Batch, Engine, EngineError, Failed, Layout, LoadedFeed, Settings, SmallTables, Unit, Watch,
    ranges_for,
};
pub use error::NightError;
pub use forecast::{AwaitedFile, Fate, Forecast, Foreseen, forecast};
pub use kept::KEPT_TABLE;
pub use land::{Databases, LandOrder, Landed, Unlanded, land};
pub use nightfall::Outcome;
pub use plan::{Places, Plan, lake_of};
pub use planned::Planned;
pub use stage::{Declared, LOAD_TABLES, Param, STAGES, Source, Stage, published_tables};
pub use stage_feed::{StageOrder, stage_feed};
pub use summary::{SourceState, StageSummary, Summary, TierShare, Warning};
pub use task::{
    Control, Delivery, GROUP_ROWS, Input, InputFrom, KeptBefore, MadeFile, ROWS, ReadRows, Slice,
    Task, Work,
};

use nightfall::Night;

/// Runs the night of `plan` on `engine`: extracts in, segment tables out, all or none. `databases` lands
/// the sources that are not sent as files.
///
/// A night that was published before with the same inputs, job and binary is left as it is. After one
/// that fails, readers keep what is published, marked as older than was due ([`lake::stale`]).
pub fn run(
    plan: &Plan,
    engine: &dyn Engine,
    small: &dyn SmallTables,
    databases: &dyn Databases,
    watch: &dyn Watch,
) -> Result<Outcome, NightError> {
    let told = match Night::begin(plan, engine, small, databases, watch) {
        Ok(nightfall::Begun::Published(outcome)) => Ok(*outcome),
        Ok(nightfall::Begun::Fresh(night)) => story(*night),
        Err(error) => Err(error),
    };
    if let Err(error) = &told {
        nightfall::mark_stale(plan, error, watch);
    }
    told
}

/// The night from its first row to its last table.
fn story(mut night: Night<'_>) -> Result<Outcome, NightError> {
    let told = (|| {
        night.gate()?;
        night.load()?;
        night.chapter("resolve")?;
        night.chapter("measure")?;
        night.chapter("score")?;
        night.chapter("segment")?;
        night.chapter("derive")?;
        night.check()?;
        night.publish()
    })();
    night.end(told)
}
