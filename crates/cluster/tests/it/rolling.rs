//! Executors that are told to end while a night runs, one after another, as when machines are
//! renewed.

use crate::cluster::Cluster;
use crate::process::Process;
use crate::world::World;

/// Waits until the driver has told of a stage.
fn after(stage: &str, driver: &mut Process) {
    driver.wait_until(|said| said.contains(&format!("\n{stage} ")));
}

#[test]
fn executors_renewed_one_by_one_finish_the_night() {
    let mut world = World::new();
    let mut cluster = Cluster::of(2);
    let mut driver = cluster.start(&world.night, &world.lake.path(), &[]);
    for (old, stage) in [(0, "load"), (1, "identify")] {
        after(stage, &mut driver);
        cluster.add_executor(None);
        cluster.executors[old].process.signal("TERM");
    }
    let told = driver.end(&mut || world.read());
    told.is_well();
    // Each has ended of itself, well, and the new ones have done its work.
    for old in 0..2 {
        let left = cluster.executors[old].process.end(&mut || {});
        assert_eq!(left.code, 0, "{}", left.stderr);
    }
    assert_eq!(cluster.bury(), 2);
    assert!(cluster.finished()[2..].iter().all(|tasks| *tasks > 0), "{:?}", cluster.finished());
    world.is_as_on_one_machine();
}
