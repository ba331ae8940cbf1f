//! The quality of the data: fields, clients, codes, and rules that data which cannot be true must break.

use crate::world::{Told, World, command};
use std::path::Path;
use testkit::{repo_root, shared_data};

/// The columns of the file, which is one table of everything.
const COLUMNS: &str = "Customer ID|First Name|Last Name|Age|Gender|Address|City|Contact Number|Email|\
    Account Type|Account Balance|Date Of Account Opening|Last Transaction Date|TransactionID|\
    Transaction Date|Transaction Type|Transaction Amount|Account Balance After Transaction|\
    Branch ID|Loan ID|Loan Amount|Loan Type|Interest Rate|Loan Term|Approval/Rejection Date|\
    Loan Status|CardID|Card Type|Credit Limit|Credit Card Balance|Minimum Payment Due|\
    Payment Due Date|Last Credit Card Payment Date|Rewards Points|Feedback ID|Feedback Date|\
    Feedback Type|Resolution Status|Resolution Date";

/// A synthetic bank whose balances do not follow from its amounts, with a rule that they do.
fn implausible(folder: &Path, on_break: &str) -> String {
    let typed = |name: &str| match name {
        "Account Balance" | "Transaction Amount" | "Account Balance After Transaction" => {
            format!("    {{ name = \"{name}\", type = \"money\", class = \"financial\" }},\n")
        }
        "Gender" => format!(
            "    {{ name = \"{name}\", type = \"text\", codes = {{ Male = \"M\", Female = \"F\" }} }},\n"
        ),
        _ => format!("    {{ name = \"{name}\", type = \"text\" }},\n"),
    };
    let columns: String = COLUMNS.split('|').map(|name| typed(name.trim())).collect();
    let contract = format!(
        r#"version = 1
system = "comprehensive"
title = "A synthetic bank"

[[feed]]
name = "everything"
file = "comprehensive_banking_database.csv.gz"
packing = "gzip"
arrival = {{ repeats = "allowed" }}
shape = {{ kind = "delimited", separator = ",", quoted = true, names = true }}
unique = ["Customer ID"]
columns = [
{columns}]

[[feed.rule]]
name = "balance_follows"
when = "\"Transaction Type\" IN ('Deposit', 'Withdrawal')"
holds = """"Account Balance After Transaction" = "Account Balance" +
    CASE WHEN "Transaction Type" = 'Deposit' THEN "Transaction Amount" ELSE -"Transaction Amount" END"""
max_breaks_ppm = 1000
on_break = "{on_break}"

[[feed.table]]
table = "party"
[feed.table.columns]
party_key = "\"Customer ID\""
kind = "'person'"
name = "CONCAT(\"First Name\", ' ', \"Last Name\")"
sex = "\"Gender\""
email = "\"Email\""
branch = "\"Branch ID\""
"#
    );
    let jobs = repo_root().join("jobs");
    let job = format!(
        "version = 1\nname = \"implausible\"\npurpose = \"A test\"\nlegal_basis = \"Synthetic data\"\n\
         currency = \"USD\"\nlake = \"lake\"\nextracts = \"extracts\"\nsources = [\"s.toml\"]\n\
         products = '{0}/products.toml'\nscoring = '{0}/scoring/standard.toml'\n\
         [survivorship]\ntrust = [\"comprehensive\"]\n",
        jobs.display()
    );
    std::fs::write(folder.join("s.toml"), contract).unwrap();
    std::fs::write(folder.join("job.toml"), job).unwrap();
    folder.join("job.toml").to_str().unwrap().to_owned()
}

/// A column of a CSV text whose lists of names are quoted.
fn column(csv: &str, name: &str) -> Vec<String> {
    let cells = |line: &str| -> Vec<String> {
        let mut cells = vec![String::new()];
        for (at, part) in line.split('"').enumerate() {
            let mut pieces =
                if at % 2 == 1 { vec![part] } else { part.split(',').collect() }.into_iter();
            cells.last_mut().unwrap().push_str(pieces.next().unwrap());
            cells.extend(pieces.map(str::to_owned));
        }
        cells
    };
    let mut lines = csv.lines().map(cells);
    let at = lines.next().unwrap().iter().position(|cell| cell == name).unwrap();
    lines.map(|cells| cells[at].clone()).collect()
}

fn night(job: &str, extracts: &Path, more: &[&str]) -> Told {
    let extracts = extracts.to_str().unwrap();
    let args = ["--as-of", "2024-01-31", "--progress", "none", "--extracts", extracts];
    command(&[&["run", job], &args[..], more].concat())
}

#[test]
fn balances_that_do_not_follow_stop_a_night() {
    let Some(extracts) = shared_data("customers") else { return };
    let folder = tempfile::tempdir().unwrap();
    let told = night(&implausible(folder.path(), "fail"), &extracts, &[]);
    let said = "rule on source `comprehensive`, feed `everything`, rule `balance_follows`: \
                1703 of 3371 rows judged break it, line 2 first (limit 1000 ppm)";
    assert!(told.stderr.contains(said), "{}", told.stderr);
    assert!(told.stderr.contains("have the source explain the rows"), "{}", told.stderr);
    assert_eq!(told.code, 8, "{}", told.stderr);
    assert!(!folder.path().join("lake/segments/CURRENT").exists());
}

#[test]
fn a_rule_that_warns_is_told_and_published() {
    let Some(extracts) = shared_data("customers") else { return };
    let folder = tempfile::tempdir().unwrap();
    let job = implausible(folder.path(), "warn");
    let told = night(&job, &extracts, &["--exit-warnings"]);
    assert_eq!(told.code, 4, "{}", told.stderr);
    assert!(told.stderr.contains("1703 of 3371 rows judged break it"), "{}", told.stderr);
    let show = |table: &str| command(&["show", &job, table, "--csv"]).stdout;
    let report = show("plausibility");
    let line = "comprehensive,everything,balance_follows,3371,1703,2,1000,,warn,true";
    assert!(report.contains(line), "{report}");
    let codes = show("unmapped_code");
    assert!(codes.contains("comprehensive,everything,Gender,Other,1639,"), "{codes}");
    // The third sex is no value, so the field is less complete than the file is.
    let quality = show("quality");
    let sum = |field: &str, name: &str| -> i64 {
        let rows = column(&quality, "field").into_iter().zip(column(&quality, name));
        rows.filter(|(f, _)| f == field).map(|(_, n)| n.parse::<i64>().unwrap()).sum()
    };
    assert_eq!((sum("sex", "records"), sum("sex", "present")), (5_000, 3_361));
    assert_eq!((sum("email", "valid"), sum("name", "conflicting")), (5_000, 0));
    let grades = column(&show("client_quality"), "trust_grade");
    assert!(grades.iter().all(|grade| grade == "D"), "nobody has a document");
}

#[test]
fn every_client_has_a_grade_and_every_field_its_shares() {
    let world = World::sample();
    let told = world.night(&[]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let clients = world.csv("client_quality");
    assert_eq!(column(&clients, "client_id"), column(&world.csv("client_segment"), "client_id"));
    let all = |name: &str, wanted: &str| {
        column(&clients, name).iter().filter(|value| *value == wanted).count()
    };
    for grade in ["A", "B", "D"] {
        assert!(all("trust_grade", grade) > 0, "{grade}");
    }
    let listed = column(&clients, "missing");
    let shares = column(&clients, "completeness_ppm");
    for (missing, share) in listed.iter().zip(&shares) {
        assert_eq!(missing.is_empty(), share == "1000000", "{missing} {share}");
    }
    let quality = world.csv("quality");
    let figure = |name: &str| -> Vec<i64> {
        column(&quality, name).iter().map(|n| n.parse().unwrap_or(0)).collect()
    };
    let (records, present) = (figure("records"), figure("present"));
    let (valid, conflicting) = (figure("valid"), figure("conflicting"));
    for row in 0..records.len() {
        assert!(valid[row] <= present[row] && present[row] <= records[row], "{row}");
        assert!(conflicting[row] <= valid[row], "{row}");
        let share = present[row] * 1_000_000 / records[row];
        assert_eq!(share, figure("completeness_ppm")[row]);
    }
    assert!(conflicting.iter().sum::<i64>() > 0);
    // Every record of a system is counted once in a field that everybody has.
    let named: i64 = column(&quality, "field")
        .iter()
        .zip(&records)
        .filter(|(field, _)| *field == "name")
        .map(|(_, n)| *n)
        .sum();
    let known = column(&world.csv("client_xref"), "record_id").len();
    assert_eq!(usize::try_from(named).unwrap(), known);
}

#[test]
fn records_of_before_real_names_are_trusted_less() {
    let world = World::sample();
    assert_eq!(world.night(&[]).code, 0);
    let before = column(&world.csv("client_quality"), "trust_grade");
    let job = world.path("jobs/nightly.toml");
    let text = std::fs::read_to_string(&job).unwrap();
    // As if nobody had been asked for a document until the day of the night.
    std::fs::write(&job, format!("{text}\n[quality]\nreal_name_from = \"2026-11-20\"\n")).unwrap();
    assert_eq!(world.night(&[]).code, 0);
    let after = column(&world.csv("client_quality"), "trust_grade");
    assert!(before.iter().filter(|g| *g == "A").count() > 1_000);
    let kept = before.iter().zip(&after).filter(|(b, a)| (*b == "D") == (*a == "D")).count();
    assert_eq!(kept, before.len());
    assert!(after.iter().filter(|g| *g == "C").count() > 1_000);
}

#[test]
fn a_rule_or_a_map_that_cannot_be_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let job = implausible(folder.path(), "fail");
    let contract = folder.path().join("s.toml");
    let text = std::fs::read_to_string(&contract).unwrap();
    let wrong =
        text.replace("holds = \"\"\"\"Account Balance After", "holds = \"\"\"\"Balance After");
    assert_ne!(text, wrong);
    std::fs::write(&contract, wrong).unwrap();
    let told = command(&["validate", &job]);
    assert_eq!(told.code, 64, "{}", told.stderr);
    assert!(told.stderr.contains("rule `balance_follows`, key `holds`"), "{}", told.stderr);
    assert!(told.stderr.contains("s.toml:"), "{}", told.stderr);
}
