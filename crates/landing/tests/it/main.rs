//! Landing from outside: a real server where PostgreSQL is installed, and one that lies.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails loudly")]

mod bank;
mod errors;
mod faults;
mod liar;
mod rows;
mod sample;
mod tls;
#[cfg(not(feature = "odbc"))]
mod without;
