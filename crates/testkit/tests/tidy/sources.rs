//! Source files: their size and their first words.

use std::path::{Path, PathBuf};
use testkit::{files_below, read_text, repo_root};

/// Longest file.
const MOST_LINES: usize = 600;
/// From here on a look is worth while: do two subjects share one file?
const LOOK_FROM: usize = 400;

/// Every `.rs` file of the workspace, relative to the repository.
fn sources() -> Vec<PathBuf> {
    let root = repo_root();
    let files = ["crates", "benches"].map(|folder| files_below(&root.join(folder)));
    let sources = files.into_iter().flatten().filter(|f| f.extension().is_some_and(|e| e == "rs"));
    sources.map(|file| file.strip_prefix(&root).unwrap().to_owned()).collect()
}

/// Unit tests beside the module they test: their module has said what it is for.
fn is_tests(file: &Path) -> bool {
    file.ends_with("tests.rs") || file.iter().any(|part| part == "tests")
}

#[test]
fn no_file_is_too_long() {
    let mut too_long = Vec::new();
    for file in sources() {
        let lines = read_text(&repo_root().join(&file)).lines().count();
        if lines > LOOK_FROM {
            println!("long: {} has {lines} lines", file.display());
        }
        if lines > MOST_LINES {
            too_long.push(format!("{} ({lines})", file.display()));
        }
    }
    assert!(too_long.is_empty(), "over {MOST_LINES} lines: {}", too_long.join(", "));
}

#[test]
fn every_module_opens_by_saying_what_it_is_for() {
    let mut silent = Vec::new();
    for file in sources().into_iter().filter(|file| !is_tests(file)) {
        let text = read_text(&repo_root().join(&file));
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if first.strip_prefix("//! ").is_none_or(|says| says.trim().is_empty()) {
            silent.push(file.display().to_string());
        }
    }
    assert!(silent.is_empty(), "no `//!` sentence at the top of: {}", silent.join(", "));
}
