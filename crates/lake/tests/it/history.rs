//! Any history of publishing, rolling back and collecting agrees with a simple model of it.

use crate::bank::{AT, open, publish, run_id};
use lake::{LakeError, RecordState, RunId, current, latest_before, run_records, verify};
use model::BusinessDate;
use proptest::prelude::*;
use std::path::Path;

#[derive(Clone, Debug)]
enum Act {
    Publish { night: i32 },
    Rollback { to: usize },
    Collect { keep: usize },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..4).prop_map(|night| Act::Publish { night }),
        2 => (0..9usize).prop_map(|to| Act::Rollback { to }),
        1 => (0..4usize).prop_map(|keep| Act::Collect { keep }),
    ]
}

fn date(night: i32) -> BusinessDate {
    BusinessDate::from_epoch_days(20_000 + night).unwrap()
}

/// The runs that stand, the last published at the end; the ones withdrawn are beside them.
#[derive(Default)]
struct Model {
    standing: Vec<(RunId, i32)>,
    withdrawn: Vec<(RunId, i32)>,
}

impl Model {
    fn rollback(&mut self, to: &RunId) -> bool {
        if let Some(place) = self.standing.iter().position(|(run, _)| run == to) {
            self.withdrawn.extend(self.standing.split_off(place + 1));
            return true;
        }
        let place = self.withdrawn.iter().position(|(run, _)| run == to);
        place.map(|place| self.standing.push(self.withdrawn.remove(place))).is_some()
    }

    fn before(&self, night: i32) -> Option<RunId> {
        let earlier = self.standing.iter().enumerate().filter(|(_, (_, n))| *n < night);
        earlier.max_by_key(|(place, (_, n))| (*n, *place)).map(|(_, (run, _))| run.clone())
    }

    /// What collecting removed is forgotten: but the last two that stand, it may be any of them.
    fn forget(&mut self, gone: &[RunId]) {
        let last = self.standing.len().saturating_sub(2);
        assert!(self.standing[last..].iter().all(|(run, _)| !gone.contains(run)));
        self.standing.retain(|(run, _)| !gone.contains(run));
        self.withdrawn.retain(|(run, _)| !gone.contains(run));
    }

    fn agrees_with(&self, root: &Path) {
        let now = current(root).unwrap().map(|published| published.run);
        assert_eq!(now.as_ref(), self.standing.last().map(|(run, _)| run));
        for night in 0..5 {
            let found = latest_before(root, date(night)).unwrap().map(|published| published.run);
            assert_eq!(found, self.before(night), "before night {night}");
        }
        let mut there = run_records(root).unwrap();
        there.retain(|record| record.state != RecordState::Collected);
        assert_eq!(there.len(), self.standing.len() + self.withdrawn.len());
        for record in there {
            assert!(verify(root, &record.run).unwrap().is_whole());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_history_agrees_with_the_model(acts in prop::collection::vec(act(), 1..14)) {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path();
        let mut lake = open(root).unwrap();
        let mut model = Model::default();
        for (number, act) in acts.into_iter().enumerate() {
            match act {
                Act::Publish { night } => {
                    let run = run_id(&format!("run-{number}"));
                    publish(&mut lake, &run, date(night)).unwrap();
                    model.standing.push((run, night));
                }
                Act::Rollback { to } => {
                    let run = run_id(&format!("run-{to}"));
                    let done = lake.rollback(&run, AT);
                    let unknown = matches!(&done, Err(LakeError::NotPublished { .. }));
                    prop_assert_eq!(model.rollback(&run), done.is_ok());
                    prop_assert!(done.is_ok() || unknown);
                }
                Act::Collect { keep } => model.forget(&lake.gc_runs(keep).unwrap().runs),
            }
            model.agrees_with(root);
            // A start in between changes nothing.
            prop_assert!(!lake.recover(AT).unwrap().adopted);
            model.agrees_with(root);
        }
    }
}
