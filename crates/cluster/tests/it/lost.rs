//! Hosts that are lost while a night runs: power goes, and nothing on them comes back.

use crate::cluster::Cluster;
use crate::process::Told;
use crate::world::World;

/// A night over a published one, in which the executor that meets the fault dies with its host.
fn a_host_is_lost(fault: &str) -> Told {
    let mut world = World::new();
    let mut cluster = Cluster::with_fault(fault);
    let mut driver = cluster.start(&world.night, &world.lake.path(), &[]);
    let mut dead = 0;
    let told = driver.end(&mut || {
        dead = cluster.bury();
        world.read();
    });
    told.is_well();
    let fired = cluster.fired().unwrap();
    assert!(fired.starts_with(&format!("fired {fault}")), "{fired}");
    assert_eq!(dead, 1);
    assert!(cluster.finished().iter().all(|tasks| *tasks > 0), "{:?}", cluster.finished());
    world.is_as_on_one_machine();
    told
}

/// The smallest feeds are read last: the host has delivered others before, and these still count.
#[test]
fn before_the_last_feeds_are_read() {
    let told = a_host_is_lost("kill-before:load-0012");
    assert!(!told.stderr.contains(" again, "), "{}", told.stderr);
}

#[test]
fn before_blocks_are_compared() {
    a_host_is_lost("kill-before:link-");
}

#[test]
fn after_clients_are_scored() {
    a_host_is_lost("kill-after:score-");
}

#[test]
fn after_a_part_of_a_published_table_is_written() {
    a_host_is_lost("kill-after:client_segment-part");
}

/// The fault fires in the one executor; the other is killed from here.
#[test]
fn with_all_its_executors_a_night_fails_and_a_plain_rerun_ends_well() {
    let mut world = World::new();
    let mut cluster = Cluster::with_fault("kill-after:link-");
    let lake = world.lake.path();
    let mut driver = cluster.start(&world.night, &lake, &["--silence", "15", "--attempts", "2"]);
    let told = driver.end(&mut || {
        if cluster.bury() == 1 {
            cluster.executors.iter_mut().for_each(|executor| executor.process.kill());
        }
        world.read();
    });
    assert_eq!(told.code, 12, "{}", told.stderr);
    assert_eq!(cluster.bury(), 2);
    assert!(told.error().contains("stage `link`"), "{}", told.stderr);
    world.is_as_before();
    cluster.add_executor(None);
    cluster.start(&world.night, &lake, &[]).end(&mut || world.read()).is_well();
    world.is_as_on_one_machine();
}

/// The host comes back with another executor on it while the night still runs.
#[test]
fn and_back_again_it_takes_its_share() {
    let mut world = World::new();
    let mut cluster = Cluster::with_fault("kill-before:link-");
    let mut driver = cluster.start(&world.night, &world.lake.path(), &[]);
    let told = driver.end(&mut || {
        if cluster.bury() == 1 && cluster.executors.len() == 2 {
            cluster.add_executor(None);
        }
        world.read();
    });
    told.is_well();
    assert!(cluster.finished()[2] > 0, "{:?}", cluster.finished());
    world.is_as_on_one_machine();
}

/// An executor that stands still counts as lost. What it makes when it goes on belongs to nothing.
#[test]
fn for_a_while_and_awake_again_it_spoils_nothing() {
    let mut world = World::new();
    let mut cluster = Cluster::of(1);
    cluster.add_executor(Some("slow:link-"));
    let mut driver = cluster.start(&world.night, &world.lake.path(), &[]);
    let mut frozen = false;
    let told = driver.end(&mut || {
        if !frozen && cluster.fired().is_some() {
            cluster.executors[1].process.signal("STOP");
            frozen = true;
        }
        world.read();
    });
    told.is_well();
    assert!(frozen);
    let late = &mut cluster.executors[1].process;
    let tasks = late.said().matches("Finished task").count();
    late.signal("CONT");
    late.wait_until(|said| said.matches("Finished task").count() > tasks);
    world.is_as_on_one_machine();
}
