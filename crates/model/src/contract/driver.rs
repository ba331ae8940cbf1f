//! The connection string of a database that is asked through its vendor's ODBC driver. No message quotes
//! what might be a password.

use super::database::TlsPolicy;
use crate::secret::Secret;
use std::net::IpAddr;

/// Attributes that name the machine of a database, as drivers call them.
const HOSTS: [&str; 5] = ["server", "servername", "hostname", "host", "system"];

/// Parts of the names of attributes that hold a secret.
const SECRET: [&str; 5] = ["pwd", "password", "passphrase", "secret", "token"];

/// Attributes that lead to a file, which may hold a password or be given one.
const FILES: [&str; 2] = ["filedsn", "savefile"];

/// Where a database is, in the words of its driver: attributes `name=value` between `;`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverAddress {
    /// The attributes without the password, in their order; values as they stand, braces included.
    attributes: Vec<(String, String)>,
    /// The password, where the connection string holds one; never in a contract.
    pub password: Option<Secret>,
}

impl std::fmt::Display for DriverAddress {
    /// Machine, or data source, and database: what a message may show.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.host(), self.get("dsn")) {
            (Some(host), _) => write!(f, "{host}")?,
            (None, Some(name)) => write!(f, "`{name}`")?,
            (None, None) => write!(f, "{}", bare(self.get("driver").unwrap_or("?")))?,
        }
        self.get("database").map_or(Ok(()), |database| write!(f, "/{database}"))
    }
}

impl DriverAddress {
    /// Reads `Driver=...;Server=...;UID=...` or `DSN=...`; says what is wrong without quoting it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut address = Self { attributes: Vec::new(), password: None };
        for attribute in split(text)? {
            let (name, value) = attribute.split_once('=').unwrap_or(("", ""));
            let (name, value) = (name.trim(), value.trim());
            let key = name.to_ascii_lowercase();
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ' ' || c == '-';
            if name.is_empty() || !name.chars().all(is_name) {
                return Err("an attribute of the connection string is not `name=value`".into());
            }
            if FILES.contains(&key.as_str()) {
                return Err(format!(
                    "`{name}` does not go into a connection string (right: `DSN`)"
                ));
            }
            if key == "pwd" || key == "password" {
                address.password = Some(Secret::new(bare(value)));
            } else if SECRET.iter().any(|part| key.contains(part)) {
                return Err(format!("`{name}` is a secret (right: `password_file`)"));
            } else if address.get(&key).is_some() {
                return Err(format!("`{name}` stands twice in the connection string"));
            } else {
                address.attributes.push((name.to_owned(), value.to_owned()));
            }
        }
        match (address.get("driver"), address.get("dsn")) {
            (None, None) => Err("the connection string names neither `Driver` nor `DSN`".into()),
            (Some(_), Some(_)) => Err("the connection string names `Driver` and `DSN`".into()),
            _ => Ok(address),
        }
    }

    /// What the driver manager is given: the connection string, with a password in braces.
    pub fn with(&self, password: Option<&Secret>) -> Secret {
        let mut text = String::new();
        for (name, value) in &self.attributes {
            text.extend([name, "=", value, ";"]);
        }
        if let Some(password) = password {
            text.extend(["PWD={", &password.reveal().replace('}', "}}"), "};"]);
        }
        Secret::new(text)
    }

    /// Whether the connection is secured: a driver that is not told to prove who the server is may talk
    /// to anybody. What stands behind a data source's name is its administrator's to secure.
    pub fn is_trusted(&self, tls: Option<TlsPolicy>) -> Result<(), String> {
        let host = self.host().map(bare);
        if tls == Some(TlsPolicy::InsecureLoopbackOnly) {
            return match host {
                Some(host) if is_local(&host) => Ok(()),
                _ => Err("`tls`: a connection without TLS is for this machine only".into()),
            };
        }
        if let Some((name, _)) =
            self.attributes.iter().find(|(name, value)| leaves_open(name, value))
        {
            return Err(format!("`{name}` lets anybody be the server (right: one that proves it)"));
        }
        let proven = self.attributes.iter().any(|(name, value)| proves(name, value));
        if proven || self.get("dsn").is_some() || host.is_some_and(|host| host.starts_with('/')) {
            return Ok(());
        }
        Err("the connection string does not ask for TLS in words that are known (right: `Encrypt=yes`, \
             `SSLmode=verify-full`, `Security=SSL`, `PROTOCOL=TCPS`, or a data source `DSN` that does)"
            .into())
    }

    fn host(&self) -> Option<&str> {
        HOSTS.iter().find_map(|name| self.get(name))
    }

    fn get(&self, key: &str) -> Option<&str> {
        let mut found = self.attributes.iter();
        found.find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }
}

/// Whether an attribute says that the server need not prove who it is.
fn leaves_open(name: &str, value: &str) -> bool {
    let value = bare(value).to_ascii_lowercase();
    match name.to_ascii_lowercase().as_str() {
        "encrypt" => matches!(value.as_str(), "no" | "optional" | "false" | "0"),
        "trustservercertificate" => matches!(value.as_str(), "yes" | "true" | "1"),
        "sslmode" => matches!(value.as_str(), "disable" | "allow" | "prefer" | "require"),
        _ => false,
    }
}

/// Whether an attribute says that the server has to prove who it is.
fn proves(name: &str, value: &str) -> bool {
    let value = bare(value).to_ascii_lowercase();
    match name.to_ascii_lowercase().as_str() {
        "encrypt" => matches!(value.as_str(), "yes" | "mandatory" | "strict" | "true" | "1"),
        "sslmode" => matches!(value.as_str(), "verify-ca" | "verify-full"),
        "security" => value == "ssl",
        "dbq" => value.replace(' ', "").contains("protocol=tcps") || value.starts_with("tcps://"),
        _ => false,
    }
}

fn is_local(host: &str) -> bool {
    // SQL Server writes `host,port`, others `host:port` or the port elsewhere.
    let name = host.split(',').next().unwrap_or(host);
    host.starts_with('/')
        || name == "localhost"
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A value without the braces around it.
fn bare(value: &str) -> String {
    let inner = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'));
    inner.map_or_else(|| value.to_owned(), |inner| inner.replace("}}", "}"))
}

/// The attributes between `;`, which in braces means nothing.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let (mut found, mut from, mut braced) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            0 => return Err("the connection string holds a zero byte".into()),
            b'{' => braced = true,
            // Doubled, it closes and opens again.
            b'}' => braced = !braced && text[..at].ends_with('}'),
            b';' if !braced => {
                found.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    if braced {
        return Err("a brace of the connection string is not closed".into());
    }
    found.push(&text[from..]);
    found.retain(|attribute| !attribute.trim().is_empty());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str =
        "Driver={ODBC Driver 18 for SQL Server};Server=core.bank,1433;Database=core";

    fn parse(text: &str) -> Result<DriverAddress, String> {
        DriverAddress::parse(text)
    }

    #[test]
    fn a_connection_string_is_taken_as_it_stands_and_a_password_goes_into_braces() {
        let address = parse(&format!("{SERVER};UID=reader; ")).unwrap();
        assert_eq!(address.to_string(), "core.bank,1433/core");
        assert_eq!(address.password, None);
        let given = address.with(Some(&Secret::new("a;b}c{".into())));
        assert_eq!(given.reveal(), format!("{SERVER};UID=reader;PWD={{a;b}}}}c{{}};"));
        assert_eq!(parse(given.reveal()).unwrap().password, Some(Secret::new("a;b}c{".into())));
        assert_eq!(parse("dsn=Core;uid=u").unwrap().to_string(), "`Core`");
        assert_eq!(parse("Driver={IBM DB2};uid=u").unwrap().to_string(), "IBM DB2");
    }

    #[test]
    fn a_wrong_connection_string_is_refused_without_being_quoted() {
        for (text, cause) in [
            ("", "neither `Driver` nor `DSN`"),
            ("Server=hunter2", "neither"),
            ("DSN=a;Driver=hunter2", "names `Driver` and `DSN`"),
            ("DSN=a;hunter2", "not `name=value`"),
            ("DSN=a;hun+ter2=b", "not `name=value`"),
            ("DSN=a;UID=hunter2;uid=b", "stands twice"),
            ("DSN=a;UID={hunter2", "not closed"),
            ("DSN=a;UID={hunter2}}", "not closed"),
            ("DSN=a;\0hunter2", "zero byte"),
            ("FILEDSN=hunter2", "does not go into"),
            ("DSN=a;SSLClientKeystorePassword2=hunter2", "is a secret"),
            ("DSN=a;AccessToken=hunter2", "is a secret"),
        ] {
            let told = parse(text).unwrap_err();
            let quoted = told.contains("hunter2") || told.contains("hun+ter2");
            assert!(told.contains(cause) && !quoted, "{text}: {told}");
        }
    }

    #[test]
    fn a_server_has_to_prove_who_it_is() {
        let trusted = |text: &str, tls| parse(text).unwrap().is_trusted(tls).is_ok();
        for (more, told) in [
            ("", false),
            (";Encrypt=yes", true),
            (";Encrypt={strict}", true),
            (";Encrypt=yes;TrustServerCertificate=yes", false),
            (";ENCRYPT=Optional", false),
            (";SSLmode=verify-full", true),
            (";sslmode=require", false),
            (";Security=SSL", true),
        ] {
            assert_eq!(trusted(&format!("{SERVER}{more}"), None), told, "{more}");
        }
        assert!(trusted("DSN=core", None));
        assert!(!trusted("DSN=core;sslmode=prefer", None));
        assert!(trusted("Driver=Oracle;DBQ=(ADDRESS=(PROTOCOL = TCPS)(HOST=a))", None));
        assert!(!trusted("Driver=Oracle;DBQ=core", None));
        assert!(trusted("Driver=PostgreSQL;Servername=/run/pg", None));
        let plain = Some(TlsPolicy::InsecureLoopbackOnly);
        for (host, local) in
            [("localhost", true), ("127.0.0.1,1433", true), ("/run/pg", true), ("core.bank", false)]
        {
            assert_eq!(trusted(&format!("Driver=a;Server={host}"), plain), local, "{host}");
        }
        assert!(!trusted("DSN=core", plain));
    }
}
