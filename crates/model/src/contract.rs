//! The contract of a source: what its extract looks like and what its columns mean.
//!
//! One TOML file per system under `jobs/sources/`. A contract is checked once, here; the gate
//! (`intake`) and the load stage only ever see a checked one.

mod address;
mod arrival;
mod bounds;
mod cobol;
mod column;
mod database;
mod driver;
mod load;
mod packing;
mod quality;
mod query;
mod records;
mod shape;
mod totals;

pub use address::{DatabaseAddress, DatabaseHost};
pub use arrival::{Arrival, DueDays, Late, Repeats, Trigger, TriggerColumn};
pub use bounds::{ControlPlace, ControlRecord, ControlValue, CountIncludes, Spot};
pub use cobol::{Cobol, CobolCoding, CobolContent, CobolNumber, CobolSign, RECORD_CAP};
pub use column::{ColumnContract, ColumnType, DataClass, Fill};
pub use database::{DatabaseContract, DatabaseKind, TlsPolicy};
pub use driver::DriverAddress;
pub use load::{LoadMode, Operation};
pub use packing::Packing;
pub use quality::{FeedRule, OnBreak, Unmapped};
pub use records::{Copybooks, Framing, RecordField, RecordLayout, RecordShape};
pub use shape::{CharSet, FileShape};
pub use totals::{Direction, DirectionColumn, HashTotal, OnReject};

use crate::calendar::BusinessDate;
use crate::tables::table;
use crate::toml_text::from_toml;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// One source system and its feeds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceContract {
    /// Format version of the contract file, 1.
    pub version: u32,
    /// The system's name, `[a-z][a-z0-9_]*`; it stands in every row it gives.
    pub system: String,
    /// What a person calls the system.
    pub title: String,
    /// The database that is asked for the rows, in place of files that arrive.
    #[serde(default)]
    pub database: Option<DatabaseContract>,
    /// The files it delivers.
    #[serde(rename = "feed")]
    pub feeds: Vec<FeedContract>,
}

/// One kind of file of a system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedContract {
    /// The feed's name, unique in its system.
    pub name: String,
    /// File name in the extracts folder; `{date}` stands for the business date as YYYYMMDD,
    /// `{rerun}` for the number of the delivery, of which the highest counts. With a `package`, the
    /// name of one of its members. Follows from the names of system and feed where there is a `query`.
    #[serde(default)]
    pub file: String,
    /// What a database is asked for the rows, in place of `file`; `{as_of}` stands for the business
    /// date as a SQL date. The result is landed as a file.
    #[serde(default)]
    pub query: Option<String>,
    /// The archive in the extracts folder that holds the file; placeholders as above. Its name ends
    /// in `.tar`, `.tar.gz`, `.tgz` or `.tar.zst`. Several feeds may share it.
    #[serde(default)]
    pub package: Option<String>,
    /// A file that the source sends when the package is complete; placeholders as above.
    #[serde(default)]
    pub flag: Option<String>,
    /// Whether the flag counts the rows of each file: lines `NAME COUNT` or `NAME|COUNT`, the name
    /// being that of `file`. The file must hold as many.
    #[serde(default)]
    pub flag_counts: bool,
    /// When the file is due, when it is complete, and what a night does that misses it.
    #[serde(default)]
    pub arrival: Arrival,
    /// How characters are coded; decoded before anything is split.
    #[serde(default)]
    pub charset: CharSet,
    /// How the file is packed. What a package's name says of the package is not repeated here.
    #[serde(default)]
    pub packing: Packing,
    /// How a row is cut into fields; ours where there is a `query`.
    #[serde(default = "FileShape::undeclared")]
    pub shape: FileShape,
    /// A header record before the rows.
    #[serde(default)]
    pub header: Option<ControlRecord>,
    /// A trailer record after the rows.
    #[serde(default)]
    pub trailer: Option<ControlRecord>,
    /// What the file holds, against what came before.
    #[serde(default)]
    pub load: LoadMode,
    /// Which rows of a delta are deletions.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// The date of a complete delivery with which keeping rows begins, or begins anew.
    #[serde(default)]
    pub initial: Option<BusinessDate>,
    /// Rows that a night may delete, ppm of those held before.
    #[serde(default)]
    pub max_deleted_ppm: Option<u64>,
    /// Rows that a full file may have less than that of the night before, ppm.
    #[serde(default)]
    pub max_shrink_ppm: Option<u64>,
    /// Columns that name a row. An exact repetition is superseded, a second different row rejected.
    #[serde(default)]
    pub unique: Vec<String>,
    /// Texts that mean "no value" in every column of the feed (an empty field always does).
    #[serde(default)]
    pub null: Vec<String>,
    /// SQL condition on a row; rows for which it is not true are filtered, and counted.
    /// `{as_of}` stands for the business date as a SQL date.
    #[serde(default, rename = "where")]
    pub condition: Option<String>,
    /// The column whose sum proves the reconciliation by amount.
    #[serde(default)]
    pub amount: Option<String>,
    /// On which side of the book an amount stands.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// The column whose digits are summed up to a hash total.
    #[serde(default)]
    pub hash: Option<HashTotal>,
    /// What a rejected row costs: itself, or the file.
    #[serde(default)]
    pub on_reject: OnReject,
    /// Rejected rows, ppm of the rows read, at which the night goes on. A feed with a limit of its
    /// own is not held to that of the job.
    #[serde(default)]
    pub max_rejects_ppm: Option<u64>,
    /// Rejected rows at which the night goes on.
    #[serde(default)]
    pub max_rejects_rows: Option<u64>,
    /// What must hold in a plausible row.
    #[serde(default, rename = "rule")]
    pub rules: Vec<FeedRule>,
    /// The columns, in file order.
    pub columns: Vec<ColumnContract>,
    /// What the rows become.
    #[serde(default, rename = "table")]
    pub tables: Vec<TableMapping>,
    /// Where the columns stand in records: found out when the contract is read.
    #[serde(skip)]
    pub layout: Option<RecordLayout>,
}

/// How rows of a feed become rows of a canonical table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableMapping {
    /// The canonical table.
    pub table: String,
    /// SQL condition: which rows give a row of this table; all, where absent.
    #[serde(default)]
    pub when: Option<String>,
    /// Canonical column = SQL expression over the columns of the feed.
    pub columns: BTreeMap<String, String>,
}

/// A finding in a contract: where it stands and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct ContractError {
    /// `source \`cards\`, feed \`card\``.
    pub place: String,
    /// What is wrong and what would be right.
    pub cause: String,
}

/// Something that can be checked once and used from then on.
pub trait Check {
    /// The first finding, if any.
    fn check(&self) -> Result<(), ContractError>;
}

impl SourceContract {
    /// Reads and checks the text of a contract file that names no copybooks.
    pub fn parse(text: &str, place: &str) -> Result<Self, ContractError> {
        Self::parse_with(text, place, &Copybooks::new())
    }

    /// Reads and checks a contract file's text, with the copybooks it names.
    pub fn parse_with(
        text: &str,
        place: &str,
        copybooks: &Copybooks,
    ) -> Result<Self, ContractError> {
        let mut contract = Self::read(text, place)?;
        contract.settle_queries()?;
        contract.check()?;
        contract.lay_out(copybooks)?;
        Ok(contract)
    }

    fn read(text: &str, place: &str) -> Result<Self, ContractError> {
        from_toml(text).map_err(|e| ContractError { place: place.to_owned(), cause: e.to_string() })
    }
}

impl Check for SourceContract {
    fn check(&self) -> Result<(), ContractError> {
        let place = format!("source `{}`", self.system);
        let fail = |cause: String| Err(ContractError { place: place.clone(), cause });
        if self.version != 1 {
            return fail(format!("version {} is not known (expected 1)", self.version));
        }
        if !is_name(&self.system) {
            return fail("`system` must match [a-z][a-z0-9_]*".into());
        }
        if let Some(Err(cause)) = self.database.as_ref().map(DatabaseContract::check) {
            return fail(cause);
        }
        let mut seen = BTreeSet::new();
        for feed in &self.feeds {
            if !seen.insert(&feed.name) {
                return fail(format!("feed `{}` is declared twice", feed.name));
            }
            feed.check_in(&self.system)?;
        }
        Ok(())
    }
}

impl FeedContract {
    fn check_in(&self, system: &str) -> Result<(), ContractError> {
        self.columns_hold()
            .and_then(|()| self.shape_holds())
            .and_then(|()| self.typed_holds())
            .and_then(|()| self.packing_holds())
            .and_then(|()| totals::hold(self))
            .and_then(|()| quality::hold(self))
            .and_then(|()| load::hold(self))
            .and_then(|()| self.arrival_holds())
            .and_then(|()| self.mappings_hold())
            .map_err(|cause| ContractError {
                place: format!("source `{system}`, feed `{}`", self.name),
                cause,
            })
    }

    /// Whether something besides the file says that it is whole: then it may hold no row.
    pub fn is_announced(&self) -> bool {
        self.flag.is_some() || self.arrival.trigger.is_some()
    }

    fn columns_hold(&self) -> Result<(), String> {
        if !is_name(&self.name) {
            return Err("`name` must match [a-z][a-z0-9_]*".into());
        }
        let mut names = BTreeSet::new();
        for column in &self.columns {
            if !names.insert(column.name.as_str()) {
                return Err(format!("column `{}` is declared twice", column.name));
            }
            let formats = ["%Y-%m-%d", "%Y%m%d", "%y%m%d"];
            let known = column.format.as_deref().is_some_and(|f| formats.contains(&f));
            let native = self.has_days(column.kind, column.format.as_deref());
            if column.kind == ColumnType::Date && !known && !native {
                return Err(format!(
                    "date column `{}` needs `format` ({})",
                    column.name,
                    formats.join(", ")
                ));
            }
        }
        let listed = names.iter().copied().collect::<Vec<_>>().join("`, `");
        for name in self.unique.iter().chain(&self.amount) {
            if !names.contains(name.as_str()) {
                return Err(format!("column `{name}` not found (columns: `{listed}`)"));
            }
        }
        Ok(())
    }

    fn shape_holds(&self) -> Result<(), String> {
        match &self.shape {
            FileShape::Delimited { separator, .. } if separator.is_empty() => {
                Err("`separator` is empty".into())
            }
            FileShape::Fixed if self.charset.is_wide() => {
                Err("fixed width cannot be UTF-16 (its line ends are no single bytes)".into())
            }
            FileShape::Fixed => match self.columns.iter().find(|c| c.width.is_none()) {
                Some(column) => Err(format!("fixed-width column `{}` needs `width`", column.name)),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn mappings_hold(&self) -> Result<(), String> {
        for mapping in &self.tables {
            let Some(target) = table(&mapping.table).filter(|t| t.is_canonical()) else {
                return Err(format!("table `{}` is not a canonical table", mapping.table));
            };
            for name in mapping.columns.keys() {
                if target.column(name).is_none() {
                    let known: Vec<_> = target.columns.iter().map(|c| c.name).collect();
                    return Err(format!(
                        "table `{}` has no column `{name}` (columns: `{}`)",
                        mapping.table,
                        known.join("`, `")
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Whether `text` can name a system, a feed, a table: `[a-z][a-z0-9_]{0,62}`.
pub(crate) fn is_name(text: &str) -> bool {
    let tail = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    tail && text.len() <= 63 && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}
