//! A scheduler or a driver that dies while a night runs.

use crate::cluster::Cluster;
#[cfg(feature = "faults")]
use crate::process::LOOK;
use crate::world::{Lake, Night, World};
use std::time::Duration;

/// What the driver says when identities begin to be resolved.
const BEGUN: &str = "\nstandardise ";

#[test]
fn without_its_scheduler_a_night_fails_and_publishes_nothing() {
    let lake = Lake::new();
    let mut cluster = Cluster::of(2);
    let mut driver = cluster.start(&Night::sample(), &lake.path(), &[]);
    driver.wait_until(|said| said.contains(BEGUN));
    cluster.scheduler.kill();
    let told = driver.end(&mut || {});
    assert_eq!(told.code, 12, "{}", told.stderr);
    assert!(told.error().contains("does not answer"), "{}", told.stderr);
    assert!(lake.is_bare());
    assert_eq!(lake.staging(), Vec::<std::path::PathBuf>::new());
}

/// The night goes on with a scheduler that knows nothing of it.
#[test]
fn a_scheduler_that_is_back_soon_finishes_the_night() {
    let mut world = World::new();
    let mut cluster = Cluster::of(2);
    let mut driver = cluster.start(&world.night, &world.lake.path(), &[]);
    driver.wait_until(|said| said.contains(BEGUN));
    cluster.scheduler.kill();
    std::thread::sleep(Duration::from_secs(2));
    cluster.restart_scheduler();
    let told = driver.end(&mut || world.read());
    told.is_well();
    assert!(told.stderr.contains(" again, attempt 2 of 4"), "{}", told.stderr);
    world.is_as_on_one_machine();
}

/// The driver never sees it gone: it stands still meanwhile, and its job runs.
#[cfg(feature = "faults")]
#[test]
fn a_scheduler_that_is_back_at_once_finishes_the_night() {
    let mut world = World::new();
    let mut cluster = Cluster::with_fault("slow:link-");
    let lake = world.lake.path();
    let mut driver = cluster.start(&world.night, &lake, &["--silence", "200"]);
    while cluster.fired().is_none() {
        assert!(!driver.has_ended(), "{}", driver.said());
        std::thread::sleep(LOOK);
    }
    driver.signal("STOP");
    cluster.restart_scheduler();
    driver.signal("CONT");
    let told = driver.end(&mut || world.read());
    told.is_well();
    let said = "link: the scheduler does not know the job; ";
    assert!(told.stderr.contains(said), "{}", told.stderr);
    world.is_as_on_one_machine();
}

#[test]
fn a_driver_that_is_killed_leaves_nothing_that_a_plain_rerun_does_not_sweep() {
    let mut world = World::new();
    let mut cluster = Cluster::of(2);
    let lake = world.lake.path();
    let mut driver = cluster.start(&world.night, &lake, &[]);
    driver.wait_until(|said| said.contains("\nidentify "));
    driver.kill();
    assert_eq!(world.lake.staging().len(), 1);
    world.is_as_before();
    let mut driver = cluster.start(&world.night, &lake, &[]);
    let told = driver.end(&mut || world.read());
    told.is_well();
    assert!(told.stderr.contains("removed what 1 unfinished run(s) left"), "{}", told.stderr);
    world.is_as_on_one_machine();
}
