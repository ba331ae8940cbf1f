//! S5: files 0640 and folders 0750, whatever the umask.

use crate::child::child_under;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn check(folder: &Path) -> usize {
    let mut checked = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = fs::symlink_metadata(&path).unwrap();
        if found.is_symlink() {
            continue;
        }
        let expected = if found.is_dir() { 0o750 } else { 0o640 };
        let mode = found.permissions().mode() & 0o7777;
        assert_eq!(mode, expected, "{} has {mode:o}", path.display());
        checked += 1;
        if found.is_dir() {
            checked += check(&path);
        }
    }
    checked
}

#[test]
fn modes_do_not_depend_on_the_umask() {
    for umask in ["0000", "0077"] {
        let scratch = tempfile::tempdir().unwrap();
        let lake = scratch.path().join("lake");
        let shell = ["sh", "-c", &format!("umask {umask}; exec \"$0\" \"$@\"")];
        let status = child_under(&shell, &lake, "night run-1 2026-11-20").status().unwrap();
        assert!(status.success(), "{status}");
        assert!(check(scratch.path()) > 20);
    }
}
