//! Parquet files: columns by name and type, values exactly, damage refused.

use super::{drawn, feed, read, refused, taken};
use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    Float32Array, Float64Array, Int8Array, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::i256;
use arrow::record_batch::RecordBatch;
use model::FeedContract;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{Int96, Int96Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

/// A feed of the columns told, each `name type more`.
fn columns(columns: &[&str]) -> FeedContract {
    feed(&format!("shape = {{ kind = \"parquet\" }}\ncolumns = [{}]", listed(columns)))
}

fn listed(columns: &[&str]) -> String {
    let column = |text: &&str| {
        let mut words = text.splitn(3, ' ');
        let (name, kind) = (words.next().unwrap(), words.next().unwrap());
        let more = words.next().map(|more| format!(", {more}")).unwrap_or_default();
        format!("{{ name = \"{name}\", type = \"{kind}\"{more} }}")
    };
    columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

fn written_as(columns: Vec<(&str, ArrayRef)>, compression: Compression, group: usize) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(group))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

pub(super) fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    written_as(columns, Compression::SNAPPY, 1 << 20)
}

pub(super) fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub(super) fn decimals(values: Vec<Option<i128>>, scale: i8) -> ArrayRef {
    Arc::new(Decimal128Array::from(values).with_precision_and_scale(30, scale).unwrap())
}

fn integers(values: Vec<i64>) -> ArrayRef {
    Arc::new(Int64Array::from(values))
}

#[test]
fn columns_are_found_by_name_and_rows_numbered_by_place() {
    let feed = columns(&["a text", "b integer required = true", "c money", "d date"]);
    let file = written(vec![
        ("d", Arc::new(Date32Array::from(vec![Some(20_777), None, Some(2_932_896)]))),
        ("b", Arc::new(Int8Array::from(vec![Some(-7), None, Some(8)]))),
        ("a", texts(&[Some("王 小"), Some("y"), None])),
        ("c", decimals(vec![Some(-1_234_567), Some(1), Some(0)], 2)),
    ]);
    let (rows, rejects) = taken(&feed, file);
    assert_eq!(rows, ["1: 王 小, -7, -1234567, 2026-11-20", "3: -, 8, 0, -"]);
    assert_eq!(rejects, ["2 b: no value (expected one: the column is required)"]);
}

#[test]
fn every_codec_of_the_trade_and_several_row_groups_are_read() {
    let feed = columns(&["a text", "b integer"]);
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        let names: Vec<String> = (0..20_000).map(|i| format!("name {}", i % 97)).collect();
        let names = StringArray::from_iter_values(&names);
        let file = written_as(
            vec![("a", Arc::new(names)), ("b", integers((0..20_000).collect()))],
            compression,
            3_000,
        );
        let run = read(&feed, file).unwrap();
        assert_eq!(run.rows.len(), 20_000, "{compression}");
        assert_eq!(run.rows[19_999], "20000: name 17, 19999");
    }
}

#[test]
fn values_that_the_contract_does_not_hold_reject_their_row() {
    let (nan, infinite) = (f64::NAN, f64::INFINITY);
    let day = 86_400_000_000;
    let cases: Vec<(&str, ArrayRef, &[&str], &[&str])> = vec![
        (
            "a decimal scale = 3",
            Arc::new(Float64Array::from(vec![0.035, nan, infinite, 0.1 + 0.2, -0.0, 1e300])),
            &["1: 35", "5: 0"],
            &[
                "2 a: not a finite number",
                "3 a: not a finite number",
                "4 a: not a decimal number (expected digits, an optional sign, at most the decimals of the contract)",
                "6 a: number out of range (expected 64 bits of its last decimal)",
            ],
        ),
        (
            "a decimal scale = 2",
            Arc::new(Float32Array::from(vec![0.1, f32::NEG_INFINITY])),
            &["1: 10"],
            &["2 a: not a finite number"],
        ),
        (
            "a integer",
            Arc::new(UInt64Array::from(vec![9_223_372_036_854_775_807, 9_223_372_036_854_775_808])),
            &["1: 9223372036854775807"],
            &["2 a: not a whole number of 64 bits"],
        ),
        (
            "a integer",
            decimals(vec![Some(12), Some(10_i128.pow(20))], 0),
            &["1: 12"],
            &["2 a: not a whole number of 64 bits"],
        ),
        (
            "a money",
            decimals(vec![Some(12), Some(i128::from(i64::MAX) + 1)], 2),
            &["1: 12"],
            &["2 a: number out of range (expected 64 bits of its last decimal)"],
        ),
        (
            "a money",
            Arc::new(
                Decimal256Array::from(vec![i256::from_i128(-5)])
                    .with_precision_and_scale(50, 2)
                    .unwrap(),
            ),
            &["1: -5"],
            &[],
        ),
        (
            "a date",
            Arc::new(TimestampMicrosecondArray::from(vec![20_777 * day, -day, 20_777 * day + 1])),
            &["1: 2026-11-20", "2: 1969-12-31"],
            &["3 a: a time of day (expected midnight: the column is a date)"],
        ),
        (
            "a text",
            Arc::new(TimestampMillisecondArray::from(vec![1_795_178_709_123]).with_timezone("UTC")),
            &["1: 2026-11-20T12:45:09.123Z"],
            &[],
        ),
        (
            "a text",
            Arc::new(TimestampNanosecondArray::from(vec![1_795_178_709_000_000_001])),
            &["1: 2026-11-20T12:45:09.000000001"],
            &[],
        ),
        (
            "a text values = [\"true\"]",
            Arc::new(BooleanArray::from(vec![true, false])),
            &["1: true"],
            &["2 a: not one of the values allowed"],
        ),
        (
            "a date format = \"%Y%m%d\"",
            texts(&[Some("20261120"), Some("2026-11-20")]),
            &["1: 2026-11-20"],
            &["2 a: not a date (expected an existing day, YYYYMMDD)"],
        ),
        (
            "a text quoted_empty = \"E\", blank = \"B\"",
            texts(&[Some(""), Some(" "), None]),
            &["1: E", "2: B", "3: -"],
            &[],
        ),
    ];
    for (column, values, rows, rejects) in cases {
        let found = taken(&columns(&[column]), written(vec![("a", values)]));
        assert_eq!(
            (found.0.as_slice(), found.1.as_slice()),
            (&strings(rows)[..], &strings(rejects)[..]),
            "{column}"
        );
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn columns_that_are_not_the_contracts_refuse_the_file() {
    let feed = columns(&["a text", "b integer", "c money", "d decimal scale = 4", "e date"]);
    let one = || integers(vec![1]);
    let file = written(vec![
        ("a", one()),
        ("x", one()),
        ("c", decimals(vec![Some(1)], 4)),
        ("y", one()),
        ("e", texts(&[Some("x")])),
    ]);
    assert_eq!(
        refused(&feed, file),
        "columns differ from the contract: missing `b`, `d`; not in the contract `x`, `y`; \
         `a` is an integer (expected string); `c` is decimal with 4 decimals (expected decimal \
         with 2 decimals); `e` is string (expected date)"
    );
    let double: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let cases: Vec<(&str, ArrayRef, &str)> = vec![
        ("a money", Arc::clone(&double), "double (expected decimal with 2 decimals)"),
        ("a money", one(), "an integer (expected decimal with 2 decimals)"),
        ("a money", texts(&[None]), "string (expected decimal with 2 decimals)"),
        ("a integer", double, "double (expected an integer)"),
        ("a integer", decimals(vec![None], 2), "decimal with 2 decimals (expected an integer)"),
        ("a text", Arc::new(BinaryArray::from(vec![&b"x"[..]])), "binary (expected string)"),
        ("a text", Arc::new(Date32Array::from(vec![1])), "date (expected string)"),
        (
            "a date",
            Arc::new(TimestampMillisecondArray::from(vec![0]).with_timezone("UTC")),
            "timestamp in UTC (expected date)",
        ),
        ("a date", Arc::new(Int32Array::from(vec![20_261_120])), "an integer (expected date)"),
        (
            "a date format = \"%Y%m%d\"",
            Arc::new(Date32Array::from(vec![1])),
            "date (expected string, as the column has the format %Y%m%d)",
        ),
    ];
    for (column, values, expected) in cases {
        let message = refused(&columns(&[column]), written(vec![("a", values)]));
        assert_eq!(message, format!("columns differ from the contract: `a` is {expected}"));
    }
}

#[test]
fn the_amount_is_never_a_float() {
    let body = "shape = { kind = \"parquet\" }\namount = \"a\"\ncolumns = [{ name = \"a\", type = \"decimal\", scale = 2 }]";
    let file = written(vec![("a", Arc::new(Float64Array::from(vec![1.0])))]);
    assert!(
        refused(&feed(body), file).ends_with("`a` is double (expected decimal with 2 decimals)")
    );
}

#[test]
fn timestamps_of_96_bits_are_refused() {
    let schema = parse_message_type("message m { optional int96 a; }").unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let midnight = Int96::from(vec![0, 0, 2_461_365]);
    column.typed::<Int96Type>().write_batch(&[midnight], Some(&[1]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    let file = writer.into_inner().unwrap();
    assert!(
        refused(&columns(&["a date"]), file)
            .contains("`a` is timestamp of 96 bits (expected date)")
    );
}

#[test]
fn a_file_that_is_not_the_one_that_arrived_is_not_believed() {
    let (feed, whole) = two_columns();
    let folder = tempfile::tempdir().unwrap();
    let arrived = super::put(folder.path(), &whole);
    let mut changed = whole;
    changed[100] ^= 1;
    std::fs::write(&arrived.path, changed).unwrap();
    let mut sink = super::Shown::default();
    let read =
        crate::read_feed("s", &feed, &arrived, super::as_of(), &mut sink, &|_| {}, folder.path());
    assert_eq!(read.unwrap_err().kind(), crate::ErrorKind::NotThere);
    assert_eq!(sink.rows, [""; 0]);
}

fn two_columns() -> (FeedContract, Vec<u8>) {
    let names: Vec<String> = (0..5_000).map(|i| format!("name {i}")).collect();
    let names = StringArray::from_iter_values(&names);
    let file = written_as(
        vec![("a", Arc::new(names)), ("b", integers((0..5_000).collect()))],
        Compression::ZSTD(ZstdLevel::default()),
        1_000,
    );
    (columns(&["a text", "b integer"]), file)
}

#[test]
fn a_file_cut_or_damaged_is_refused_and_never_panics() {
    let (feed, whole) = two_columns();
    for length in drawn(8, whole.len()).chain([0, 1, 4, 8, whole.len() - 1]) {
        assert!(refused(&feed, &whole[..length]).starts_with("parquet: "), "{length}");
    }
    for at in drawn(9, whole.len()).chain(whole.len() - 60..whole.len()) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        // The digest of the file that arrived is that of the damaged one here: what the library
        // does not notice is taken, and nothing else may happen.
        if let Err(cause) = read(&feed, &damaged) {
            assert_eq!(cause.kind(), crate::ErrorKind::BadFile, "{at}: {cause}");
        }
    }
    assert_eq!(
        refused(&feed, b"a|b\n1|2\n"),
        "parquet: the footer cannot be read (expected a whole Parquet file)"
    );
}

#[test]
fn an_empty_table_is_a_file_without_rows() {
    let file = written(vec![("a", texts(&[]))]);
    assert_eq!(read(&columns(&["a text"]), file).unwrap().outcome.rows_read, 0);
}

#[test]
fn a_file_may_come_packed() {
    let (_, whole) = two_columns();
    let packed = zstd::stream::encode_all(&whole[..], 3).unwrap();
    let body = |more: &str| {
        feed(&format!(
            "{more}\nshape = {{ kind = \"parquet\" }}\ncolumns = [{}]",
            listed(&["a text", "b integer"])
        ))
    };
    let feed = body("packing = \"zstd\"");
    assert_eq!(read(&feed, &packed).unwrap().rows.len(), 5_000);
    assert!(refused(&feed, &packed[..packed.len() - 1]).starts_with("zstd: the stream is cut"));
}

#[test]
fn more_rows_than_bytes_can_hold_are_refused() {
    let nothing: ArrayRef = Arc::new(BooleanArray::from(vec![None::<bool>; 1 << 20]));
    let batch = RecordBatch::try_from_iter([("a", nothing)]).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(1 << 27))
        .set_data_page_row_count_limit(1 << 27)
        .set_write_batch_size(1 << 20)
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    for _ in 0..65 {
        writer.write(&batch).unwrap();
    }
    let bomb = writer.into_inner().unwrap();
    assert!(bomb.len() < 1 << 14, "{} bytes", bomb.len());
    assert_eq!(
        refused(&columns(&["a text"]), bomb),
        "parquet: more than 1100 rows or bytes come out of each byte (expected an extract)"
    );
}

#[test]
fn a_file_of_columns_takes_no_key_of_lines() {
    let error = |more: &str| {
        super::contract_error(&format!(
            "{more}\nshape = {{ kind = \"parquet\" }}\ncolumns = [{{ name = \"a\", type = \"text\" }}]"
        ))
    };
    assert!(error("charset = \"gb18030\"").contains("`charset` is for files of text"));
    assert!(
        error("header = { prefix = \"H\", date_field = 2 }").contains("`header` and `trailer`")
    );
    let delimited = "shape = { kind = \"delimited\", separator = \",\" }\ncolumns = [{ name = \"a\", type = \"date\" }]";
    assert!(super::contract_error(delimited).contains("needs `format`"));
}
