//! From a contract to an address, from wherever it stands.

use crate::error::Cause;
use model::{DatabaseAddress, DatabaseContract, TlsPolicy};

/// The address of a contract's database, and how the connection is secured.
pub(crate) fn address_of(
    database: &DatabaseContract,
) -> Result<(DatabaseAddress, TlsPolicy), Cause> {
    let wrong = |problem: String| Cause::Contract { problem };
    let url = said(database.url.as_ref(), database.url_env.as_ref(), "url")?;
    let address = DatabaseAddress::parse(&url).map_err(wrong)?;
    let policy = address.policy(database.tls);
    let policy = policy.map_err(|problem| Cause::Untrusted { at: address.to_string(), problem })?;
    Ok((address, policy))
}

/// A connection string, and whether what it leads to is trusted.
#[cfg(feature = "odbc")]
pub(crate) fn driver_of(database: &DatabaseContract) -> Result<model::DriverAddress, Cause> {
    let text = said(database.connection.as_ref(), database.connection_env.as_ref(), "connection")?;
    let address = model::DriverAddress::parse(&text);
    let address = address.map_err(|problem| Cause::Contract { problem })?;
    let trusted = address.is_trusted(database.tls);
    trusted.map_err(|problem| Cause::Untrusted { at: address.to_string(), problem })?;
    Ok(address)
}

/// What a contract says under `key`, or has in the environment.
fn said(text: Option<&String>, variable: Option<&String>, key: &str) -> Result<String, Cause> {
    let wrong = |problem: String| Cause::Contract { problem };
    match (text, variable) {
        (Some(text), _) => Ok(text.clone()),
        (None, Some(name)) => std::env::var(name).map_err(|_| {
            wrong(format!("the environment variable `{name}` is not set (`{key}_env` names it)"))
        }),
        (None, None) => Err(wrong(format!("needs `{key}` or `{key}_env`"))),
    }
}
