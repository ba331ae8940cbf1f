//! Landing: what a query finds in a database becomes a file, and the file goes through the very same
//! reading gate as one that a source has sent.
//!
//! [`land`] asks one database for all feeds of a source in one read-only snapshot, counts and digests
//! what comes, and puts the files under their names only when every one of them is whole. What was
//! landed for a date is used again: a rerun asks nobody.
//!
//! It speaks the part of PostgreSQL's protocol that this takes (start, SCRAM, one query, COPY out), and
//! no more; with the feature `odbc` it asks other databases through their vendors' drivers. It does not know what the rows mean, how they are read, or when it is called.

mod address;
mod count;
mod error;
mod files;
mod land;
#[cfg(feature = "odbc")]
mod odbc;
mod password;
mod receipt;
mod scram;
mod session;
mod stream;
#[cfg(any(feature = "odbc", test))]
mod text;
mod tls;
mod wire;

pub use error::{Cause, ErrorKind, LandingError};
pub use land::{Order, is_landed, land};
#[cfg(feature = "odbc")]
pub use odbc::DriverFault;
pub use receipt::Landed;
