//! Walls: which crate may know which, and who keeps a library to itself. `ARCHITECTURE.md` says why.

use crate::manifests::{Manifest, crates, locked_dependencies};
use std::collections::BTreeSet;

/// What a crate may use of the house, floor by floor. A crate that is not here has no floor yet.
const MAY_USE: &[(&str, &[&str])] = &[
    // floor 0
    ("model", &[]),
    // floor 1
    ("lake", &["model"]),
    // floor 2: blind to each other
    ("intake", &["model"]),
    ("landing", &["model"]),
    ("identity", &["model"]),
    ("value", &["model"]),
    ("loyalty", &["model"]),
    ("segment", &["model"]),
    // floor 3
    ("night", &["model", "lake", "intake"]),
    ("stages", &["model", "night", "identity", "value", "loyalty", "segment"]),
    // floor 4
    ("worker", &["model", "intake", "night", "stages"]),
    // floor 5
    ("local", &["night", "worker"]),
    // floor 6
    ("cli", &["model", "lake", "intake", "landing", "night", "worker", "local", "synth"]),
    // floor 7, a workspace of its own
    ("cluster", &["model", "night", "worker", "local", "cli"]),
    // beside the house
    ("synth", &["model", "intake"]),
    ("testkit", &["model"]),
];

/// What the tests of every crate may use besides.
const TESTS_MAY_USE: &[&str] = &["testkit", "synth"];

/// What the tests of a crate may use besides that: the measures by which a whole night is judged, and
/// the gate that reads what was written.
const TESTS_OF: &[(&str, &[&str])] =
    &[("cli", &["identity", "value", "segment"]), ("landing", &["intake"])];

/// Engines, whole families of crates, and who alone may name them, in tests too.
const ENGINES: &[(&str, &[&str])] =
    &[("polars", &["stages", "worker"]), ("datafusion", &["cluster"]), ("ballista", &["cluster"])];

/// Other libraries with a keeper.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("arrow", &["intake", "worker", "cli"]),
    ("parquet", &["lake", "intake", "cli", "synth"]),
    ("calamine", &["intake"]),
    ("zip", &["intake", "synth"]),
    ("zstd", &["intake", "synth"]),
    ("rusqlite", &["lake"]),
    ("encoding_rs", &["intake", "synth"]),
    ("odbc-api", &["landing"]),
    ("rustls", &["landing"]),
    ("ring", &["landing"]),
    ("clap", &["cli", "cluster"]),
    ("comfy-table", &["cli"]),
    ("indicatif", &["cli"]),
];

/// Crates that have to build without any engine, by whatever road.
const WITHOUT_ENGINE: &[&str] = &[
    "model", "lake", "intake", "landing", "identity", "value", "loyalty", "segment", "night",
    "synth",
];

fn is_of(library: &str, dependency: &str) -> bool {
    let rest = dependency.strip_prefix(library);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn allowed(of: &Manifest) -> &'static [&'static str] {
    let found = MAY_USE.iter().find(|(name, _)| *name == of.name);
    let (_, allowed) = found.unwrap_or_else(|| {
        panic!("crate `{}` has no floor: add it to MAY_USE and to ARCHITECTURE.md", of.name)
    });
    allowed
}

#[test]
fn a_crate_uses_only_lower_floors() {
    let house: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    for of in crates() {
        let allowed = allowed(&of);
        let foreign = |name: &&String| house.contains(name.as_str()) && **name != of.name;
        for name in of.dependencies.iter().filter(foreign) {
            assert!(
                allowed.contains(&name.as_str()),
                "`{}` may not use `{name}` (it may use: {})",
                of.name,
                allowed.join(", ")
            );
        }
        let more = TESTS_OF.iter().find(|(name, _)| *name == of.name).map_or(&[][..], |(_, m)| m);
        let in_tests = [allowed, TESTS_MAY_USE, more].concat();
        for name in of.test_dependencies.iter().filter(foreign) {
            assert!(
                in_tests.contains(&name.as_str()),
                "tests of `{}` may not use `{name}` (they may use: {})",
                of.name,
                in_tests.join(", ")
            );
        }
    }
}

#[test]
fn the_table_of_floors_has_no_ghosts_and_no_cycles() {
    let crates: BTreeSet<String> = crates().into_iter().map(|c| c.name).collect();
    let mut below: BTreeSet<&str> = BTreeSet::from(["synth", "testkit"]);
    for (name, allowed) in MAY_USE {
        assert!(crates.contains(*name), "MAY_USE names `{name}`, which is no crate");
        let above = allowed.iter().find(|used| !below.contains(*used));
        assert_eq!(above, None, "`{name}` uses a crate that stands after it");
        below.insert(*name);
    }
}

#[test]
fn an_engine_is_named_by_its_keepers_only() {
    for of in crates() {
        for name in of.dependencies.iter().chain(&of.test_dependencies) {
            for (engine, keepers) in ENGINES {
                let kept = !is_of(engine, name) || keepers.contains(&of.name.as_str());
                assert!(kept, "`{}` names `{name}` (only {keepers:?} may)", of.name);
            }
        }
    }
}

#[test]
fn a_library_is_named_by_its_keepers_only() {
    for of in crates() {
        for name in &of.dependencies {
            for (library, keepers) in LIBRARIES {
                let kept = name != library || keepers.contains(&of.name.as_str());
                assert!(kept, "`{}` names `{name}` (only {keepers:?} may)", of.name);
            }
        }
    }
}

#[test]
fn the_pure_crates_build_without_an_engine() {
    let locked = locked_dependencies();
    for pure in WITHOUT_ENGINE {
        let mut reached = BTreeSet::new();
        let mut open = vec![(*pure).to_owned()];
        while let Some(name) = open.pop() {
            let next = locked.get(&name).into_iter().flatten();
            open.extend(next.filter(|next| !reached.contains(*next)).cloned());
            reached.insert(name);
        }
        assert!(reached.len() > 1, "`{pure}` is not in Cargo.lock");
        let engine = |name: &&String| ENGINES.iter().any(|(engine, _)| is_of(engine, name));
        assert_eq!(reached.iter().find(engine), None, "`{pure}` pulls in an engine");
    }
}
