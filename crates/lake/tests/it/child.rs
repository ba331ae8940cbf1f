//! The test binary as its own child: a small program to kill.

use crate::bank::{AT, date, night, open, run_id};
use lake::{Lake, LakeError, Stale, mark_stale};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const SCRIPT: &str = "LAKE_TEST_SCRIPT";
const ROOT: &str = "LAKE_TEST_ROOT";

/// A child process that will run a script on a lake.
pub(crate) fn child(root: &Path, script: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    prepare(&mut command, root, script);
    command
}

/// The same, started by another program, which gets the child's command line as its last words.
pub(crate) fn child_under(program: &[&str], root: &Path, script: &str) -> Command {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(std::env::current_exe().unwrap());
    prepare(&mut command, root, script);
    command
}

fn prepare(command: &mut Command, root: &Path, script: &str) {
    command.args(["child::runs_the_script_of_its_parent", "--exact", "--ignored", "--nocapture"]);
    command.args(["--test-threads", "1"]).env(SCRIPT, script).env(ROOT, root);
    command.env_remove("CLIENTELE_CRASH_AT").stdout(Stdio::null()).stderr(Stdio::null());
}

/// Starts a script that holds the lock, and returns once it does.
pub(crate) fn holder(root: &Path) -> Child {
    let holder = child(root, "hold").spawn().unwrap();
    while !root.join("held").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    holder
}

/// Runs a script in this process.
pub(crate) fn run(root: &Path, script: &str) -> Result<(), LakeError> {
    let words: Vec<&str> = script.split(' ').collect();
    match words.as_slice() {
        ["night", run, as_of] => night(root, run, as_of),
        ["rollback", run] => open(root)?.rollback(&run_id(run), AT),
        ["stale", as_of] => mark_stale(root, &mark(as_of)).map(drop),
        ["hold"] => hold(root, None),
        ["contend", run, as_of] => hold(root, Some((run, as_of))),
        other => panic!("no such script: {other:?}"),
    }
}

/// The mark of a night that waited in vain.
pub(crate) fn mark(as_of: &str) -> Stale {
    Stale::new(date(as_of), 9, AT.into(), "source `cards`: flag is not there".into())
}

/// Takes the lock and keeps it until told to go on, then publishes or ends.
fn hold(root: &Path, then: Option<(&str, &str)>) -> Result<(), LakeError> {
    let lake = Lake::open(root)?;
    std::fs::write(root.join("held"), "").unwrap();
    while !root.join("go").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(lake);
    then.map_or(Ok(()), |(run, as_of)| night(root, run, as_of))
}

/// The exit code the command line gives an error.
fn exit_code(error: &LakeError) -> i32 {
    match error {
        LakeError::Locked { .. } => 13,
        LakeError::Damaged { .. } | LakeError::Conflict { .. } => 16,
        LakeError::InDoubt { .. } | LakeError::Io { .. } | LakeError::Ledger { .. } => 12,
        _ => 1,
    }
}

#[test]
#[ignore = "other tests start it as a child process"]
fn runs_the_script_of_its_parent() {
    let (Some(root), Ok(script)) = (std::env::var_os(ROOT), std::env::var(SCRIPT)) else { return };
    let result = run(&PathBuf::from(root), &script);
    std::process::exit(result.map_or_else(|error| exit_code(&error), |()| 0));
}
