//! Manifests: what every crate declares, and what the lockfile costs.

use std::collections::{BTreeMap, BTreeSet};
use testkit::{read_text, repo_root};
use toml::{Table, Value};

/// Lockfiles, and most packages in each. Think twice before raising a number.
const LOCKED_PACKAGES: [(&str, usize); 2] =
    [("Cargo.lock", 470), ("crates/cluster/Cargo.lock", 620)];

/// Where dependencies are chosen: the section of the manifest in which each says what it is for.
const CHOSEN: [(&str, &str); 2] = [
    ("Cargo.toml", "\n[workspace.dependencies]\n"),
    ("crates/cluster/Cargo.toml", "\n[dependencies]\n"),
];

/// Where every package comes from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What a crate's `Cargo.toml` says.
pub(crate) struct Manifest {
    pub(crate) name: String,
    pub(crate) dependencies: BTreeSet<String>,
    pub(crate) test_dependencies: BTreeSet<String>,
    inherits_lints: bool,
}

/// The manifests of `crates/*`.
pub(crate) fn crates() -> Vec<Manifest> {
    let folder = repo_root().join("crates");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let manifest = parse(&path.join("Cargo.toml"));
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(manifest["package"]["name"].as_str(), Some(name.as_str()), "folder and name");
        let names = |section: &str| -> BTreeSet<String> {
            let table = manifest.get(section).and_then(Value::as_table);
            table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
        };
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        let mut dependencies = names("dependencies");
        dependencies.extend(names("build-dependencies"));
        let inherits_lints = lints == Some(&Value::Boolean(true));
        let test_dependencies = names("dev-dependencies");
        assert!(!manifest.contains_key("target"), "`{name}`: one list of dependencies for all");
        found.push(Manifest { name, dependencies, test_dependencies, inherits_lints });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The names each locked package depends on.
pub(crate) fn locked_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in locked("Cargo.lock") {
        let name = package["name"].as_str().unwrap().to_owned();
        let listed = package.get("dependencies").and_then(Value::as_array);
        let names = listed.into_iter().flatten().filter_map(Value::as_str);
        let first_word = |text: &str| text.split(' ').next().unwrap_or(text).to_owned();
        all.entry(name).or_default().extend(names.map(first_word));
    }
    all
}

fn locked(lockfile: &str) -> Vec<Value> {
    parse(&repo_root().join(lockfile))["package"].as_array().unwrap().clone()
}

fn parse(path: &std::path::Path) -> Table {
    let text = read_text(path);
    text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for of in crates() {
        assert!(of.inherits_lints, "`{}` lacks `[lints] workspace = true`", of.name);
    }
}

#[test]
fn the_other_workspace_has_the_same_lints() {
    let lints = |path: &str| parse(&repo_root().join(path))["workspace"]["lints"].clone();
    assert_eq!(lints("Cargo.toml"), lints("crates/cluster/Cargo.toml"));
}

#[test]
fn no_engine_of_a_cluster_enters_the_main_lockfile() {
    let foreign = |name: &String| name.starts_with("ballista") || name.starts_with("datafusion");
    assert_eq!(locked_dependencies().keys().find(|name| foreign(name)), None);
}

#[test]
fn every_dependency_says_what_it_is_for() {
    for (path, heading) in CHOSEN {
        let text = read_text(&repo_root().join(path));
        let (_, section) = text.split_once(heading).unwrap();
        let (section, _) = section.split_once("\n[").unwrap();
        let named = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
        for line in section.lines().filter(named) {
            let says = line.split_once(" # ").is_some_and(|(_, why)| !why.trim().is_empty());
            assert!(says || line.contains("path ="), "no `# what it is for` behind: {line}");
        }
    }
}

#[test]
fn the_lockfiles_keep_their_budget() {
    for (path, most) in LOCKED_PACKAGES {
        let packages = locked(path).len();
        println!("{path} holds {packages} packages of at most {most}");
        assert!(packages <= most, "{path}: {packages} packages: which of them can be left out?");
    }
}

#[test]
fn every_package_comes_from_the_public_registry() {
    for package in LOCKED_PACKAGES.iter().flat_map(|(path, _)| locked(path)) {
        let source = package.get("source").and_then(Value::as_str);
        assert!(source.is_none_or(|source| source == REGISTRY), "{}: {source:?}", package["name"]);
    }
}
