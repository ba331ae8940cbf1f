//! What can be asked on the command line; the doc comments are the help texts.

use clap::{Args, Parser, Subcommand, ValueEnum};
use model::BusinessDate;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit code of a usage error (`EX_USAGE`).
const USAGE: u8 = 64;

/// Value and loyalty segmentation of bank clients: extracts in, segment tables out, every night.
#[derive(Debug, Parser)]
#[command(name = "clientele", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a night: load, resolve, score, segment, publish. A night published before is left alone.
    Run(RunArgs),
    /// Land the results of queries as files, for jobs with databases; runs nothing else of a night.
    Land(LandArgs),
    /// Write one feed as a Parquet file, with every check of its contract; runs nothing else of a night.
    Stage(StageArgs),
    /// Check a job file and all it names; touches no data.
    Validate(ValidateArgs),
    /// Say what a night would do: files there and missing, changed columns, stages to run. Changes
    /// nothing in the lake and waits for nobody.
    ///
    /// Exit codes: 0 there is nothing to do, or something without --detailed-exitcode; 5 there is
    /// something to do (with --detailed-exitcode); 8 the columns of a file are not those of its
    /// contract; 9 a file is not there yet.
    Plan(PlanArgs),
    /// Check this machine, and a job with its lake, before a night needs them.
    ///
    /// Exit codes: 0 all is well; 4 a warning; 16 something would stop a night.
    Doctor(DoctorArgs),
    /// Propose a contract from a file, or print one in another form.
    #[command(subcommand)]
    Contract(ContractCommand),
    /// List the runs of a job's lake.
    Status(LakeArgs),
    /// Print a published table, or the list of tables.
    Show(ShowArgs),
    /// Say why a client stands where it stands.
    Explain(ExplainArgs),
    /// Check every published file against the digests of its run.
    Verify(VerifyArgs),
    /// Write the extracts of a synthetic bank, with the truth beside them.
    Synth(SynthArgs),
}

/// Where a job is and where its lake is.
#[derive(Args, Clone, Debug)]
pub struct JobArgs {
    /// The job file.
    pub job: PathBuf,
    /// The lake's folder, in place of the job's.
    #[arg(long, value_name = "DIR")]
    pub lake: Option<PathBuf>,
    /// Print one JSON object instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Which night to run and how to tell of it, on whatever engine.
#[derive(Args, Clone, Debug)]
pub struct NightArgs {
    /// The job.
    #[command(flatten)]
    pub job: JobArgs,
    /// The business date, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: BusinessDate,
    /// The folder with the extracts, in place of the job's; `{date}` stands for the date as YYYYMMDD.
    #[arg(long, value_name = "DIR")]
    pub extracts: Option<PathBuf>,
    /// Change the inputs of a closed month end that is published, and say why: the reason goes into the
    /// audit.
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub restate: Option<String>,
    /// End with exit code 4 when the night is published with warnings.
    #[arg(long)]
    pub exit_warnings: bool,
    /// Ask databases again for what was landed before.
    #[arg(long)]
    pub land_again: bool,
    /// How progress is told.
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: Progress,
}

/// How a night runs on this machine.
#[derive(Args, Clone, Copy, Debug)]
pub struct LocalArgs {
    /// Memory the night may take, such as 4G or 800M.
    #[arg(long, value_name = "SIZE", default_value = "4G", value_parser = size)]
    pub memory: u64,
    /// Threads; as many as the machine has processors by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Ranges of the key space, in place of as many as the memory asks for; the result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub buckets: Option<u16>,
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) night: NightArgs,
    /// Run the night that `plan -o` wrote there and no other: it ends with 8 and says what differs when
    /// files, job, program, ranges or the lake are not as planned.
    #[arg(long, value_name = "FILE", conflicts_with = "land_again")]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) local: LocalArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LandArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// The business date, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: BusinessDate,
    /// Ask databases again for what was landed before.
    #[arg(long)]
    pub(crate) land_again: bool,
    /// How progress is told.
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) progress: Progress,
}

#[derive(Args, Debug)]
pub(crate) struct StageArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// The feed.
    #[arg(value_name = "SYSTEM.FEED")]
    pub(crate) feed: String,
    /// The business date, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: BusinessDate,
    /// The Parquet file to write; one that is there is replaced.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The folder with the extracts, in place of the job's; `{date}` stands for the date as YYYYMMDD.
    #[arg(long, value_name = "DIR")]
    pub(crate) extracts: Option<PathBuf>,
    /// Threads; as many as the machine has processors by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// How progress is told.
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) progress: Progress,
}

/// How progress is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// Bars on a terminal, plain lines elsewhere.
    Auto,
    /// A line per stage.
    Plain,
    /// A JSON object per line.
    Json,
    /// Not at all.
    None,
}

#[derive(Args, Debug)]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
}

#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// The business date, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: BusinessDate,
    /// The folder with the extracts, in place of the job's.
    #[arg(long, value_name = "DIR")]
    pub(crate) extracts: Option<PathBuf>,
    /// Exit with 5 when there is something to do.
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Write the plan to a file, for `run --plan`.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) local: LocalArgs,
}

#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// The job file; without one only the machine is checked.
    pub(crate) job: Option<PathBuf>,
    /// The lake's folder, in place of the job's.
    #[arg(long, value_name = "DIR")]
    pub(crate) lake: Option<PathBuf>,
    /// Print one JSON object instead of text.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ContractCommand {
    /// Propose a contract from a file, with the reason for every guess. No value of a column that
    /// may belong to a person is printed.
    Infer(InferArgs),
    /// Print a contract as a data contract of the Open Data Contract Standard.
    Show(ContractShowArgs),
}

#[derive(Args, Debug)]
pub(crate) struct InferArgs {
    /// The file: text, packed or not.
    pub(crate) file: PathBuf,
    /// The system that delivers it.
    #[arg(long, default_value = "system", value_parser = name)]
    pub(crate) system: String,
    /// What the feed is called; made from the file's name by default.
    #[arg(long, value_parser = name)]
    pub(crate) feed: Option<String>,
    /// Take text that is no UTF-8 for Big5, not for GB18030.
    #[arg(long)]
    pub(crate) big5: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ContractShowArgs {
    /// The contract file.
    pub(crate) contract: PathBuf,
    /// As JSON of the Open Data Contract Standard v3.1.0, which is YAML too.
    #[arg(long, required = true)]
    pub(crate) odcs: bool,
}

#[derive(Args, Debug)]
pub(crate) struct LakeArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// The table; the list of tables when left out.
    pub(crate) table: Option<String>,
    /// A run, in place of the published one.
    #[arg(long)]
    pub(crate) run: Option<String>,
    /// Rows to print.
    #[arg(long, default_value_t = 20)]
    pub(crate) rows: usize,
    /// Only rows with this value, such as `tier=TOP`.
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub(crate) condition: Option<String>,
    /// Print CSV, every row.
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// The client's id, or a source record as `system:party_key`.
    pub(crate) client: String,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// A run, in place of the published one.
    #[arg(long)]
    pub(crate) run: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct SynthArgs {
    /// How many clients the bank has.
    #[arg(long)]
    pub(crate) clients: u64,
    /// The seed: the same seed gives the same bytes.
    #[arg(long)]
    pub(crate) seed: u64,
    /// The business date of the last night, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: BusinessDate,
    /// How many nights, each one calendar month after the one before.
    #[arg(long, default_value_t = 1)]
    pub(crate) nights: u32,
    /// Plant bad, repeated and filtered rows.
    #[arg(long)]
    pub(crate) faults: bool,
    /// The folder to write into: `night/YYYYMMDD/` and `truth/`.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// Tells a usage error, or the help that was asked for.
pub fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell when the terminal itself is gone.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS }
}

/// A size in bytes, as a person writes it.
pub fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a size (such as 800M or 4G)");
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 20),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// The name of a system or feed.
fn name(text: &str) -> Result<String, String> {
    let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let first = text.starts_with(|c: char| c.is_ascii_lowercase());
    if first && text.len() <= 63 && text.bytes().all(rest) {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is not a name (expected [a-z][a-z0-9_]*)"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
        assert_eq!(size("4G"), Ok(4 << 30));
        assert_eq!(size("800M"), Ok(800 << 20));
        assert!(size("many").is_err());
        assert!(size("0").is_err());
    }
}
