//! Panics: their text may quote what was in hand, a client's name or balance, so none of it is shown.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook};

thread_local! {
    /// How many calls deep this thread catches panics.
    static CATCHING: Cell<u32> = const { Cell::new(0) };
}

/// Calls a library that may panic on damaged input: nothing when it does. Of such a panic nothing is told
/// where [`hide_panics`] holds. What `call` had in hand must not be used again after it.
pub fn caught<T>(call: impl FnOnce() -> T) -> Option<T> {
    let _catching = Catching::begin();
    catch_unwind(AssertUnwindSafe(call)).ok()
}

/// From here on, a panic anywhere in the process is told to `tell` by its place alone, and not at all
/// within [`caught`].
pub fn hide_panics(tell: impl Fn(&str) + Send + Sync + 'static) {
    set_hook(Box::new(move |panic| {
        if CATCHING.try_with(Cell::get).unwrap_or(0) == 0 {
            tell(&text(panic.location()));
        }
    }));
}

fn text(place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(
        || "an unknown place".to_owned(),
        |place| format!("{}:{}:{}", inner(place.file()), place.line(), place.column()),
    );
    format!(
        "panicked at {place}: this is a bug; what was in hand is not shown (right: report the place)"
    )
}

/// The path of a source file from its package on: the rest tells of the machine it was built on.
fn inner(file: &str) -> &str {
    let of_registry = file.split_once("/registry/src/").and_then(|(_, rest)| rest.split_once('/'));
    of_registry.map_or(file, |(_, file)| file)
}

/// This thread catches panics as long as it lives.
struct Catching;

impl Catching {
    fn begin() -> Self {
        CATCHING.set(CATCHING.get() + 1);
        Self
    }
}

impl Drop for Catching {
    fn drop(&mut self) {
        CATCHING.set(CATCHING.get() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Runs one of the tests below in a process of its own, where it may set the hook of all: what it
    /// says, and whether it ended well.
    fn said(test: &str) -> (String, bool) {
        let mut child = Command::new(std::env::current_exe().unwrap());
        let test = format!("panics::tests::{test}");
        child.args(["--exact", &test, "--include-ignored", "--nocapture"]);
        let output = child.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8(said).unwrap(), output.status.success())
    }

    #[test]
    fn a_panic_is_told_by_its_place_alone() {
        let (said, well) = said("panics_with_a_number");
        assert!(!well, "{said}");
        let place = format!("told: panicked at {}:", file!());
        assert!(said.contains(&place) && said.contains("this is a bug"), "{said}");
        assert!(!said.contains("6222021001"), "{said}");
        assert_eq!(said.matches("told: ").count(), 2, "one of each thread: {said}");
    }

    #[test]
    fn a_panic_that_is_caught_is_not_told() {
        let (said, well) = said("catches_its_panics");
        assert!(well, "{said}");
        assert!(!said.contains("told: ") && !said.contains("6222021001"), "{said}");
    }

    #[test]
    #[ignore = "run by a test above, in a process of its own"]
    fn panics_with_a_number() {
        hide_panics(|text| eprintln!("told: {text}"));
        assert_eq!(caught(|| 1), Some(1));
        std::thread::spawn(|| panic!("the balance of 6222021001")).join().unwrap_err();
        let number = "6222021001".parse::<u8>().map_err(|_| "6222021001");
        number.unwrap();
    }

    #[test]
    #[ignore = "run by a test above, in a process of its own"]
    fn catches_its_panics() {
        hide_panics(|text| eprintln!("told: {text}"));
        let deeper = caught(|| caught(|| panic!("6222021001")).map(|()| 1));
        assert_eq!(deeper, Some(None));
        assert_eq!(caught(|| caught(|| 1).map(|_| panic!("6222021001"))), None::<Option<()>>);
        assert_eq!(CATCHING.get(), 0);
    }

    #[test]
    fn the_machine_it_was_built_on_is_not_told() {
        let file = "/home/builder/.cargo/registry/src/index-1/parquet-59.3.2/src/file.rs";
        assert_eq!(inner(file), "parquet-59.3.2/src/file.rs");
        assert_eq!(inner("crates/cli/src/main.rs"), "crates/cli/src/main.rs");
        assert!(text(None).starts_with("panicked at an unknown place: "));
    }
}
