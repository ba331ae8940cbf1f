//! Landing from outside: a real server where PostgreSQL is installed, and one that lies.

mod bank;
mod errors;
mod faults;
mod liar;
mod rows;
mod server;
mod tls;
