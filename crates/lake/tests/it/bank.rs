//! A tiny bank: nights of a few rows, and ways to look at and copy a lake.

use lake::{
    Lake, LakeError, Publication, RunEnd, RunFacts, RunId, RunState, StageRecord, digest_file,
};
use model::BusinessDate;
use parquet::data_type::Int64Type;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

/// The time every night says it is.
pub(crate) const AT: &str = "2026-11-21T02:00:00Z";

/// The key of the only stage.
pub(crate) const KEY: &str = "k1";

pub(crate) fn run_id(text: &str) -> RunId {
    RunId::new(text).unwrap()
}

pub(crate) fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// The lake at a folder, recovered.
pub(crate) fn open(root: &Path) -> Result<Lake, LakeError> {
    let mut lake = Lake::open(root)?;
    lake.recover(AT)?;
    Ok(lake)
}

/// A whole night: a stage, the published set, the ledger, the collection of what is old.
pub(crate) fn night(root: &Path, run: &str, as_of: &str) -> Result<(), LakeError> {
    let (run, as_of) = (run_id(run), date(as_of));
    let mut lake = open(root)?;
    if !lake.is_published(as_of, &run)? {
        lake.ledger().begin_run(&run, as_of, AT)?;
        load(&lake, &run, as_of)?;
        let seq = publish(&mut lake, &run, as_of)?;
        let (state, seq) = (RunState::Published, Some(seq));
        let end = RunEnd { state, seq, exit_code: 0, at: AT, message: None, summary: &json!({}) };
        lake.ledger().end_run(&run, &end)?;
    }
    lake.gc_tables(|night, _, _| night == as_of)?;
    lake.gc_runs(2)?;
    lake.gc_landed()?;
    Ok(())
}

/// The stage of a night: found, or made.
pub(crate) fn load(
    lake: &Lake,
    run: &RunId,
    as_of: BusinessDate,
) -> Result<StageRecord, LakeError> {
    if let Some(found) = lake.find_stage(as_of, "load", KEY)? {
        return Ok(found);
    }
    let folder = lake.stage_dir(run, "load")?;
    write_table(&folder.join("party"), run, 2);
    write_table(&folder.join("account"), run, 1);
    lake.finish_stage(as_of, run, "load", KEY, &["party", "account"], json!({"rows": 15}))
}

/// What a database said for a date.
pub(crate) fn land(root: &Path, date: &str) {
    let folder = root.join("landing").join(date).join("deposits");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("deposits.event.csv"), date).unwrap();
    fs::write(folder.join("landed.json"), "{}").unwrap();
}

/// Writes, seals and publishes the set of a run.
pub(crate) fn publish(lake: &mut Lake, run: &RunId, as_of: BusinessDate) -> Result<u64, LakeError> {
    let publication = lake.publication(run)?;
    fill(&publication, run);
    let sealed = lake.seal(publication, facts(run, as_of))?;
    lake.publish(sealed, AT)
}

pub(crate) fn fill(publication: &Publication, run: &RunId) {
    write_table(&publication.dir().join("client_segment"), run, 2);
    write_table(&publication.dir().join("client_xref"), run, 1);
}

pub(crate) fn facts(run: &RunId, as_of: BusinessDate) -> RunFacts {
    RunFacts {
        run: run.clone(),
        as_of,
        previous: None,
        inputs: Vec::new(),
        job_digest: "job".to_owned(),
        binary_digest: "binary".to_owned(),
        engine_version: "0".to_owned(),
        totals: json!({"client_segment": 10}),
        summary: json!({}),
    }
}

/// A table of `parts` files of five rows; the values are those of the run alone.
pub(crate) fn write_table(folder: &Path, run: &RunId, parts: usize) {
    fs::create_dir_all(folder).unwrap();
    let base: i64 = run.as_str().bytes().map(i64::from).sum();
    for part in 0..parts {
        let rows: Vec<i64> = (base..base + 5).collect();
        write_part(&folder.join(format!("part-{part:05}.parquet")), "client_id", &rows);
    }
}

/// A Parquet file of one column.
pub(crate) fn write_part(path: &Path, column: &str, rows: &[i64]) {
    let schema = format!("message schema {{ REQUIRED INT64 {column}; }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_created_by("test".into()).build());
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut values = group.next_column().unwrap().unwrap();
    values.typed::<Int64Type>().write_batch(rows, None, None).unwrap();
    values.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

/// Every file of a lake with its digest, every folder, every link with its target; without the
/// lock and the ledger, whose bytes tell when, not what.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(root, "", &mut found);
    found.retain(|name, _| name != ".lock" && !name.starts_with("ledger.sqlite"));
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_symlink() {
            found.insert(name, fs::read_link(&path).unwrap().display().to_string());
        } else if path.is_dir() {
            walk(&path, &format!("{name}/"), found);
            found.insert(name, "folder".to_owned());
        } else {
            found.insert(name, digest_file(&path).unwrap().1);
        }
    }
}

/// Copies a lake, links and all.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&path).unwrap(), copied).unwrap();
        } else if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, copied).unwrap();
        }
    }
}

/// Changes one byte in the middle of a file.
pub(crate) fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}
