//! Looking on while a night runs: bars on a terminal, lines or JSON elsewhere; clock and meters.

use crate::args::Progress;
use crate::render;
use indicatif::{ProgressBar, ProgressStyle};
use model::Moment;
use night::{Unit, Watch};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

/// Clock ticks of `/proc` in a second on Linux.
const TICKS: f64 = 100.0;

/// The watch of a terminal or a log.
pub(crate) struct Onlooker {
    kind: Kind,
    started: Instant,
    stage: Mutex<Option<(Instant, Option<ProgressBar>)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bars,
    Lines,
    Json,
    Silent,
}

impl Onlooker {
    pub(crate) fn new(progress: Progress) -> Self {
        let kind = match progress {
            Progress::Auto if std::io::stderr().is_terminal() => Kind::Bars,
            Progress::Auto | Progress::Plain => Kind::Lines,
            Progress::Json => Kind::Json,
            Progress::None => Kind::Silent,
        };
        Self { kind, started: Instant::now(), stage: Mutex::new(None) }
    }

    fn with_stage<T>(
        &self,
        act: impl FnOnce(&mut Option<(Instant, Option<ProgressBar>)>) -> T,
    ) -> T {
        let mut stage = self.stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        act(&mut stage)
    }

    fn event(&self, event: &str, stage: &str, more: &serde_json::Value) {
        if self.kind == Kind::Json {
            let line = serde_json::json!({
                "ts": now(), "level": "info", "event": event, "step": stage, "more": more,
            });
            render::aside(&line.to_string());
        }
    }
}

impl Watch for Onlooker {
    fn begin(&self, stage: &str, total: Option<u64>, unit: Unit) {
        let bar = (self.kind == Kind::Bars).then(|| bar(stage, total, unit));
        self.with_stage(|slot| *slot = Some((Instant::now(), bar)));
        self.event("begin", stage, &serde_json::json!({ "total": total }));
    }

    fn advance(&self, by: u64) {
        self.with_stage(|slot| {
            if let Some((_, Some(bar))) = slot {
                bar.inc(by);
            }
        });
    }

    fn done(&self, stage: &str, rows: u64) {
        let taken = self.with_stage(Option::take);
        let seconds = taken.as_ref().map_or(0.0, |(since, _)| since.elapsed().as_secs_f64());
        let told =
            format!("{stage:<12} {:>12}  {seconds:>7.2} s", render::grouped(i128::from(rows)));
        if let Some((_, Some(bar))) = taken {
            bar.finish_and_clear();
        }
        match self.kind {
            Kind::Bars | Kind::Lines => render::aside(&told),
            Kind::Json => {
                let more = serde_json::json!({ "rows": rows, "seconds": seconds });
                self.event("done", stage, &more);
            }
            Kind::Silent => {}
        }
    }

    fn say(&self, line: &str) {
        match self.kind {
            Kind::Bars | Kind::Lines => render::aside(line),
            Kind::Json => self.event("note", "", &serde_json::json!({ "text": line })),
            Kind::Silent => {}
        }
    }

    fn meter(&self) -> (f64, f64, u64) {
        (self.started.elapsed().as_secs_f64(), cpu_seconds(), peak_memory())
    }

    fn now(&self) -> String {
        now()
    }
}

/// A bar of one stage.
pub(crate) fn bar(stage: &str, total: Option<u64>, unit: Unit) -> ProgressBar {
    let counted = match unit {
        Unit::Bytes => "{bytes}/{total_bytes} {eta}",
        Unit::Buckets | Unit::Tables => "{pos}/{len}",
    };
    let template = match total {
        Some(_) => format!("{{msg:<12}} {{bar:30}} {counted} {{elapsed}}"),
        None => "{msg:<12} {spinner} {elapsed}".to_owned(),
    };
    let style =
        ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new).with_style(style);
    bar.set_message(stage.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The time, for logs and the ledger only: no table ever sees it.
#[expect(clippy::disallowed_methods, reason = "the one place that asks what time it is")]
pub(crate) fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The time as a night is started, for the rules of arrival only: deadlines, quiet seconds.
#[expect(clippy::disallowed_methods, reason = "handed to the night, which asks no clock itself")]
pub(crate) fn moment() -> Moment {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    Moment::at(seconds, time.with_timezone(&chrono::Local).offset().local_minus_utc())
}

/// Seconds of all processors this process has used; 0 where the system does not say.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The command's name may hold blanks; the fields after it do not.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 =
        after.split_ascii_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    ticks / TICKS
}

/// Most memory this process has held, bytes; 0 where the system does not say.
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
