//! Writes a bank: `sample OUT CLIENTS SEED AS_OF NIGHTS [faults]`.

use std::path::PathBuf;
use synth::{Params, Rates, generate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, clients, seed, as_of, nights, rest @ ..] = arguments.as_slice() else {
        return Err("usage: sample OUT CLIENTS SEED AS_OF NIGHTS [faults]".into());
    };
    let params = Params {
        clients: clients.parse()?,
        seed: seed.parse()?,
        as_of: as_of.parse()?,
        nights: nights.parse()?,
        faults: rest.first().is_some_and(|word| word == "faults"),
        rates: Rates::default(),
    };
    let summary = generate(&params, &PathBuf::from(out), &|_, _| {})?;
    std::fs::write(PathBuf::from(out).join("summary.txt"), format!("{summary:#?}\n"))?;
    Ok(())
}
