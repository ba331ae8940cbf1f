//! The sample bank: its catalogue names every file of it.

use testkit::{files_below, read_text, repo_root};

/// A file name with its dates as a pattern: `DEP_{date}.OK` for `DEP_20261120.OK`.
fn pattern(name: &str) -> String {
    let mut pattern = String::new();
    let mut rest = name;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = rest[at..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - at);
        pattern.push_str(&rest[..at]);
        pattern.push_str(if digits == 8 { "{date}" } else { &rest[at..at + digits] });
        rest = &rest[at + digits..];
    }
    pattern + rest
}

#[test]
fn a_pattern_stands_for_every_night() {
    assert_eq!(pattern("DEP_CUST_20261120.dat.gz"), "DEP_CUST_{date}.dat.gz");
    assert_eq!(pattern("part-1.csv"), "part-1.csv");
}

#[test]
fn every_sample_file_is_in_the_catalogue() {
    let folder = repo_root().join("data-samples");
    let catalogue = read_text(&folder.join("README.md"));
    let is_named = |name: &str| {
        let names = [format!("`{name}`"), format!("`{}`", pattern(name))];
        names.iter().any(|name| catalogue.contains(name))
    };
    let files = files_below(&folder).into_iter().filter(|file| !file.ends_with("README.md"));
    let names = files.map(|file| file.file_name().unwrap().to_string_lossy().into_owned());
    let missing: Vec<String> = names.filter(|name| !is_named(name)).collect();
    assert!(missing.is_empty(), "not in data-samples/README.md: {}", missing.join(", "));
}
