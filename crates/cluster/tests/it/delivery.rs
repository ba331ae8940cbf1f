//! Executors that live and deliver late, too often or too little: what they deliver is refused and
//! asked for again.

use crate::cluster::Cluster;
use crate::process::Told;
use crate::world::World;

/// A night over a published one, in which one executor does not do as it should.
fn with(fault: &str) -> (Told, String) {
    let mut world = World::new();
    let mut cluster = Cluster::with_fault(fault);
    let mut driver = cluster.start(&world.night, &world.lake.path(), &[]);
    let told = driver.end(&mut || world.read());
    told.is_well();
    assert_eq!(cluster.bury(), 0);
    world.is_as_on_one_machine();
    let fired = cluster.fired().unwrap();
    let task = fired.trim_end().strip_prefix(&format!("fired {fault}")).unwrap();
    (told, task.rsplit(' ').next().unwrap().to_owned())
}

/// The line in which a stage asks for tasks again.
fn again<'a>(told: &'a Told, stage: &str) -> &'a str {
    let asked = |line: &&str| line.starts_with(&format!("{stage}: ")) && line.contains(" again, ");
    told.stderr.lines().find(asked).unwrap_or_else(|| panic!("{}", told.stderr))
}

#[test]
fn a_slow_executor_is_waited_for() {
    let (told, _) = with("slow:link-");
    assert!(!told.stderr.contains(" again, "), "{}", told.stderr);
}

#[test]
fn a_task_delivered_twice_is_asked_for_again() {
    let (told, task) = with("twice:score-");
    let said = format!("score: task `{task}` was delivered twice; 1 task(s) again, attempt 2 of 4");
    assert_eq!(again(&told, "score"), said);
}

#[test]
fn a_task_that_read_too_little_is_asked_for_again() {
    let (told, task) = with("short:link-");
    let said = again(&told, "link");
    assert!(said.starts_with(&format!("link: task `{task}`: range ")), "{said}");
    let rest = "of `block_key` was read 0 times (right: once); 1 task(s) again, attempt 2 of 4";
    assert!(said.ends_with(rest), "{said}");
}
