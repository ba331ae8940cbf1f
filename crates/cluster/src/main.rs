//! `clientele-cluster`: scheduler, executor, or a night on a cluster.

mod args;

use args::{Command, ExecutorArgs, Program, RunArgs, SchedulerArgs};
use clap::Parser;
use cli::Failure;
use cluster::tls::{Transport, TransportError};
use cluster::{Cluster, driver, executor, scheduler};
use std::process::ExitCode;
use std::time::Duration;

type Served = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    cli::hide_panics();
    let program = match Program::try_parse() {
        Ok(program) => program,
        Err(error) => return cli::usage(&error),
    };
    let told = match &program.command {
        Command::Scheduler(args) => schedule(args).map(|()| ExitCode::SUCCESS),
        Command::Executor(args) => execute(args).map(|()| ExitCode::SUCCESS),
        Command::Run(args) => run(args),
    };
    told.unwrap_or_else(|failure| failure.tell())
}

fn run(args: &RunArgs) -> Result<ExitCode, Failure> {
    if args.local {
        return cli::night(&args.night, || Ok(cli::local(args.here)));
    }
    cli::night(&args.night, || {
        let settings = driver::Settings {
            host: args.scheduler.host.clone(),
            port: args.scheduler.port,
            transport: transport(args.tls.transport(&args.scheduler.host))?,
            partitions: args.partitions.into(),
            buckets: args.here.buckets.map(usize::from),
            memory: args.here.memory,
            attempts: args.attempts.into(),
            silence: Duration::from_secs(args.silence),
        };
        Cluster::new(settings).map_err(|e| no_runtime(&e))
    })
}

fn schedule(args: &SchedulerArgs) -> Result<(), Failure> {
    let settings = scheduler::Settings {
        bind: args.bind,
        port: args.port,
        executor_timeout: args.executor_timeout,
        transport: transport(args.tls.transport(&args.bind.to_string()))?,
    };
    serve(1, scheduler::serve(settings))
}

fn execute(args: &ExecutorArgs) -> Result<(), Failure> {
    cli::allow_open_files();
    let slots = args.slots.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        usize::from,
    );
    let settings = executor::Settings {
        host: args.scheduler.host.clone(),
        port: args.scheduler.port,
        transport: transport(args.tls.transport(&args.scheduler.host))?,
        slots,
        work_dir: args.work_dir.clone(),
    };
    serve(2, executor::serve(settings))
}

/// Serves until told to end; what the engine says goes to the log, as `RUST_LOG` asks (`warn`).
fn serve(threads: usize, service: impl Future<Output = Served>) -> Result<(), Failure> {
    let env = env_logger::Env::default().default_filter_or("warn");
    env_logger::Builder::from_env(env).init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|e| no_runtime(&e))?;
    runtime.block_on(service).map_err(|e| {
        Failure::new(12, format!("cannot serve: {e}"), "look at address, port and certificates")
    })
}

fn transport(found: Result<Transport, TransportError>) -> Result<Transport, Failure> {
    found.map_err(|e| {
        let hint = "give this machine's certificates, or say --plain on a network you trust";
        Failure::new(77, e.to_string(), hint)
    })
}

fn no_runtime(error: &std::io::Error) -> Failure {
    Failure::new(12, format!("cannot start: {error}"), "free threads and file handles")
}
