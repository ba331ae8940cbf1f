//! Keys by content: the id of a run and the key under which a stage's tables may be used again.

use crate::kept;
use crate::plan::Plan;
use crate::stage::Stage;
use intake::Arrived;

/// Collects labelled parts into one digest; lengths keep neighbours apart.
pub(crate) struct Key(blake3::Hasher);

impl Key {
    pub(crate) fn new(domain: &str) -> Self {
        Self(blake3::Hasher::new()).with(domain)
    }

    pub(crate) fn with(mut self, part: &str) -> Self {
        self.0.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        self
    }

    /// A file that is read, and what is said of it in tables.
    fn with_file(self, file: &Arrived) -> Self {
        let named = self.with(&file.system).with(&file.feed).with(&file.file).with(&file.blake3);
        let dated = named.with(&file.source_as_of.to_string()).with(&file.due.to_string());
        let with_rows = |key: Self, rows: Option<u64>| {
            key.with(&rows.map_or_else(String::new, |rows| rows.to_string()))
        };
        let counted = [file.declared_rows, file.flag_rows].into_iter().fold(dated, with_rows);
        let totals = file.declared_totals.iter();
        let summed =
            totals.fold(counted, |key, total| key.with(&total.field.to_string()).with(&total.text));
        file.superseded.iter().fold(summed, |key, file| key.with(file))
    }

    /// The digest's first `digits` hexadecimal digits.
    pub(crate) fn hex(self, digits: usize) -> String {
        let mut hex = self.0.finalize().to_hex().to_string();
        hex.truncate(digits);
        hex
    }
}

/// The run's id: derived from inputs, job, binary, date and the night before, never drawn.
pub(crate) fn run_id(plan: &Plan, arrived: &[Arrived], previous: Option<&str>) -> String {
    let digests = &plan.digests;
    let of_job = [&digests.job, &digests.sources, &digests.products, &digests.scoring];
    let parts = of_job.into_iter().chain([&digests.calendar, &plan.binary]);
    let mut key = Key::new("run").with(&plan.as_of.to_string()).with(previous.unwrap_or(""));
    for part in parts {
        key = key.with(part);
    }
    key = arrived.iter().fold(key, Key::with_file);
    format!("{}-{}", plan.as_of.compact(), key.hex(12))
}

/// The key of the loaded tables; of feeds whose rows are kept, it holds the night before.
pub(crate) fn load_key(
    plan: &Plan,
    arrived: &[Arrived],
    buckets: usize,
    previous: Option<&str>,
) -> String {
    let previous = previous.filter(|_| kept::any(&plan.job)).unwrap_or_default();
    let key = Key::new("load")
        .with(previous)
        .with(&plan.binary)
        .with(&plan.as_of.to_string())
        .with(&plan.digests.sources)
        .with(&plan.digests.products)
        .with(&buckets.to_string());
    arrived.iter().fold(key, Key::with_file).hex(32)
}

/// The key of a stage: its name, binary, date, layout, parameters and the keys of its inputs.
pub(crate) fn stage_key(
    plan: &Plan,
    stage: &Stage,
    run: &str,
    buckets: usize,
    inputs: &[String],
) -> String {
    let mut key = Key::new("stage")
        .with(stage.name)
        .with(&plan.binary)
        .with(&plan.as_of.to_string())
        .with(&buckets.to_string());
    for param in stage.params {
        key = key.with(&plan.param(*param, run));
    }
    for input in inputs {
        key = key.with(input);
    }
    key.hex(32)
}

/// One digest of all a job says.
pub(crate) fn job_digest(plan: &Plan) -> String {
    let digests = &plan.digests;
    let key = Key::new("job").with(&digests.job).with(&digests.sources);
    key.with(&digests.products).with(&digests.scoring).with(&digests.calendar).hex(64)
}
