//! Who is let in: with certificates of one authority a night works, without them nobody gets a word.

use crate::certificates::{Authority, Use};
use crate::cluster::{Cluster, free_port, listens};
use crate::process::{Process, program};
use crate::world::{Lake, Night};
use testkit::{assert_same_publication, scratch};

/// A cluster in which all show certificates of one authority; what its drivers show.
fn guarded(authority: &Authority) -> (Cluster, Vec<String>) {
    let mut cluster = Cluster::with_tls(&authority.issue("scheduler", Use::Server));
    for name in ["one", "two"] {
        cluster.add_executor_with(&authority.issue(name, Use::Client));
    }
    (cluster, authority.issue("driver", Use::Client))
}

#[test]
fn with_certificates_a_night_works_and_strangers_get_no_task() {
    let night = Night::sample();
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (mut cluster, driver) = guarded(&ours);
    cluster.add_executor_with(&[]);
    cluster.add_executor_with(&theirs.issue("stranger", Use::Client));
    // It knows our authority, as everybody may; nobody of ours knows its own.
    cluster.add_executor_with(&theirs.issue_trusting("spy", Use::Client, &ours.ca()));
    let lake = Lake::new();
    cluster.start_with(&night, &lake.path(), &[], &driver).end(&mut || {}).is_well();
    assert_same_publication(&Lake::with(&night).path(), &lake.path());
    let finished = cluster.finished();
    assert!(finished[..2].iter().all(|tasks| *tasks > 0), "{finished:?}");
    assert_eq!(finished[2..], [0, 0, 0]);
    for stranger in &cluster.executors[2..] {
        assert!(!stranger.process.said().contains("Received task"));
    }
}

#[test]
fn a_driver_without_the_right_certificate_gets_nothing_done() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (mut cluster, _) = guarded(&ours);
    let strangers = [
        Vec::new(),
        theirs.issue("stranger", Use::Client),
        theirs.issue_trusting("spy", Use::Client, &ours.ca()),
    ];
    for shown in strangers {
        let lake = Lake::new();
        let attempts = ["--attempts", "2"];
        let mut driver = cluster.start_with(&Night::sample(), &lake.path(), &attempts, &shown);
        let told = driver.end(&mut || {});
        assert_eq!(told.code, 12, "{}", told.stderr);
        assert!(told.error().contains("stage `load`"), "{}", told.stderr);
        assert!(lake.is_bare());
    }
    assert_eq!(cluster.finished(), [0, 0]);
}

/// Ends with 77, one message and the next step.
fn is_refused(args: &[&str]) {
    let said = scratch();
    let told = Process::start(said.path(), "refused", &mut program(args)).end(&mut || {});
    assert_eq!(told.code, 77, "{}", told.stderr);
    assert!(told.error().contains("no certificates are given (--ca, --cert, --key)"));
    assert!(told.stderr.contains("hint: ") && told.stderr.contains("--plain"), "{}", told.stderr);
}

#[test]
fn beyond_this_machine_nobody_talks_plainly_unless_told() {
    let port = free_port().to_string();
    is_refused(&["scheduler", "--bind", "0.0.0.0", "--port", &port]);
    is_refused(&["executor", "--scheduler-host", "scheduler.bank"]);
    let lake = Lake::new();
    let lake = lake.path();
    let night = ["run", "jobs/nightly.toml", "--as-of", "2026-11-20", "--lake"];
    let elsewhere = [lake.to_str().unwrap(), "--scheduler-host", "scheduler.bank"];
    is_refused(&[&night[..], &elsewhere].concat());
    assert!(!lake.exists());
}

#[test]
fn a_scheduler_that_is_told_so_talks_plainly_beyond_this_machine() {
    let (said, port) = (scratch(), free_port());
    let args = ["scheduler", "--plain", "--bind", "0.0.0.0", "--port", &port.to_string()];
    let mut scheduler = Process::start(said.path(), "scheduler", &mut program(&args));
    assert!(listens(&mut scheduler, port), "{}", scheduler.said());
}
