//! A target for libFuzzer; which one, the name of the binary says. The targets are those of the ordinary test
//! run, with their corpora: `README.md` says how to run them.

#![no_main]

#[path = "../crates/intake/tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some(target) = targets::named(env!("CARGO_BIN_NAME")) {
        target(data);
    }
});
