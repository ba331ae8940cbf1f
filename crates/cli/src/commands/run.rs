//! `clientele run`: a night, from extracts to published tables.

use super::WARNED;
use crate::args::{LocalArgs, NightArgs, RunArgs};
use crate::databases::Databases;
use crate::failure::Failure;
use crate::render;
use crate::watch::{self, Onlooker};
use local::Local;
use night::{Engine, Outcome, Places, Plan, Planned, Summary};
use std::num::NonZero;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &RunArgs) -> Result<ExitCode, Failure> {
    held(&args.night, args.plan.as_deref(), || Ok(local(args.local)))
}

/// A task keeps a file open for each range of each table that it lays out anew: the limit that most
/// shells start with is too low for a large bank, and raising it to the most allowed costs nothing.
pub fn allow_open_files() {
    // Where it cannot be raised the night goes as far as the limit does, and then says so.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
}

/// The engine of this machine.
pub fn local(args: LocalArgs) -> Local {
    allow_open_files();
    let threads = args.threads.map_or_else(processors, usize::from);
    Local { memory: args.memory, threads, buckets: args.buckets.map(usize::from) }
}

/// Runs a night on an engine, and tells of it while it runs and when it has ended: the exit code of a
/// published night.
pub fn night<E: Engine>(
    args: &NightArgs,
    engine: impl FnOnce() -> Result<E, Failure>,
) -> Result<ExitCode, Failure> {
    held(args, None, engine)
}

/// The same, held to the plan in a file where there is one.
fn held<E: Engine>(
    args: &NightArgs,
    planned: Option<&Path>,
    engine: impl FnOnce() -> Result<E, Failure>,
) -> Result<ExitCode, Failure> {
    watched(args, planned, engine).map_err(|failure| Failure {
        as_of: Some(args.as_of.to_string()),
        json: args.job.json,
        ..failure
    })
}

fn watched<E: Engine>(
    args: &NightArgs,
    planned: Option<&Path>,
    engine: impl FnOnce() -> Result<E, Failure>,
) -> Result<ExitCode, Failure> {
    let places = Places { lake: args.job.lake.clone(), extracts: args.extracts.clone() };
    let version = env!("CARGO_PKG_VERSION");
    let now = watch::moment();
    let mut plan = Plan::open(&args.job.job, args.as_of, now, &places, own_digest()?, version)?;
    plan.restate.clone_from(&args.restate);
    let engine = engine()?;
    let databases = Databases { again: args.land_again };
    if let Some(file) = planned {
        plan = read(file)?.hold(plan, &engine, &databases)?;
    }
    let watch = Onlooker::new(args.progress);
    let code = match night::run(&plan, &engine, &worker::Small, &databases, &watch)? {
        Outcome::Published(summary) => tell(args, &summary, "published"),
        Outcome::AlreadyPublished(summary) => tell(args, &summary, "unchanged"),
    };
    Ok(ExitCode::from(code))
}

/// What `plan -o` wrote.
fn read(file: &Path) -> Result<Planned, Failure> {
    let hint = "make it anew: clientele plan JOB --as-of DATE -o FILE";
    let wrong = |why: String| Failure::new(64, format!("{} {why}", file.display()), hint);
    let text = std::fs::read(file).map_err(|e| wrong(format!("cannot be read: {e}")))?;
    Planned::parse(&text).map_err(wrong)
}

/// The digest of the running binary: another binary is another run.
pub fn own_digest() -> Result<String, Failure> {
    let unreadable = |e: std::io::Error| {
        Failure::new(
            12,
            format!("cannot read the running binary: {e}"),
            "install it where it can be read",
        )
    };
    let path = std::env::current_exe().map_err(unreadable)?;
    let (_, digest) = lake::digest_file(&path).map_err(unreadable)?;
    Ok(digest)
}

/// How many threads this machine runs at once.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Tells how a night went that is published; its exit code.
fn tell(args: &NightArgs, summary: &Summary, result: &str) -> u8 {
    let code = if args.exit_warnings && !summary.warnings.is_empty() { WARNED } else { 0 };
    for warning in &summary.warnings {
        render::warning(&warning.message, &warning.hint);
    }
    if args.job.json {
        let mut record = serde_json::to_value(summary).unwrap_or_default();
        record["result"] = result.into();
        record["code"] = code.into();
        render::line(&record.to_string());
        return code;
    }
    print(summary, result, &args.job.job);
    let told = format!("RESULT {result} code={code} as_of={} run={}", summary.as_of, summary.run);
    render::line(&told);
    code
}

fn print(summary: &Summary, result: &str, job: &Path) {
    if result == "unchanged" {
        render::line(&format!(
            "The night of {} is published already with the same inputs, job and binary: nothing to do.",
            summary.as_of
        ));
    }
    render::line(&format!("\n{}  {}  run {}", summary.job, summary.as_of, summary.run));
    if let Some((run, as_of)) = &summary.previous {
        render::line(&format!("against the night of {as_of}, run {run}"));
    }
    feeds(summary);
    kept(summary);
    not_of_today(summary);
    tiers(summary);
    moves(summary);
    if !summary.stages.is_empty() {
        stages(summary);
    }
    let first = "clientele explain JOB CLIENT";
    render::line(&format!(
        "\nwhy a client stands where it stands: {first}  (JOB: {})",
        job.display()
    ));
}

fn feeds(summary: &Summary) {
    let number = |n: u64| render::grouped(i128::from(n));
    let row = |f: &night::LoadedFeed| {
        vec![
            format!("{}.{}", f.system, f.feed),
            number(f.rows_read),
            number(f.rows_loaded),
            number(f.rows_rejected),
            number(f.rows_filtered),
            number(f.rows_superseded),
        ]
    };
    let mut rows: Vec<Vec<String>> = summary.feeds.iter().map(row).collect();
    let sum = |of: fn(&night::LoadedFeed) -> u64| number(summary.feeds.iter().map(of).sum());
    rows.push(vec![
        "all".into(),
        sum(|f| f.rows_read),
        sum(|f| f.rows_loaded),
        sum(|f| f.rows_rejected),
        sum(|f| f.rows_filtered),
        sum(|f| f.rows_superseded),
    ]);
    let header = ["feed", "rows in", "loaded", "rejected", "filtered", "superseded"];
    render::table(&header, &rows, &[1, 2, 3, 4, 5]);
}

/// Feeds whose rows are kept from night to night, and what became of the rows.
fn kept(summary: &Summary) {
    let number = |n: u64| render::grouped(i128::from(n));
    for feed in &summary.feeds {
        let Some(counts) = feed.kept else { continue };
        render::line(&format!(
            "{}.{}: {} rows held; {} new, {} changed, {} unchanged, {} deleted, {} carried on",
            feed.system,
            feed.feed,
            number(counts.held()),
            number(counts.new),
            number(counts.changed),
            number(counts.unchanged),
            number(counts.deleted),
            number(counts.carried),
        ));
    }
}

/// Feeds whose data are of an earlier date, and deliveries that a later one has superseded.
fn not_of_today(summary: &Summary) {
    for source in &summary.sources {
        let name = format!("{}.{}", source.system, source.feed);
        if source.source_as_of != summary.as_of {
            let why = if source.late { "late" } else { "none was due since" };
            render::line(&format!("{name}: data of {} ({why})", source.source_as_of));
        }
        if !source.superseded.is_empty() {
            let files = source.superseded.join(", ");
            render::line(&format!("{name}: {} supersedes {files}", source.file));
        }
    }
}

fn tiers(summary: &Summary) {
    let value: i128 = summary.tiers.iter().map(|t| i128::from(t.lifetime_value)).sum();
    let mut rows = Vec::new();
    for tier in &summary.tiers {
        let clients = tier.clients as f64 / summary.clients.max(1) as f64;
        let share = tier.lifetime_value as f64 / (value as f64).max(1.0);
        rows.push(vec![
            tier.tier.clone(),
            render::grouped(i128::from(tier.clients)),
            format!("{:.1} %", clients * 100.0),
            render::money(tier.lifetime_value),
            format!("{:.1} %", share * 100.0),
            render::bar(share, 30),
        ]);
    }
    let header = ["tier", "clients", "share", "lifetime value", "share", ""];
    render::table(&header, &rows, &[1, 2, 3, 4]);
}

fn moves(summary: &Summary) {
    let moved: Vec<_> = summary.moves.iter().filter(|(from, _, _)| from != "NEW").collect();
    let new: u64 = summary.moves.iter().filter(|(from, ..)| from == "NEW").map(|(.., n)| n).sum();
    if summary.previous.is_none() {
        render::line(&format!(
            "first night of this lake: {} clients are new",
            render::grouped(i128::from(new))
        ));
        return;
    }
    let mut rows: Vec<Vec<String>> = moved
        .iter()
        .map(|(from, to, n)| vec![from.clone(), to.clone(), render::grouped(i128::from(*n))])
        .collect();
    rows.push(vec!["(new)".into(), String::new(), render::grouped(i128::from(new))]);
    render::table(&["from", "to", "clients"], &rows, &[2]);
}

fn stages(summary: &Summary) {
    let row = |s: &night::StageSummary| {
        vec![
            s.stage.clone(),
            render::grouped(i128::from(s.rows_in)),
            render::grouped(i128::from(s.rows_out)),
            render::bytes(s.bytes_in),
            render::bytes(s.bytes_out),
            render::bytes(s.shuffled),
            format!("{:.2}", s.seconds),
            format!("{:.2}", s.cpu_seconds),
            render::bytes(s.peak_memory),
            if s.reused { "reused".into() } else { String::new() },
        ]
    };
    let all = &summary.stages;
    let bytes = |of: fn(&night::StageSummary) -> u64| render::bytes(all.iter().map(of).sum());
    let mut rows: Vec<Vec<String>> = all.iter().map(row).collect();
    rows.push(vec![
        "all".into(),
        String::new(),
        String::new(),
        bytes(|s| s.bytes_in),
        bytes(|s| s.bytes_out),
        bytes(|s| s.shuffled),
        format!("{:.2}", all.iter().map(|s| s.seconds).sum::<f64>()),
        format!("{:.2}", all.iter().map(|s| s.cpu_seconds).sum::<f64>()),
        render::bytes(all.iter().map(|s| s.peak_memory).max().unwrap_or(0)),
        String::new(),
    ]);
    let header = [
        "stage", "rows in", "rows out", "read", "written", "shuffled", "seconds", "cpu s", "peak",
        "",
    ];
    render::table(&header, &rows, &[1, 2, 3, 4, 5, 6, 7, 8]);
    render::line(&format!("{} range(s) of the key space", summary.buckets));
}
