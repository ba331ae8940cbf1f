//! The sample bank in `data-samples/` is what the generator writes, and its catalogue is complete.

use super::{Scratch, bank, params};
use crate::feeds::FLAGS;
use crate::{Params, Summary};
use std::io::Read as _;
use std::path::{Path, PathBuf};

const CATALOGUE: &str = include_str!("../../../../data-samples/README.md");

fn sample() -> Params {
    Params { seed: 20_261_120, ..params(1_500, 1, true) }
}

/// A file's content: packers differ from build to build, what they pack does not.
fn content(path: &Path) -> Vec<u8> {
    let raw = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut bytes = Vec::new();
    match path.extension().and_then(|end| end.to_str()) {
        Some("gz") => {
            flate2::read::GzDecoder::new(raw.as_slice()).read_to_end(&mut bytes).unwrap();
        }
        Some("zst") => bytes = zstd::decode_all(raw.as_slice()).unwrap(),
        _ => bytes = raw,
    }
    bytes
}

/// Writes the sample bank again where the golden files are asked to be: by hand it is
/// `clientele synth`, as its catalogue says.
fn write_again(summary: &Summary, from: &Path, kept: &Path) {
    if std::env::var_os("UPDATE_GOLDEN").is_none_or(|value| value.is_empty()) {
        return;
    }
    for folder in ["night", "truth"] {
        std::fs::remove_dir_all(kept.join(folder)).unwrap();
    }
    let flags = FLAGS.map(|(_, flag)| format!("night/20261120/{}", flag.replace("{date}", "20261120")));
    let files = summary.files.iter().map(|file| &file.path).chain(&flags);
    for path in files {
        std::fs::create_dir_all(kept.join(path).parent().unwrap()).unwrap();
        std::fs::copy(from.join(path), kept.join(path)).unwrap();
    }
}

#[test]
fn the_sample_bank_is_what_the_generator_writes() {
    let scratch = Scratch::new("sample");
    let summary = bank(&sample(), &scratch.0, 2);
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data-samples");
    write_again(&summary, &scratch.0, &kept);
    for file in &summary.files {
        let (ours, theirs) =
            (content(&scratch.0.join(&file.path)), content(&kept.join(&file.path)));
        assert!(ours == theirs, "{} differs: write the sample bank again", file.path);
    }
    let there = std::fs::read_dir(kept.join("night/20261120")).unwrap().count();
    let written = summary.files.iter().filter(|file| file.path.starts_with("night/")).count();
    assert_eq!(there, written + FLAGS.len(), "files of the night that nothing writes");
    let bytes: u64 = summary.files.iter().map(|f| f.bytes).sum();
    assert!(bytes < 4_600_000, "{bytes}");
}

#[test]
fn the_catalogue_names_every_file_and_every_planted_row() {
    let scratch = Scratch::new("catalogue");
    let summary = bank(&sample(), &scratch.0, 2);
    for file in &summary.files {
        let name = file.path.rsplit('/').next().unwrap();
        assert!(CATALOGUE.contains(&format!("`{name}`")), "{name} is not in the catalogue");
    }
    for fault in &summary.faults {
        let name = fault.file.rsplit('/').next().unwrap();
        let line = format!("| `{name}` | {} | {} | {} |", fault.line, fault.what, fault.fate);
        assert!(CATALOGUE.contains(&line), "not in the catalogue: {line}");
    }
}
