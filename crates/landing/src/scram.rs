//! SCRAM-SHA-256, the client's side (RFC 5802, RFC 7677), with channel binding `tls-server-end-point`
//! (RFC 5929) where there is TLS. Both sides prove that they know the password; neither shows it.
//!
//! A password goes in as its bytes: RFC 4013 leaves ASCII as it is, and PostgreSQL takes the bytes of
//! what it cannot prepare; other characters have to be in normal form (NFKC), as keyboards give them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Secret;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac, pbkdf2};
use std::num::NonZeroU32;

/// Most rounds a server may ask for: beyond it, it only wants to keep us busy.
const MOST_ROUNDS: u32 = 10_000_000;

/// The mechanism without channel binding.
pub(crate) const PLAIN: &str = "SCRAM-SHA-256";
/// The mechanism with channel binding.
pub(crate) const BOUND: &str = "SCRAM-SHA-256-PLUS";

/// A conversation that has begun.
pub(crate) struct Scram {
    /// `gs2-header` with what the channel is bound to.
    binding: Vec<u8>,
    header: &'static str,
    nonce: String,
}

/// A conversation in which we have proven ourselves and the server has not.
pub(crate) struct Proven {
    server_key: hmac::Key,
    message: String,
    /// The client's last message.
    pub(crate) last: String,
}

impl Scram {
    /// Begins; `certificate` is the digest of the server's certificate where there is TLS.
    pub(crate) fn begin(certificate: Option<&[u8]>) -> Result<Self, &'static str> {
        let mut random = [0; 18];
        SystemRandom::new().fill(&mut random).map_err(|_| "no random numbers")?;
        Ok(Self::with_nonce(certificate, STANDARD.encode(random)))
    }

    fn with_nonce(certificate: Option<&[u8]>, nonce: String) -> Self {
        let header = if certificate.is_some() { "p=tls-server-end-point,," } else { "n,," };
        let binding = [header.as_bytes(), certificate.unwrap_or_default()].concat();
        Self { binding, header, nonce }
    }

    /// The name of the mechanism.
    pub(crate) fn mechanism(&self) -> &'static str {
        if self.header == "n,," { PLAIN } else { BOUND }
    }

    /// The client's first message. The server knows the user from the start of the session.
    pub(crate) fn first(&self) -> String {
        format!("{}{}", self.header, self.first_bare())
    }

    fn first_bare(&self) -> String {
        format!("n=,r={}", self.nonce)
    }

    /// Answers the server's first message.
    pub(crate) fn answer(&self, server: &[u8], password: &Secret) -> Result<Proven, &'static str> {
        let wrong = "the server's SCRAM message is not one";
        let text = std::str::from_utf8(server).map_err(|_| wrong)?;
        let mut parts = text.split(',');
        let mut part =
            |name: &str| parts.next().and_then(|part| part.strip_prefix(name)).ok_or(wrong);
        let (nonce, salt, rounds) = (part("r=")?, part("s=")?, part("i=")?);
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err("the server's SCRAM nonce does not go on from ours");
        }
        let salt = STANDARD.decode(salt).map_err(|_| wrong)?;
        let rounds = rounds.parse().ok().filter(|rounds: &NonZeroU32| rounds.get() <= MOST_ROUNDS);
        let salted = salted(password, &salt, rounds.ok_or(wrong)?);

        let client_key = hmac::sign(&salted, b"Client Key");
        let stored = digest::digest(&digest::SHA256, client_key.as_ref());
        let without_proof = format!("c={},r={nonce}", STANDARD.encode(&self.binding));
        let message = format!("{},{text},{without_proof}", self.first_bare());
        let stored = hmac::Key::new(hmac::HMAC_SHA256, stored.as_ref());
        let signature = hmac::sign(&stored, message.as_bytes());
        let both = client_key.as_ref().iter().zip(signature.as_ref());
        let proof: Vec<u8> = both.map(|(key, signature)| key ^ signature).collect();
        let last = format!("{without_proof},p={}", STANDARD.encode(proof));
        let server_key = hmac::sign(&salted, b"Server Key");
        let server_key = hmac::Key::new(hmac::HMAC_SHA256, server_key.as_ref());
        Ok(Proven { server_key, message, last })
    }
}

impl Proven {
    /// Holds the server's last message against what only who knows the password can say.
    pub(crate) fn check(&self, server: &[u8]) -> Result<(), &'static str> {
        let unproven = "the server does not prove that it knows the password";
        let text = std::str::from_utf8(server).ok().and_then(|text| text.strip_prefix("v="));
        let text = text.and_then(|text| text.split(',').next());
        let signature = text.and_then(|text| STANDARD.decode(text).ok()).ok_or(unproven)?;
        hmac::verify(&self.server_key, self.message.as_bytes(), &signature).map_err(|_| unproven)
    }
}

fn salted(password: &Secret, salt: &[u8], rounds: NonZeroU32) -> hmac::Key {
    let mut salted = [0; digest::SHA256_OUTPUT_LEN];
    let password = password.reveal().as_bytes();
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password, &mut salted);
    hmac::Key::new(hmac::HMAC_SHA256, &salted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
    const SERVER: &str =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    /// The example of RFC 7677, section 3, but for the user's name, which PostgreSQL leaves empty: with
    /// it, the proof is another.
    #[test]
    fn both_sides_prove_that_they_know_the_password() {
        let scram = Scram::with_nonce(None, NONCE.into());
        assert_eq!(scram.first(), "n,,n=,r=rOprNGfwEbeRWgbNEkqO");
        let proven = scram.answer(SERVER.as_bytes(), &Secret::new("pencil".into())).unwrap();
        let expected = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=";
        assert!(proven.last.starts_with(expected), "{}", proven.last);
        assert!(proven.check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").is_err());
        let right = hmac::sign(&proven.server_key, proven.message.as_bytes());
        proven.check(format!("v={}", STANDARD.encode(right)).as_bytes()).unwrap();
    }

    #[test]
    fn the_keys_are_those_of_the_standard() {
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let rounds = NonZeroU32::new(4096).unwrap();
        let salted = salted(&Secret::new("pencil".into()), &salt, rounds);
        let server_key = hmac::sign(&salted, b"Server Key");
        let server_key = hmac::Key::new(hmac::HMAC_SHA256, server_key.as_ref());
        let end = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let message = format!("n=user,r={NONCE},{SERVER},{end}");
        let signature = hmac::sign(&server_key, message.as_bytes());
        let expected = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assert_eq!(STANDARD.encode(signature), expected);
    }

    #[test]
    fn a_server_that_does_not_know_how_is_refused() {
        let scram = Scram::with_nonce(Some(b"digest"), NONCE.into());
        assert_eq!(scram.mechanism(), BOUND);
        for server in [
            "",
            "r=other,s=W22Z,i=4096",
            "r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096",
            "r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096",
            "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=0",
            "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4294967295",
            "m=x,r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4096",
        ] {
            assert!(scram.answer(server.as_bytes(), &Secret::new("p".into())).is_err(), "{server}");
        }
    }
}
