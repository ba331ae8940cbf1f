//! The command line of Clientele: the only crate that prints, exits, words a hint or asks what time
//! it is. It holds no mathematics. Programs of other engines tell of their nights through it.

mod args;
mod commands;
mod databases;
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
    hide_panics();
    std::panic::catch_unwind(program).unwrap_or_else(|_| {
        let hint = "keep the lake as it is, and call engineering with the place named above";
        Failure::new(16, "a bug ended the program", hint).tell()
    })
}

fn program() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return args::usage(&error),
    };
    let told = match &cli.command {
        Command::Run(args) => commands::run::run(args),
        Command::Land(args) => done(commands::land::run(args)),
        Command::Stage(args) => done(commands::stage::run(args)),
        Command::Validate(args) => done(commands::validate::run(args)),
        Command::Plan(args) => commands::plan::run(args).map(ExitCode::from),
        Command::Doctor(args) => commands::doctor::run(args).map(ExitCode::from),
        Command::Contract(command) => done(commands::contract::run(command)),
        Command::Status(args) => done(commands::status::run(args)),
        Command::Show(args) => done(commands::show::run(args)),
        Command::Explain(args) => done(commands::explain::run(args)),
        Command::Verify(args) => done(commands::verify::run(args)),
        Command::Synth(args) => done(commands::synth::run(args)),
    };
    told.unwrap_or_else(|failure| failure.tell())
}

/// From here on, a panic is told by its place alone: its text may quote what was in hand.
pub fn hide_panics() {
    model::hide_panics(render::aside);
}

fn done(told: Result<(), Failure>) -> Result<ExitCode, Failure> {
    told.map(|()| ExitCode::SUCCESS)
}
