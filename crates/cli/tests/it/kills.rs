//! `kill -9` at seeded moments of a run: readers always see a whole set, and a plain rerun ends well.

use crate::world::{AS_OF, World, clientele};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::Instant;

const KILLS: u64 = 20;

#[test]
fn killed_at_any_moment_readers_see_a_whole_set_and_a_rerun_ends_well() {
    let world = World::sample();
    let started = Instant::now();
    assert_eq!(world.night(&[]).code, 0);
    let whole_night = started.elapsed();
    let golden = world.published();
    let contacts = world.extract("care_contact_20261120.csv");
    let plain = std::fs::read_to_string(&contacts).unwrap();
    let rows: Vec<&str> = plain.lines().collect();
    let mut killed = 0;
    for kill in 0..KILLS {
        // Other inputs, so that there is something to do; a seeded moment of the run.
        let fewer = rows.len() - 1 - usize::try_from(kill).unwrap();
        std::fs::write(&contacts, format!("{}\n", rows[..fewer].join("\n"))).unwrap();
        let share = (kill * 7 + 3) % KILLS;
        let wait = whole_night.mul_f64((share as f64 + 0.5) / KILLS as f64);
        let job = world.job();
        let mut child = clientele(&["run", &job, "--as-of", AS_OF, "--progress", "none"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(wait);
        let _ = child.kill();
        killed += u64::from(child.wait().unwrap().signal() == Some(9));
        let verified = world.ask("verify", &[]);
        assert_eq!(verified.code, 0, "kill {kill}: {}", verified.stderr);
        let again = world.night(&[]);
        assert_eq!(again.code, 0, "kill {kill}: {}", again.stderr);
        let staging = world.path("lake/staging");
        assert_eq!(std::fs::read_dir(staging).unwrap().count(), 0, "kill {kill}");
    }
    assert!(killed >= KILLS / 2, "only {killed} of {KILLS} runs were killed before their end");
    // Back to the first inputs in a lake of its own: the same bytes as before all kills.
    std::fs::write(&contacts, plain).unwrap();
    std::fs::remove_dir_all(world.path("lake")).unwrap();
    assert_eq!(world.night(&[]).code, 0);
    assert_eq!(world.published(), golden);
}
