//! Stages the first feed of a contract without a job: what `benches/gate.sh` measures.
//! usage: stage CONTRACT EXTRACTS DATE OUT THREADS

use intake::{Awaited, Extracts, Means, locate, stage_feed};
use model::{BusinessDate, Calendar, Moment, SourceContract};
use std::error::Error;
use std::io::Write;
use std::path::Path;

/// Some time after any file was written: the contract of a measurement waits for nothing.
const LATER: i64 = 4_102_444_800;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [contract, extracts, as_of, out, threads] = arguments.as_slice() else {
        return Err("usage: stage CONTRACT EXTRACTS DATE OUT THREADS".into());
    };
    let sources = [SourceContract::parse(&std::fs::read_to_string(contract)?, contract)?];
    let (extracts, as_of) = (Extracts(extracts.into()), as_of.parse::<BusinessDate>()?);
    let (calendar, now) = (Calendar::every_day(), Moment::at(LATER, 0));
    let awaited =
        Awaited { sources: &sources, extracts: &extracts, as_of, calendar: &calendar, now };
    let arrived = locate(&awaited, &|_| {})?;
    let (Some(arrived), Some(feed)) = (arrived.first(), sources[0].feeds.first()) else {
        return Err("the contract has no feed".into());
    };
    let out = Path::new(out);
    let scratch = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let scratch = scratch.unwrap_or(Path::new("."));
    let means = Means { progress: &|_| {}, scratch, threads: threads.parse()? };
    let outcome = stage_feed(&arrived.system, feed, arrived, as_of, out, &means)?;
    let (read, written) = (outcome.rows_read, outcome.rows_delivered);
    writeln!(std::io::stdout(), "{read} rows read, {written} written")?;
    Ok(())
}
