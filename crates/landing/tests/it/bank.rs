//! A source on a server, and what is landed of it.

use landing::{ErrorKind, Landed, LandingError, Order, land};
use model::{BusinessDate, SourceContract};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A lake of its own, and the contract of a source.
pub(crate) struct Bank {
    lake: TempDir,
    source: SourceContract,
}

impl Bank {
    /// A source `deposits`: `database` is what stands under `[database]`, a feed its name, query and
    /// columns.
    pub(crate) fn new(database: &str, feeds: &[(&str, &str, &str)]) -> Self {
        Self::of("postgresql", database, feeds)
    }

    /// The same of a database of another kind.
    pub(crate) fn of(kind: &str, database: &str, feeds: &[(&str, &str, &str)]) -> Self {
        let mut text = format!(
            "version = 1\nsystem = \"deposits\"\ntitle = \"Core deposits\"\n[database]\nkind = \"{kind}\"\n{database}\n"
        );
        for (name, query, columns) in feeds {
            let feed = ["[[feed]]\nname = \"", name, "\"\nquery = '''", query, "'''\n"];
            text.extend(feed.into_iter().chain(["columns = [", columns, "]\n"]));
        }
        let source = SourceContract::parse(&text, "deposits.toml").unwrap();
        Self { lake: tempfile::tempdir().unwrap(), source }
    }

    pub(crate) fn source(&self) -> &SourceContract {
        &self.source
    }

    /// The same lake with the contract of another.
    pub(crate) fn with_source_of(&mut self, other: &Self) {
        self.source = other.source.clone();
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.lake.path().join("landing/2026-11-20/deposits")
    }

    /// Lands, with what is done whenever bytes come.
    pub(crate) fn land_with(
        &self,
        again: bool,
        progress: &dyn Fn(u64),
    ) -> Result<(Vec<Landed>, bool), LandingError> {
        let folder = self.folder();
        land(&Order {
            source: &self.source,
            as_of: as_of(),
            folder: &folder,
            above: self.lake.path(),
            base: Path::new(""),
            again,
            progress,
        })
    }

    pub(crate) fn land(&self) -> Result<(Vec<Landed>, bool), LandingError> {
        self.land_with(false, &|_| {})
    }

    /// Lands from a database that is asked, and gives the rows of each feed.
    pub(crate) fn landed(&self) -> Vec<u64> {
        let (landed, asked) = self.land().unwrap();
        assert!(asked);
        landed.iter().map(|one| one.rows).collect()
    }

    /// What a landing says that fails, and leaves nothing behind.
    pub(crate) fn refused(&self) -> (ErrorKind, String) {
        let error = self.land().expect_err("the landing must fail");
        assert_eq!(self.files(), Vec::<String>::new());
        (error.kind(), error.to_string())
    }

    /// The names of the files that lie there.
    pub(crate) fn files(&self) -> Vec<String> {
        let Ok(found) = std::fs::read_dir(self.folder()) else { return Vec::new() };
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.unwrap().file_name().into_string().unwrap()
        };
        let mut names: Vec<String> = found.map(name).collect();
        names.sort();
        names
    }

    /// The text of a file that lies there.
    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).unwrap()
    }
}

pub(crate) fn as_of() -> BusinessDate {
    "2026-11-20".parse().unwrap()
}
