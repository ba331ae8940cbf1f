//! From a contract to an address, from wherever it stands.

use crate::error::Cause;
use model::{DatabaseAddress, DatabaseContract, TlsPolicy};

/// The address of a contract's database, and how the connection is secured.
pub(crate) fn address_of(
    database: &DatabaseContract,
) -> Result<(DatabaseAddress, TlsPolicy), Cause> {
    let wrong = |problem: String| Cause::Contract { problem };
    let url = match (&database.url, &database.url_env) {
        (Some(url), _) => url.clone(),
        (None, Some(name)) => std::env::var(name).map_err(|_| {
            wrong(format!("the environment variable `{name}` is not set (`url_env` names it)"))
        })?,
        (None, None) => return Err(wrong("needs `url` or `url_env`".into())),
    };
    let address = DatabaseAddress::parse(&url).map_err(wrong)?;
    let policy = address.policy(database.tls);
    let policy = policy.map_err(|problem| Cause::Untrusted { at: address.to_string(), problem })?;
    Ok((address, policy))
}
