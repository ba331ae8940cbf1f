//! What can be asked on the command line; the doc comments are the help texts.

use clap::{Args, Parser, Subcommand};
use cli::{LocalArgs, NightArgs};
use cluster::tls::TlsArgs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// Clientele's nights on several machines.
#[derive(Debug, Parser)]
#[command(name = "clientele-cluster", version, arg_required_else_help = true)]
pub(crate) struct Program {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the scheduler: one for a cluster.
    Scheduler(SchedulerArgs),
    /// Run an executor: one or more on every machine.
    Executor(ExecutorArgs),
    /// Run a night: as `clientele run`, its tasks carried out by the executors.
    Run(RunArgs),
}

#[derive(Args, Debug)]
pub(crate) struct SchedulerArgs {
    /// Address to listen on; beyond loopback certificates are needed.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) bind: IpAddr,
    /// Port to listen on.
    #[arg(long, default_value_t = 50050)]
    pub(crate) port: u16,
    /// Seconds without a word after which an executor counts as lost.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(10..))]
    pub(crate) executor_timeout: u64,
    #[command(flatten)]
    pub(crate) tls: TlsArgs,
}

/// Where the scheduler is.
#[derive(Args, Debug)]
pub(crate) struct At {
    /// Host of the scheduler.
    #[arg(long = "scheduler-host", value_name = "HOST", default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// Port of the scheduler.
    #[arg(long = "scheduler-port", value_name = "PORT", default_value_t = 50050)]
    pub(crate) port: u16,
}

#[derive(Args, Debug)]
pub(crate) struct ExecutorArgs {
    #[command(flatten)]
    pub(crate) scheduler: At,
    /// Tasks carried out side by side; as many as the machine has processors by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) slots: Option<u16>,
    /// A folder of this machine for the engine's own files.
    #[arg(long, value_name = "DIR", default_value = "/tmp/clientele-executor")]
    pub(crate) work_dir: PathBuf,
    #[command(flatten)]
    pub(crate) tls: TlsArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) night: NightArgs,
    #[command(flatten)]
    pub(crate) here: LocalArgs,
    #[command(flatten)]
    pub(crate) scheduler: At,
    /// Tasks into which each stage is dealt: two or three for each slot of the cluster.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) partitions: u16,
    /// How often tasks are tried before the night is given up.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub(crate) attempts: u8,
    /// Longest time in which no task is finished before an attempt is called off.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) silence: u64,
    /// Run on this machine alone, with the same program.
    #[arg(long)]
    pub(crate) local: bool,
    #[command(flatten)]
    pub(crate) tls: TlsArgs,
}
