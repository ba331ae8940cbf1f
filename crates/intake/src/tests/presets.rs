//! Every preset reads a small file of its shape.

use super::columnar::{decimals, texts, written};
use super::packages::{archive, file};
use super::read;
use super::sheets::workbook;
use crate::decode::encode;
use arrow::array::Date32Array;
use encoding_rs::GB18030;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::{CharSet, FeedContract, SourceContract};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../jobs/presets")
}

fn preset(name: &str) -> FeedContract {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    SourceContract::parse(&text, name).unwrap().feeds.remove(0)
}

fn packed(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes.as_ref()).unwrap();
    packer.finish().unwrap()
}

/// A record in EBCDIC behind its RDW, with a packed number.
fn record() -> Vec<u8> {
    let text = |text: &str| encode(CharSet::Cp037, text).unwrap();
    let packed = vec![0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x0c];
    let row = [text("6214000000000001WANG XIAOMING       "), packed, text("20200131A")].concat();
    let length = u16::try_from(row.len() + 4).unwrap();
    [&length.to_be_bytes(), &[0, 0][..], &row].concat()
}

/// A Parquet file whose columns stand in another order.
fn columns() -> Vec<u8> {
    written(vec![
        ("bal", decimals(vec![Some(-500)], 2)),
        ("day", Arc::new(Date32Array::from(vec![20_757]))),
        ("acct_no", texts(&[Some("A1")])),
    ])
}

/// The result of a query, as it is landed.
fn landed() -> Vec<u8> {
    b"event_no,acct_no,posted_on,amount\nE1,A1,2026-11-20,-2.50\n".to_vec()
}

/// The samples: preset, bytes, rows as they are shown.
fn samples() -> Vec<(&'static str, Vec<u8>, Vec<&'static str>)> {
    let gb18030 = |text: &str| GB18030.encode(text).0.into_owned();
    vec![
        (
            "delimited_gb18030.toml",
            gb18030(
                "cust_no|+|cust_name|+|cert_no|+|open_dt|+|year_income|+|cust_stat\n\
                 C1|+|王小明|+||+|20200131|+|120000.5|+|A\n",
            ),
            vec!["2: C1, 王小明, -, 2020-01-31, 12000050, A"],
        ),
        (
            "hive_0x01.toml",
            b"A1\x012026-10-31\x01-5.00\x01\\N\n".to_vec(),
            vec!["1: A1, 2026-10-31, -500, -"],
        ),
        (
            "csv_header_trailer.toml",
            b"HDR,20261120\nR1,L1,2026-11-03,10.00,\"a, b\"\nR2,L1,2026-11-04,0.50,\nTRL,2,10.50\n"
                .to_vec(),
            vec!["2: R1, L1, 2026-11-03, 1000, a, b", "3: R2, L1, 2026-11-04, 50, -"],
        ),
        (
            "fixed_width.toml",
            gb18030("6214000000000001王小明                   5000.0020200131A\n"),
            vec!["1: 6214000000000001, 王小明, 500000, 2020-01-31, A"],
        ),
        (
            "json_lines.toml",
            b"{\"contact\":\"K1\",\"user_no\":\"U1\",\"day\":\"2026-11-01\",\"seconds\":35}\n"
                .to_vec(),
            vec!["1: K1, U1, 2026-11-01, -, 35"],
        ),
        (
            "mainframe_records.toml",
            record(),
            vec!["1: 6214000000000001, WANG XIAOMING, 500000, 2020-01-31, A"],
        ),
        ("parquet.toml", columns(), vec!["1: A1, 2026-10-31, -500"]),
        (
            "sheet.toml",
            workbook(
                "Answers",
                &[
                    "A:t:answer_no B:t:client_ref C:t:day D:t:score",
                    "A:t:V1 B:t:C1 C:d:46326 D:n:9",
                ],
            ),
            vec!["2: V1, C1, 2026-10-31, 9"],
        ),
        (
            "package.toml",
            packed(archive(&[file("DEP_ACCT.dat", "A1|!|20200131|!|0\n")])),
            vec!["1: A1, 2020-01-31, 0"],
        ),
        (
            "utf16_tabs.toml",
            "\u{feff}visit_no\tclient_ref\tday\tmatter\nV1\tC1\t2026-11-03\t贷款\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            vec!["2: V1, C1, 2026-11-03, 贷款"],
        ),
        (
            "delta.toml",
            b"op,card_no,opened\nU,K1,2020-01-31\n".to_vec(),
            vec!["2: U, K1, 2020-01-31"],
        ),
        ("postgresql.toml", landed(), vec!["2: E1, A1, 2026-11-20, -250"]),
        ("odbc.toml", landed(), vec!["2: E1, A1, 2026-11-20, -250"]),
        (
            "packed.toml",
            packed("\"user_id\";\"day\";\"touchpoint\";\"logins\"\nU1;2026-11-01;app;7\n"),
            vec!["2: U1, 2026-11-01, app, 7"],
        ),
    ]
}

#[test]
fn every_preset_reads_a_file_of_its_shape() {
    for (name, bytes, rows) in samples() {
        let run = read(&preset(name), bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        let reasons: Vec<&String> = run.outcome.rejects.iter().map(|r| &r.reason).collect();
        assert_eq!(run.rows, rows, "{name}: {reasons:?}");
    }
}

#[test]
fn every_preset_has_a_sample() {
    let there = std::fs::read_dir(folder()).unwrap();
    let there: BTreeSet<String> =
        there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let sampled: BTreeSet<String> = samples().iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(there, sampled);
}
