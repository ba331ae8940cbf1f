//! C1 and C2: one writer, and a lock that dies with its holder.

use crate::bank::{night, open, tree};
use crate::child::{child, holder};
use lake::{Lake, LakeError, current};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn of_eight_at_once_one_publishes_and_the_others_are_refused_at_once() {
    let golden = tempfile::tempdir().unwrap();
    night(golden.path(), "run-1", "2026-11-20").unwrap();
    for _ in 0..5 {
        let lake = tempfile::tempdir().unwrap();
        let start = || child(lake.path(), "contend run-1 2026-11-20").spawn().unwrap();
        let mut children: Vec<_> = (0..8).map(|_| start()).collect();
        let mut codes = Vec::new();
        while codes.len() < 7 {
            for child in &mut children {
                if let Some(status) = child.try_wait().unwrap() {
                    codes.push((child.id(), status.code().unwrap()));
                }
            }
            children.retain(|child| codes.iter().all(|(id, _)| *id != child.id()));
            std::thread::sleep(Duration::from_millis(5));
        }
        fs::write(lake.path().join("go"), "").unwrap();
        let last = children.remove(0).wait().unwrap().code().unwrap();
        assert_eq!(codes.iter().map(|(_, code)| *code).collect::<Vec<_>>(), [13; 7]);
        assert_eq!(last, 0);
        for marker in ["held", "go"] {
            fs::remove_file(lake.path().join(marker)).unwrap();
        }
        assert_eq!(tree(lake.path()), tree(golden.path()));
    }
}

#[test]
fn readers_need_no_lock_and_the_refused_writer_learns_the_holder() {
    let lake = tempfile::tempdir().unwrap();
    night(lake.path(), "run-1", "2026-11-20").unwrap();
    let mut holder = holder(lake.path());
    let begun = Instant::now();
    let refused = Lake::open(lake.path()).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(1));
    let pid = holder.id();
    assert!(matches!(refused, LakeError::Locked { holder: Some(p), .. } if p == pid), "{refused}");
    assert_eq!(current(lake.path()).unwrap().unwrap().run.as_str(), "run-1");
    assert_eq!(lake::read_ledger(lake.path()).unwrap().unwrap().runs().unwrap().len(), 1);
    fs::write(lake.path().join("go"), "").unwrap();
    holder.wait().unwrap();
}

#[test]
fn the_lock_dies_with_its_holder() {
    use std::os::unix::process::ExitStatusExt;
    let lake = tempfile::tempdir().unwrap();
    let mut holder = holder(lake.path());
    holder.kill().unwrap();
    let status = holder.wait().unwrap();
    assert_eq!(status.signal(), Some(9));
    let begun = Instant::now();
    open(lake.path()).unwrap();
    // The lock itself takes no time; recovery syncs, and a busy disk may take its own.
    assert!(begun.elapsed() < Duration::from_secs(10));
}
