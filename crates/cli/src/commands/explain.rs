//! `clientele explain`: why a client stands where it stands. Names, documents and contact data are
//! not shown: they belong to the vault zone.

use super::lake_of;
use crate::args::ExplainArgs;
use crate::failure::Failure;
use crate::published::{self, Rows};
use crate::render;
use lake::Published;
use model::RecordId;

/// Rows of one client that are read at most from any table.
const MOST: usize = 10_000;

pub(crate) fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let lake = lake_of(&args.job)?;
    let run = published::open(&lake, None)?;
    let client = client_of(args, &run)?;
    let of = |table: &str| published::read(&run, table, Some(("client_id", &client)), MOST);
    let segment = of("client_segment")?;
    let known = of("client_xref")?;
    if known.rows.is_empty() {
        return Err(unknown(&client, &lake.display().to_string()));
    }
    let reasons = of("score_reason")?;
    if args.job.json {
        tell_json(&client, &[("segment", &segment), ("records", &known), ("reasons", &reasons)]);
        return Ok(());
    }
    render::line(&format!("client {client}, night of {}, run {}", run.manifest.as_of, run.run));
    records(&known);
    if segment.rows.is_empty() {
        render::line(
            "not graded tonight: the job grades clients with an account by the business date",
        );
        return Ok(());
    }
    standing(&segment);
    axis(&reasons, "value", segment.get(0, "value_score"));
    axis(&reasons, "loyalty", segment.get(0, "loyalty_score"));
    contribution(&of("client_contribution")?);
    history(&of("client_segment_history")?);
    Ok(())
}

fn unknown(client: &str, lake: &str) -> Failure {
    let message = format!("client {client} not found in {lake}");
    Failure::new(
        64,
        message,
        "give a client_id, or a source record as system:party_key; `clientele show JOB client_segment` lists ids",
    )
}

/// The client asked for, by id or by a source record.
fn client_of(args: &ExplainArgs, run: &Published) -> Result<String, Failure> {
    let Some((system, key)) = args.client.split_once(':') else { return Ok(args.client.clone()) };
    let record = RecordId::of(system, key).to_string();
    let found = published::read(run, "client_xref", Some(("record_id", &record)), 1)?;
    if found.rows.is_empty() {
        return Err(unknown(&args.client, &run.dir.display().to_string()));
    }
    Ok(found.get(0, "client_id").to_owned())
}

fn tell_json(client: &str, tables: &[(&str, &Rows)]) {
    let mut record = serde_json::json!({ "client_id": client });
    for (name, rows) in tables {
        let named = |row: &Vec<String>| -> serde_json::Value {
            let pairs = rows.header.iter().cloned().zip(row.iter().map(|v| v.as_str().into()));
            serde_json::Value::Object(pairs.collect())
        };
        record[*name] = rows.rows.iter().map(named).collect();
    }
    render::line(&record.to_string());
}

fn records(known: &Rows) {
    let row = |at: usize| {
        let weight: f64 = known.get(at, "match_weight").parse().unwrap_or(0.0);
        vec![
            known.get(at, "system").to_owned(),
            known.get(at, "party_key").to_owned(),
            known.get(at, "rule").to_owned(),
            format!("{:.1}", weight / 1000.0),
        ]
    };
    let rows: Vec<Vec<String>> = (0..known.rows.len()).map(row).collect();
    render::table(&["system", "party key", "joined by", "match weight (bits)"], &rows, &[3]);
}

fn standing(segment: &Rows) {
    let get = |column: &str| segment.get(0, column).to_owned();
    let fact = |name: &str, value: String| vec![name.to_owned(), value];
    let before = match get("previous_tier").as_str() {
        "" => "none".to_owned(),
        tier => tier.to_owned(),
    };
    let watch = match get("watch_since").as_str() {
        "" => String::new(),
        since => format!(", on watch since {since}"),
    };
    let rows = vec![
        fact(
            "tier",
            format!("{} ({}), since {}{watch}", get("tier"), get("cell"), get("tier_since")),
        ),
        fact("before", format!("{before} ({})", get("change_reason"))),
        fact(
            "lifetime value",
            format!(
                "{} = {} earned in twelve months + {} expected",
                get("lifetime_value"),
                get("current_value"),
                get("future_value")
            ),
        ),
        fact(
            "P10 to P90",
            format!("{} to {}", get("lifetime_value_p10"), get("lifetime_value_p90")),
        ),
        fact(
            "value score",
            format!("{} of 100 (rank among clients of the kind)", get("value_score")),
        ),
        fact(
            "loyalty score",
            format!(
                "{} of 100 (frequency {}, breadth {}, advocacy {})",
                get("loyalty_score"),
                get("frequency"),
                get("breadth"),
                get("advocacy")
            ),
        ),
        fact("strongest reasons", [get("reason_1"), get("reason_2"), get("reason_3")].join(", ")),
        fact("evidence", format!("{} of 100", get("confidence"))),
        fact(
            "scored by",
            format!("scoring {}, model {}", get("scoring_version"), get("model_version")),
        ),
    ];
    render::table(&["", ""], &rows, &[]);
}

fn axis(reasons: &Rows, axis: &str, score: &str) {
    let of_axis: Vec<usize> =
        (0..reasons.rows.len()).filter(|at| reasons.get(*at, "axis") == axis).collect();
    let row = |at: &usize| {
        let points = reasons.get(*at, "points");
        let share: f64 = points.parse().unwrap_or(0.0);
        vec![
            reasons.get(*at, "factor").to_owned(),
            points.to_owned(),
            reasons.get(*at, "amount").to_owned(),
            reasons.get(*at, "input").to_owned(),
            render::bar(share.abs() / 100.0, 30),
        ]
    };
    let mut rows: Vec<Vec<String>> = of_axis.iter().map(row).collect();
    rows.push(vec![
        format!("{axis} score"),
        score.to_owned(),
        String::new(),
        String::new(),
        String::new(),
    ]);
    render::table(&[axis, "points", "amount", "seen", ""], &rows, &[1, 2]);
}

fn contribution(rows: &Rows) {
    let mut by_product: std::collections::BTreeMap<&str, (usize, f64)> =
        std::collections::BTreeMap::new();
    for at in 0..rows.rows.len() {
        let entry = by_product.entry(rows.get(at, "product")).or_default();
        entry.0 += 1;
        entry.1 += rows.get(at, "margin").parse::<f64>().unwrap_or(0.0);
    }
    let row = |(product, (months, margin)): (&&str, &(usize, f64))| {
        vec![(*product).to_owned(), months.to_string(), format!("{margin:.2}")]
    };
    let rows: Vec<Vec<String>> = by_product.iter().map(row).collect();
    render::table(&["product", "months", "margin"], &rows, &[1, 2]);
}

fn history(rows: &Rows) {
    let row = |at: usize| {
        ["valid_from", "valid_to", "tier", "cell", "value_score", "loyalty_score", "change_reason"]
            .map(|column| rows.get(at, column).to_owned())
            .to_vec()
    };
    let rows: Vec<Vec<String>> = (0..rows.rows.len()).map(row).collect();
    let header = ["from", "to", "tier", "cell", "value", "loyalty", "because"];
    render::table(&header, &rows, &[4, 5]);
}
