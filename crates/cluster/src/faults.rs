//! Faults that tests plant in an executor; without the feature `faults` there are none.

#[cfg(not(feature = "faults"))]
mod planted {
    use night::Delivery;

    pub(crate) fn before(_task: &str) {}

    pub(crate) fn after(_task: &str) {}

    pub(crate) fn shortened(delivery: Delivery) -> Delivery {
        delivery
    }

    pub(crate) fn times(_task: &str) -> usize {
        1
    }
}

/// `CLIENTELE_FAULT=<kind>:<task prefix>`, fired once in a process: the word `fired` and the fault go
/// to the file that `CLIENTELE_FAULT_LOG` names. Of several processes that share the file, the first
/// to meet the fault makes it, and in the others nothing fires.
#[cfg(feature = "faults")]
mod planted {
    use night::Delivery;
    use std::fs::File;
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    static FIRED: AtomicBool = AtomicBool::new(false);

    /// The work is about to begin: `kill-before`, `slow` (20 s).
    pub(crate) fn before(task: &str) {
        if fires("slow", task) {
            std::thread::sleep(Duration::from_secs(20));
        }
        if fires("kill-before", task) {
            kill();
        }
    }

    /// The files are written, the manifest is not: `kill-after`.
    pub(crate) fn after(task: &str) {
        if fires("kill-after", task) {
            kill();
        }
    }

    /// `short`: a range that was read is not told.
    pub(crate) fn shortened(mut delivery: Delivery) -> Delivery {
        if fires("short", &delivery.task) {
            delivery.read.pop();
        }
        delivery
    }

    /// `twice`: the order is carried out twice.
    pub(crate) fn times(task: &str) -> usize {
        if fires("twice", task) { 2 } else { 1 }
    }

    fn fires(kind: &str, task: &str) -> bool {
        let planted = std::env::var("CLIENTELE_FAULT").unwrap_or_default();
        let hit = planted
            .split_once(':')
            .is_some_and(|(planted, prefix)| planted == kind && task.starts_with(prefix));
        hit && !FIRED.swap(true, Ordering::SeqCst)
            && is_noted(&format!("fired {planted} at {task}"))
    }

    fn is_noted(line: &str) -> bool {
        let Ok(log) = std::env::var("CLIENTELE_FAULT_LOG") else { return true };
        File::create_new(log)
            .is_ok_and(|mut file| file.write_all(format!("{line}\n").as_bytes()).is_ok())
    }

    /// As a host that loses power: no destructor runs.
    fn kill() {
        let own = std::process::id().to_string();
        let _ = std::process::Command::new("kill").args(["-9", &own]).status();
        std::thread::sleep(Duration::from_mins(1));
    }
}

pub(crate) use planted::{after, before, shortened, times};
