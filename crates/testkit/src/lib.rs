//! Shared test tools: where things are, scratch folders, the built program, golden files, a PostgreSQL
//! server, whether two lakes have published the same, and the data dictionary. The tidy tests (`tests/tidy`) check what a
//! compiler cannot: walls between crates, sizes, catalogues, documents.
//!
//! For tests only: every tool fails its test loudly. Knows no engine, no table format and nothing
//! of how a night computes.

mod place;

mod program;

mod golden;

mod postgres;

mod publication;

mod dictionary;
mod driver;

pub use dictionary::data_dictionary;
pub use driver::postgres_driver;
pub use golden::{assert_golden, assert_same_text, difference};
pub use place::{copy_tree, files_below, read_text, repo_root, scratch, shared_data};
pub use postgres::{PASSWORD, Postgres};
pub use program::clientele;
pub use publication::{assert_same_publication, published};
