//! K1, K2 and K3: killed at every crash point and every call, killed again during recovery; readers see the old set
//! or the new set, and a plain rerun ends as if nothing had happened.

use crate::bank::{copy, land, night, open, run_id, tree};
use crate::child::{child, child_under, run};
use crate::syncs::has_strace;
use lake::{CRASH_POINTS, RunId, current, verify};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const SIGABRT: i32 = 6;
const NIGHT: &str = "night run-3 2026-11-20";

/// A lake as it stands, what is done to it, and how it must end.
struct Scenario {
    base: tempfile::TempDir,
    script: &'static str,
    points: Vec<&'static str>,
    golden: BTreeMap<String, String>,
}

impl Scenario {
    fn new(base: tempfile::TempDir, script: &'static str, areas: &[&str]) -> Self {
        let golden = self::ended(base.path(), script);
        let within = |point: &&str| areas.iter().any(|area| point.starts_with(area));
        Self { points: CRASH_POINTS.iter().copied().filter(within).collect(), base, script, golden }
    }

    /// A copy of the lake to work on.
    fn lake(&self) -> tempfile::TempDir {
        let lake = tempfile::tempdir().unwrap();
        copy(self.base.path(), lake.path());
        lake
    }

    /// Runs the script in a child that is to die at a point; tells whether it did.
    fn kill(&self, root: &Path, point: &str) -> bool {
        use std::os::unix::process::ExitStatusExt;
        let status = child(root, self.script).env("CLIENTELE_CRASH_AT", point).status().unwrap();
        assert!(status.success() || status.signal() == Some(SIGABRT), "{point}: {status}");
        !status.success()
    }

    /// The reader's check, then a plain rerun and the comparison with the golden run.
    fn is_intact(&self, root: &Path, point: &str) {
        let seen = readers_see(root);
        assert!(["run-2", "run-3"].contains(&seen.as_str()), "{point}: {seen}");
        run(root, self.script).unwrap_or_else(|error| panic!("{point}: {error}"));
        assert_eq!(tree(root), self.golden, "{point}");
        assert_eq!(readers_see(root), readers_see_golden(&self.golden), "{point}");
    }
}

fn ended(base: &Path, script: &str) -> BTreeMap<String, String> {
    let lake = tempfile::tempdir().unwrap();
    copy(base, lake.path());
    run(lake.path(), script).unwrap();
    tree(lake.path())
}

fn readers_see_golden(golden: &BTreeMap<String, String>) -> String {
    golden["segments/current"].strip_prefix("data/").unwrap().to_owned()
}

/// The run readers see, after every file behind the pointer and behind the link was verified.
fn readers_see(root: &Path) -> String {
    let published = current(root).unwrap().unwrap();
    assert!(verify(root, &published.run).unwrap().is_whole());
    let link = fs::canonicalize(root.join("segments/current")).unwrap();
    let linked = RunId::new(link.file_name().unwrap().to_str().unwrap()).unwrap();
    assert!(verify(root, &linked).unwrap().is_whole());
    published.run.to_string()
}

/// Two nights published; of a third night an orphan table and a record of a stage, both damaged; landed
/// files of old dates and of the third.
fn two_nights() -> tempfile::TempDir {
    let base = tempfile::tempdir().unwrap();
    night(base.path(), "run-1", "2026-11-19").unwrap();
    night(base.path(), "run-2", "2026-11-19").unwrap();
    let orphan = base.path().join("tables/party/as_of=2026-11-20/run-3");
    fs::create_dir_all(&orphan).unwrap();
    fs::write(orphan.join("part-0.parquet"), "torn").unwrap();
    let records = base.path().join("tables/.stages/as_of=2026-11-20/load");
    fs::create_dir_all(&records).unwrap();
    fs::write(records.join("k1.json"), "{ torn").unwrap();
    for date in ["2026-11-01", "2026-11-02", "2026-11-20"] {
        land(base.path(), date);
    }
    base
}

/// The third night killed between the pointer and its record, and litter of every kind.
fn wreck(night: &Scenario) -> tempfile::TempDir {
    let base = night.lake();
    assert!(night.kill(base.path(), "publish.pointer_renamed"));
    let at = |path: &str| base.path().join(path);
    fs::create_dir_all(at("staging/run-0/load/party")).unwrap();
    fs::create_dir_all(at("segments/data/run-9/client_segment")).unwrap();
    fs::write(at("segments/CURRENT.tmp"), "run-").unwrap();
    fs::write(at("segments/runs/run-3.json.tmp"), "{").unwrap();
    fs::write(at("ledger.sqlite"), "overwritten by something that is not a database").unwrap();
    base
}

fn scenarios() -> [Scenario; 4] {
    let usual = ["open.", "stage.", "seal.", "publish.", "gc."];
    let night = Scenario::new(two_nights(), NIGHT, &usual);
    let wreck = Scenario::new(wreck(&night), NIGHT, &["open.", "recover.", "publish."]);
    assert_eq!(wreck.golden, night.golden, "a wreck ends as a night that was never killed");
    let published = night.lake();
    run(published.path(), NIGHT).unwrap();
    let rollback = Scenario::new(published, "rollback run-2", &["publish.", "rollback."]);
    let stale = Scenario::new(night.lake(), "stale 2026-11-20", &["stale."]);
    [night, wreck, rollback, stale]
}

#[test]
fn killed_at_every_crash_point_the_lake_is_intact() {
    let mut fired = BTreeSet::new();
    for scenario in scenarios() {
        for point in &scenario.points {
            for nth in 1.. {
                let lake = scenario.lake();
                let place = format!("{point}:{nth}");
                if !scenario.kill(lake.path(), &place) {
                    break;
                }
                fired.insert(*point);
                scenario.is_intact(lake.path(), &format!("{} at {place}", scenario.script));
            }
        }
    }
    let all: BTreeSet<&str> = CRASH_POINTS.iter().copied().collect();
    assert_eq!(fired, all, "a point at which nothing was ever killed proves nothing");
}

#[test]
fn killed_again_during_recovery_the_lake_is_intact() {
    let [night, ..] = scenarios();
    let mut seed: u64 = 20_261_120;
    let mut pick = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(seed >> 33).unwrap() % CRASH_POINTS.len();
        CRASH_POINTS[index]
    };
    let mut killed_twice = 0;
    for _ in 0..40 {
        let (first, second) = (pick(), pick());
        let lake = night.lake();
        let died = night.kill(lake.path(), first);
        if died && night.kill(lake.path(), second) {
            killed_twice += 1;
        }
        night.is_intact(lake.path(), &format!("{first}, then {second}"));
    }
    assert!(killed_twice >= 10, "only {killed_twice} pairs fired twice");
}

/// Kills the child at the n-th system call of a name, n = 1, 2, ... until it ends unharmed.
fn kill_at_calls(night: &Scenario, call: &str, step: usize) -> usize {
    use std::os::unix::process::ExitStatusExt;
    let mut killed = 0;
    for nth in (1..).step_by(step) {
        let lake = night.lake();
        let (trace, inject) =
            (format!("trace={call}"), format!("inject={call}:signal=SIGKILL:when={nth}"));
        let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
        let status = child_under(&strace, lake.path(), night.script).status().unwrap();
        if status.success() {
            break;
        }
        assert_eq!(status.signal(), Some(9), "{call}:{nth}: {status}");
        killed += 1;
        night.is_intact(lake.path(), &format!("{call}:{nth}"));
    }
    killed
}

#[test]
fn killed_at_every_rename_sync_link_removal_and_at_some_writes_the_lake_is_intact() {
    if !has_strace() {
        return;
    }
    let [night, ..] = scenarios();
    // Step between kills, and the least of them: with fewer the sweep would prove nothing.
    let kinds: [(&[&str], usize, usize); 5] = [
        (&["rename", "renameat", "renameat2"], 1, 9),
        (&["fsync", "fdatasync"], 1, 60),
        (&["mkdir", "symlink", "symlinkat"], 1, 9),
        (&["unlink", "unlinkat", "rmdir"], 1, 20),
        (&["write", "pwrite64", "ftruncate", "chmod"], 3, 20),
    ];
    for (calls, step, least) in kinds {
        let killed: usize = calls.iter().map(|call| kill_at_calls(&night, call, step)).sum();
        assert!(killed >= least, "only {killed} kills at {calls:?}");
    }
}

#[test]
fn a_half_published_run_is_adopted_and_told() {
    let [night, wreck, ..] = scenarios();
    let lake = wreck.lake();
    let mut reopened = lake::Lake::open(lake.path()).unwrap();
    let recovery = reopened.recover("t").unwrap();
    assert_eq!(recovery.current, Some(run_id("run-3")));
    assert!(recovery.adopted && recovery.ledger_rebuilt);
    assert_eq!(recovery.discarded, [run_id("run-9")]);
    assert_eq!(recovery.staging_removed, ["run-0", "run-3"]);
    let clean = open(night.lake().path()).unwrap().recover("t").unwrap();
    assert_eq!(clean, lake::Recovery { current: Some(run_id("run-2")), ..Default::default() });
}
