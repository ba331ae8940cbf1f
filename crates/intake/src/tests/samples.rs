//! The sample bank: every feed of it, by the contracts that a bank would copy.

use super::{Shown, as_of};
use crate::arrive::arrive;
use crate::read::read_feed;
use model::SourceContract;
use testkit::{files_below, read_text, repo_root};

#[test]
fn the_sample_bank_is_read_and_its_flags_count_its_rows() {
    let root = repo_root();
    let sources = files_below(&root.join("jobs/sources")).into_iter();
    let sources = sources.filter(|path| !path.ends_with("README.md") && !is_of_berka(path));
    let sources: Vec<SourceContract> =
        sources.map(|path| SourceContract::parse(&read_text(&path), "test").unwrap()).collect();
    let folder = root.join("data-samples/night/20261120");
    let scratch = tempfile::tempdir().unwrap();
    let arrived = arrive(&sources, &folder, as_of(), &|_| {}).unwrap();
    let feeds = sources.iter().flat_map(|source| &source.feeds);
    let mut counted = 0;
    for (feed, arrived) in feeds.zip(&arrived) {
        let mut sink = Shown::default();
        let outcome =
            read_feed(&arrived.system, feed, arrived, as_of(), &mut sink, &|_| {}, scratch.path());
        counted += usize::from(arrived.flag_rows == Some(outcome.unwrap().rows_read));
    }
    assert_eq!(counted, 14, "feeds of the three systems whose flags count");
}

/// The real bank, whose files are not here.
fn is_of_berka(path: &std::path::Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().starts_with("berka")
}
