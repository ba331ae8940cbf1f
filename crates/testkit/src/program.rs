//! The built program, run as a scheduler would run it.
#![expect(clippy::panic, reason = "a test tool fails its test loudly")]

use crate::place::repo_root;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs `clientele` with these arguments from the repository's folder, without a terminal, and
/// waits for its end.
///
/// The program is the one `CLIENTELE_BIN` names, else the one of the build this test is part of.
pub fn clientele(args: &[&str]) -> Output {
    let program = std::env::var_os("CLIENTELE_BIN").map_or_else(built, PathBuf::from);
    let run = Command::new(&program)
        .args(args)
        .current_dir(repo_root())
        .env_remove("CLIENTELE_CRASH_AT")
        .stdin(Stdio::null())
        .output();
    run.unwrap_or_else(|e| {
        panic!("cannot run {}: {e} (build it first, or set CLIENTELE_BIN)", program.display())
    })
}

/// `target/<profile>/clientele`, two folders above a test in `target/<profile>/deps`.
fn built() -> PathBuf {
    let test = std::env::current_exe().unwrap_or_else(|e| panic!("cannot find this test: {e}"));
    let profile = test.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    profile.join("clientele").with_extension(std::env::consts::EXE_EXTENSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_stands_beside_the_folder_of_the_tests() {
        let deps = std::env::current_exe().unwrap();
        assert_eq!(built().parent(), deps.parent().and_then(Path::parent));
    }
}
