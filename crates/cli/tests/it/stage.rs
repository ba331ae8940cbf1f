//! One feed as a Parquet file.

use crate::world::World;

#[test]
fn a_feed_is_staged_alone_and_the_lake_is_left_alone() {
    let world = World::sample();
    let out = world.path("customer.parquet");
    let file = out.to_str().unwrap();
    let day = ["--as-of", "2026-11-20", "--progress", "none", "--out", file];
    let told = world.ask("stage", &[&["deposits.customer"], &day[..]].concat());
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert!(told.stdout.contains("RESULT staged code=0 as_of=2026-11-20"), "{}", told.stdout);
    assert!(std::fs::read(&out).unwrap().starts_with(b"PAR1"));
    assert!(!world.path("lake").exists());

    let told = world.ask("stage", &[&["deposits.none"], &day[..]].concat());
    assert_eq!(told.code, 64, "{}", told.stderr);
    assert!(told.stderr.contains("the job has no such feed"), "{}", told.stderr);
}
