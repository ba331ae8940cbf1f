//! Dealing work: ranges of the key space into tasks of about equal weight.

use crate::task::{Control, Input, InputFrom, KeptBefore, Task, Work};
use intake::Arrived;
use std::cmp::Reverse;

/// One task for each feed, in the order of the contracts. Lanes follow system and feed, so that what
/// the tasks leave row by row stands in that order.
pub(crate) fn feeds(
    arrived: &[Arrived],
    kept: impl Fn(&Arrived) -> Option<KeptBefore>,
) -> Vec<Task> {
    let mut order: Vec<usize> = (0..arrived.len()).collect();
    order.sort_by_key(|at| (&arrived[*at].system, &arrived[*at].feed));
    let mut lanes = vec![0; arrived.len()];
    for (lane, at) in order.into_iter().enumerate() {
        lanes[at] = lane;
    }
    let task = |(arrived, lane): (&Arrived, usize)| Task {
        name: format!("load-{lane:04}"),
        weight: arrived.bytes,
        work: Work::Load { arrived: arrived.clone(), lane, kept: kept(arrived) },
    };
    arrived.iter().zip(lanes).map(task).collect()
}

/// The ranges of a stage, dealt to at most `hands` tasks: the heaviest range first, each to the
/// lightest task (Graham 1969, longest processing time first).
pub(crate) fn stage(stage: &str, inputs: &[Input], weights: &[u64], hands: usize) -> Vec<Task> {
    let hands = hands.clamp(1, weights.len().max(1));
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|bucket| (Reverse(weights[*bucket]), *bucket));
    let mut dealt: Vec<(u64, Vec<usize>)> = vec![(0, Vec::new()); hands];
    for bucket in order {
        // Empty ranges weigh something too, or they would all go to one hand.
        let lightest = (0..hands).min_by_key(|hand| (dealt[*hand].0, dealt[*hand].1.len(), *hand));
        let (weight, buckets) = &mut dealt[lightest.unwrap_or(0)];
        *weight += weights[bucket];
        buckets.push(bucket);
    }
    let task = |(lane, (weight, mut buckets)): (usize, (u64, Vec<usize>))| {
        buckets.sort_unstable();
        Task {
            name: format!("{stage}-{lane:04}"),
            weight,
            work: Work::Stage {
                stage: stage.to_owned(),
                inputs: inputs.iter().map(|input| of_buckets(input, &buckets)).collect(),
                buckets,
                lane,
            },
        }
    };
    dealt.into_iter().enumerate().map(task).collect()
}

/// The heaviest task against the mean, ppm: 1,000,000 is even. Who waits for the last task waits so
/// much longer than for all of them spread out.
pub(crate) fn skew_ppm(tasks: &[Task]) -> u64 {
    let total: u128 = tasks.iter().map(|task| u128::from(task.weight)).sum();
    let heaviest = tasks.iter().map(|task| task.weight).max().unwrap_or(0);
    if total == 0 {
        return 1_000_000;
    }
    let ppm = u128::from(heaviest) * tasks.len() as u128 * 1_000_000 / total;
    u64::try_from(ppm).unwrap_or(u64::MAX)
}

/// An input as a task with these ranges sees it.
fn of_buckets(input: &Input, buckets: &[usize]) -> Input {
    let expect = |bucket: &usize| input.expect.get(*bucket).copied().unwrap_or_default();
    let known = input.by.is_some()
        && matches!(input.from, InputFrom::Tonight(_))
        && !input.expect.is_empty();
    let expect: Vec<Control> =
        if known { buckets.iter().map(expect).collect() } else { Vec::new() };
    Input { expect, ..input.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dealt(weights: &[u64], hands: usize) -> Vec<(u64, Vec<usize>)> {
        let buckets = |task: Task| match task.work {
            Work::Stage { buckets, .. } => (task.weight, buckets),
            _ => panic!("a stage is dealt as a stage"),
        };
        stage("link", &[], weights, hands).into_iter().map(buckets).collect()
    }

    #[test]
    fn every_range_is_dealt_once() {
        for hands in [1, 2, 8, 40] {
            let weights: Vec<u64> = (0..32).map(|b| (b * 37) % 11).collect();
            let mut all: Vec<usize> =
                dealt(&weights, hands).into_iter().flat_map(|d| d.1).collect();
            all.sort_unstable();
            assert_eq!(all, (0..32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_hot_range_gets_little_beside_it() {
        let mut weights = vec![10_u64; 64];
        weights[5] = 80;
        let tasks = dealt(&weights, 8);
        let mean = weights.iter().sum::<u64>() / 8;
        assert!(tasks.iter().all(|(weight, _)| *weight * 10 <= mean * 13), "{tasks:?}");
        assert!(skew_ppm(&stage("link", &[], &weights, 8)) <= 1_300_000);
        let hot = tasks.iter().find(|(_, buckets)| buckets.contains(&5)).unwrap();
        assert_eq!(hot.1.len(), 2, "{tasks:?}");
    }

    #[test]
    fn ranges_without_rows_are_dealt_evenly() {
        let tasks = dealt(&[0; 12], 4);
        assert!(tasks.iter().all(|(_, buckets)| buckets.len() == 3), "{tasks:?}");
    }
}
