//! Fuzzing in the ordinary test run, on stable Rust: the corpus is read, then mutated for as many
//! seconds as `CLIENTELE_FUZZ_SECONDS` says (2 where it says nothing). What a mutation shows for the
//! first time joins the corpus of the run. No input may make the gate panic, take a second, or lose
//! a row; one on which a call does not come back ends the run after 30 seconds.
//!
//! A new target is a function in `targets.rs` with its line in `TARGETS`, a folder in `tests/corpus`, and
//! a test here.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails loudly, and says on what"
)]

mod mutate;
mod targets;
mod watch;

use mutate::Mutator;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};
use targets::{Shown, Target};
use watch::Watch;

/// Longest that a call may take.
const CALL: Duration = Duration::from_secs(1);

/// Most inputs to mutate.
const POOL: usize = 1 << 11;

fn seconds() -> u64 {
    let given = std::env::var("CLIENTELE_FUZZ_SECONDS");
    given.ok().and_then(|text| text.parse().ok()).unwrap_or(2)
}

/// The files of a target's corpus, in the order of their names.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no corpus in {}", folder.display());
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Calls the target; an input that fails is printed, so that it can join the corpus.
fn call(name: &str, target: Target, input: &[u8], watch: &Watch) -> Shown {
    let _watched = watch.over(input);
    let print = |why: &str| println!("{name}: {why}, on b\"{}\"", input.escape_ascii());
    let once = || {
        let begun = Instant::now();
        let shown = catch_unwind(AssertUnwindSafe(|| target(input))).unwrap_or_else(|panic| {
            print("panic");
            resume_unwind(panic)
        });
        (shown, begun.elapsed())
    };
    let (shown, took) = once();
    // A machine that is busy may make a call slow once.
    if took > CALL && once().1 > CALL && once().1 > CALL {
        print("too slow");
        panic!("{name}: a call takes more than {CALL:?}");
    }
    shown
}

fn fuzz(name: &str) {
    let target = targets::named(name).unwrap();
    let watch = Watch::begin(name);
    let (begun, budget) = (Instant::now(), Duration::from_secs(seconds()));
    let mut pool = corpus(name);
    let mut seen: HashSet<Shown> =
        pool.iter().map(|input| call(name, target, input, &watch)).collect();
    let known = seen.len();
    let mut mutator = Mutator::new(name);
    let mut calls = 0_u64;
    while begun.elapsed() < budget {
        let input = mutator.mutate(&pool);
        let shown = call(name, target, &input, &watch);
        calls += 1;
        if seen.insert(shown) && pool.len() < POOL {
            pool.push(input);
        }
    }
    println!("{name}: {calls} calls; {known} answers to the corpus, {} in all", seen.len());
    assert!(calls == 0 || seen.len() > known, "{name}: no mutation showed anything new");
}

#[test]
fn delimited() {
    fuzz("delimited");
}

#[test]
fn quoted() {
    fuzz("quoted");
}

#[test]
fn fixed() {
    fuzz("fixed");
}

#[test]
fn json_lines() {
    fuzz("json_lines");
}

#[test]
fn controls() {
    fuzz("controls");
}

#[test]
fn records() {
    fuzz("records");
}

#[test]
fn layouts() {
    fuzz("layouts");
}

#[test]
fn copybook() {
    fuzz("copybook");
}

#[test]
fn contract() {
    fuzz("contract");
}

#[test]
fn job() {
    fuzz("job");
}
