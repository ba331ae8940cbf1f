//! The end of a night: the set is put together, sealed and published, and space is taken back.

use super::{Night, missing};
use crate::arrival;
use crate::engine::Unit;
use crate::error::NightError;
use crate::keys;
use crate::stage::published_tables;
use crate::summary::{self, StageSummary, Summary};
use intake::Arrived;
use lake::{InputFile, RunFacts};
use model::Zone;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// How many published runs stay, newest first, before space is taken back.
const RUNS_KEPT: usize = 40;

impl Night<'_> {
    /// All tables or none; then the ledger says so.
    pub(crate) fn publish(&mut self) -> Result<Summary, NightError> {
        self.watch.begin("publish", None, Unit::Tables);
        let start = self.watch.meter();
        let summary = self.summary()?;
        let publication = self.lake.publication(&self.run)?;
        for table in published_tables().filter(|t| t.name != "run_report") {
            let record = self.record_of(table.name)?;
            let made = record.table(table.name).ok_or_else(|| missing(table.name))?;
            link_table(&made.paths(), &publication.dir().join(table.name))?;
        }
        let rows = self.report_rows();
        self.small.write("run_report", &rows, &publication.dir().join("run_report"))?;
        let sealed = self.lake.seal(publication, self.facts(&summary))?;
        self.place = Some(self.lake.publish(sealed, &self.watch.now())?);
        self.collect_garbage()?;
        let (seconds, cpu, peak) = self.watch.meter();
        self.stages.push(StageSummary {
            stage: "publish".into(),
            seconds: seconds - start.0,
            cpu_seconds: cpu - start.1,
            peak_memory: peak,
            ..StageSummary::default()
        });
        self.watch.done("publish", published_tables().count() as u64);
        Ok(Summary { stages: self.stages.clone(), ..summary })
    }

    /// The rows of every canonical and published table: figures that depend on the data alone.
    fn report_rows(&self) -> Vec<Vec<String>> {
        let told = |t: &model::Table| matches!(t.zone, Zone::Canonical | Zone::Published);
        let lasting = |name: &str| model::table(name).is_some_and(told);
        let tables = self.done.iter().flat_map(|record| {
            let tables = record.tables.iter().filter(|table| lasting(&table.name));
            tables.map(|table| [record.stage.clone(), table.name.clone(), table.rows().to_string()])
        });
        let row = |(position, [stage, table, rows]): (u32, [String; 3])| {
            let oldest = arrival::oldest(&self.plan.job, &self.arrived, &table);
            let oldest = oldest.unwrap_or(self.plan.as_of).epoch_days().to_string();
            vec![position.to_string(), stage, table, rows, oldest]
        };
        (1..).zip(tables).map(row).collect()
    }

    /// What is said of the night so far.
    fn summary(&self) -> Result<Summary, NightError> {
        let groups = self.small(
            "segment_summary",
            &["dimension", "member", "tier", "clients", "lifetime_value"],
        )?;
        let migration = self.small("tier_migration", &["from_tier", "to_tier", "clients"])?;
        let previous = self.previous.as_ref();
        Ok(summary::build(summary::Facts {
            plan: self.plan,
            run: self.run.as_str(),
            previous: previous.map(|p| (p.run.to_string(), p.manifest.as_of.to_string())),
            feeds: &self.feeds,
            arrived: &self.arrived,
            implausible: &self.implausible,
            stages: &self.stages,
            groups: &groups,
            migration: &migration,
            buckets: self.layout.buckets,
        }))
    }

    /// The files of the night, as its manifest names them.
    pub(super) fn inputs(&self) -> Vec<InputFile> {
        let named = |a: &Arrived| InputFile {
            name: format!("{}/{}/{}", a.system, a.feed, a.file),
            bytes: a.bytes,
            blake3: a.blake3.clone(),
            source_as_of: Some(a.source_as_of),
        };
        self.arrived.iter().map(named).collect()
    }

    fn facts(&self, summary: &Summary) -> RunFacts {
        RunFacts {
            run: self.run.clone(),
            as_of: self.plan.as_of,
            previous: self.previous.as_ref().map(|p| p.run.clone()),
            inputs: self.inputs(),
            job_digest: keys::job_digest(self.plan),
            binary_digest: self.plan.binary.clone(),
            engine_version: self.plan.engine_version.clone(),
            totals: json!({ "feeds": self.feeds }),
            summary: summary.lasting(),
        }
    }

    /// Keeps tonight's stage tables only, the published runs of the last weeks, and what was landed since.
    fn collect_garbage(&mut self) -> Result<(), NightError> {
        let kept: BTreeMap<&str, &str> =
            self.done.iter().map(|r| (r.stage.as_str(), r.key.as_str())).collect();
        let tonight = self.plan.as_of;
        self.lake
            .gc_tables(|as_of, stage, key| as_of == tonight && kept.get(stage) == Some(&key))?;
        self.lake.gc_runs(RUNS_KEPT)?;
        self.lake.gc_landed()?;
        Ok(())
    }
}

/// Puts a table's files into the published set: by hard link, or by copy where links do not exist.
fn link_table(files: &[std::path::PathBuf], to: &Path) -> Result<(), NightError> {
    let failed = |path: &Path, source| NightError::Link { path: path.to_owned(), source };
    std::fs::create_dir_all(to).map_err(|e| failed(to, e))?;
    for file in files {
        let name = file.file_name().unwrap_or_default();
        let target = to.join(name);
        if std::fs::hard_link(file, &target).is_err() {
            std::fs::copy(file, &target).map_err(|e| failed(file, e))?;
        }
    }
    Ok(())
}
