//! A stage carried out: its tasks run, what they deliver is held against what was asked, and rows
//! of published tables are put into parts whose size depends on nothing but the rows.

use super::Night;
use crate::delivery;
use crate::engine::{Batch, EngineError, LoadedFeed};
use crate::error::NightError;
use crate::task::{Control, Delivery, GROUP_ROWS, MadeFile, Slice, Task, Work};
use std::collections::BTreeMap;
use std::path::Path;

/// Rows of a part of a published table.
const PART_ROWS: u64 = 8 * GROUP_ROWS as u64;

/// What a stage has made.
#[derive(Default)]
pub(super) struct Carried {
    /// Feeds, in the order of the tasks.
    pub(super) feeds: Vec<LoadedFeed>,
    /// Rows and keys of tables laid out by ranges, range by range.
    pub(super) controls: BTreeMap<String, Vec<Control>>,
    /// Bytes laid out by another key than the tasks ran by.
    pub(super) shuffled: u64,
}

/// Whether a table is laid out by ranges of its key for the stages that read it.
pub(super) fn in_ranges(table: &str) -> bool {
    model::table(table).is_some_and(|t| !t.is_published() && t.partition.is_some())
}

impl Night<'_> {
    /// Carries out the tasks of a stage; afterwards every table of `outputs` lies in `out`.
    pub(super) fn carry_out(
        &self,
        stage: &'static str,
        tasks: &[Task],
        outputs: &[&'static str],
        out: &Path,
    ) -> Result<Carried, NightError> {
        let mut deliveries = self.run_batch(stage, tasks, out)?;
        let mut made: BTreeMap<&str, Vec<MadeFile>> = BTreeMap::new();
        for delivery in &mut deliveries {
            for file in std::mem::take(&mut delivery.files) {
                let table = outputs.iter().find(|name| **name == file.table);
                made.entry(table.copied().unwrap_or_default()).or_default().push(file);
            }
        }
        let parts: Vec<Task> =
            outputs.iter().flat_map(|table| parts(table, made.get(table))).collect();
        if !parts.is_empty() {
            self.run_batch(stage, &parts, out)?;
        }
        remove_rows(out)?;
        let keyed_by =
            crate::stage::STAGES.iter().find(|s| s.name == stage).and_then(|s| s.keyed_by);
        let mut carried = Carried {
            feeds: deliveries.into_iter().filter_map(|d| d.feed).collect(),
            ..Carried::default()
        };
        for table in outputs.iter().filter(|table| in_ranges(table)) {
            let files = made.get(table).map(Vec::as_slice).unwrap_or_default();
            let controls = by_range(files, self.layout.buckets);
            carried.controls.insert((*table).to_owned(), controls);
            if model::table(table).and_then(|t| t.partition) != keyed_by {
                carried.shuffled += files.iter().map(|file| file.bytes).sum::<u64>();
            }
        }
        Ok(carried)
    }

    /// Runs tasks and holds what comes back against what was asked; deliveries in order of tasks.
    fn run_batch(
        &self,
        stage: &str,
        tasks: &[Task],
        out: &Path,
    ) -> Result<Vec<Delivery>, NightError> {
        let (settings, bundle) = (self.settings(), &self.plan.bundle);
        let batch = Batch { stage, settings, bundle, tasks, out };
        let mut deliveries = self.engine.run(&batch, self.watch)?;
        delivery::check_all(tasks, &deliveries)
            .map_err(|mismatch| EngineError::Delivery { stage: stage.to_owned(), mismatch })?;
        let place: BTreeMap<&str, usize> =
            tasks.iter().enumerate().map(|(at, task)| (task.name.as_str(), at)).collect();
        deliveries.sort_by_key(|delivery| place.get(delivery.task.as_str()).copied());
        Ok(deliveries)
    }
}

fn by_range(files: &[MadeFile], buckets: usize) -> Vec<Control> {
    let mut controls = vec![Control::default(); buckets];
    for file in files {
        if let Some(control) = controls.get_mut(file.bucket) {
            control.add(file.control);
        }
    }
    controls
}

/// The tasks that make a table's parts: for published ones, and one without rows for a table that
/// nothing was written to.
fn parts(table: &str, made: Option<&Vec<MadeFile>>) -> Vec<Task> {
    let mut files: Vec<&MadeFile> = made.into_iter().flatten().collect();
    let published = model::table(table).is_some_and(model::Table::is_published);
    if !published && !files.is_empty() {
        return Vec::new();
    }
    files.sort_by(|a, b| (a.bucket, &a.path).cmp(&(b.bucket, &b.path)));
    let mut parts: Vec<(u64, Vec<Slice>)> = vec![(0, Vec::new())];
    for file in files {
        let mut skip = 0;
        while skip < file.control.rows {
            if parts.last().is_some_and(|(rows, _)| *rows == PART_ROWS) {
                parts.push((0, Vec::new()));
            }
            let Some((held, slices)) = parts.last_mut() else { break };
            let rows = (file.control.rows - skip).min(PART_ROWS - *held);
            slices.push(Slice { path: file.path.clone(), skip, rows });
            *held += rows;
            skip += rows;
        }
    }
    let task = |(part, (rows, from)): (usize, (u64, Vec<Slice>))| Task {
        name: format!("{table}-part-{part:04}"),
        weight: rows,
        work: Work::Part { table: table.to_owned(), part, from },
    };
    parts.into_iter().enumerate().map(task).collect()
}

/// What parts were made from is not kept.
fn remove_rows(out: &Path) -> Result<(), NightError> {
    let rows = out.join(crate::task::ROWS);
    match std::fs::remove_dir_all(&rows) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(EngineError::Io { action: "remove folder", path: rows, source }.into())
        }
        _ => Ok(()),
    }
}
