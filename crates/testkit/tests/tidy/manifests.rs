//! Manifests: what every crate declares, and what the lockfile costs.

use std::collections::{BTreeMap, BTreeSet};
use testkit::{read_text, repo_root};
use toml::{Table, Value};

/// Most packages in `Cargo.lock`. Think twice before raising it.
const LOCKED_PACKAGES: usize = 470;

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
    for package in locked() {
        let name = package["name"].as_str().unwrap().to_owned();
        let listed = package.get("dependencies").and_then(Value::as_array);
        let names = listed.into_iter().flatten().filter_map(Value::as_str);
        let first_word = |text: &str| text.split(' ').next().unwrap_or(text).to_owned();
        all.entry(name).or_default().extend(names.map(first_word));
    }
    all
}

fn locked() -> Vec<Value> {
    parse(&repo_root().join("Cargo.lock"))["package"].as_array().unwrap().clone()
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
fn every_dependency_says_what_it_is_for() {
    let text = read_text(&repo_root().join("Cargo.toml"));
    let (_, section) = text.split_once("\n[workspace.dependencies]\n").unwrap();
    let (section, _) = section.split_once("\n[").unwrap();
    for line in section.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
        let says = line.split_once(" # ").is_some_and(|(_, why)| !why.trim().is_empty());
        assert!(says || line.contains("path ="), "no `# what it is for` behind: {line}");
    }
}

#[test]
fn the_lockfile_keeps_its_budget() {
    let packages = locked().len();
    println!("Cargo.lock holds {packages} packages of at most {LOCKED_PACKAGES}");
    assert!(packages <= LOCKED_PACKAGES, "{packages} packages: which of them can be left out?");
}

#[test]
fn every_package_comes_from_the_public_registry() {
    for package in locked() {
        let source = package.get("source").and_then(Value::as_str);
        assert!(source.is_none_or(|source| source == REGISTRY), "{}: {source:?}", package["name"]);
    }
}
