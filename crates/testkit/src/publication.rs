//! Conformance: two engines that ran the same night have published the same bytes. A lake is known
//! here by its names only: `segments/CURRENT` names a run, `segments/data/<run>` holds its set.
#![expect(clippy::panic, reason = "a test tool fails its test loudly")]

use crate::place::{files_below, read_text};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder of the published set of a lake; none when nothing was ever published.
pub fn published(lake: &Path) -> Option<PathBuf> {
    let pointer = lake.join("segments/CURRENT");
    let run = pointer.exists().then(|| read_text(&pointer))?;
    Some(lake.join("segments/data").join(run.trim_end()))
}

/// Compares the published sets of two lakes file by file, manifests with them; names the first file
/// that differs.
pub fn assert_same_publication(expected: &Path, actual: &Path) {
    let open = |lake: &Path| {
        published(lake).unwrap_or_else(|| panic!("nothing is published in {}", lake.display()))
    };
    if let Some(difference) = difference(&open(expected), &open(actual)) {
        panic!("{} is not published as {} is: {difference}", actual.display(), expected.display());
    }
}

/// Where two sets differ first.
fn difference(expected: &Path, actual: &Path) -> Option<String> {
    if expected.file_name() != actual.file_name() {
        // Inputs, job, binary, date or the night before are not the same: the rest says nothing.
        let [expected, actual] = [expected, actual].map(|set| set.display().to_string());
        return Some(format!("another run, {actual} where {expected} was expected"));
    }
    let [before, after] = [expected, actual].map(names);
    let named = |name: &PathBuf, what: &str| Some(format!("{} {what}", name.display()));
    if let Some(missing) = before.difference(&after).next() {
        return named(missing, "is missing");
    }
    if let Some(foreign) = after.difference(&before).next() {
        return named(foreign, "should not be there");
    }
    before.iter().find_map(|name| {
        let [before, after] = [expected, actual].map(|set| bytes(&set.join(name)));
        let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        let (old, new) = (before.len(), after.len());
        let differ = format!("differs from byte {same} on ({new} bytes, expected {old})");
        if before == after { None } else { named(name, &differ) }
    })
}

fn names(set: &Path) -> BTreeSet<PathBuf> {
    let below = |file: PathBuf| file.strip_prefix(set).map_or_else(|_| file.clone(), Into::into);
    files_below(set).into_iter().map(below).collect()
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::scratch;
    use std::fs;
    use tempfile::TempDir;

    fn lake(run: &str, files: &[(&str, &str)]) -> TempDir {
        let lake = scratch();
        for (name, text) in files {
            let path = lake.path().join("segments/data").join(run).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::write(lake.path().join("segments/CURRENT"), format!("{run}\n")).unwrap();
        lake
    }

    fn check(other: &TempDir, says: Option<&str>) {
        let one = lake("a", &[("manifest.json", "{}"), ("table/part", "rows")]);
        let [one, other] = [&one, other].map(|lake| published(lake.path()).unwrap());
        let found = difference(&one, &other);
        match (&found, says) {
            (Some(found), Some(says)) => assert!(found.contains(says), "{found}"),
            _ => assert_eq!(found.as_deref(), says),
        }
    }

    #[test]
    fn the_first_file_that_differs_is_named() {
        let manifest = ("manifest.json", "{}");
        check(&lake("a", &[manifest, ("table/part", "rows")]), None);
        check(&lake("a", &[manifest]), Some("table/part is missing"));
        let more = [manifest, ("table/part", "rows"), ("table/part-2", "")];
        check(&lake("a", &more), Some("table/part-2 should not be there"));
        let other = [manifest, ("table/part", "roes!")];
        check(&lake("a", &other), Some("table/part differs from byte 2 on (5 bytes, expected 4)"));
        check(&lake("b", &[manifest, ("table/part", "rows")]), Some("another run"));
    }

    #[test]
    #[should_panic(expected = "nothing is published in")]
    fn a_lake_without_a_night_is_told() {
        let one = lake("a", &[("manifest.json", "{}")]);
        assert_same_publication(one.path(), scratch().path());
    }
}
