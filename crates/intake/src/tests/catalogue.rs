//! The catalogue of what a file can be: one module per id, its fixtures made in the test, held to
//! the figures that the catalogue asks for.
//!
//! I6 (late and missing files) is in `arrival`; I9 (scores that are no number) is in
//! `value` and `loyalty`.

mod i01_truncated;
mod i02_encodings;
mod i03_columns;
mod i04_controls;
mod i05_duplicates;
mod i07_drift;
mod i08_numbers;
mod i10_dates;
mod i11_bombs;

use super::{feed, taken};

/// Numbers that look random and are the same every time (Steele, Lea and Flood 2014, `SplitMix64`).
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// Values of one column, and for each what it is read as; none where its row is rejected.
#[track_caller]
pub(super) fn check_values(column: &str, cases: &[(&str, Option<&str>)]) {
    let feed = feed(&format!(
        "shape = {{ kind = \"delimited\", separator = \"|\" }}\n\
         columns = [{{ name = \"v\", {column} }}, {{ name = \"w\", type = \"text\" }}]"
    ));
    for (text, expected) in cases {
        let (rows, rejects) = taken(&feed, format!("{text}|w\n"));
        let expected: Vec<_> = expected.iter().map(|value| format!("1: {value}, w")).collect();
        assert_eq!(rows, expected, "{text}");
        assert_eq!(rows.len() + rejects.len(), 1, "{text}");
        assert!(rejects.iter().all(|reject| reject.starts_with("1 v: ")), "{text} {rejects:?}");
        let told = |reject: &String| text.len() > 3 && reject.contains(text);
        assert!(!rejects.iter().any(told), "the value stands in {rejects:?}");
    }
}
