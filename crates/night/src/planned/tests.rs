use super::*;
use crate::engine::{Batch, EngineError, Layout, Watch};
use crate::land::{LandOrder, Landed, Unlanded};
use crate::plan::Places;
use crate::task::Delivery;
use model::Moment;
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use testkit::{copy_tree, repo_root};

/// Divides a night, and runs none.
struct Ranges(usize);

impl Engine for Ranges {
    fn layout(&self, _bytes: u64) -> Layout {
        Layout { buckets: self.0, hands: 1 }
    }

    fn run(&self, _: &Batch<'_>, _: &dyn Watch) -> Result<Vec<Delivery>, EngineError> {
        panic!("a forecast runs nothing")
    }
}

struct NoDatabases;

impl Databases for NoDatabases {
    fn land(&self, _: &LandOrder<'_>, _: &dyn Watch) -> Result<Vec<Landed>, Unlanded> {
        panic!("a forecast asks nobody")
    }

    fn is_landed(&self, _: &LandOrder<'_>) -> bool {
        false
    }
}

/// The sample bank's job and extracts in a folder of their own.
struct World(TempDir);

impl World {
    fn new() -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        copy_tree(&repo_root().join("jobs"), &world.0.path().join("jobs"));
        copy_tree(&repo_root().join("data-samples/night"), &world.0.path().join("night"));
        world
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn plan(&self) -> Plan {
        let places = Places {
            lake: Some(self.path("lake")),
            extracts: Some(self.path("night").join("{date}")),
        };
        let (job, date) = (self.path("jobs/nightly.toml"), "2026-11-20".parse().unwrap());
        Plan::open(&job, date, Moment::at(0, 0), &places, "binary".into(), "0").unwrap()
    }

    fn planned(&self) -> Planned {
        let plan = self.plan();
        Planned::of(&plan, &forecast(&plan, &Ranges(4), &NoDatabases).unwrap())
    }

    /// What is not as planned in the world as it is now.
    fn refused(&self, planned: &Planned) -> Vec<String> {
        match planned.hold(self.plan(), &Ranges(4), &NoDatabases) {
            Err(error) => {
                assert_eq!(error.exit_code(), 8, "{error}");
                assert!(error.to_string().starts_with("the night is not as planned: "), "{error}");
                let NightError::NotAsPlanned(told) = error else { panic!("{error}") };
                told
            }
            Ok(_) => panic!("it must be refused"),
        }
    }
}

/// One of the extracts, by its number.
fn extract(night: &Path, number: usize) -> std::path::PathBuf {
    let files = fs::read_dir(night.join("20261120")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_none_or(|e| e != "ok")).collect();
    files.sort();
    files.swap_remove(number)
}

#[test]
fn a_night_that_is_as_planned_is_held_to_its_run() {
    let world = World::new();
    let planned = world.planned();
    assert_eq!(Planned::parse(&planned.text()).unwrap(), planned);
    assert_eq!(planned.text(), world.planned().text(), "the same bytes for the same night");
    let held = planned.hold(world.plan(), &Ranges(4), &NoDatabases).unwrap();
    let run = planned.night.as_ref().unwrap().run.clone();
    assert_eq!(held.planned, Some(run));
}

#[test]
fn what_is_not_as_planned_is_told() {
    let world = World::new();
    let planned = world.planned();
    let other = planned.hold(world.plan(), &Ranges(5), &NoDatabases).unwrap_err().to_string();
    assert_eq!(other, "the night is not as planned: the number of ranges is 5 (planned 4)");

    let file = extract(&world.path("night"), 0);
    let text = fs::read(&file).unwrap();
    fs::write(&file, [&text[..], b"\n"].concat()).unwrap();
    let told = world.refused(&planned);
    assert!(
        told[0].contains(&format!("of {} bytes (planned {})", text.len() + 1, text.len())),
        "{told:?}"
    );
    assert!(told.last().unwrap().starts_with("the run is 20261120-"), "{told:?}");
    fs::write(&file, &text).unwrap();
    planned.hold(world.plan(), &Ranges(4), &NoDatabases).unwrap();

    let job = world.path("jobs/nightly.toml");
    let said = fs::read_to_string(&job).unwrap();
    fs::write(&job, format!("{said}\n# approved by nobody\n")).unwrap();
    let told = world.refused(&planned);
    assert_eq!(told[0], "the job file has changed");
    fs::write(&job, said).unwrap();

    fs::remove_file(&file).unwrap();
    let told = world.refused(&planned);
    assert!(told.iter().any(|told| told.ends_with("is gone")), "{told:?}");
}

#[test]
fn a_night_that_could_not_be_run_when_it_was_planned_is_not_run() {
    let world = World::new();
    let file = extract(&world.path("night"), 0);
    let text = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let planned = world.planned();
    assert_eq!(planned.night, None);
    let told = world.refused(&planned);
    assert_eq!(told, ["it was planned while files were missing (right: plan it again)"]);
    fs::write(&file, text).unwrap();
    let told = world.refused(&planned);
    assert!(told[0].ends_with("is there now"), "{told:?}");
}

#[test]
fn every_part_of_a_plan_counts() {
    let planned = World::new().planned();
    let mut part = planned.clone();
    let mut told = |change: fn(&mut Planned), expected: &str| {
        part.clone_from(&planned);
        change(&mut part);
        let differences = planned.differences(&part);
        assert!(
            differences.iter().any(|told| told.contains(expected)),
            "{expected}: {differences:?}"
        );
    };
    told(|p| p.as_of = "2026-11-21".into(), "the business date is 2026-11-21 (planned 2026-11-20)");
    told(|p| p.binary.push('x'), "the program is another one");
    told(|p| p.job.sources.clear(), "a contract of a source has changed");
    told(|p| p.job.products.clear(), "the product book has changed");
    told(|p| p.job.scoring.clear(), "the scoring file has changed");
    told(|p| p.job.calendar.push('x'), "the calendar has changed");
    told(|p| p.current = Some("r".into()), "the run that readers see is r (planned none)");
    told(|p| p.previous = Some("r".into()), "measured against is r (planned none)");
    told(|p| drop(p.files.remove(0)), "no feed of the job any more");
    told(|p| p.files[0].feed.push('x'), "a new feed of the job");
    told(|p| p.files[0].file.push('x'), ": the file is ");
    told(|p| p.files[0].drift.push("a".into()), "other columns differ");
    told(|p| p.files[0].missing = Some("a".into()), "what it waits for has changed");
    told(|p| p.files[0].to_land = true, "what it waits for has changed");
    told(|p| p.files[0].there.as_mut().unwrap().source_as_of.clear(), "the date of the data is");
    told(|p| p.files[0].there.as_mut().unwrap().due.clear(), "the date that was due is");
    told(|p| p.files[0].there.as_mut().unwrap().flag_rows = Some(9), "promise other rows");
    told(|p| p.files[0].there.as_mut().unwrap().declared_rows = Some(9), "promise other rows");
    told(|p| p.files[0].there.as_mut().unwrap().superseded.push("a".into()), "supersedes other");
    told(|p| p.night.as_mut().unwrap().published = true, "the run is published by now");
    told(|p| p.night.as_mut().unwrap().stages[0].fate = "reuse".into(), "is reuse (planned run)");
    told(|p| p.night.as_mut().unwrap().run.push('x'), "the run is ");
    told(|p| p.night = None, "the night cannot be run now");
}

#[test]
fn what_is_no_plan_is_refused() {
    let text = World::new().planned().text();
    let text = String::from_utf8(text).unwrap();
    let newer = text.replace("\"version\": 1", "\"version\": 2");
    let told = Planned::parse(newer.as_bytes()).unwrap_err();
    assert_eq!(told, "is of version 2 (expected 1)");
    for wrong in ["", "{}", &text.replace("\"ranges\"", "\"more\": 1, \"ranges\"")] {
        let told = Planned::parse(wrong.as_bytes()).unwrap_err();
        assert!(told.starts_with("is no plan of a night: "), "{told}");
    }
}
