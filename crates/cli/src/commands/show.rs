//! `clientele show`: a published table, or the list of tables.

use super::lake_of;
use crate::args::ShowArgs;
use crate::failure::Failure;
use crate::{published, render};
use lake::Published;

pub(crate) fn run(args: &ShowArgs) -> Result<(), Failure> {
    let lake = lake_of(&args.job)?;
    let run = published::open(&lake, args.run.as_deref())?;
    if let Some(table) = &args.table {
        return show(args, &run, table);
    }
    list(args, &run);
    Ok(())
}

fn list(args: &ShowArgs, run: &Published) {
    if args.job.json {
        let tables: Vec<_> = run
            .manifest
            .tables
            .iter()
            .map(|t| serde_json::json!({ "table": t.name, "rows": t.rows }))
            .collect();
        render::line(
            &serde_json::json!({ "run": run.run.to_string(), "tables": tables }).to_string(),
        );
        return;
    }
    let meaning = |name: &str| model::table(name).map_or("", |t| t.meaning);
    let row = |t: &lake::PublishedTable| {
        vec![t.name.clone(), render::grouped(i128::from(t.rows)), meaning(&t.name).to_owned()]
    };
    let rows: Vec<Vec<String>> = run.manifest.tables.iter().map(row).collect();
    render::table(&["table", "rows", "a row is"], &rows, &[1]);
    render::line(&format!(
        "night of {}, run {}, in {}",
        run.manifest.as_of,
        run.run,
        run.dir.display()
    ));
}

fn show(args: &ShowArgs, run: &Published, table: &str) -> Result<(), Failure> {
    let condition = args.condition.as_deref().map(split).transpose()?;
    let all = args.csv || args.job.json;
    let limit = if all { usize::MAX } else { args.rows };
    let found = published::read(run, table, condition, limit)?;
    if let Some((column, _)) = condition
        && !found.header.iter().any(|name| name == column)
    {
        let message = format!(
            "table `{table}` has no column `{column}` (columns: `{}`)",
            found.header.join("`, `")
        );
        return Err(Failure::new(64, message, ""));
    }
    if args.csv {
        render::line(&found.header.join(","));
        found.rows.iter().for_each(|row| render::line(&csv(row)));
    } else if args.job.json {
        let named = |row: &Vec<String>| -> serde_json::Map<String, serde_json::Value> {
            found.header.iter().cloned().zip(row.iter().map(|v| v.as_str().into())).collect()
        };
        found
            .rows
            .iter()
            .for_each(|row| render::line(&serde_json::Value::from(named(row)).to_string()));
    } else {
        let header: Vec<&str> = found.header.iter().map(String::as_str).collect();
        render::table(&header, &found.rows, &[]);
        render::line(&format!(
            "{} of {} rows of `{table}`, night of {}, run {}",
            found.rows.len(),
            render::grouped(i128::from(found.matched)),
            run.manifest.as_of,
            run.run
        ));
    }
    Ok(())
}

fn split(condition: &str) -> Result<(&str, &str), Failure> {
    let wrong =
        || Failure::new(64, format!("`{condition}` is not a condition (such as tier=TOP)"), "");
    condition.split_once('=').ok_or_else(wrong)
}

/// A row of CSV (RFC 4180).
fn csv(row: &[String]) -> String {
    let field = |value: &String| {
        if value.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", value.replace('"', "\"\""))
        } else {
            value.clone()
        }
    };
    row.iter().map(field).collect::<Vec<_>>().join(",")
}
