//! The schema of every table: the one list. Readers, writers, the data dictionary and the tests
//! all go by it.

mod canonical;
mod common;
mod kept;
mod published;
mod quality;
mod resolve;
mod stage;
mod summary;
mod vault;

use crate::table::Table;

/// Every table of the night: what extracts become, what stages hand on, what downstream reads.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    let own = resolve::RESOLVE.iter().chain(stage::STAGE).chain(summary::SUMMARY);
    let own = own.chain(vault::VAULT);
    let published = published::PUBLISHED.iter().chain(quality::QUALITY);
    canonical::CANONICAL.iter().chain(own).chain(published).chain(kept::KEPT)
}

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    tables().find(|t| t.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_keys_exist() {
        let mut names = BTreeSet::new();
        for table in tables() {
            assert!(names.insert(table.name), "{}", table.name);
            let columns: BTreeSet<_> = table.columns.iter().map(|c| c.name).collect();
            assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
            for key in table.order.iter().chain(table.partition.iter()) {
                assert!(columns.contains(key), "{}.{key}", table.name);
            }
            for column in table.columns {
                assert!(!column.meaning.is_empty(), "{}.{}", table.name, column.name);
            }
        }
    }
}
