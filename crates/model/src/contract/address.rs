//! The address of a database, as libpq writes it. No message quotes what might be a password.

use super::database::TlsPolicy;
use crate::secret::Secret;
use std::net::IpAddr;

/// Port of PostgreSQL.
const PORT: u16 = 5432;

/// Seconds to wait for a connection, where the address does not say.
const CONNECT_TIMEOUT: u16 = 10;

/// Parameters that an address may have behind `?`.
const KNOWN: &str = "`host`, `port`, `user`, `dbname`, `sslmode`, `connect_timeout`";

/// Where a database is and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseAddress {
    /// The machine.
    pub host: DatabaseHost,
    /// The port; of a socket, a part of its name.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The database.
    pub database: String,
    /// The password, where the address holds one; never in a contract.
    pub password: Option<Secret>,
    /// Seconds to wait for a connection.
    pub connect_timeout: u16,
    ssl_mode: Option<SslMode>,
}

/// The machine of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseHost {
    /// A name or an IP address.
    Name(String),
    /// This machine: the folder of a unix socket.
    Socket(String),
}

/// What libpq calls `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SslMode {
    /// `disable`, `allow` or `prefer`: TLS may be left out.
    Optional,
    /// `require`: encrypted, to whomever.
    Require,
    VerifyCa,
    VerifyFull,
}

impl DatabaseHost {
    /// Whether packets to it never leave this machine.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Name(name) => {
                name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
        }
    }
}

impl std::fmt::Display for DatabaseAddress {
    /// Host, port and database: what a message may show.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (DatabaseHost::Name(host) | DatabaseHost::Socket(host)) = &self.host;
        write!(f, "{host}:{}/{}", self.port, self.database)
    }
}

impl DatabaseAddress {
    /// Reads `postgresql://user@host:port/database?sslmode=...`; says what is wrong without quoting it.
    pub fn parse(url: &str) -> Result<Self, String> {
        let rest = url.strip_prefix("postgresql://").or_else(|| url.strip_prefix("postgres://"));
        let rest = rest.ok_or("the address must begin with `postgresql://`")?;
        let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, machine) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = match user.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (user, None),
        };
        let (host, port) = split_port(machine)?;
        let mut parts = Parts {
            host: decoded(host)?,
            port: port.to_owned(),
            user: decoded(user)?,
            database: decoded(database)?,
            password: password.map(decoded).transpose()?.map(Secret::new),
            ..Parts::default()
        };
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            parts.take(parameter)?;
        }
        parts.whole()
    }

    /// How a connection has to be secured, by the contract's `tls` and the address's `sslmode`.
    pub fn policy(&self, tls: Option<TlsPolicy>) -> Result<TlsPolicy, String> {
        let asked = match self.ssl_mode {
            None => None,
            Some(SslMode::Optional) => Some(TlsPolicy::InsecureLoopbackOnly),
            Some(SslMode::Require) => {
                return Err(
                    "`sslmode=require` proves nothing about the server (right: `verify-full` or `verify-ca`)"
                        .into(),
                );
            }
            Some(SslMode::VerifyCa) => Some(TlsPolicy::VerifyCa),
            Some(SslMode::VerifyFull) => Some(TlsPolicy::VerifyFull),
        };
        if let (Some(tls), Some(asked)) = (tls, asked)
            && tls != asked
        {
            return Err("`tls` and `sslmode` of the address disagree (right: one of them)".into());
        }
        let policy = tls.or(asked).unwrap_or_default();
        if policy == TlsPolicy::InsecureLoopbackOnly && !self.host.is_local() {
            return Err(
                "a connection without TLS is for this machine only (right: `tls = \"verify-full\"`)"
                    .into(),
            );
        }
        Ok(policy)
    }
}

/// An address while it is read.
#[derive(Default)]
struct Parts {
    host: String,
    port: String,
    user: String,
    database: String,
    password: Option<Secret>,
    ssl_mode: Option<SslMode>,
    connect_timeout: Option<u16>,
}

impl Parts {
    fn take(&mut self, parameter: &str) -> Result<(), String> {
        let (name, value) = parameter.split_once('=').unwrap_or(("", ""));
        let value = decoded(value)?;
        match name {
            "host" => self.host = value,
            "port" => self.port = value,
            "user" => self.user = value,
            "dbname" => self.database = value,
            "password" => self.password = Some(Secret::new(value)),
            "sslmode" => self.ssl_mode = Some(ssl_mode(&value)?),
            "connect_timeout" => {
                let seconds = value.parse().ok().filter(|seconds| (1..=600).contains(seconds));
                let wrong = "`connect_timeout` of the address must be 1 to 600 (seconds)";
                self.connect_timeout = Some(seconds.ok_or(wrong)?);
            }
            // A parameter nobody knows may be the tail of a password that was not escaped.
            _ => return Err(format!("a parameter of the address is not known (known: {KNOWN})")),
        }
        Ok(())
    }

    fn whole(self) -> Result<DatabaseAddress, String> {
        let missing = |what| Err(format!("the address names no {what}"));
        if self.user.is_empty() {
            return missing("user");
        }
        if self.database.is_empty() {
            return missing("database");
        }
        if self.host.is_empty() {
            return missing("host (a name, an IP address, or the folder of a unix socket)");
        }
        let odd = |text: &str| text.contains(['\0', '@', ',']);
        if odd(&self.host) || odd(&self.database) || self.database.contains('/') {
            return Err(
                "host or database of the address hold `@`, `,` or `/` (right: one host, and a password nowhere)"
                    .into(),
            );
        }
        let port = if self.port.is_empty() { Ok(PORT) } else { self.port.parse() };
        let Some(port) = port.ok().filter(|port| *port > 0) else {
            return Err("the port of the address must be 1 to 65535".into());
        };
        let is_socket = self.host.starts_with('/');
        Ok(DatabaseAddress {
            host: if is_socket {
                DatabaseHost::Socket(self.host)
            } else {
                DatabaseHost::Name(self.host)
            },
            port,
            user: self.user,
            database: self.database,
            password: self.password,
            connect_timeout: self.connect_timeout.unwrap_or(CONNECT_TIMEOUT),
            ssl_mode: self.ssl_mode,
        })
    }
}

fn ssl_mode(text: &str) -> Result<SslMode, String> {
    match text {
        "disable" | "allow" | "prefer" => Ok(SslMode::Optional),
        "require" => Ok(SslMode::Require),
        "verify-ca" => Ok(SslMode::VerifyCa),
        "verify-full" => Ok(SslMode::VerifyFull),
        _ => Err("`sslmode` of the address is not known (right: `verify-full`)".into()),
    }
}

/// Host and port; an IPv6 address stands in brackets.
fn split_port(machine: &str) -> Result<(&str, &str), String> {
    let Some(rest) = machine.strip_prefix('[') else {
        return Ok(machine.rsplit_once(':').unwrap_or((machine, "")));
    };
    let wrong = "the address has a bracket too many or too few";
    let (host, rest) = rest.split_once(']').ok_or(wrong)?;
    match rest.strip_prefix(':') {
        Some(port) => Ok((host, port)),
        None if rest.is_empty() => Ok((host, "")),
        None => Err(wrong.into()),
    }
}

/// The text behind percent signs.
fn decoded(text: &str) -> Result<String, String> {
    let wrong = || "the address has a `%` without two hexadecimal digits behind it".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first != b'%' {
            bytes.push(*first);
            rest = tail;
            continue;
        }
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.ok_or_else(wrong)?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).map_err(|_| "the address is not UTF-8 behind its `%`".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<DatabaseAddress, String> {
        DatabaseAddress::parse(url)
    }

    #[test]
    fn an_address_is_read_as_libpq_reads_it() {
        let shown = |url: &str| parse(url).map(|a| format!("{} {a}", a.user));
        let ok = |text: &str| Ok(text.to_owned());
        assert_eq!(shown("postgresql://u@db.bank:6543/core"), ok("u db.bank:6543/core"));
        assert_eq!(shown("postgres://u@db.bank/core"), ok("u db.bank:5432/core"));
        assert_eq!(shown("postgresql://u@[::1]:6543/core"), ok("u ::1:6543/core"));
        assert_eq!(shown("postgresql://u@[::1]/core"), ok("u ::1:5432/core"));
        assert_eq!(shown("postgresql://u@%2Frun%2Fpg/core"), ok("u /run/pg:5432/core"));
        assert_eq!(shown("postgresql:///core?host=/run/pg&user=u&port=1"), ok("u /run/pg:1/core"));
        assert_eq!(shown("postgresql://%E7%8E%8B@h/core?connect_timeout=3"), ok("王 h:5432/core"));
        assert_eq!(
            parse("postgresql://u:p%40s@h/core").map(|a| a.password),
            Ok(Some(Secret::new("p@s".into())))
        );
    }

    #[test]
    fn a_wrong_address_is_refused_without_being_quoted() {
        for url in [
            "mysql://u:hunter2@h/core",
            "postgresql://:hunter2@h/core",
            "postgresql://u:hunter2@h",
            "postgresql://u:hunter2@/core",
            "postgresql://u:hunter2@h:many/core",
            "postgresql://u:hunter2@h:0/core",
            "postgresql://u:hunter2@h,i/core",
            "postgresql://u:hunter2@[::1/core",
            "postgresql://u:hunter2@[::1]x/core",
            "postgresql://u:1/hunter2@h/core",
            "postgresql://u:x?hunter2@h/core",
            "postgresql://u:hunter2%2@h/core",
            "postgresql://u:hunter2%ff@h/core",
            "postgresql://u@h/core?hunter2",
            "postgresql://u@h/core?sslmode=hunter2",
            "postgresql://u@h/core?connect_timeout=hunter2",
        ] {
            let cause = parse(url).unwrap_err();
            assert!(!cause.contains("hunter2"), "{url}: {cause}");
        }
    }

    #[test]
    fn only_this_machine_is_talked_to_plainly() {
        use TlsPolicy::{InsecureLoopbackOnly as Plain, VerifyCa, VerifyFull};
        let policy = |url: &str, tls| parse(url).unwrap().policy(tls);
        assert_eq!(policy("postgresql://u@db.bank/c", None), Ok(VerifyFull));
        assert_eq!(policy("postgresql://u@db.bank/c?sslmode=verify-full", None), Ok(VerifyFull));
        assert_eq!(policy("postgresql://u@db.bank/c?sslmode=verify-ca", None), Ok(VerifyCa));
        assert_eq!(policy("postgresql://u@db.bank/c", Some(VerifyCa)), Ok(VerifyCa));
        assert_eq!(policy("postgresql://u@%2Frun/c?sslmode=disable", None), Ok(Plain));
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
            let url = format!("postgresql://u@{host}/c?sslmode=prefer");
            assert_eq!(policy(&url, None), Ok(Plain), "{host}");
        }
        for mode in ["disable", "allow", "prefer", "require"] {
            let url = format!("postgresql://u@db.bank/c?sslmode={mode}");
            assert!(policy(&url, None).is_err(), "{mode}");
        }
        assert!(policy("postgresql://u@localhost.bank/c", Some(Plain)).is_err());
        assert!(policy("postgresql://u@h/c?sslmode=verify-ca", Some(VerifyFull)).is_err());
    }
}
