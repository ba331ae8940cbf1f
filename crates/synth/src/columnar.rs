//! Rows as Parquet: a row group for each chunk of clients.

use crate::feeds::{Column, FeedSpec};
use crate::records::BETWEEN;
use model::BusinessDate;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

/// A Parquet file under way.
pub(crate) type Table = SerializedFileWriter<BufWriter<File>>;

/// Begins a file with the columns of a feed. Any of them may be without a value, as most writers
/// have it: what is required is for the contract to say.
pub(crate) fn open(
    spec: &FeedSpec,
    columns: &[Column],
    file: BufWriter<File>,
) -> Result<Table, ParquetError> {
    let typed = spec.names().zip(columns).map(|(name, column)| match column {
        Column::Text => format!("optional binary {name} (STRING);"),
        Column::Day => format!("optional int32 {name} (DATE);"),
        Column::Number => format!("optional int32 {name};"),
    });
    let schema = format!("message rows {{ {} }}", typed.collect::<String>());
    let packed = Compression::ZSTD(ZstdLevel::try_new(3)?);
    let properties = WriterProperties::builder()
        .set_compression(packed)
        .set_created_by("the synthetic bank".to_owned())
        .build();
    SerializedFileWriter::new(file, Arc::new(parse_message_type(&schema)?), Arc::new(properties))
}

/// Adds the rows of some lines.
pub(crate) fn add(table: &mut Table, columns: &[Column], lines: &str) -> Result<(), ParquetError> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut values = vec![Vec::new(); columns.len()];
    for line in lines.lines() {
        for (column, text) in values.iter_mut().zip(line.split(BETWEEN)) {
            column.push(text);
        }
    }
    let mut group = table.next_row_group()?;
    for (column, texts) in columns.iter().zip(&values) {
        if let Some(mut writer) = group.next_column()? {
            write(&mut writer, *column, texts)?;
            writer.close()?;
        }
    }
    group.close()?;
    Ok(())
}

fn write(
    writer: &mut SerializedColumnWriter<'_>,
    column: Column,
    texts: &[&str],
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = texts.iter().map(|text| i16::from(!text.is_empty())).collect();
    let given = texts.iter().copied().filter(|text| !text.is_empty());
    if column == Column::Text {
        let values: Vec<ByteArray> = given.map(ByteArray::from).collect();
        writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        return Ok(());
    }
    let number = |text: &str| match column {
        Column::Day => text.parse::<BusinessDate>().ok().map(BusinessDate::epoch_days),
        _ => text.parse().ok(),
    };
    let values: Vec<i32> = given.map(|text| number(text).unwrap_or_default()).collect();
    writer.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}
