//! What a published run says of itself, and the form of every JSON file of the lake: it ends with
//! the digest of its own text, so that an edited byte is found.

use crate::{Fault, LakeError, RunId, durable};
use model::BusinessDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// Format of the lake's JSON files; a reader refuses any other.
pub(crate) const VERSION: u32 = 1;

/// One file of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name inside the table's folder.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Rows by its Parquet footer.
    pub rows: u64,
    /// BLAKE3 of its bytes, 64 hexadecimal digits.
    pub blake3: String,
}

/// One file the night read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputFile {
    /// Its name, without the folders above the job's own.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of its bytes, 64 hexadecimal digits.
    pub blake3: String,
    /// The date whose data it holds; of runs that did not record it, the business date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_as_of: Option<BusinessDate>,
}

/// One published table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// Its name and that of its folder.
    pub name: String,
    /// Rows of all its files.
    pub rows: u64,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Its columns in the words of Parquet, one text each, the same in every file.
    pub columns: Vec<String>,
    /// Its files, by name.
    pub files: Vec<FileRecord>,
}

/// What the night knows of a run and the lake does not: everything in it is derived from inputs,
/// job and binary, never from a clock.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    /// The run.
    pub run: RunId,
    /// Its business date.
    pub as_of: BusinessDate,
    /// The published run its moves were measured against.
    pub previous: Option<RunId>,
    /// The files it read.
    pub inputs: Vec<InputFile>,
    /// Digest of the checked job.
    pub job_digest: String,
    /// Digest of the binary.
    pub binary_digest: String,
    /// Version of the engine, for people.
    pub engine_version: String,
    /// Control totals by table; money as integers of minor units or text, never as floats.
    pub totals: Value,
    /// The summary of the night, as the command line prints it.
    pub summary: Value,
}

/// `manifest.json` of a published run: the same bytes whenever the same run is made again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of this file.
    pub version: u32,
    /// The run.
    pub run: RunId,
    /// Its business date.
    #[serde(with = "date")]
    pub as_of: BusinessDate,
    /// The published run its moves were measured against.
    pub previous: Option<RunId>,
    /// Version of the engine, for people.
    pub engine_version: String,
    /// Digest of the checked job.
    pub job_digest: String,
    /// Digest of the binary.
    pub binary_digest: String,
    /// The files it read, by name.
    pub inputs: Vec<InputFile>,
    /// Its tables, by name.
    pub tables: Vec<PublishedTable>,
    /// Control totals by table.
    pub totals: Value,
    /// The summary of the night.
    pub summary: Value,
}

impl Manifest {
    pub(crate) fn new(facts: RunFacts, tables: Vec<PublishedTable>) -> Self {
        let mut inputs = facts.inputs;
        inputs.sort();
        Self {
            version: VERSION,
            run: facts.run,
            as_of: facts.as_of,
            previous: facts.previous,
            engine_version: facts.engine_version,
            job_digest: facts.job_digest,
            binary_digest: facts.binary_digest,
            inputs,
            tables,
            totals: facts.totals,
            summary: facts.summary,
        }
    }

    /// The table of that name, when it was published.
    pub fn table(&self, name: &str) -> Option<&PublishedTable> {
        self.tables.iter().find(|table| table.name == name)
    }
}

/// A JSON file of the lake, read and found whole.
pub(crate) struct Whole<T> {
    pub(crate) value: T,
    /// BLAKE3 of the file's bytes.
    pub(crate) blake3: String,
}

/// Text of a JSON file: the value, pretty, with the digest of that text as its last member.
pub(crate) fn to_text<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let body = serde_json::to_string_pretty(value)?;
    let digest = blake3::hash(body.as_bytes()).to_hex();
    let open = body.strip_suffix(CLOSE).unwrap_or(&body);
    Ok(format!("{open}{BEFORE_DIGEST}{digest}{AFTER_DIGEST}").into_bytes())
}

/// Reads a JSON file of the lake: nothing when it is not there, an error when it is not whole.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<Whole<T>>, LakeError> {
    let Some(bytes) = durable::read(path)? else { return Ok(None) };
    let malformed = || LakeError::damaged(path, Fault::Malformed);
    let body = body_of(&bytes).ok_or_else(malformed)?;
    let format: Format = serde_json::from_str(&body).map_err(|_| malformed())?;
    if format.version != VERSION {
        let (found, expected) = (i64::from(format.version), i64::from(VERSION));
        return Err(LakeError::Version { path: path.to_owned(), found, expected });
    }
    let value = serde_json::from_str(&body).map_err(|_| malformed())?;
    Ok(Some(Whole { value, blake3: blake3::hash(&bytes).to_hex().to_string() }))
}

const CLOSE: &str = "\n}";
const BEFORE_DIGEST: &str = ",\n  \"blake3\": \"";
const AFTER_DIGEST: &str = "\"\n}\n";

#[derive(Deserialize)]
struct Format {
    version: u32,
}

/// The value's own text, when the digest at the end is that of it.
fn body_of(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix(AFTER_DIGEST)?;
    let (open, digest) = text.rsplit_once(BEFORE_DIGEST)?;
    let body = format!("{open}{CLOSE}");
    (blake3::hash(body.as_bytes()).to_hex().as_str() == digest).then_some(body)
}

/// A business date as its text.
pub(crate) mod date {
    use model::BusinessDate;
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    pub(crate) fn serialize<S: Serializer>(date: &BusinessDate, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(date)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BusinessDate, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
