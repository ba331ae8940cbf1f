//! A job: its files, its extracts, its lake and the file system below it.

use super::{Check, Verdict};
use crate::failure::Failure;
use crate::{commands, render, watch};
use lake::{Probe, RunRecord};
use std::path::{Component, Path, PathBuf};
use std::time::Instant;

/// A night needs this much more than the last one wrote.
const TIMES: u64 = 3;
/// A sync that takes longer makes publishing slow.
const SLOW_SYNC: f64 = 0.05;
/// Files that a few nights make.
const FEW_INODES: u64 = 100_000;

/// Permission bits of users that are neither owner nor group.
const OTHERS: u32 = 0o007;

/// Everything that can be said of a job without its data.
pub(super) fn checks(job: &Path, lake: Option<&Path>) -> Vec<Check> {
    let plan = match commands::without_data(job, lake) {
        Ok(plan) => plan,
        Err(failure) => return vec![invalid(&failure)],
    };
    let sources = plan.job.sources.len();
    let mut checks = vec![Check::ok("job", format!("{} with {sources} sources", plan.job.name))];
    checks.push(extracts(&plan.extracts.0));
    match lake::run_records(&plan.lake) {
        Ok(records) => checks.push(last_run(&records)),
        Err(error) => checks.push(damaged(&error)),
    }
    let start = Instant::now();
    match lake::probe(&plan.lake, &|| start.elapsed().as_secs_f64()) {
        Ok(probe) => checks.extend(file_system(&probe, &plan.lake)),
        Err(error) => checks.push(Check::must(
            "lake",
            false,
            error.to_string(),
            "let the user of the night write there, or name another lake in the job",
        )),
    }
    checks
}

fn invalid(failure: &Failure) -> Check {
    let place = failure.flaw.as_ref().map(|f| format!("{}:{}:{}: ", f.file, f.line, f.column));
    let found = format!("{}{}", place.unwrap_or_default(), failure.message);
    Check::must("job", false, found, "`clientele validate JOB` shows the line")
}

/// The folder of the extracts, as far as its name does not depend on the date.
fn extracts(named: &Path) -> Check {
    let fix = "mount it, or let the user of the night read it";
    let dated = |part: &Component<'_>| part.as_os_str().to_string_lossy().contains("{date}");
    let folder: PathBuf = named.components().take_while(|part| !dated(part)).collect();
    match folder.read_dir() {
        Ok(_) => Check::ok("extracts", folder.display().to_string()),
        Err(error) => Check::must("extracts", false, format!("{}: {error}", folder.display()), fix),
    }
}

/// Times of the lake are texts of UTC, which compare as the times do.
fn last_run(records: &[RunRecord]) -> Check {
    let Some(last) = records.last() else { return Check::ok("last run", "none yet") };
    let found = format!("{} published {}", last.run, last.published_at);
    let fix = "the clock stands before the last run: set it, or logs and audit will mislead";
    Check::should("last run", last.published_at <= watch::now(), found, fix)
}

fn damaged(error: &lake::LakeError) -> Check {
    let fix = "keep the lake as it is, run `clientele verify JOB`, call engineering";
    Check::must("last run", false, error.to_string(), fix)
}

fn file_system(probe: &Probe, lake: &Path) -> Vec<Check> {
    let place = probe.folder.display();
    let found =
        if probe.is_there { place.to_string() } else { format!("not made yet, below {place}") };
    let tried = |outcome: &lake::Outcome| outcome.clone().err().unwrap_or_else(|| "works".into());
    let local = "put the lake on a file system of this machine that can (ext4, xfs)";
    let shut = probe.mode & OTHERS == 0 || !probe.is_there;
    let closed = "other users may enter it: `chmod o-rwx` on the folder of the lake";
    let mut checks = vec![
        Check::should("lake", shut, format!("{found}, mode {:04o}", probe.mode), closed),
        Check::must("rename", probe.rename.is_ok(), tried(&probe.rename), local),
        Check::must("link", probe.link.is_ok(), tried(&probe.link), local),
        Check::must("lock", probe.lock.is_ok(), tried(&probe.lock), local),
        sync(probe),
        space(probe, lake),
    ];
    if let Some(inodes) = probe.free_inodes {
        let found = format!("{} free", render::grouped(i128::from(inodes)));
        let fix =
            "a night makes some thousands of files: remove old ones, or enlarge the file system";
        checks.push(Check::should("inodes", inodes >= FEW_INODES, found, fix));
    }
    checks
}

fn sync(probe: &Probe) -> Check {
    let Some(seconds) = probe.sync_seconds else {
        let fix = "nothing is durable here: put the lake elsewhere";
        return Check::must("sync", false, "fails", fix);
    };
    let found = format!("{:.2} ms (median of 20)", seconds * 1000.0);
    let fix = "publishing syncs every file: a faster disk publishes sooner";
    Check::should("sync", seconds <= SLOW_SYNC, found, fix)
}

fn space(probe: &Probe, lake: &Path) -> Check {
    let last = match written(lake) {
        Ok(last) => last,
        Err(error) => return damaged(&error),
    };
    let free = render::bytes(probe.free_bytes);
    let fix = "free space, or put the lake on a larger file system";
    let Some(last) = last else {
        return Check::ok("space", format!("{free} free, no run to compare with"));
    };
    let found = format!("{free} free, the last run wrote {}", render::bytes(last));
    let verdict = match probe.free_bytes {
        free if free < last => Verdict::Fail,
        free if free < last.saturating_mul(TIMES) => Verdict::Warn,
        _ => Verdict::Ok,
    };
    Check::new("space", verdict, found, fix)
}

/// Bytes that the published run wrote: its stages, where the ledger tells, or what it published.
fn written(lake: &Path) -> Result<Option<u64>, lake::LakeError> {
    let Some(current) = lake::current(lake)? else { return Ok(None) };
    let published: u64 = current.manifest.tables.iter().map(|table| table.bytes).sum();
    let staged: u64 = match lake::read_ledger(lake)? {
        Some(ledger) => ledger.stages(&current.run)?.iter().map(|stage| stage.bytes_out).sum(),
        None => 0,
    };
    Ok(Some(staged.max(published)))
}
