//! Certificates as a bank's authority would issue them, made for the test.

use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// An authority, and the files of what it issues.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

/// What a certificate is for.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    /// To listen on 127.0.0.1.
    Server,
    /// To connect.
    Client,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let folder = testkit::scratch();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        std::fs::write(folder.path().join("ca.pem"), own.pem()).unwrap();
        Self { issuer: Issuer::new(params, key), folder }
    }

    /// The certificate that all know.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Issues a certificate; the arguments with which a process shows it and trusts this authority.
    pub(crate) fn issue(&self, name: &str, use_of_it: Use) -> Vec<String> {
        self.issue_trusting(name, use_of_it, &self.ca())
    }

    /// As [`Authority::issue`], for a process that trusts another authority.
    pub(crate) fn issue_trusting(&self, name: &str, use_of_it: Use, ca: &Path) -> Vec<String> {
        let (names, purpose) = match use_of_it {
            Use::Server => (vec!["127.0.0.1".to_owned()], ExtendedKeyUsagePurpose::ServerAuth),
            Use::Client => (vec![name.to_owned()], ExtendedKeyUsagePurpose::ClientAuth),
        };
        let mut params = CertificateParams::new(names).unwrap();
        params.extended_key_usages = vec![purpose];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        let [cert, secret] =
            ["pem", "key"].map(|end| self.folder.path().join(format!("{name}.{end}")));
        std::fs::write(&cert, signed.pem()).unwrap();
        std::fs::write(&secret, key.serialize_pem()).unwrap();
        let options = [("--ca", ca), ("--cert", cert.as_path()), ("--key", secret.as_path())];
        options
            .iter()
            .flat_map(|(o, path)| [(*o).to_owned(), path.to_str().unwrap().to_owned()])
            .collect()
    }
}
