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

/// `CLIENTELE_FAULT=<kind>:<task prefix>`, each fired once in a process: the word `fired` and the
/// fault go to the file that `CLIENTELE_FAULT_LOG` names.
#[cfg(feature = "faults")]
mod planted {
    use night::Delivery;
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
        let first = hit && !FIRED.swap(true, Ordering::SeqCst);
        if first && let Ok(log) = std::env::var("CLIENTELE_FAULT_LOG") {
            let _ = std::fs::write(log, format!("fired {planted} at {task}\n"));
        }
        first
    }

    /// As a host that loses power: no destructor runs.
    fn kill() {
        let own = std::process::id().to_string();
        let _ = std::process::Command::new("kill").args(["-9", &own]).status();
        std::thread::sleep(Duration::from_mins(1));
    }
}

pub(crate) use planted::{after, before, shortened, times};
