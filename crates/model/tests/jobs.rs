//! The job files of the repository hold, with every file they name; broken ones are refused with
//! their place, their cause and what would be right.

use model::{Job, JobFile, ProductBook, Scoring, SourceContract};
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A slip in one of the files of `jobs/`.
struct Slip<'a> {
    file: &'a str,
    from: &'a str,
    to: &'a str,
}

const NO_SLIP: Slip<'_> = Slip { file: "", from: "", to: "" };

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../jobs")
}

/// The text of a file, with the slip in it if it is the one.
fn text(file: &str, slip: &Slip<'_>) -> Outcome<String> {
    let text = fs::read_to_string(folder().join(file)).map_err(|e| format!("{file}: {e}"))?;
    if file != slip.file {
        return Ok(text);
    }
    assert!(text.contains(slip.from), "{file} holds `{}`", slip.from);
    Ok(text.replacen(slip.from, slip.to, 1))
}

/// Reads a job file and all it names, as a night does.
fn load(name: &str, slip: &Slip<'_>) -> Outcome<Job> {
    let file = JobFile::parse(&text(name, slip)?, name)?;
    let contract = |path: &String| contract_of(path, &text(path, slip)?);
    let sources = file.sources.iter().map(contract).collect::<Outcome<_>>()?;
    let products = ProductBook::parse(&text(&file.products, slip)?, &file.products)?;
    let scoring = Scoring::parse(&text(&file.scoring, slip)?, &file.scoring)?;
    Ok(Job::check(&file, sources, products, scoring, name)?)
}

/// A contract, with the copybooks that it names beside it.
fn contract_of(path: &str, text: &str) -> Outcome<SourceContract> {
    let beside = folder().join(path);
    let beside = beside.parent().ok_or("no folder")?;
    let named = SourceContract::copybooks_of(text, path)?.into_iter();
    let copybook = |name: String| Ok((name.clone(), fs::read_to_string(beside.join(name))?));
    let copybooks = named.map(copybook).collect::<Outcome<_>>()?;
    Ok(SourceContract::parse_with(text, path, &copybooks)?)
}

/// The files under a folder of `jobs/`.
fn files_in(under: &str) -> Outcome<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder().join(under))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().extension().is_some_and(|e| e == "toml") {
            names.insert(if under.is_empty() { name } else { format!("{under}/{name}") });
        }
    }
    Ok(names)
}

/// The job files: those that name sources.
fn job_files() -> Outcome<BTreeSet<String>> {
    let mut jobs = files_in("")?;
    let mut failed = None;
    jobs.retain(|name| match text(name, &NO_SLIP) {
        Ok(text) => text.lines().any(|line| line.starts_with("sources =")),
        Err(error) => {
            failed = Some(error);
            false
        }
    });
    failed.map_or(Ok(jobs), Err)
}

/// The texts that a SQL expression can give: a lone literal, and those behind THEN and ELSE.
fn literals(sql: &str) -> BTreeSet<&str> {
    let parts = sql.split("THEN").skip(1).flat_map(|part| part.split("ELSE"));
    let given = parts.chain([sql]).map(str::trim).filter_map(|part| part.strip_prefix('\''));
    given.filter_map(|part| part.split('\'').next()).collect()
}

#[test]
fn every_job_holds_with_the_files_it_names() -> Outcome<()> {
    let jobs = job_files()?;
    assert!(jobs.contains("nightly.toml") && jobs.contains("berka.toml"), "{jobs:?}");
    for name in jobs {
        let job = load(&name, &NO_SLIP).map_err(|e| format!("{name}: {e}"))?;
        assert_eq!(format!("{}.toml", job.name), name);
    }
    Ok(())
}

#[test]
fn no_contract_or_scoring_file_is_left_without_a_job() -> Outcome<()> {
    let mut named = BTreeSet::new();
    for name in job_files()? {
        let file = JobFile::parse(&text(&name, &NO_SLIP)?, &name)?;
        named.extend(file.sources.into_iter().chain([file.scoring]));
    }
    let found: BTreeSet<String> =
        files_in("sources")?.into_iter().chain(files_in("scoring")?).collect();
    assert_eq!(found, named);
    Ok(())
}

#[test]
fn every_product_that_is_mapped_is_in_the_book() -> Outcome<()> {
    for name in job_files()? {
        let job = load(&name, &NO_SLIP)?;
        let feeds = job.sources.iter().flat_map(|source| &source.feeds);
        let mapped = feeds.flat_map(|feed| &feed.tables).filter_map(|t| t.columns.get("product"));
        for product in mapped.flat_map(|sql| literals(sql)) {
            assert!(job.products.get(product).is_some(), "{name}: `{product}`");
        }
    }
    Ok(())
}

#[test]
fn silence_on_the_scorecard_is_neutral() -> Outcome<()> {
    for name in job_files()? {
        let card = load(&name, &NO_SLIP)?.scoring.scorecard;
        let silent: i64 = card.attributes.iter().map(|a| a.missing_points).sum();
        assert_eq!(silent, card.neutral_points, "{name}");
    }
    Ok(())
}

#[test]
fn no_answer_is_worth_no_less_than_an_ordinary_one() -> Outcome<()> {
    for name in job_files()? {
        for attribute in load(&name, &NO_SLIP)?.scoring.scorecard.attributes {
            let bins = attribute.bins.iter().map(|bin| bin.points);
            let mut points: Vec<i64> =
                bins.chain(attribute.values.iter().map(|value| value.points)).collect();
            points.sort_unstable();
            let ordinary = points[(points.len() - 1) / 2];
            assert!(attribute.missing_points >= ordinary, "{name}: `{}`", attribute.name);
        }
    }
    Ok(())
}

/// The message for a slip in a file of the Berka job.
fn refused(file: &str, from: &str, to: &str) -> String {
    match load("berka.toml", &Slip { file, from, to }) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_wrong_job_file_is_refused() {
    let job = |from, to| refused("berka.toml", from, to);
    let said = [
        (job("version = 1", "version = 2"), "berka.toml, `version`: 2 is not known (expected 1)"),
        (
            job("name = \"berka\"", "name = \"Berka\""),
            "berka.toml, `name`: must match [a-z][a-z0-9_]*",
        ),
        (
            job("currency = \"CZK\"", "currency = \"crown\""),
            "berka.toml, `currency`: `crown` is no currency (three letters)",
        ),
        (
            job("sources/berka_cards.toml", "sources/berka_loans.toml"),
            "berka.toml, `sources`: system `loans` is declared twice",
        ),
        (
            job("trust = [\"clients\"]", "trust = [\"clients\", \"archive\"]"),
            "berka.toml, `survivorship.trust`: system `archive` not found (systems: `accounts`, \
             `cards`, `clients`, `districts`, `loans`, `orders`, `transactions`)",
        ),
    ];
    for (message, expect) in said {
        assert_eq!(message, expect);
    }
    let unknown = job("lake =", "lakes =");
    assert!(
        unknown.starts_with("berka.toml: TOML parse error at line")
            && unknown.contains("unknown field `lakes`"),
        "{unknown}"
    );
}

#[test]
fn a_wrong_contract_is_refused() {
    let orders = |from, to| refused("sources/berka_orders.toml", from, to);
    let feed = "source `orders`, feed `standing_order`";
    let said = [
        (
            orders("amount = \"amount\"", "amount = \"total\""),
            "column `total` not found (columns: `account_id`, `account_to`, `amount`, `bank_to`, \
             `k_symbol`, `order_id`)",
        ),
        (orders("name = \"bank_to\"", "name = \"amount\""), "column `amount` is declared twice"),
        (
            orders("type = \"money\"", "type = \"date\""),
            "date column `amount` needs `format` (%Y-%m-%d, %Y%m%d, %y%m%d)",
        ),
        (orders("separator = \";\"", "separator = \"\""), "`separator` is empty"),
        (
            orders("repeats = \"allowed\"", "max_age_days = 3"),
            "arrival: `max_age_days` is for `late = \"degrade\"`",
        ),
        (
            orders(
                "amount = \"amount\"",
                "header = { prefix = \"H\", date_field = 1, rerun_field = 2 }",
            ),
            "`rerun_field` needs a `file` with `{rerun}`",
        ),
        (
            orders("table = \"account\"", "table = \"client_segment\""),
            "table `client_segment` is not a canonical table",
        ),
        (
            orders("table = \"account\"", "table = \"branch\""),
            "table `branch` has no column `account_key` (columns: `branch`, `branch_name`, \
             `region`, `average_pay`, `source_file`, `source_row`)",
        ),
    ];
    for (message, expect) in said {
        assert_eq!(message, format!("{feed}: {expect}"));
    }
}

#[test]
fn a_wrong_product_book_is_refused() {
    let book = |from, to| refused("products_berka.toml", from, to);
    let place = "products_berka.toml, product";
    assert_eq!(
        book("product = \"card_gold\"", "product = \"loan\""),
        format!("{place} `loan`: is declared twice")
    );
    assert_eq!(
        book("pd_ppm = 35000", "pd_ppm = 3500000"),
        format!(
            "{place} `loan`: `pd_ppm`, `lgd_ppm`, `retention_ppm`, `renewal_ppm` must lie in \
             0..=1000000"
        )
    );
}

#[test]
fn a_wrong_scoring_file_is_refused() {
    let scoring = |from, to| refused("scoring/berka.toml", from, to);
    let said = [
        (
            scoring("horizon_months = 60", "horizon_months = 0"),
            "[lifetime]: `horizon_months` must lie in 1..=120",
        ),
        (
            scoring("breadth_ppm = 350000", "breadth_ppm = 450000"),
            "[loyalty]: weights sum to 1100000 ppm (expected 1000000, none negative)",
        ),
        (
            scoring("top_ppm = 200000", "top_ppm = 1000000"),
            "[cuts]: `top_ppm` must lie between 0 and 1000000",
        ),
        (
            scoring("name = \"age\"", "name = \"postcode\""),
            "[scorecard]: attribute `postcode` not known (`sex`, `age`, `occupation`, \
             `years_of_service`, `income`, `family_role`, `family_size`)",
        ),
        (scoring("from = 25", "from = 15"), "[scorecard]: bins of `age` must ascend"),
    ];
    for (message, expect) in said {
        assert_eq!(message, format!("scoring/berka.toml, {expect}"));
    }
}
