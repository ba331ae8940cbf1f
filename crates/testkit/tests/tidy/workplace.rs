//! The repository stands on its own: nothing in it names the place where it was written.

use std::path::{Path, PathBuf};
use testkit::{files_below, repo_root};

/// Folders at the root that are made, not written.
const MADE: [&str; 3] = [".git", "target", "lake"];

/// Texts no file may hold. They are put together here, so that this file does not hold them either.
const NOWHERE: [&str; 8] = [
    concat!("/wo", "rk/"),
    concat!("farm", "-bench"),
    concat!("replace", "-with ="),
    concat!("sparse", "+http"),
    concat!("index", "-url"),
    concat!("GOPROXY", "="),
    concat!("CARGO_REGISTRIES", "_"),
    concat!("/ro", "ot/."),
];

/// Texts that only test helpers may hold: data that lies beside the repository.
const IN_TESTS_ONLY: [&str; 2] = [concat!("../", "shared"), concat!("shared", "/data")];

/// Every file of the repository, relative to its root.
fn files() -> Vec<PathBuf> {
    let root = repo_root();
    let is_made = |name: &std::ffi::OsStr| MADE.iter().any(|made| name == *made);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&root).unwrap() {
        let entry = entry.unwrap();
        if is_made(&entry.file_name()) {
            continue;
        }
        let path = entry.path();
        files.extend(if path.is_dir() { files_below(&path) } else { vec![path] });
    }
    files.iter().map(|file| file.strip_prefix(&root).unwrap().to_owned()).collect()
}

fn is_test_helper(file: &Path) -> bool {
    let in_tests = file.iter().any(|part| part == "tests") || file.ends_with("tests.rs");
    in_tests || file.starts_with("crates/testkit") || file.starts_with("benches")
}

/// The texts of a list that stand in a file, each with the file.
fn held(file: &Path, texts: &[&str]) -> Vec<String> {
    let bytes = std::fs::read(repo_root().join(file)).unwrap();
    let Ok(text) = String::from_utf8(bytes) else { return Vec::new() };
    let held = texts.iter().filter(|searched| text.contains(**searched));
    held.map(|searched| format!("{}: `{searched}`", file.display())).collect()
}

#[test]
fn no_file_names_the_workplace() {
    let found: Vec<String> = files().iter().flat_map(|file| held(file, &NOWHERE)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_test_helpers_look_beside_the_repository() {
    let files = files().into_iter().filter(|file| !is_test_helper(file));
    let found: Vec<String> = files.flat_map(|file| held(&file, &IN_TESTS_ONLY)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
