//! Documents: they agree with the code they speak of.

use crate::manifests::crates;
use std::path::PathBuf;
use testkit::{assert_golden, data_dictionary, files_below, read_text, repo_root};

/// Every Markdown file that is ours.
fn documents() -> Vec<PathBuf> {
    let root = repo_root();
    let mut files: Vec<PathBuf> =
        ["docs", "jobs", "data-samples"].iter().flat_map(|f| files_below(&root.join(f))).collect();
    files.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(|name| root.join(name)));
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files
}

/// The targets of the links of a Markdown text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// The quoted words of lines `key: "word"` of a Rust source.
fn words<'a>(source: &'a str, key: &str) -> Vec<&'a str> {
    let lines = source.lines().filter_map(|line| line.trim().strip_prefix(key));
    lines.filter_map(|rest| rest.strip_prefix(": \"")?.split('"').next()).collect()
}

#[test]
fn the_data_dictionary_says_what_the_schemas_say() {
    assert_golden(&repo_root().join("docs/data-dictionary.md"), &data_dictionary());
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = read_text(&document);
        let within = links(&text).filter(|link| !link.contains("://") && !link.starts_with('#'));
        for link in within {
            let path = link.split('#').next().unwrap_or(link);
            if !document.parent().unwrap().join(path).exists() {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_crate_has_its_paragraph() {
    let text = read_text(&repo_root().join("ARCHITECTURE.md"));
    for of in crates() {
        let heading = format!("\n### `crates/{}`", of.name);
        assert!(text.contains(&heading), "ARCHITECTURE.md lacks{heading}");
    }
}

#[test]
fn the_table_of_stages_is_the_order_of_the_night() {
    let root = repo_root();
    let source = read_text(&root.join("crates/night/src/stage.rs"));
    let text = read_text(&root.join("ARCHITECTURE.md"));
    let (_, table) = text.split_once("<!-- stages -->").unwrap();
    let (table, _) = table.split_once("<!-- /stages -->").unwrap();
    let cell = |line: &str, column: usize| {
        line.split('|').nth(column).map(|cell| cell.trim().trim_matches('`').to_owned())
    };
    let rows: Vec<&str> = table.lines().filter(|line| line.contains("| `")).collect();
    let column = |column| rows.iter().filter_map(|row| cell(row, column)).collect::<Vec<_>>();
    assert_eq!(column(1), words(&source, "chapter"), "chapters");
    assert_eq!(column(2), words(&source, "name"), "stages");
}
