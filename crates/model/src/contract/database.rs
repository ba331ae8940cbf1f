//! A database as a source: where it is and how the connection to it is secured. It holds no secret.

use super::address::DatabaseAddress;
use super::driver::DriverAddress;
use crate::BusinessDate;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Longest time a query may be given, seconds: a day.
const LONGEST: u32 = 86_400;

const HOLDS_PASSWORD: &str =
    "the address holds a password (right: `password_file` or `password_env`)";

/// A database that is asked for its rows when a night begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseContract {
    /// What kind of database it is.
    pub kind: DatabaseKind,
    /// Its address, `postgresql://user@host:5432/database`, without a password.
    #[serde(default)]
    pub url: Option<String>,
    /// The environment variable that holds the address, in place of `url`.
    #[serde(default)]
    pub url_env: Option<String>,
    /// The connection string of a database's ODBC driver, without a password; in place of an address.
    #[serde(default)]
    pub connection: Option<String>,
    /// The environment variable that holds the connection string, in place of `connection`.
    #[serde(default)]
    pub connection_env: Option<String>,
    /// The statement that gives all queries of a transaction one state of the database, for a database
    /// behind a driver whose own is not known; empty for one that has none.
    #[serde(default)]
    pub snapshot: Option<String>,
    /// How the connection is secured; as the address says where absent, else `verify-full`.
    #[serde(default)]
    pub tls: Option<TlsPolicy>,
    /// Certificates of the authorities that are trusted, PEM, relative to the job file; where absent,
    /// those the system trusts.
    #[serde(default)]
    pub ca_file: Option<String>,
    /// The file that holds the password and nothing else, relative to the job file; its owner alone
    /// may read it.
    #[serde(default)]
    pub password_file: Option<String>,
    /// The environment variable that holds the password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// The role whose rights the queries run with, where it is not the user's own.
    #[serde(default)]
    pub role: Option<String>,
    /// Seconds a query may take.
    #[serde(default = "an_hour")]
    pub statement_timeout: u32,
    /// Known only to be refused without being shown, as an unknown key would be.
    #[serde(default)]
    password: Option<IgnoredAny>,
}

/// What kind of database a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    /// PostgreSQL, or what speaks its protocol.
    Postgresql,
    /// Any database with an ODBC driver.
    Odbc,
}

impl DatabaseKind {
    /// A date as a query writes it.
    pub fn date(self, date: BusinessDate) -> String {
        match self {
            Self::Postgresql => format!("DATE '{date}'"),
            // The driver writes it as its database wants it.
            Self::Odbc => format!("{{d '{date}'}}"),
        }
    }
}

/// How a connection to a database is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsPolicy {
    /// TLS; the certificate is of a trusted authority and names the host.
    #[default]
    VerifyFull,
    /// TLS; the certificate is of a trusted authority.
    VerifyCa,
    /// No TLS: for loopback addresses and unix sockets.
    InsecureLoopbackOnly,
}

fn an_hour() -> u32 {
    3600
}

impl DatabaseContract {
    /// What is wrong, if anything, and what would be right; no secret stands in it.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.password.is_some() {
            return Err("`database.password`: a password does not stand in a contract (right: `password_file` or `password_env`)".into());
        }
        if self.password_file.is_some() && self.password_env.is_some() {
            return Err(
                "`database`: `password_file` and `password_env` (right: one of them)".into()
            );
        }
        if !(1..=LONGEST).contains(&self.statement_timeout) {
            return Err(format!("`database.statement_timeout` must be 1 to {LONGEST} (seconds)"));
        }
        if self.role.as_ref().is_some_and(|role| role.is_empty() || role.contains('\0')) {
            return Err("`database.role` is empty".into());
        }
        let told = match self.kind {
            DatabaseKind::Postgresql => self.address(),
            DatabaseKind::Odbc => self.driver(),
        };
        told.map_err(|cause| format!("`database`: {cause}"))
    }

    fn address(&self) -> Result<(), String> {
        leaves_open(
            "postgresql",
            &[
                ("connection", self.connection.is_some()),
                ("connection_env", self.connection_env.is_some()),
                ("snapshot", self.snapshot.is_some()),
            ],
        )?;
        match (&self.url, &self.url_env) {
            (Some(url), None) => self.address_holds(url),
            (None, Some(name)) if !name.is_empty() => Ok(()),
            _ => Err("needs `url` or `url_env` (one of them)".into()),
        }
    }

    fn driver(&self) -> Result<(), String> {
        leaves_open(
            "odbc",
            &[
                ("url", self.url.is_some()),
                ("url_env", self.url_env.is_some()),
                ("ca_file", self.ca_file.is_some()),
                ("role", self.role.is_some()),
            ],
        )?;
        if !matches!(self.tls, None | Some(TlsPolicy::InsecureLoopbackOnly)) {
            return Err("`tls` of a driver stands in its connection string".into());
        }
        match (&self.connection, &self.connection_env) {
            (Some(text), None) => {
                let address = DriverAddress::parse(text)?;
                if address.password.is_some() {
                    return Err(HOLDS_PASSWORD.into());
                }
                address.is_trusted(self.tls)
            }
            (None, Some(name)) if !name.is_empty() => Ok(()),
            _ => Err("needs `connection` or `connection_env` (one of them)".into()),
        }
    }

    fn address_holds(&self, url: &str) -> Result<(), String> {
        let address = DatabaseAddress::parse(url)?;
        if address.password.is_some() {
            return Err(HOLDS_PASSWORD.into());
        }
        address.policy(self.tls).map(|_| ())
    }
}

/// What goes with one kind of database does not go with another.
fn leaves_open(kind: &str, keys: &[(&str, bool)]) -> Result<(), String> {
    match keys.iter().find(|(_, said)| *said) {
        Some((key, _)) => Err(format!("`{key}` does not go with `kind = \"{kind}\"`")),
        None => Ok(()),
    }
}
