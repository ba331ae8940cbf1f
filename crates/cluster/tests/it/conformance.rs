//! Conformance: whatever the number of tasks, a cluster publishes the bytes of one machine.

use crate::cluster::Cluster;
use crate::process::Told;
use crate::world::{Lake, Night};
use night::STAGES;
use testkit::{assert_same_publication, copy_tree, shared_data};

/// Runs the night of `here` on the cluster too, and holds what it published against it.
fn is_as_on_one_machine(
    cluster: &mut Cluster,
    night: &Night,
    here: &Lake,
    there: &Lake,
    partitions: &str,
) {
    let mut driver = cluster.start(night, &there.path(), &["--json", "--partitions", partitions]);
    let told = driver.end(&mut || {});
    told.is_well();
    every_stage_ran(&told);
    assert_same_publication(&here.path(), &there.path());
}

/// Every stage was made for this night, none was there before.
fn every_stage_ran(told: &Told) {
    let summary: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let stages = summary["stages"].as_array().unwrap();
    for name in std::iter::once("load").chain(STAGES.iter().map(|stage| stage.name)) {
        let stage = stages.iter().find(|stage| stage["stage"] == name);
        let stage = stage.unwrap_or_else(|| panic!("{name} did not run: {}", told.stdout));
        assert_eq!(stage["reused"], false, "{name}");
        let progress = |line: &str| line.split(' ').next() == Some(name);
        assert!(told.stderr.lines().any(progress), "{name} was not told: {}", told.stderr);
    }
}

/// Both executors had a part in it, together at least a task for each stage.
fn executors_did_it(cluster: &Cluster) {
    let finished = cluster.finished();
    assert!(finished.iter().all(|tasks| *tasks > 0), "{finished:?}");
    assert!(finished.iter().sum::<usize>() > STAGES.len(), "{finished:?}");
}

#[test]
fn the_sample_night_is_the_same_in_2_8_and_32_tasks() {
    let night = Night::sample();
    let here = Lake::with(&night);
    let mut cluster = Cluster::of(2);
    for partitions in ["2", "8", "32"] {
        is_as_on_one_machine(&mut cluster, &night, &here, &Lake::new(), partitions);
    }
    executors_did_it(&cluster);
}

#[test]
fn two_nights_at_once_on_one_cluster_do_not_meet() {
    let night = Night::sample();
    let here = Lake::with(&night);
    let mut cluster = Cluster::of(2);
    let lakes = [Lake::new(), Lake::new()];
    let mut start = |lake: &Lake| cluster.start(&night, &lake.path(), &[]);
    let drivers = lakes.each_ref().map(&mut start);
    for mut driver in drivers {
        driver.end(&mut || {}).is_well();
    }
    for lake in &lakes {
        assert_same_publication(&here.path(), &lake.path());
    }
}

#[test]
fn three_nights_of_the_real_bank_are_the_same_one_after_another() {
    let Some(extracts) = shared_data("berka") else { return };
    let mut cluster = Cluster::of(2);
    let (here, there) = (Lake::new(), [Lake::new(), Lake::new(), Lake::new()]);
    let night = |as_of| Night { job: "jobs/berka.toml", as_of, extracts: Some(extracts.clone()) };
    for as_of in ["1994-01-31", "1994-02-28"] {
        night(as_of).on_one_machine(&here.path()).is_well();
        is_as_on_one_machine(&mut cluster, &night(as_of), &here, &there[0], "8");
    }
    // The third night, on what the first two have left, in more tasks and in fewer.
    there[1..].iter().for_each(|lake| copy_tree(&there[0].path(), &lake.path()));
    let third = night("1994-03-31");
    third.on_one_machine(&here.path()).is_well();
    for (lake, partitions) in there.iter().zip(["8", "2", "32"]) {
        is_as_on_one_machine(&mut cluster, &third, &here, lake, partitions);
    }
    executors_did_it(&cluster);
}
