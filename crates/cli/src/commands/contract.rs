//! `clientele contract`: contracts proposed from files, and contracts in another form.

mod odcs;

use crate::args::{ContractCommand, ContractShowArgs, InferArgs};
use crate::failure::Failure;
use crate::render;
use intake::{Naming, Sample};
use model::{BusinessDate, ContractError, Copybooks, Flaw, SourceContract};

pub(crate) fn run(command: &ContractCommand) -> Result<(), Failure> {
    match command {
        ContractCommand::Infer(args) => infer(args),
        ContractCommand::Show(args) => show(args),
    }
}

fn infer(args: &InferArgs) -> Result<(), Failure> {
    let path = args.file.display();
    let sample = Sample::of(&args.file)
        .map_err(|e| Failure::new(12, format!("cannot read {path}: {e}"), "check the path"))?;
    let guess = intake::infer(&sample, args.big5)
        .map_err(|e| Failure::new(8, format!("{path} {e}"), "write its contract by hand"))?;
    let file = args.file.file_name().unwrap_or_default().to_string_lossy();
    let feed = args.feed.clone().unwrap_or_else(|| feed_of(&file));
    let naming = Naming { system: &args.system, feed: &feed, file: &undated(&file) };
    render::line(guess.to_toml(&naming).trim_end());
    Ok(())
}

/// A file's name with `{date}` in the place of a date.
fn undated(file: &str) -> String {
    let is_date = |text: &str| {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let dashed = || format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
        digits && dashed().parse::<BusinessDate>().is_ok()
    };
    let at = (0..file.len()).find(|at| file.get(*at..at + 8).is_some_and(is_date));
    at.map_or_else(|| file.to_owned(), |at| format!("{}{{date}}{}", &file[..at], &file[at + 8..]))
}

/// A feed's name from that of its file: its words without date and endings.
fn feed_of(file: &str) -> String {
    let stem = file.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let words = stem.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> =
        words.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect();
    if words.is_empty() { "feed".to_owned() } else { words.join("_").chars().take(63).collect() }
}

fn show(args: &ContractShowArgs) -> Result<(), Failure> {
    let path = args.contract.display().to_string();
    let text = std::fs::read_to_string(&args.contract)
        .map_err(|e| Failure::new(64, format!("cannot read {path}: {e}"), "check the path"))?;
    let flaw = |error: ContractError| {
        Failure::of_flaw(Flaw::of::<SourceContract>(&path, &text, &error.to_string()))
    };
    let mut copybooks = Copybooks::new();
    for name in SourceContract::copybooks_of(&text, &path).map_err(flaw)? {
        let file = args.contract.with_file_name(&name);
        let copybook = std::fs::read_to_string(&file).map_err(|e| {
            Failure::new(64, format!("cannot read {}: {e}", file.display()), "check the path")
        })?;
        copybooks.insert(name, copybook);
    }
    let contract = SourceContract::parse_with(&text, &path, &copybooks).map_err(flaw)?;
    let pretty = serde_json::to_string_pretty(&odcs::contract(&contract))
        .map_err(|e| Failure::new(16, e.to_string(), ""))?;
    render::line(&pretty);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_file() {
        assert_eq!(undated("DEP_CUST_20261120.dat.gz"), "DEP_CUST_{date}.dat.gz");
        assert_eq!(undated("20261120_x.csv"), "{date}_x.csv");
        assert_eq!(undated("客户12345678.txt"), "客户12345678.txt");
        assert_eq!(feed_of("DEP_CUST_20261120.dat.gz"), "dep_cust");
        assert_eq!(feed_of("客户.txt"), "feed");
    }
}
