//! Whether what came back is what was asked for. No engine is believed: a batch counts only when
//! every task is delivered once and every range was read once, with the rows its source has.

use crate::stage::{LOAD_TABLES, STAGES};
use crate::task::{Control, Delivery, Input, InputFrom, ReadRows, Task, Work};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with a delivery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// A task came back more than once.
    #[error("task `{0}` was delivered twice")]
    Twice(String),
    /// A task did not come back.
    #[error("task `{0}` was not delivered")]
    Missing(String),
    /// Something came back that nobody asked for.
    #[error("task `{0}` was delivered but not asked for")]
    Unasked(String),
    /// A range was not read exactly once.
    #[error("task `{task}`: range {bucket} of `{table}` was read {times} times (right: once)")]
    Range {
        /// Task.
        task: String,
        /// Input.
        table: String,
        /// Range.
        bucket: usize,
        /// How often it was read.
        times: usize,
    },
    /// A range was read with other rows than it has.
    #[error(
        "task `{task}`: range {bucket} of `{table}` was read with {got} rows (its source has {expected}; or its keys differ)"
    )]
    Rows {
        /// Task.
        task: String,
        /// Input.
        table: String,
        /// Range.
        bucket: usize,
        /// Rows read.
        got: u64,
        /// Rows of the source.
        expected: u64,
    },
    /// A file belongs to no table of the stage, or two files have one name.
    #[error("task `{task}`: file {path} is not one of the stage's")]
    File {
        /// Task.
        task: String,
        /// File.
        path: String,
    },
}

/// Holds a batch against what was asked: every task once, each as [`check`] wants it.
pub fn check_all(tasks: &[Task], deliveries: &[Delivery]) -> Result<(), Mismatch> {
    let asked: BTreeMap<&str, &Task> = tasks.iter().map(|t| (t.name.as_str(), t)).collect();
    let mut seen = BTreeSet::new();
    let mut paths = BTreeSet::new();
    for delivery in deliveries {
        let name = delivery.task.as_str();
        let task = asked.get(name).ok_or_else(|| Mismatch::Unasked(name.to_owned()))?;
        if !seen.insert(name) {
            return Err(Mismatch::Twice(name.to_owned()));
        }
        check(task, delivery)?;
        if let Some(file) = delivery.files.iter().find(|file| !paths.insert(&file.path)) {
            let path = file.path.display().to_string();
            return Err(Mismatch::File { task: name.to_owned(), path });
        }
    }
    match asked.keys().find(|name| !seen.contains(**name)) {
        Some(name) => Err(Mismatch::Missing((*name).to_owned())),
        None => Ok(()),
    }
}

/// Holds one delivery against its task.
pub fn check(task: &Task, delivery: &Delivery) -> Result<(), Mismatch> {
    let tables: Vec<&str> = match &task.work {
        Work::Load { .. } => LOAD_TABLES.to_vec(),
        Work::Part { table, part, from } => {
            let expected = from.iter().map(|slice| slice.rows).sum();
            let got = delivery.files.iter().map(|file| file.control.rows).sum();
            if got != expected || delivery.files.len() != 1 {
                let (task, table, bucket) = (task.name.clone(), table.clone(), *part);
                return Err(Mismatch::Rows { task, table, bucket, got, expected });
            }
            vec![table.as_str()]
        }
        Work::Stage { stage, buckets, inputs, .. } => {
            ranges(&task.name, buckets, inputs, &delivery.read)?;
            let declared = STAGES.iter().find(|s| s.name == stage);
            declared.map(|s| s.outputs.to_vec()).unwrap_or_default()
        }
    };
    match delivery.files.iter().find(|file| !tables.contains(&file.table.as_str())) {
        Some(file) => {
            let path = file.path.display().to_string();
            Err(Mismatch::File { task: task.name.clone(), path })
        }
        None => Ok(()),
    }
}

fn ranges(
    task: &str,
    buckets: &[usize],
    inputs: &[Input],
    read: &[ReadRows],
) -> Result<(), Mismatch> {
    let keyed = |input: &&Input| input.by.is_some() && matches!(input.from, InputFrom::Tonight(_));
    for input in inputs.iter().filter(keyed) {
        for (at, bucket) in buckets.iter().enumerate() {
            let of_range = |r: &&ReadRows| r.table == input.table && r.bucket == *bucket;
            let found: Vec<Control> = read.iter().filter(of_range).map(|r| r.control).collect();
            let place = (task.to_owned(), input.table.clone(), *bucket);
            let [got] = found.as_slice() else {
                let (task, table, bucket) = place;
                return Err(Mismatch::Range { task, table, bucket, times: found.len() });
            };
            if let Some(expected) = input.expect.get(at).filter(|expected| *expected != got) {
                let (task, table, bucket) = place;
                let (got, expected) = (got.rows, expected.rows);
                return Err(Mismatch::Rows { task, table, bucket, got, expected });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deal;

    fn asked() -> Vec<Task> {
        let control = |rows| Control { rows, keys: rows * 7 };
        let input = Input {
            table: "block_key".into(),
            by: Some("block".into()),
            from: InputFrom::Tonight("somewhere".into()),
            expect: (1..=6).map(control).collect(),
        };
        deal::stage("link", &[input], &[1, 2, 3, 4, 5, 6], 2)
    }

    fn answer(task: &Task) -> Delivery {
        let Work::Stage { buckets, inputs, .. } = &task.work else { return Delivery::default() };
        let read = buckets.iter().zip(&inputs[0].expect).map(|(bucket, control)| ReadRows {
            table: "block_key".into(),
            bucket: *bucket,
            control: *control,
        });
        Delivery { task: task.name.clone(), read: read.collect(), ..Delivery::default() }
    }

    #[test]
    fn what_was_asked_for_is_taken() {
        let tasks = asked();
        let deliveries: Vec<Delivery> = tasks.iter().map(answer).collect();
        assert_eq!(check_all(&tasks, &deliveries), Ok(()));
    }

    #[test]
    fn a_task_delivered_twice_or_not_at_all_is_refused() {
        let tasks = asked();
        let one = answer(&tasks[0]);
        let twice = [one.clone(), answer(&tasks[1]), one.clone()];
        assert_eq!(check_all(&tasks, &twice), Err(Mismatch::Twice("link-0000".into())));
        assert_eq!(check_all(&tasks, &[one]), Err(Mismatch::Missing("link-0001".into())));
    }

    #[test]
    fn a_range_read_twice_short_or_wrongly_is_refused() {
        let tasks = asked();
        let whole = answer(&tasks[0]);
        let mut twice = whole.clone();
        twice.read.push(whole.read[0].clone());
        assert!(matches!(check(&tasks[0], &twice), Err(Mismatch::Range { times: 2, .. })));
        let mut short = whole.clone();
        short.read.pop();
        assert!(matches!(check(&tasks[0], &short), Err(Mismatch::Range { times: 0, .. })));
        let mut fewer = whole.clone();
        fewer.read[0].control.rows -= 1;
        assert!(matches!(check(&tasks[0], &fewer), Err(Mismatch::Rows { .. })));
        let mut others = whole;
        others.read[0].control.keys += 1;
        assert!(matches!(check(&tasks[0], &others), Err(Mismatch::Rows { .. })));
    }

    #[test]
    fn a_file_of_a_foreign_table_is_refused() {
        let tasks = asked();
        let mut foreign = answer(&tasks[0]);
        foreign.files.push(crate::task::MadeFile {
            table: "client_segment".into(),
            path: "client_segment/part-0000.parquet".into(),
            bucket: 0,
            control: Control::default(),
            bytes: 1,
        });
        assert!(matches!(check(&tasks[0], &foreign), Err(Mismatch::File { .. })));
    }
}
