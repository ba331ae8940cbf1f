//! Every preset reads a small file of its shape.

use super::read;
use encoding_rs::GB18030;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::{FeedContract, SourceContract};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../jobs/presets")
}

fn preset(name: &str) -> FeedContract {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    SourceContract::parse(&text, name).unwrap().feeds.remove(0)
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
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
