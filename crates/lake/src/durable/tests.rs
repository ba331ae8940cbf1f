use super::*;

const POINTS: Points = ["", "", "", ""];

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn folders_and_files_have_their_modes() {
    let scratch = tempfile::tempdir().unwrap();
    let deep = scratch.path().join("a/b/c");
    make_folders(scratch.path(), &deep).unwrap();
    replace(&deep.join("file"), b"1", &POINTS).unwrap();
    assert_eq!([mode(&scratch.path().join("a")), mode(&deep)], [0o750, 0o750]);
    assert_eq!(mode(&deep.join("file")), 0o640);
}

#[test]
fn a_replaced_file_leaves_no_temporary_name() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("file");
    replace(&path, b"old", &POINTS).unwrap();
    replace(&path, b"new", &POINTS).unwrap();
    assert_eq!(read(&path).unwrap().unwrap(), b"new");
    assert_eq!(list(scratch.path()).unwrap().len(), 1);
}

#[test]
fn a_link_is_replaced_even_after_a_leftover() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("current");
    for target in ["data/a", "data/b"] {
        symlink("stray", beside(&path)).unwrap();
        replace_link(&path, Path::new(target), &["", "", ""]).unwrap();
        assert_eq!(fs::read_link(&path).unwrap(), Path::new(target));
    }
}

#[test]
fn a_fresh_folder_is_empty_and_what_is_gone_is_no_error() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("staging");
    fresh_folder(scratch.path(), &folder).unwrap();
    fs::write(folder.join("partial"), b"x").unwrap();
    fresh_folder(scratch.path(), &folder).unwrap();
    assert_eq!(list(&folder).unwrap(), []);
    assert!(remove(&folder).unwrap());
    assert!(!remove(&folder).unwrap());
    assert_eq!(read(&folder.join("none")).unwrap(), None);
}

#[test]
fn a_refused_write_names_path_and_bytes() {
    let scratch = tempfile::tempdir().unwrap();
    let error = replace(&scratch.path().join("no/file"), b"12345", &POINTS).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("no/file.tmp") && text.contains("(5 bytes needed)"), "{text}");
}
