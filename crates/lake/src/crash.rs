//! Named places where a test kills the program; nothing in a release build.

/// Every crash point of this crate, in the order a night meets them. The number is the step of the
/// publish protocol just done.
pub const CRASH_POINTS: &[&str] = &[
    // 1: lock
    "open.locked",
    "open.folders",
    "open.ledger_aside",
    "open.ledger_aside_synced",
    "open.ledger",
    // stage tables
    "stage.folder",
    "stage.files_described",
    "stage.replaced",
    "stage.manifest_written",
    "stage.manifest_synced",
    "stage.table_renamed",
    "stage.table_synced",
    "stage.manifest_renamed",
    "stage.manifest_folder_synced",
    "stage.record_removed",
    // 2 to 6: files, then folders, then the manifest
    "seal.files_written",
    "seal.files_synced",
    "seal.folders_synced",
    "seal.manifest_written",
    "seal.manifest_synced",
    "seal.manifest_renamed",
    "seal.manifest_folder_synced",
    // 7: the caller's checks have passed
    "publish.checked",
    // 8: into place
    "publish.data_renamed",
    "publish.data_synced",
    "publish.staging_synced",
    // 9 to 11: the pointer, then the link that follows it
    "publish.pointer_written",
    "publish.pointer_synced",
    "publish.pointer_renamed",
    "publish.target_synced",
    "publish.link_made",
    "publish.link_renamed",
    "publish.link_synced",
    // 12: the run record
    "publish.record_written",
    "publish.record_synced",
    "publish.record_renamed",
    "publish.record_folder_synced",
    "publish.staging_removed",
    // a night that failed
    "stale.written",
    "stale.synced",
    "stale.renamed",
    "stale.folder_synced",
    "rollback.withdrawn",
    // recovery at start
    "recover.leftovers_removed",
    "recover.verified",
    "recover.target_synced",
    "recover.link_repaired",
    "recover.adopted",
    "recover.data_removed",
    "recover.staging_removed",
    "recover.ledger_filled",
    // collection of old tables, runs and landed files
    "gc.record_removed",
    "gc.table_removed",
    "gc.run_collected",
    "gc.data_removed",
    "gc.landed_removed",
];

/// Aborts the process here when the environment says `CLIENTELE_CRASH_AT=name` or `name:n` (the
/// n-th time). Does nothing unless compiled with debug assertions or the feature `faults`.
#[cfg(any(debug_assertions, feature = "faults"))]
pub fn crash_point(name: &str) {
    armed::pass(name);
}

/// Does nothing: this build has no crash points.
#[cfg(not(any(debug_assertions, feature = "faults")))]
#[inline]
pub fn crash_point(_name: &str) {}

#[cfg(any(debug_assertions, feature = "faults"))]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Target {
        name: String,
        nth: usize,
    }

    static TARGET: OnceLock<Option<Target>> = OnceLock::new();
    static PASSED: AtomicUsize = AtomicUsize::new(0);

    pub(super) fn pass(name: &str) {
        let Some(target) = TARGET.get_or_init(target) else { return };
        if target.name == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == target.nth {
            std::process::abort();
        }
    }

    fn target() -> Option<Target> {
        let text = std::env::var("CLIENTELE_CRASH_AT").ok()?;
        Some(parse(&text))
    }

    fn parse(text: &str) -> Target {
        let counted = text.rsplit_once(':').and_then(|(name, nth)| Some((name, nth.parse().ok()?)));
        let (name, nth) = counted.unwrap_or((text, 1));
        Target { name: name.to_owned(), nth }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Every quoted text in the sources that looks like a crash point.
    fn named_in_sources() -> BTreeSet<String> {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut named = BTreeSet::new();
        for entry in std::fs::read_dir(sources).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "rs") || path.ends_with("crash.rs") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            named.extend(text.split('"').filter(|part| is_point(part)).map(str::to_owned));
        }
        named
    }

    fn is_point(text: &str) -> bool {
        let areas = ["open", "stage", "seal", "publish", "rollback", "recover", "gc", "stale"];
        text.split_once('.').is_some_and(|(area, step)| {
            areas.contains(&area) && step.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
    }

    #[test]
    fn the_list_names_exactly_the_points_in_the_sources() {
        let listed: BTreeSet<String> = CRASH_POINTS.iter().map(|p| (*p).to_owned()).collect();
        assert_eq!(listed.len(), CRASH_POINTS.len(), "a name stands twice");
        assert_eq!(listed, named_in_sources());
    }
}
