//! Who may talk to whom: certificates on both sides of every connection, or a loopback address, or a
//! plain word that none are wanted.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, ServerTlsConfig, Uri};

/// How machines talk to each other.
#[derive(Clone)]
pub enum Transport {
    /// Nothing is hidden and nobody is known.
    Plain,
    /// Both sides show a certificate of one authority (mutual TLS).
    Tls(Certificates),
}

/// The certificates of one machine, PEM.
#[derive(Clone)]
pub struct Certificates {
    authority: Vec<u8>,
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// Where the certificates of this machine are.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct TlsArgs {
    /// Certificate of the authority that all machines of the cluster share, PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub ca: Option<PathBuf>,
    /// Certificate of this machine, PEM.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// Key of this machine, PEM.
    #[arg(long, value_name = "FILE", requires = "ca")]
    pub key: Option<PathBuf>,
    /// Talk without TLS beyond this machine: anybody who reaches the ports can read and give orders.
    #[arg(long, conflicts_with = "ca")]
    pub plain: bool,
}

/// Why there is no transport.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Plain transport beyond loopback, and nobody said so.
    #[error("`{host}` is not this machine, and no certificates are given (--ca, --cert, --key)")]
    PlainRefused {
        /// The other host.
        host: String,
    },
}

impl TlsArgs {
    /// The transport to or from `host`. Plain transport is for loopback, unless told.
    pub fn transport(&self, host: &str) -> Result<Transport, TransportError> {
        if let (Some(ca), Some(cert), Some(key)) = (&self.ca, &self.cert, &self.key) {
            let certificates =
                Certificates { authority: read(ca)?, certificate: read(cert)?, key: read(key)? };
            return Ok(Transport::Tls(certificates));
        }
        if self.plain || is_loopback(host) {
            return Ok(Transport::Plain);
        }
        Err(TransportError::PlainRefused { host: host.to_owned() })
    }
}

impl Transport {
    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        match self {
            Self::Plain => "http",
            Self::Tls(_) => "https",
        }
    }

    /// An endpoint as this transport wants it; one that was made for plain talk is made anew.
    pub fn dress(
        &self,
        endpoint: Endpoint,
    ) -> Result<Endpoint, Box<dyn std::error::Error + Send + Sync>> {
        let Self::Tls(certificates) = self else { return Ok(endpoint) };
        let authority = endpoint.uri().authority().map(ToString::to_string).unwrap_or_default();
        let uri: Uri = format!("https://{authority}").parse()?;
        let config = ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(&certificates.authority))
            .identity(certificates.identity());
        Ok(Endpoint::from(uri).tls_config(config)?)
    }

    /// What a server does about it.
    pub fn of_server(&self) -> Option<ServerTlsConfig> {
        let Self::Tls(certificates) = self else { return None };
        let config = ServerTlsConfig::new()
            .identity(certificates.identity())
            .client_ca_root(Certificate::from_pem(&certificates.authority));
        Some(config)
    }
}

impl Certificates {
    fn identity(&self) -> Identity {
        Identity::from_pem(&self.certificate, &self.key)
    }
}

/// Whether packets to a host never leave this machine.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn read(path: &Path) -> Result<Vec<u8>, TransportError> {
    std::fs::read(path).map_err(|source| TransportError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_transport_stays_on_this_machine_unless_told() {
        let args = TlsArgs::default();
        for host in ["127.0.0.1", "::1", "localhost", "127.8.8.8"] {
            assert!(matches!(args.transport(host), Ok(Transport::Plain)), "{host}");
        }
        for host in ["0.0.0.0", "10.0.0.7", "scheduler.bank", "localhost.bank"] {
            let refused = args.transport(host);
            assert!(matches!(refused, Err(TransportError::PlainRefused { .. })), "{host}");
        }
        let told = TlsArgs { plain: true, ..TlsArgs::default() };
        assert!(matches!(told.transport("10.0.0.7"), Ok(Transport::Plain)));
    }
}
