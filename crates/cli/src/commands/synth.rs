//! `clientele synth`: the extracts of a synthetic bank.

use crate::args::SynthArgs;
use crate::failure::Failure;
use crate::render;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use synth::{Params, Rates};

pub(crate) fn run(args: &SynthArgs) -> Result<(), Failure> {
    let params = Params {
        clients: args.clients,
        seed: args.seed,
        as_of: args.as_of,
        nights: args.nights,
        faults: args.faults,
        rates: Rates::default(),
    };
    let bar = std::io::stderr().is_terminal().then(|| {
        let style =
            ProgressStyle::with_template("synth {bar:30} {pos}/{len} clients {elapsed} {eta}");
        ProgressBar::new(args.clients)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    });
    let progress = |done: u64, total: u64| {
        if let Some(bar) = &bar {
            bar.set_length(total);
            bar.set_position(done);
        }
    };
    let made = synth::generate(&params, &args.out, &progress)
        .map_err(|e| Failure::new(12, e.to_string(), "check the folder and its free space"))?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let row = |f: &synth::FileCount| {
        vec![
            f.path.clone(),
            render::grouped(i128::from(f.rows)),
            render::grouped(i128::from(f.bytes)),
        ]
    };
    let rows: Vec<Vec<String>> = made.files.iter().map(row).collect();
    render::table(&["file", "rows", "bytes"], &rows, &[1, 2]);
    render::line(&format!(
        "{} persons and {} organisations on {} party records, in {}",
        render::grouped(i128::from(made.persons)),
        render::grouped(i128::from(made.organisations)),
        render::grouped(i128::from(made.records)),
        args.out.display()
    ));
    Ok(())
}
