//! Row groups: filled in file order, encoded side by side, written in file order.

use crate::error::SinkError;
use crate::pool::{Pool, Turn};
use crate::read::{SOURCE_ROW, Sink};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Int64Type, SchemaRef};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rustc_hash::FxHashSet;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{Seek, Write};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// How large a row group gets.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Rows after which it ends.
    pub(crate) rows: usize,
    /// Bytes in memory after which it ends.
    pub(crate) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1 << 18, bytes: 1 << 25 }
    }
}

/// Of so many rows one distinct value, or a dictionary of a column's values is not worth its making.
const ROWS_OF_A_VALUE: usize = 4;

type Encoded = Result<Vec<ArrowColumnChunk>, ParquetError>;

/// Writes batches as row groups.
pub(super) struct Groups<'a, 'p> {
    file: File,
    schema: SchemaRef,
    limits: Limits,
    pool: Option<&'a Pool<'p>>,
    writer: Option<Writer>,
    /// The group that is filled.
    open: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
    /// Groups that are being encoded, in file order.
    encoding: VecDeque<Receiver<Encoded>>,
    /// Groups there have been.
    begun: usize,
}

struct Writer {
    file: SerializedFileWriter<File>,
    columns: Arc<ArrowRowGroupWriterFactory>,
    schema: SchemaRef,
}

impl<'a, 'p> Groups<'a, 'p> {
    pub(super) fn new(
        file: File,
        schema: SchemaRef,
        limits: Limits,
        pool: Option<&'a Pool<'p>>,
    ) -> Self {
        let (open, encoding) = (Vec::new(), VecDeque::new());
        let (rows, bytes, begun) = (0, 0, 0);
        Self { file, schema, limits, pool, writer: None, open, rows, bytes, encoding, begun }
    }

    /// Writes what is left, and the end of the file.
    pub(super) fn finish(mut self) -> Result<(), SinkError> {
        if !self.open.is_empty() {
            self.encode()?;
        }
        while let Some(group) = self.encoding.pop_front() {
            self.write(&group)?;
        }
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.writer(None)?,
        };
        writer.file.close()?;
        Ok(())
    }

    fn writer(&self, first: Option<&RecordBatch>) -> Result<Writer, SinkError> {
        let schema = Arc::clone(&self.schema);
        let types = ArrowSchemaConverter::new().convert(&schema)?;
        let properties = Arc::new(properties(&schema, first));
        let file = self.file.try_clone()?;
        let file = SerializedFileWriter::new(file, types.root_schema_ptr(), properties)?;
        let columns = Arc::new(ArrowRowGroupWriterFactory::new(&file, Arc::clone(&schema)));
        Ok(Writer { file, columns, schema })
    }

    /// Has the open group encoded, by another thread where there is one.
    fn encode(&mut self) -> Result<(), SinkError> {
        let Some(writer) = &self.writer else { return Ok(()) };
        let (columns, schema) = (Arc::clone(&writer.columns), Arc::clone(&writer.schema));
        let (group, number) = (std::mem::take(&mut self.open), self.begun);
        (self.rows, self.bytes) = (0, 0);
        self.begun += 1;
        let encode = move || encoded(&columns, number, &schema, &group);
        match self.pool {
            Some(pool) => {
                self.encoding.push_back(pool.ask(Turn::Urgent, encode));
                if self.encoding.len() > pool.threads() {
                    let group = self.encoding.pop_front();
                    return group.map_or(Ok(()), |group| self.write(&group));
                }
                Ok(())
            }
            None => self.add(encode()?),
        }
    }

    fn write(&mut self, group: &Receiver<Encoded>) -> Result<(), SinkError> {
        self.add(group.recv().map_err(|_| "a thread broke")??)
    }

    fn add(&mut self, group: Vec<ArrowColumnChunk>) -> Result<(), SinkError> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let mut row_group = writer.file.next_row_group()?;
        for column in group {
            column.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
        Ok(())
    }
}

impl Sink for Groups<'_, '_> {
    fn take(&mut self, batch: RecordBatch) -> Result<(), SinkError> {
        if self.writer.is_none() {
            self.writer = Some(self.writer(Some(&batch))?);
        }
        self.rows += batch.num_rows();
        self.bytes += batch.get_array_memory_size();
        self.open.push(batch);
        if self.rows >= self.limits.rows || self.bytes >= self.limits.bytes {
            self.encode()?;
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.writer = None;
        self.open.clear();
        self.encoding.clear();
        (self.rows, self.bytes, self.begun) = (0, 0, 0);
        self.file.flush()?;
        self.file.set_len(0)?;
        self.file.rewind()?;
        Ok(())
    }
}

/// The columns of a group, encoded and compressed.
fn encoded(
    columns: &ArrowRowGroupWriterFactory,
    number: usize,
    schema: &SchemaRef,
    group: &[RecordBatch],
) -> Encoded {
    let writers = columns.create_column_writers(number)?;
    let mut chunks = Vec::with_capacity(writers.len());
    for (at, mut writer) in writers.into_iter().enumerate() {
        for batch in group {
            for leaf in compute_leaves(schema.field(at), batch.column(at))? {
                writer.write(&leaf)?;
            }
        }
        chunks.push(writer.close()?);
    }
    Ok(chunks)
}

/// How columns are encoded, by what the first rows hold: a dictionary where values repeat.
fn properties(schema: &SchemaRef, first: Option<&RecordBatch>) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for (at, field) in schema.fields().iter().enumerate() {
        let path = ColumnPath::from(field.name().as_str());
        let plain = match field.data_type() {
            _ if field.name() == SOURCE_ROW => Encoding::DELTA_BINARY_PACKED,
            DataType::Utf8 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            _ => Encoding::PLAIN,
        };
        let repeats = first.is_some_and(|batch| repeats(batch.column(at)));
        properties = properties
            .set_column_dictionary_enabled(path.clone(), repeats)
            .set_column_encoding(path, plain);
    }
    properties.build()
}

/// Whether the values of a column repeat.
fn repeats(column: &ArrayRef) -> bool {
    let distinct = match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().iter().collect::<FxHashSet<_>>().len(),
        DataType::Int64 => {
            column.as_primitive::<Int64Type>().iter().collect::<FxHashSet<_>>().len()
        }
        DataType::Date32 => {
            column.as_primitive::<Date32Type>().iter().collect::<FxHashSet<_>>().len()
        }
        _ => return false,
    };
    distinct * ROWS_OF_A_VALUE <= column.len()
}
