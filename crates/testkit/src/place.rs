//! Where things are: the repository, shared data, scratch folders.
#![expect(clippy::panic, clippy::print_stdout, reason = "a test tool fails its test loudly")]

use std::path::{Path, PathBuf};
use std::{fs, io};
use tempfile::TempDir;

/// The folder that holds `Cargo.lock` and `jobs`, above the crate whose tests run. Asked when the test runs: a
/// target folder may be shared by several clones.
pub fn repo_root() -> PathBuf {
    let built = || env!("CARGO_MANIFEST_DIR").into();
    let from = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(built, PathBuf::from);
    let is_root =
        |folder: &&Path| folder.join("Cargo.lock").is_file() && folder.join("jobs").is_dir();
    let root = from.ancestors().find(is_root);
    root.unwrap_or_else(|| panic!("no Cargo.lock above {}", from.display())).to_owned()
}

/// A file or folder of the shared data, or nothing and a line that says so: a test that wants it
/// passes without it.
///
/// The data lies in the folder that `CLIENTELE_SHARED_DATA` names, else beside the repository.
pub fn shared_data(path: &str) -> Option<PathBuf> {
    let beside = || repo_root().join("../shared/data");
    let root = std::env::var_os("CLIENTELE_SHARED_DATA").map_or_else(beside, PathBuf::from);
    let found = Some(root.join(path)).filter(|found| found.exists());
    if found.is_none() {
        println!(
            "skipped: shared data `{path}` is not present (CLIENTELE_SHARED_DATA names its folder)"
        );
    }
    found
}

/// An empty folder that is removed when dropped. It lies below `TMPDIR`.
pub fn scratch() -> TempDir {
    TempDir::with_prefix("clientele-")
        .unwrap_or_else(|e| panic!("cannot make a scratch folder: {e}"))
}

/// Copies everything below a folder into another one, which is made when it is not there. Symbolic
/// links stay links; folders without a file are left out.
pub fn copy_tree(from: &Path, to: &Path) {
    for file in files_below(from) {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        let parent = target.parent().unwrap_or(to);
        let copied = fs::create_dir_all(parent).and_then(|()| copy(&file, &target));
        copied
            .unwrap_or_else(|e| panic!("cannot copy {} to {}: {e}", file.display(), to.display()));
    }
}

fn copy(file: &Path, target: &Path) -> io::Result<()> {
    if file.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(file)?, target);
    }
    fs::copy(file, target).map(|_| ())
}

/// Every file below a folder, sorted by path; symbolic links are not followed.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in entries(&folder) {
            if entry.is_dir() && !entry.is_symlink() {
                folders.push(entry);
            } else {
                files.push(entry);
            }
        }
    }
    files.sort();
    files
}

/// The text of a file.
pub fn read_text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<_, _>>());
    listed.unwrap_or_else(|e| panic!("cannot list {}: {e}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(read_text(&repo_root().join("Cargo.toml")).contains("[workspace]"));
    }

    #[test]
    fn a_tree_is_copied_with_its_folders() {
        let (from, to) = (scratch(), scratch());
        fs::create_dir_all(from.path().join("a/b")).unwrap();
        fs::write(from.path().join("a/b/one"), "1").unwrap();
        fs::write(from.path().join("two"), "2").unwrap();
        std::os::unix::fs::symlink("a/b", from.path().join("link")).unwrap();
        copy_tree(from.path(), &to.path().join("copy"));
        let copied = files_below(&to.path().join("copy"));
        let names: Vec<_> = copied.iter().map(|f| f.strip_prefix(to.path()).unwrap()).collect();
        assert_eq!(names, ["copy/a/b/one", "copy/link", "copy/two"].map(Path::new));
        assert_eq!(read_text(&copied[0]), "1");
        assert_eq!(fs::read_link(&copied[1]).unwrap(), Path::new("a/b"));
    }

    #[test]
    fn absent_data_is_nothing() {
        assert_eq!(shared_data("no/such/data"), None);
    }
}
