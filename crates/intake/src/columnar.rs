//! Rows of a Parquet file: typed already, so the types must be the contract's.
//!
//! A value is written as the text that the contract's type is read from, and judged like any
//! other field. What a type of the file may become is in [`cell`].

mod cell;

use crate::error::Cause;
use crate::faults::{ColumnFaults, ParquetFault};
use crate::fields::Fields;
use crate::gate::Gate;
use crate::onward::InOrder;
use crate::outcome::FeedOutcome;
use crate::packing::is_bomb;
use crate::rows::{Found, Rows};
use crate::whole::Whole;
use arrow::array::RecordBatchReader;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use cell::Cell;
use model::{FeedContract, caught};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Compression, Type as PhysicalType};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::schema::types::SchemaDescriptor;
use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;

/// Rows decoded at a time.
const ROWS: usize = 1 << 13;

/// Reads a Parquet file row by row.
pub(crate) fn read(
    whole: &Whole<'_>,
    feed: &FeedContract,
    gate: Gate<'_, InOrder<'_, '_>>,
) -> Result<FeedOutcome, Cause> {
    let mut rows = ParquetRows::open(whole.file()?, whole.bytes()?, feed)?;
    gate.take_rows(&mut rows)
}

/// The rows of a Parquet file.
struct ParquetRows {
    reader: ParquetRecordBatchReader,
    /// For each column of the contract, where it stands in the file and how it is read.
    columns: Vec<(usize, Cell)>,
    /// What is decoded; none behind the last row.
    batch: Option<RecordBatch>,
    at: usize,
    number: u64,
    declared: u64,
}

impl ParquetRows {
    fn open(file: File, bytes: u64, feed: &FeedContract) -> Result<Self, Cause> {
        // The types are those of Parquet: what a writer noted of its own types is not looked at.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let footer = guarded(|| ArrowReaderMetadata::load(&file, options.clone()).ok());
        let footer = footer.ok_or(Cause::Parquet(ParquetFault::Footer))?;
        let declared = plausible(footer.metadata(), bytes).map_err(Cause::Parquet)?;
        let columns = matched(footer.schema(), footer.parquet_schema(), feed)?;
        let options = options.with_schema(views(footer.schema()));
        let reader = guarded(|| {
            let footer =
                ArrowReaderMetadata::try_new(Arc::clone(footer.metadata()), options).ok()?;
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, footer);
            builder.with_batch_size(ROWS).build().ok()
        });
        let reader = reader.ok_or(Cause::Parquet(ParquetFault::Damaged(0)))?;
        let batch = Some(RecordBatch::new_empty(reader.schema()));
        Ok(Self { reader, columns, batch, at: 0, number: 0, declared })
    }

    /// Reads on while the batch holds no further row.
    fn fill(&mut self) -> Result<(), Cause> {
        while self.batch.as_ref().is_some_and(|batch| self.at >= batch.num_rows()) {
            let next = guarded(|| self.reader.next().transpose().ok());
            self.batch = next.ok_or(Cause::Parquet(ParquetFault::Damaged(self.number)))?;
            self.at = 0;
        }
        if self.batch.is_none() { self.prove_count() } else { Ok(()) }
    }

    fn prove_count(&self) -> Result<(), Cause> {
        let (declared, found) = (self.declared, self.number);
        if declared == found {
            return Ok(());
        }
        Err(Cause::Parquet(ParquetFault::Count { declared, found }))
    }
}

impl Rows for ParquetRows {
    fn next(&mut self, fields: &mut Fields) -> Result<Option<Found>, Cause> {
        self.fill()?;
        let Some(batch) = &self.batch else { return Ok(None) };
        fields.clear();
        let mut bytes = 0;
        for (column, cell) in &self.columns {
            let slot = cell.slot(batch.column(*column).as_ref(), self.at, fields);
            bytes += slot.length();
            fields.push(slot);
        }
        self.at += 1;
        self.number += 1;
        Ok(Some(Found { number: self.number, bytes, fault: None }))
    }
}

/// Calls the library, which has panicked on damaged files: a panic is a file that cannot be read.
/// What `call` had in hand must not be used again after that.
fn guarded<T>(call: impl FnOnce() -> Option<T>) -> Option<T> {
    caught(call).flatten()
}

/// The rows the footer counts, when they and their bytes can be in a file of so many bytes.
fn plausible(footer: &ParquetMetaData, bytes: u64) -> Result<u64, ParquetFault> {
    let mut unpacked: u64 = 0;
    for column in footer.row_groups().iter().flat_map(RowGroupMetaData::columns) {
        let readable = matches!(
            column.compression(),
            Compression::UNCOMPRESSED
                | Compression::SNAPPY
                | Compression::GZIP(_)
                | Compression::ZSTD(_)
        );
        if !readable {
            let codec = column.compression().to_string();
            let name = codec.split('(').next().unwrap_or_default();
            return Err(ParquetFault::Codec(name.to_owned()));
        }
        let size = u64::try_from(column.uncompressed_size()).map_err(|_| ParquetFault::Footer)?;
        unpacked = unpacked.saturating_add(size);
    }
    let rows = footer.file_metadata().num_rows();
    let rows = u64::try_from(rows).map_err(|_| ParquetFault::Footer)?;
    if is_bomb(unpacked, bytes) || is_bomb(rows, bytes) {
        return Err(ParquetFault::Bomb);
    }
    Ok(rows)
}

/// Finds the contract's columns in the file, by name; all of it must be of the contract.
fn matched(
    schema: &Schema,
    parquet: &SchemaDescriptor,
    feed: &FeedContract,
) -> Result<Vec<(usize, Cell)>, Cause> {
    let mut faults = ColumnFaults::default();
    let mut names = BTreeSet::new();
    for field in schema.fields() {
        let name = field.name();
        if !names.insert(name) {
            faults.twice.push(name.clone());
        } else if !feed.columns.iter().any(|column| column.name == *name) {
            faults.extra.push(name.clone());
        }
    }
    let mut columns = Vec::with_capacity(feed.columns.len());
    for column in &feed.columns {
        let found = schema.fields().iter().position(|field| *field.name() == column.name);
        let Some(at) = found else {
            faults.missing.push(column.name.clone());
            continue;
        };
        let found = schema.field(at).data_type();
        let amount = feed.amount.as_ref() == Some(&column.name);
        let old = is_int96(parquet, &column.name);
        if let Some(cell) = Cell::of(column, found, amount).filter(|_| !old) {
            columns.push((at, cell));
        } else {
            let found = if old { "timestamp of 96 bits".into() } else { cell::name(found) };
            faults.retyped.push((column.name.clone(), found, cell::expected(column)));
        }
    }
    if faults.is_empty() { Ok(columns) } else { Err(Cause::Columns(faults)) }
}

/// Whether a column holds the timestamps that Parquet gave up: without a declared zone, and beyond
/// the year 2262 they come out wrong.
fn is_int96(parquet: &SchemaDescriptor, name: &str) -> bool {
    let columns = parquet.columns().iter();
    let mut named =
        columns.filter(|column| column.path().parts().first().is_some_and(|p| p == name));
    named.any(|column| column.physical_type() == PhysicalType::INT96)
}

/// The schema with its texts as views: a text that stands in a dictionary once is held once.
fn views(schema: &SchemaRef) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => field.as_ref().clone().with_data_type(DataType::Utf8View),
        _ => field.as_ref().clone(),
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
