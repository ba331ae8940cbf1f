//! A source that is a database: the night is the night of its files, and a rerun asks nobody.

use crate::world::{Told, World, command};
use std::fs::{read_to_string, write};
use testkit::{PASSWORD, Postgres};

/// Feeds of the insurance agency: name, file, columns.
const FEEDS: [(&str, &str, &str); 4] = [
    (
        "insured",
        "ins_person",
        "person_no, name, id_type, id_no, birthday, gender, phone, address, job, family_role, family_size, since",
    ),
    ("policy", "ins_policy", "policy_no, person_no, plan, from_day, to_day, lapsed, sum_insured"),
    ("premium", "ins_premium", "premium_no, policy_no, paid_on, amount, paid_by"),
    ("value", "ins_value", "policy_no, day, cash_value, month_average"),
];

const FILE: &str = "flag = \"ins_{date}.done\"\nflag_counts = true\nshape = { kind = \"delimited\", separator = \"\\u0001\" }\nnull = ['\\N']\n";

/// Puts the files of the insurance agency into a database, and its contract on that.
fn moved(world: &World) -> Option<Postgres> {
    let tables = FEEDS.map(|(_, table, columns)| {
        let columns = columns.replace(", ", " text, ");
        format!("CREATE TABLE {table} ({columns} text); GRANT SELECT ON {table} TO reader;")
    });
    let server = Postgres::start(&tables.concat())?;
    let contract = world.path("jobs/sources/insurance.toml");
    let mut text = read_to_string(&contract).unwrap();
    for (_, table, columns) in FEEDS {
        let file = world.extract(&format!("{table}_20261120.txt"));
        server.fill(table, &file, r"DELIMITER E'\001', NULL '\N'");
        std::fs::remove_file(file).unwrap();
        let asked = format!("query = \"SELECT {columns} FROM {table} ORDER BY 1, 2, 3\"\n");
        text = text.replace(&format!("file = \"{table}_{{date}}.txt\"\n{FILE}"), &asked);
    }
    assert!(!text.contains("file ="), "{text}");
    let database = format!(
        "title = \"Insurance agency\"\n[database]\nkind = \"postgresql\"\nurl = \"{}\"\nca_file = \"{}\"\npassword_file = \"password\"\n",
        server.by_host("reader", "localhost"),
        server.path("ca.pem").display(),
    );
    write(contract, text.replace("title = \"Insurance agency\"\n", &database)).unwrap();
    std::fs::copy(server.password_file(PASSWORD), world.path("jobs/password")).unwrap();
    Some(server)
}

/// A published table without the run it is of.
fn rows(world: &World, table: &str) -> Vec<String> {
    let csv = world.csv(table);
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let kept: Vec<usize> = (0..names.len()).filter(|at| names[*at] != "run_id").collect();
    lines.map(|line| kept.iter().map(|at| line[*at]).collect::<Vec<_>>().join(",")).collect()
}

fn says(told: &Told, code: i32, text: &str) {
    assert_eq!(told.code, code, "{}", told.stderr);
    let said = format!("{}{}", told.stdout, told.stderr);
    assert!(said.contains(text) && !said.contains(PASSWORD), "{said}");
}

#[test]
fn a_night_on_a_database_is_the_night_of_its_files() {
    let world = World::synthetic("400", "1");
    says(&world.night(&[]), 0, "RESULT published");
    let tables = ["client_segment", "client_xref", "client_contribution", "score_reason"];
    let by_files = tables.map(|table| rows(&world, table));
    std::fs::remove_dir_all(world.path("lake")).unwrap();

    let Some(server) = moved(&world) else { return };
    let job = world.job();
    let land = |more: &[&str]| {
        command(&[&["land", &job, "--as-of", "2026-11-20", "--progress", "none"], more].concat())
    };
    let plan = || world.ask("plan", &["--as-of", "2026-11-20", "--detailed-exitcode"]);
    says(&plan(), 5, "databases would be asked first");
    says(&land(&[]), 0, "RESULT landed code=0 as_of=2026-11-20");
    server.stop();
    says(&plan(), 5, "of extracts unpacked");
    says(&land(&[]), 0, "RESULT unchanged");
    says(&land(&["--land-again"]), 12, "source `insurance`: database localhost");
    says(&world.night(&[]), 0, "RESULT published");
    for (table, by_files) in tables.iter().zip(by_files) {
        assert_eq!(rows(&world, table), by_files, "{table}");
    }
    says(&world.night(&[]), 0, "RESULT unchanged");
    says(&plan(), 0, "RESULT plan unchanged");

    let file = "lake/landing/2026-11-20/insurance/insurance.policy_20261120.csv";
    let text = read_to_string(world.path(file)).unwrap();
    write(world.path(file), text.replace("TL", "AN")).unwrap();
    says(&world.night(&[]), 8, "not what was landed");
    std::fs::remove_file(world.path(file)).unwrap();
    says(&world.night(&[]), 12, "source `insurance`: database localhost");
    server.run();
    says(&world.night(&[]), 0, "RESULT unchanged");
}

#[test]
fn a_job_without_a_database_has_nothing_to_land() {
    let world = World::sample();
    let told = world.ask("land", &["--as-of", "2026-11-20"]);
    says(&told, 0, "no source of the job is a database: nothing to land");
    assert!(!world.path("lake/landing").exists());
}
