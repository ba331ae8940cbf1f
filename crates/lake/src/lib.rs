//! Durable tables: staging, digests, manifest, pointer, lock, recovery and the run ledger.
//!
//! The only code that makes a file durable or visible. A [`Lake`] is one locked folder; the night
//! writes its tables into staging folders the lake hands out, and the lake turns them into stage
//! tables ([`Lake::finish_stage`]) or into the published set ([`Lake::seal`], [`Lake::publish`]).
//! Readers need no lock: [`current`], [`published_runs`], [`verify`].
//!
//! The order of the steps is the product: files are synced before the manifest that names them,
//! the manifest before the pointer, and a folder after every rename in it. A reader sees the old
//! set or the new set, whole, whatever dies when ([`CRASH_POINTS`] names every place where a test
//! kills it).
//!
//! It does not know what a row means, reads no clock (times come in as text) and prints nothing.

mod error;
mod names;

mod layout;

mod crash;
mod durable;

mod digest;
mod manifest;

mod lake;
mod lock;

mod stage;

mod publish;
mod record;

mod recover;

mod gc;
mod probe;
mod read;
mod stale;
mod verify;

mod ledger;

pub use crash::{CRASH_POINTS, crash_point};
pub use digest::digest_file;
pub use error::{Fault, LakeError};
pub use gc::Collected;
pub use lake::Lake;
pub use ledger::{
    Arrival, AuditEntry, InputCounts, Ledger, RunEnd, RunRow, RunState, StageCost, read_ledger,
};
pub use manifest::{FileRecord, InputFile, Manifest, PublishedTable, RunFacts};
pub use names::RunId;
pub use probe::{Outcome, Probe, probe};
pub use publish::{Publication, Sealed};
pub use read::{Published, current, latest_before, published, published_runs, run_records};
pub use record::{RecordState, RunRecord};
pub use recover::Recovery;
pub use stage::{StageRecord, TableRecord, is_stage_made};
pub use stale::{Stale, mark_stale, stale};
pub use verify::{FileVerdict, Verification, verify};
