//! `clientele plan`: what a night would do, without doing it.

use super::run;
use crate::args::PlanArgs;
use crate::databases::Databases;
use crate::failure::Failure;
use crate::{render, watch};
use local::Local;
use night::{AwaitedFile, Forecast, Foreseen, Places, Plan, Planned};
use std::path::Path;

/// There is something to do, and the caller wants to know.
const SOMETHING_TO_DO: u8 = 5;
/// A file's columns are not those of its contract.
const DRIFT: u8 = 8;
/// A file is not there yet.
const WAITING: u8 = 9;

pub(crate) fn run(args: &PlanArgs) -> Result<u8, Failure> {
    plan(args).map_err(|failure| Failure {
        as_of: Some(args.as_of.to_string()),
        json: args.job.json,
        ..failure
    })
}

fn plan(args: &PlanArgs) -> Result<u8, Failure> {
    let places = Places { lake: args.job.lake.clone(), extracts: args.extracts.clone() };
    let version = env!("CARGO_PKG_VERSION");
    let now = watch::moment();
    let plan = Plan::open(&args.job.job, args.as_of, now, &places, run::own_digest()?, version)?;
    let engine = run::local(args.local);
    let forecast = night::forecast(&plan, &engine, &Databases { again: false })?;
    if let Some(file) = &args.output {
        write(file, &Planned::of(&plan, &forecast))?;
    }
    let code = code(&forecast, args.detailed_exitcode);
    if args.job.json {
        let mut record = forecast.to_json();
        record["result"] = word(&forecast).into();
        record["code"] = code.into();
        render::line(&record.to_string());
        return Ok(code);
    }
    files(&forecast);
    drift(&forecast);
    standing(&forecast);
    if let Some(foreseen) = &forecast.night {
        night(foreseen, &engine);
    }
    if forecast.is_to_land() {
        render::line("databases would be asked first: their rows decide what follows");
    }
    let run = forecast.night.as_ref().map_or("-", |night| night.run.as_str());
    let word = word(&forecast);
    render::line(&format!("RESULT plan {word} code={code} as_of={} run={run}", args.as_of));
    Ok(code)
}

/// Writes a plan under another name first, so that nobody reads half of one.
fn write(file: &Path, planned: &Planned) -> Result<(), Failure> {
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, planned.text()).and_then(|()| std::fs::rename(&part, file)).map_err(|e| {
        let message = format!("cannot write {}: {e}", file.display());
        Failure::new(12, message, "free space there, or name another place")
    })
}

/// Changed columns come first: waiting for further files does not mend them.
fn code(forecast: &Forecast, detailed: bool) -> u8 {
    match word(forecast) {
        "drift" => DRIFT,
        "waiting" => WAITING,
        "run" if detailed => SOMETHING_TO_DO,
        _ => 0,
    }
}

fn word(forecast: &Forecast) -> &'static str {
    let published = forecast.night.as_ref().is_some_and(|night| night.published);
    if forecast.has_drift() {
        "drift"
    } else if forecast.is_waiting() {
        "waiting"
    } else if published {
        "unchanged"
    } else {
        "run"
    }
}

fn files(forecast: &Forecast) {
    let number = |n: u64| render::grouped(i128::from(n));
    let row = |file: &AwaitedFile| {
        let arrived = file.arrived.as_ref();
        vec![
            format!("{}.{}", file.system, file.feed),
            file.file.clone(),
            arrived.map(|a| number(a.bytes)).unwrap_or_default(),
            file.rows.map(number).unwrap_or_default(),
            arrived.map(|a| a.blake3.chars().take(12).collect()).unwrap_or_default(),
            state(file),
        ]
    };
    let rows: Vec<Vec<String>> = forecast.files.iter().map(row).collect();
    let header = ["feed", "file", "bytes", "rows promised", "blake3", ""];
    render::table(&header, &rows, &[2, 3]);
    for file in &forecast.files {
        if let Some(missing) = &file.missing {
            render::line(&format!("{}.{}: {missing}", file.system, file.feed));
        }
    }
}

fn state(file: &AwaitedFile) -> String {
    match &file.arrived {
        None if file.to_land => "a database has it".to_owned(),
        None => "missing".to_owned(),
        Some(_) if !file.drift.is_empty() => "differs".to_owned(),
        Some(older) if older.is_late() => format!("late, of {}", older.source_as_of),
        Some(_) => "there".to_owned(),
    }
}

fn drift(forecast: &Forecast) {
    for file in forecast.files.iter().filter(|file| !file.drift.is_empty()) {
        let place = format!("{}.{} `{}`", file.system, file.feed, file.file);
        render::line(&format!("{place}: columns are not those of the contract"));
        file.drift.iter().for_each(|change| render::line(&format!("  {change}")));
    }
}

fn standing(forecast: &Forecast) {
    match &forecast.current {
        Some((run, day)) => render::line(&format!("readers see the night of {day}, run {run}")),
        None => render::line("nothing is published yet"),
    }
    if let Some((run, day)) = &forecast.previous {
        render::line(&format!("moves would be measured against the night of {day}, run {run}"));
    }
}

fn night(night: &Foreseen, engine: &Local) {
    if night.published {
        render::line(&format!(
            "run {} is published already with the same inputs, job and binary: nothing to do",
            night.run
        ));
        return;
    }
    let row =
        |(stage, fate): &(&str, night::Fate)| vec![(*stage).to_owned(), fate.word().to_owned()];
    let rows: Vec<Vec<String>> = night.stages.iter().map(row).collect();
    render::table(&["stage", "would"], &rows, &[]);
    let side_by_side = night.layout.buckets.min(engine.threads) as u64;
    render::line(&format!(
        "{} of extracts unpacked, {} range(s) of the key space, {} side by side: about {} of memory",
        render::bytes(night.bytes),
        night.layout.buckets,
        side_by_side,
        render::bytes(night.memory.saturating_mul(side_by_side))
    ));
}
