//! Executors of another program than the driver's: what they would compute may differ, so they
//! compute nothing.

use crate::cluster::Cluster;
use crate::process::BINARY;
use crate::world::{Lake, Night};
use std::fs::OpenOptions;
use std::io::Write;
use testkit::scratch;

#[test]
fn an_executor_of_another_program_computes_nothing() {
    // Beside the sections that a loader reads: the program runs as before, its digest is another.
    let (folder, lake) = (scratch(), Lake::new());
    let other = folder.path().join("clientele-cluster");
    std::fs::copy(BINARY, &other).unwrap();
    OpenOptions::new().append(true).open(&other).unwrap().write_all(b"\n").unwrap();
    let mut cluster = Cluster::of(0);
    cluster.add_executor_of(&other);
    let mut driver = cluster.start(&Night::sample(), &lake.path(), &["--attempts", "2"]);
    let told = driver.end(&mut || {});
    assert_eq!(told.code, 12, "{}", told.stderr);
    assert!(told.error().contains("is another program than the driver"), "{}", told.stderr);
    assert!(lake.is_bare());
}
