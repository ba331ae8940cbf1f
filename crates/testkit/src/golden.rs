//! Golden files: what a test wrote once, a person reviewed, and every test since compares with.
#![expect(clippy::panic, reason = "a test tool fails its test loudly")]

use crate::place::read_text;
use std::fmt::Write;
use std::path::Path;

/// Lines of a difference that are shown.
const SHOWN: usize = 40;
/// Equal lines shown before a difference.
const CONTEXT: usize = 2;
/// How far ahead equal lines are looked for.
const AHEAD: usize = 400;

/// Compares a text, a CSV table for one, with a golden file; `UPDATE_GOLDEN=1` writes the file
/// instead.
pub fn assert_golden(path: &Path, actual: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        let folder = path.parent().unwrap_or(Path::new("."));
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, actual));
        return written.unwrap_or_else(|e| panic!("cannot write {}: {e}", path.display()));
    }
    assert!(path.exists(), "{} is not there (UPDATE_GOLDEN=1 writes it)", path.display());
    let place = format!("{} (UPDATE_GOLDEN=1 writes it again)", path.display());
    assert_same_text(&place, &read_text(path), actual);
}

/// Compares two texts line by line; `place` names them when they differ.
pub fn assert_same_text(place: &str, expected: &str, actual: &str) {
    if let Some(difference) = difference(expected, actual) {
        panic!("{place} differs: - expected, + actual\n{difference}");
    }
}

/// The lines in which two texts differ, each with its number, after a little of what they have in
/// common; nothing when they are equal.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let (old, new) = (lines(expected), lines(actual));
    let mut shown = Shown::default();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let (next_i, next_j) = next_equal(&old, &new, (i, j));
        shown.context(&old, i);
        shown.lines('-', &old[i..next_i], i);
        shown.lines('+', &new[j..next_j], j);
        (i, j) = (next_i, next_j);
    }
    Some(shown.text())
}

/// A line with its end, so that a missing last line end is a difference too.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The nearest pair of positions from which the texts go on alike, or both ends.
fn next_equal(old: &[&str], new: &[&str], (i, j): (usize, usize)) -> (usize, usize) {
    for distance in 1..AHEAD {
        for ahead in 0..=distance {
            let (a, b) = (i + ahead, j + distance - ahead);
            if a < old.len() && b < new.len() && old[a] == new[b] {
                return (a, b);
            }
        }
    }
    (old.len(), new.len())
}

/// What a person gets to see of a difference.
#[derive(Default)]
struct Shown {
    text: String,
    lines: usize,
    left_out: usize,
    until: usize,
}

impl Shown {
    fn context(&mut self, old: &[&str], at: usize) {
        let from = at.saturating_sub(CONTEXT).max(self.until);
        self.lines(' ', &old[from..at.max(from)], from);
        self.until = at;
    }

    fn lines(&mut self, sign: char, lines: &[&str], first: usize) {
        for (line, number) in lines.iter().zip(first + 1..) {
            if self.lines == SHOWN {
                self.left_out += 1;
                continue;
            }
            self.lines += 1;
            let end = if line.ends_with('\n') { "" } else { " (no line end)" };
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{sign}{number:>6} {}{end}", line.trim_end_matches('\n'));
        }
    }

    fn text(mut self) -> String {
        if self.left_out > 0 {
            let _ = writeln!(self.text, "... and {} more lines", self.left_out);
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::scratch;

    fn check(expected: &str, actual: &str, difference_lines: &[&str]) {
        let found = difference(expected, actual).unwrap_or_default();
        assert_eq!(found.lines().collect::<Vec<_>>(), difference_lines);
    }

    #[test]
    fn equal_texts_have_no_difference() {
        check("a\nb\n", "a\nb\n", &[]);
    }

    #[test]
    fn a_changed_line_is_shown_with_what_stands_before_it() {
        let lines = ["      1 a", "      2 b", "-     3 c", "+     3 x"];
        check("a\nb\nc\nd\n", "a\nb\nx\nd\n", &lines);
    }

    #[test]
    fn an_added_and_a_lost_line_leave_the_rest_in_step() {
        let lines = ["      1 a", "+     2 new", "      3 c", "-     4 d"];
        check(
            "a\nb\nc\nd\n",
            "a\nnew\nb\nc\n",
            &[lines[0], lines[1], "      2 b", lines[2], lines[3]],
        );
    }

    #[test]
    fn a_missing_line_end_is_a_difference() {
        check("a\n", "a", &["-     1 a", "+     1 a (no line end)"]);
    }

    #[test]
    fn a_long_difference_is_cut() {
        let long = "line\n".repeat(100);
        let shown = difference("", &long).unwrap();
        assert_eq!(shown.lines().count(), SHOWN + 1);
        assert!(shown.ends_with("... and 60 more lines\n"), "{shown}");
    }

    #[test]
    #[should_panic(expected = "UPDATE_GOLDEN=1 writes it")]
    fn a_missing_golden_file_is_told() {
        assert_golden(&scratch().path().join("absent.csv"), "a\n");
    }
}
