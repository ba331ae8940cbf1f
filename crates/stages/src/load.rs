//! Rows of a feed, as the gate let them in, become rows of canonical tables by the SQL of the
//! contract. Rows that the mapping shows to be wrong are refused; nothing is mended.

mod codes;
mod refuse;
mod rules;

pub use rules::RuleTally;

use crate::columns::{flag_column, int_column};
use crate::frames::StageError;
use crate::schema;
use model::{AccountId, ColumnType, FeedContract, RecordId};
use night::Settings;
use polars::prelude::*;
use polars::sql::sql_expr;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// A feed's mapping, ready to run batch by batch.
pub struct Loader {
    system: String,
    file: String,
    place: String,
    condition: Option<Expr>,
    amount: Option<String>,
    mappings: Vec<Mapping>,
    codes: codes::Codes,
    plausible: Vec<rules::Rule>,
    rules: refuse::Rules,
}

struct Mapping {
    table: &'static str,
    when: Option<Expr>,
    columns: Vec<Expr>,
    names: Vec<String>,
}

/// What became of a batch of rows.
#[derive(Default)]
pub struct Loaded {
    /// Rows of canonical tables.
    pub tables: Vec<(&'static str, DataFrame)>,
    /// Rows loaded.
    pub loaded: Tally,
    /// Rows the contract leaves out.
    pub filtered: Tally,
    /// Rows refused here.
    pub rejected: Tally,
    /// Where and why.
    pub refused: Vec<Refused>,
    /// What the rules of the contract say of the rows loaded, in their order.
    pub rules: Vec<RuleTally>,
    /// Codes that no map knows.
    pub unknown: Vec<Unknown>,
}

/// Rows and the sum of their amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Sum of the feed's amount column, minor units.
    pub amount: i128,
    /// Rows without a readable amount.
    pub unreadable: u64,
}

/// A row refused by the mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Line of the file.
    pub source_row: i64,
    /// Column at fault, of the canonical table or, for a code, of the feed.
    pub column: Cow<'static, str>,
    /// Why, without the value.
    pub reason: String,
}

/// A code that the map of its column does not know, in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Column of the feed.
    pub column: String,
    /// The code as it may be told.
    pub code: String,
    /// Line of the file.
    pub source_row: i64,
    /// What became of it: null, keep or reject.
    pub treatment: &'static str,
}

impl Loader {
    /// Compiles the SQL of a feed's contract and tries it on no rows, so that a wrong column is
    /// found before a night begins.
    pub fn compile(
        system: &str,
        feed: &FeedContract,
        file: &str,
        settings: &Settings<'_>,
    ) -> Result<Self, (String, String)> {
        let place = format!("source `{system}`, feed `{}`", feed.name);
        let loader = Self::parse(system, feed, file, settings, &place)?;
        let sample = contract_frame(feed).map_err(|e| (place.clone(), e.to_string()))?;
        let known: Vec<&str> = feed.columns.iter().map(|c| c.name.as_str()).collect();
        let hint = format!("(columns: `{}`)", known.join("`, `"));
        loader.apply(sample.clone()).map_err(|error| {
            let (what, error) = loader.at_fault(&sample).unwrap_or((String::new(), error));
            // What follows is the library's own list of columns, and its plan.
            let told = error.to_string();
            let cause = told.lines().next().unwrap_or_default();
            let cause = cause.split("; valid columns").next().unwrap_or_default();
            (format!("{place}{what}"), format!("{cause} {hint}"))
        })?;
        Ok(loader)
    }

    /// The first expression that cannot be computed on such rows, and why.
    fn at_fault(&self, rows: &DataFrame) -> Option<(String, StageError)> {
        let error = |expr: &Expr| rows.clone().lazy().select([expr.clone()]).collect().err();
        if let Some(error) = self.condition.as_ref().and_then(error) {
            return Some((", key `where`".to_owned(), error.into()));
        }
        let rule = |rule: &rules::Rule| {
            let (key, error) = rule.fault(rows)?;
            Some((format!(", rule `{}`, key `{key}`", rule.name), error))
        };
        if let Some(found) = self.plausible.iter().find_map(rule) {
            return Some(found);
        }
        self.mappings.iter().enumerate().find_map(|(at, mapping)| {
            let what = format!(", table {} `{}`", at + 1, mapping.table);
            if let Some(error) = mapping.when.as_ref().and_then(error) {
                return Some((format!("{what}, key `when`"), error.into()));
            }
            let columns = mapping.names.iter().zip(&mapping.columns);
            let mut failed = columns.filter_map(|(name, expr)| Some((name, error(expr)?)));
            let (name, error) = failed.next()?;
            Some((format!("{what}, column `{name}`"), error.into()))
        })
    }

    fn parse(
        system: &str,
        feed: &FeedContract,
        file: &str,
        settings: &Settings<'_>,
        place: &str,
    ) -> Result<Self, (String, String)> {
        let date = format!("DATE('{}', '%Y-%m-%d')", settings.as_of);
        let sql = |text: &str, what: &str| {
            sql_expr(text.replace("{as_of}", &date))
                .map_err(|e| (format!("{place}, {what}"), format!("not SQL: {e}")))
        };
        let condition = feed.condition.as_deref().map(|c| sql(c, "key `where`")).transpose()?;
        let mut mappings = Vec::new();
        for (at, mapping) in feed.tables.iter().enumerate() {
            let Some(table) = model::table(&mapping.table) else { continue };
            let what = format!("table {} `{}`", at + 1, mapping.table);
            let when = mapping.when.as_deref();
            let when = when.map(|w| sql(w, &format!("{what}, key `when`"))).transpose()?;
            let mut columns = Vec::new();
            for (name, text) in &mapping.columns {
                columns.push(sql(text, &format!("{what}, column `{name}`"))?.alias(name.as_str()));
            }
            let names = mapping.columns.keys().cloned().collect();
            mappings.push(Mapping { table: table.name, when, columns, names });
        }
        Ok(Self {
            system: system.to_owned(),
            file: file.to_owned(),
            place: place.to_owned(),
            condition,
            amount: feed.amount.clone(),
            mappings,
            codes: codes::Codes::of(feed),
            plausible: rules::of(feed, sql)?,
            rules: refuse::Rules::of(settings.job),
        })
    }

    /// `source \`cards\`, feed \`card\``.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Maps a batch: the feed's typed columns and `source_row`.
    pub fn apply(&self, mut rows: DataFrame) -> Result<Loaded, StageError> {
        let mut loaded = Loaded::default();
        let misses = self.codes.translate(&mut rows)?;
        let kept = self.keep(rows, &mut loaded)?;
        let mut tables = Vec::new();
        (loaded.unknown, loaded.refused) = self.codes.judge(misses, &kept)?;
        let mut bad: FxHashSet<i64> = FxHashSet::default();
        loaded.refused.retain(|refused| bad.insert(refused.source_row));
        for mapping in &self.mappings {
            let frame = self.map(mapping, &kept)?;
            for refused in self.rules.refuse(mapping.table, &frame)? {
                if bad.insert(refused.source_row) {
                    loaded.refused.push(refused);
                }
            }
            tables.push((mapping.table, frame));
        }
        if bad.is_empty() {
            loaded.loaded = self.tally(&kept)?;
            loaded.rules = self.judge(&kept)?;
            loaded.tables = tables;
            return Ok(loaded);
        }
        loaded.refused.sort_by_key(|r| r.source_row);
        let good = |frame: &DataFrame| -> Result<BooleanChunked, StageError> {
            let rows = frame.column("source_row")?.i64()?;
            Ok(rows.iter().map(|row| !row.is_some_and(|r| bad.contains(&r))).collect())
        };
        let mask = good(&kept)?;
        loaded.rejected = self.tally(&kept.filter(&!&mask)?)?;
        let good_rows = kept.filter(&mask)?;
        loaded.loaded = self.tally(&good_rows)?;
        loaded.rules = self.judge(&good_rows)?;
        for (table, frame) in tables {
            let mask = good(&frame)?;
            loaded.tables.push((table, frame.filter(&mask)?));
        }
        Ok(loaded)
    }

    /// Holds the rows against the rules of the contract.
    fn judge(&self, rows: &DataFrame) -> Result<Vec<RuleTally>, StageError> {
        self.plausible.iter().map(|rule| rule.judge(rows)).collect()
    }

    /// Leaves out the rows for which the contract's condition is not true.
    fn keep(&self, rows: DataFrame, loaded: &mut Loaded) -> Result<DataFrame, StageError> {
        let Some(condition) = &self.condition else { return Ok(rows) };
        let verdict = rows.clone().lazy().select([condition.clone().alias("keep")]).collect()?;
        let verdict = verdict.column("keep")?.bool()?.clone();
        let mask: BooleanChunked = if verdict.len() == rows.height() {
            verdict.iter().map(|v| v == Some(true)).collect()
        } else {
            std::iter::repeat_n(verdict.get(0) == Some(true), rows.height()).collect()
        };
        if mask.all() {
            return Ok(rows);
        }
        loaded.filtered = self.tally(&rows.filter(&!&mask)?)?;
        Ok(rows.filter(&mask)?)
    }

    fn map(&self, mapping: &Mapping, rows: &DataFrame) -> Result<DataFrame, StageError> {
        let mut lazy = rows.clone().lazy();
        if let Some(when) = &mapping.when {
            lazy = lazy.filter(when.clone());
        }
        let mut names: Vec<Expr> = mapping.names.iter().map(|n| col(n.as_str())).collect();
        names.push(col("source_row"));
        let frame = lazy.with_columns(mapping.columns.clone()).select(names).collect()?;
        self.complete(mapping.table, frame)
    }

    /// Adds ids and where a row came from, and types the columns by the schema.
    fn complete(&self, table: &'static str, mut frame: DataFrame) -> Result<DataFrame, StageError> {
        let height = frame.height();
        let has = |frame: &DataFrame, name: &str| frame.column(name).is_ok();
        frame.with_column(Column::new_scalar(
            "system".into(),
            text_scalar(&self.system),
            height,
        ))?;
        frame.with_column(Column::new_scalar(
            "source_file".into(),
            text_scalar(&self.file),
            height,
        ))?;
        if table == "account" {
            defaulted(&mut frame, "holder_system", "system")?;
            defaulted(&mut frame, "holder_account", "account_key")?;
            let holder =
                id_column(&frame, "holder_system", "holder_account", "holder_id", account)?;
            frame.with_column(holder)?;
        }
        if table == "role" {
            defaulted(&mut frame, "party_system", "system")?;
        }
        let states_account_system = matches!(table, "role" | "balance" | "event");
        if states_account_system {
            defaulted(&mut frame, "account_system", "system")?;
        }
        if table == "interaction" && !has(&frame, "contacts") {
            frame.with_column(int_column("contacts", vec![1; height]))?;
        }
        if table == "feedback" && !has(&frame, "converted") {
            frame.with_column(flag_column("converted", &vec![false; height]))?;
        }
        let schema = model::table(table).map(|t| t.columns).unwrap_or_default();
        if schema.iter().any(|c| c.name == "record_id") {
            let system = if table == "role" { "party_system" } else { "system" };
            frame.with_column(id_column(&frame, system, "party_key", "record_id", record)?)?;
        }
        if schema.iter().any(|c| c.name == "account_id") {
            let system = if states_account_system { "account_system" } else { "system" };
            frame.with_column(id_column(&frame, system, "account_key", "account_id", account)?)?;
        }
        schema::typed(table, &frame)
    }

    fn tally(&self, rows: &DataFrame) -> Result<Tally, StageError> {
        let mut tally = Tally { rows: rows.height() as u64, ..Tally::default() };
        if let Some(amount) = &self.amount {
            let column = rows.column(amount)?.i64()?;
            tally.amount = column.iter().flatten().map(i128::from).sum();
            tally.unreadable = column.null_count() as u64;
        }
        Ok(tally)
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.amount += other.amount;
        self.unreadable += other.unreadable;
    }
}

fn record(system: &str, key: &str) -> i64 {
    RecordId::of(system, key).0
}

fn account(system: &str, key: &str) -> i64 {
    AccountId::of(system, key).0
}

fn text_scalar(text: &str) -> Scalar {
    Scalar::new(DataType::String, AnyValue::StringOwned(text.into()))
}

/// Where a column is absent or empty, the value of another.
fn defaulted(frame: &mut DataFrame, name: &str, from: &str) -> Result<(), StageError> {
    let other = frame.column(from)?.str()?.clone();
    let column = match frame.column(name) {
        Ok(own) => own
            .cast(&DataType::String)?
            .str()?
            .iter()
            .zip(other.iter())
            .map(|(a, b)| a.or(b))
            .collect(),
        Err(_) => other,
    };
    let mut column: StringChunked = column;
    column.rename(name.into());
    frame.with_column(column.into_column())?;
    Ok(())
}

fn id_column(
    frame: &DataFrame,
    system: &str,
    key: &str,
    name: &str,
    id: fn(&str, &str) -> i64,
) -> Result<Column, StageError> {
    let systems = frame.column(system)?.cast(&DataType::String)?;
    let keys = frame.column(key)?.cast(&DataType::String)?;
    let pairs = systems.str()?.iter().zip(keys.str()?.iter());
    let ids: Vec<Option<i64>> = pairs.map(|(s, k)| Some(id(s?, k?))).collect();
    Ok(Column::new(name.into(), ids))
}

/// No rows, typed as the gate types the columns of a feed.
fn contract_frame(feed: &FeedContract) -> PolarsResult<DataFrame> {
    let mut columns: Vec<Column> = feed
        .columns
        .iter()
        .map(|c| {
            let dtype = match c.kind {
                ColumnType::Text => DataType::String,
                ColumnType::Date => DataType::Date,
                ColumnType::Integer | ColumnType::Money | ColumnType::Decimal => DataType::Int64,
            };
            Column::new_empty(c.name.as_str().into(), &dtype)
        })
        .collect();
    columns.push(Column::new_empty("source_row".into(), &DataType::Int64));
    DataFrame::new(0, columns)
}
