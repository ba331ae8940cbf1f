//! The sample bank: every feed of it, by the contracts that a bank would copy.

use super::{Shown, arrive, as_of};
use crate::read::read_feed;
use model::SourceContract;
use std::path::Path;
use testkit::{files_below, read_text, repo_root};

#[test]
fn the_sample_bank_is_read_and_its_flags_count_its_rows() {
    let root = repo_root();
    let files = files_below(&root.join("jobs/sources")).into_iter();
    let contracts = files.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let sources: Vec<SourceContract> =
        contracts.filter(|path| !is_of_berka(path)).map(|path| contract_at(&path)).collect();
    let folder = root.join("data-samples/night/20261120");
    let scratch = tempfile::tempdir().unwrap();
    let arrived = arrive(&sources, &folder).unwrap();
    let feeds = sources.iter().flat_map(|source| &source.feeds);
    let mut counted = 0;
    for (feed, arrived) in feeds.zip(&arrived) {
        let mut sink = Shown::default();
        let outcome =
            read_feed(&arrived.system, feed, arrived, as_of(), &mut sink, &|_| {}, scratch.path());
        counted += usize::from(arrived.flag_rows == Some(outcome.unwrap().rows_read));
    }
    assert_eq!(counted, 18, "feeds of the four systems whose flags count");
}

/// A contract with the copybooks beside it.
pub(super) fn contract_at(path: &Path) -> SourceContract {
    let text = read_text(path);
    let named = SourceContract::copybooks_of(&text, "test").unwrap().into_iter();
    let copybook = |name: String| (name.clone(), read_text(&path.parent().unwrap().join(name)));
    SourceContract::parse_with(&text, "test", &named.map(copybook).collect()).unwrap()
}

/// The real bank, whose files are not here.
pub(super) fn is_of_berka(path: &Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().starts_with("berka")
}
