//! The machine: binary, processors, memory, open files, time.

use super::Check;
use crate::commands::run::own_digest;
use crate::failure::Failure;
use crate::render;
use crate::watch;
use std::fs;
use std::num::NonZero;

/// What a night takes by default.
const DEFAULT_MEMORY: u64 = 4 << 30;
/// Open files that a night of many ranges needs.
const OPEN_FILES: u64 = 4096;

pub(super) fn checks() -> Result<Vec<Check>, Failure> {
    Ok(vec![binary()?, processors(), memory(), open_files(), clock(), umask()])
}

fn binary() -> Result<Check, Failure> {
    let digest: String = own_digest()?.chars().take(12).collect();
    Ok(Check::ok("binary", format!("clientele {}, blake3 {digest}", env!("CARGO_PKG_VERSION"))))
}

fn processors() -> Check {
    match std::thread::available_parallelism().map(NonZero::get) {
        Ok(count) => Check::ok("processors", count.to_string()),
        Err(error) => Check::should("processors", false, error.to_string(), "give `--threads`"),
    }
}

/// Memory of the machine, or what a container leaves of it.
fn memory() -> Check {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()
    };
    let machine = kib("MemTotal:").unwrap_or(0) * 1024;
    let limit = fs::read_to_string("/sys/fs/cgroup/memory.max").unwrap_or_default();
    let most = limit.trim().parse::<u64>().map_or(machine, |limit| limit.min(machine));
    let free = kib("MemAvailable:").unwrap_or(0) * 1024;
    let found = format!("{}, {} available", render::bytes(most), render::bytes(free));
    let fix =
        "a night takes 4 GiB unless `--memory` says less: give `--memory`, or a larger machine";
    Check::should("memory", most == 0 || most >= DEFAULT_MEMORY + DEFAULT_MEMORY / 4, found, fix)
}

fn open_files() -> Check {
    match rlimit::Resource::NOFILE.get() {
        Ok((soft, hard)) => {
            let found = format!("{soft} (a night raises it to {hard})");
            let fix = "allow 4096 open files or more (`ulimit -Hn`, `LimitNOFILE=` of the unit)";
            Check::should("open files", hard >= OPEN_FILES, found, fix)
        }
        Err(error) => Check::should("open files", false, error.to_string(), "look at `ulimit -n`"),
    }
}

fn clock() -> Check {
    let link = fs::read_link("/etc/localtime").ok();
    let by_link = link.map(|path| path.display().to_string());
    let zone = std::env::var("TZ").ok().or(by_link).unwrap_or_else(|| "UTC".to_owned());
    let zone = zone.rsplit_once("zoneinfo/").map_or(zone.as_str(), |(_, zone)| zone);
    Check::ok("clock", format!("{}, zone {zone} (no table depends on either)", watch::now()))
}

/// The lake sets the modes of its own files, whatever the mask.
fn umask() -> Check {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    Check::ok("umask", format!("{} (the lake sets its own modes)", mask.unwrap_or("?").trim()))
}
