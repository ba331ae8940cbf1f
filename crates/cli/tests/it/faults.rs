//! Damage to what is published is found.

use crate::world::World;

#[test]
fn a_flipped_byte_in_any_published_file_is_found() {
    let world = World::sample();
    assert_eq!(world.night(&[]).code, 0);
    assert_eq!(world.ask("verify", &[]).code, 0);
    let current = world.path("lake/segments/current").canonicalize().unwrap();
    let files = world.published();
    assert!(files.len() > 15, "{}", files.len());
    for (name, bytes) in files {
        let path = current.join(&name);
        let mut damaged = bytes.clone();
        let at = damaged.len() / 2;
        damaged[at] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        let told = world.ask("verify", &[]);
        assert_eq!(told.code, 16, "{name}: {}", told.stdout);
        assert!(told.stderr.contains("error: "), "{name}");
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(world.ask("verify", &[]).code, 0);
}

#[test]
fn nothing_is_published_on_top_of_damage() {
    let world = World::sample();
    assert_eq!(world.night(&[]).code, 0);
    let path = world.path("lake/segments/current/client_segment/part-0000.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() / 3;
    bytes[at] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let told = world.night(&[]);
    assert_eq!(told.code, 16, "{}", told.stderr);
    assert!(told.stderr.contains("hint: "), "{}", told.stderr);
}
