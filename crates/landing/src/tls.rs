//! Trust: which certificates are believed, and what a connection is bound to.

use crate::error::Cause;
use model::{DatabaseContract, DatabaseHost, TlsPolicy};
use ring::digest;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use std::path::Path;
use std::sync::Arc;

/// A TLS connection to a host, not yet begun.
pub(crate) fn connection(
    database: &DatabaseContract,
    policy: TlsPolicy,
    host: &DatabaseHost,
    base: &Path,
) -> Result<ClientConnection, Cause> {
    let wrong = |problem: String| Cause::Contract { problem };
    let (DatabaseHost::Name(host) | DatabaseHost::Socket(host)) = host;
    let name = ServerName::try_from(host.clone());
    let name = name.map_err(|_| wrong("the host is no name that a certificate can hold".into()))?;
    let roots = Arc::new(roots(database, base)?);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let supported = provider.signature_verification_algorithms;
    let failed = |e: Error| wrong(format!("TLS cannot be set up: {e}"));
    let builder = ClientConfig::builder_with_provider(Arc::<CryptoProvider>::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let config = match policy {
        TlsPolicy::VerifyCa => {
            let verifier = Arc::new(AnyName { roots, supported });
            builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
        }
        _ => builder.with_root_certificates(roots).with_no_client_auth(),
    };
    ClientConnection::new(Arc::new(config), name).map_err(failed)
}

/// The authorities that are trusted: those of `ca_file`, else the system's.
fn roots(database: &DatabaseContract, base: &Path) -> Result<RootCertStore, Cause> {
    let mut roots = RootCertStore::empty();
    let Some(file) = &database.ca_file else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let path = base.join(file);
    let wrong =
        |what: &str| Cause::Contract { problem: format!("`ca_file` `{}` {what}", path.display()) };
    let found = CertificateDer::pem_file_iter(&path).map_err(|_| wrong("cannot be read"))?;
    for certificate in found {
        let certificate = certificate.map_err(|_| wrong("is not PEM"))?;
        roots.add(certificate).map_err(|_| wrong("holds a certificate that is none"))?;
    }
    if roots.is_empty() { Err(wrong("holds no certificate")) } else { Ok(roots) }
}

/// Believes a certificate of a trusted authority whatever name it holds: `verify-ca`.
#[derive(Debug)]
struct AnyName {
    roots: Arc<RootCertStore>,
    supported: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let (roots, all) = (&self.roots, self.supported.all);
        verify_server_cert_signed_by_trust_anchor(&certificate, roots, intermediates, now, all)
            .map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.supported)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.supported)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.supported.supported_schemes()
    }
}

/// What SCRAM is bound to: the digest of the server's certificate by the hash of its own signature, but
/// SHA-256 in place of MD5 and SHA-1 (RFC 5929, 4.1). None where the signature names no hash.
pub(crate) fn end_point(connection: &ClientConnection) -> Option<Vec<u8>> {
    let certificate = connection.peer_certificates()?.first()?;
    let algorithm = digest_of(signature_oid(certificate)?)?;
    Some(digest::digest(algorithm, certificate).as_ref().to_vec())
}

/// The hash of a signature algorithm, by the encoded object identifier.
fn digest_of(oid: &[u8]) -> Option<&'static digest::Algorithm> {
    // 1.2.840.113549.1.1 (PKCS #1) and 1.2.840.10045.4 (ECDSA).
    const RSA: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: [u8; 6] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
    if let Some(of_rsa) = oid.strip_prefix(&RSA) {
        return match of_rsa {
            [4 | 5 | 11] => Some(&digest::SHA256),
            [12] => Some(&digest::SHA384),
            [13] => Some(&digest::SHA512),
            _ => None,
        };
    }
    match oid.strip_prefix(&ECDSA)? {
        [1] | [3, 2] => Some(&digest::SHA256),
        [3, 3] => Some(&digest::SHA384),
        [3, 4] => Some(&digest::SHA512),
        _ => None,
    }
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, .. }, .. }`
fn signature_oid(certificate: &[u8]) -> Option<&[u8]> {
    let (whole, _) = element(certificate, 0x30)?;
    let (_, rest) = element(whole, 0x30)?;
    let (algorithm, _) = element(rest, 0x30)?;
    element(algorithm, 0x06).map(|(oid, _)| oid)
}

/// The content of the DER element at the front, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [found, first, rest @ ..] = der else { return None };
    if *found != tag {
        return None;
    }
    let (length, rest) = match usize::from(*first) {
        short @ 0..=0x7f => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long & 0x7f)?;
            let shifted = digits.iter().try_fold(0_usize, |length, digit| {
                Some(length.checked_mul(256)? | usize::from(*digit))
            });
            (shifted?, rest)
        }
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate's outline: what is signed, then the algorithm `oid`.
    fn outline(oid: &[u8]) -> Vec<u8> {
        let part = |tag: u8, content: &[u8]| {
            let length = u16::try_from(content.len()).unwrap().to_be_bytes();
            [&[tag, 0x82][..], &length, content].concat()
        };
        let algorithm = part(0x30, &[&part(0x06, oid)[..], &[5, 0]].concat());
        part(0x30, &[&part(0x30, &[0; 300])[..], &algorithm, &[3, 1, 0]].concat())
    }

    #[test]
    fn the_hash_is_that_of_the_signature() {
        let of = |oid: &[u8]| digest_of(signature_oid(&outline(oid)).unwrap());
        let rsa = |last: u8| [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last];
        assert_eq!(of(&rsa(5)), Some(&digest::SHA256));
        assert_eq!(of(&rsa(11)), Some(&digest::SHA256));
        assert_eq!(of(&rsa(12)), Some(&digest::SHA384));
        assert_eq!(of(&rsa(13)), Some(&digest::SHA512));
        assert_eq!(of(&rsa(10)), None);
        let ecdsa = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 3, 3];
        assert_eq!(of(&ecdsa), Some(&digest::SHA384));
        assert_eq!(of(&[0x2b, 0x65, 0x70]), None);
    }

    #[test]
    fn what_is_no_certificate_has_no_hash() {
        let whole = outline(&[1]);
        for length in 0..whole.len() - 3 {
            assert_eq!(signature_oid(&whole[..length]), None, "{length}");
        }
        assert_eq!(signature_oid(&[0x30, 0xff, 1]), None);
    }
}
