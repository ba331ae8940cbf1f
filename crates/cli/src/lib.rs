//! The command line of Clientele: the only crate that prints, exits, words a hint or asks what time
//! it is. It holds no mathematics. Programs of other engines tell of their nights through it.

mod args;
mod commands;
mod failure;
mod published;
mod render;
mod watch;

pub use args::{JobArgs, LocalArgs, NightArgs, Progress, size, usage};
pub use commands::run::{allow_open_files, local, night, own_digest};
pub use failure::Failure;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// The program: reads the command line, does what it asks, says how it went.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return args::usage(&error),
    };
    let told = match &cli.command {
        Command::Run(args) => commands::run::run(args),
        Command::Validate(args) => commands::validate::run(args),
        Command::Plan(args) => return graded(commands::plan::run(args)),
        Command::Doctor(args) => return graded(commands::doctor::run(args)),
        Command::Contract(command) => commands::contract::run(command),
        Command::Status(args) => commands::status::run(args),
        Command::Show(args) => commands::show::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Synth(args) => commands::synth::run(args),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

/// The exit code of a command whose success has several.
fn graded(told: Result<u8, Failure>) -> ExitCode {
    told.map_or_else(|failure| failure.tell(), ExitCode::from)
}
