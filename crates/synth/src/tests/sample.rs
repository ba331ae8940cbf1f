//! The sample bank in `data-samples/` is what the generator writes, and its catalogue is complete.

use super::{Scratch, bank, params};
use crate::feeds::FLAGS;
use crate::{Params, Summary};
use std::collections::BTreeSet;
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

/// Every file of the sample night and of its truth.
fn paths(summary: &Summary) -> BTreeSet<String> {
    let flags = FLAGS.iter().map(|(_, flag)| format!("night/20261120/{flag}"));
    let flags = flags.map(|flag| flag.replace("{date}", "20261120"));
    summary.files.iter().map(|file| file.path.clone()).chain(flags).collect()
}

fn names_below(kept: &Path) -> BTreeSet<String> {
    let names = ["night/20261120", "truth"].into_iter().flat_map(|folder| {
        let entries = std::fs::read_dir(kept.join(folder)).unwrap();
        let name = |entry: std::fs::DirEntry| entry.file_name().into_string().unwrap();
        entries.map(move |entry| format!("{folder}/{}", name(entry.unwrap())))
    });
    names.collect()
}

/// Writes the sample bank again where `UPDATE_GOLDEN=1` asks for it. What was only packed otherwise
/// stays as it is.
fn write_again(summary: &Summary, from: &Path, kept: &Path) {
    if std::env::var_os("UPDATE_GOLDEN").is_none_or(|value| value != "1") {
        return;
    }
    let (written, there) = (paths(summary), names_below(kept));
    for path in there.difference(&written) {
        std::fs::remove_file(kept.join(path)).unwrap();
    }
    for path in &written {
        if !there.contains(path) || content(&from.join(path)) != content(&kept.join(path)) {
            std::fs::copy(from.join(path), kept.join(path)).unwrap();
        }
    }
}

#[test]
fn the_sample_bank_is_what_the_generator_writes() {
    let scratch = Scratch::new("sample");
    let summary = bank(&sample(), &scratch.0, 2);
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data-samples");
    write_again(&summary, &scratch.0, &kept);
    assert_eq!(names_below(&kept), paths(&summary));
    for path in paths(&summary) {
        let (ours, theirs) = (content(&scratch.0.join(&path)), content(&kept.join(&path)));
        assert!(ours == theirs, "{path} differs: write the sample bank again (UPDATE_GOLDEN=1)");
    }
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
