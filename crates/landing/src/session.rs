//! A session: who asks, one read-only snapshot, and the results of queries as CSV.

use crate::address::address_of;
use crate::error::Cause;
use crate::land::{Snapshot, Take};
use crate::password::password_of;
use crate::receipt::Wanted;
use crate::scram::{BOUND, PLAIN, Proven, Scram};
use crate::stream::{EndPoint, connect, unreachable};
use crate::wire::{Message, Wire, fault, message, texts};
use model::{DatabaseAddress, DatabaseContract, Secret, TlsPolicy};
use std::io;
use std::path::Path;

/// Version 3.0 of the protocol.
const VERSION: [u8; 4] = [0, 3, 0, 0];

/// What stands before a query and behind it. The line end closes a comment the query may end with.
const COPY: (&str, &str) = ("COPY (\n", "\n) TO STDOUT (FORMAT csv, HEADER true)");

/// Codes of the steps of an authentication.
const TRUSTED: u32 = 0;
const SASL: u32 = 10;
const SASL_CONTINUE: u32 = 11;
const SASL_FINAL: u32 = 12;

const NO_SCRAM: &str = "the server does not ask for a proof of the password that is bound to its \
    certificate where there is TLS (right: `scram-sha-256` in pg_hba.conf, and a password set since)";
const UNBOUND: &str = "the server's certificate is signed in a way that the proof of a password cannot \
    be bound to (right: RSA or ECDSA with SHA-256)";
const NO_PASSWORD: &str = "the database asks for a password (right: `password_file`, `password_env` or \
    the file that PGPASSFILE names)";

/// What values look like as text, wherever the server is and however it is set.
const FORMS: &str = "SET LOCAL standard_conforming_strings = on; SET LOCAL DateStyle = 'ISO, YMD'; \
    SET LOCAL TimeZone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1";

/// A session with a database.
pub(crate) struct Session {
    wire: Wire,
    address: DatabaseAddress,
}

impl Snapshot for Session {
    fn copy(&mut self, wanted: &Wanted, take: Take<'_>) -> Result<u64, Cause> {
        self.copy(&wanted.query, take)
    }

    fn end(mut self: Box<Self>) -> Result<(), Cause> {
        self.run("COMMIT")?;
        self.send(&message(Some(b'X'), b""))
    }
}

impl Session {
    /// Connects, and begins the snapshot that all queries of the session see.
    pub(crate) fn snapshot_of(database: &DatabaseContract, base: &Path) -> Result<Self, Cause> {
        let (address, policy) = address_of(database)?;
        let password = password_of(database, &address, base)?;
        let mut session = Self::begin(database, address, policy, password.as_ref(), base)?;
        session.snapshot(database)?;
        Ok(session)
    }

    /// Connects and says who asks.
    fn begin(
        database: &DatabaseContract,
        address: DatabaseAddress,
        policy: TlsPolicy,
        password: Option<&Secret>,
        base: &Path,
    ) -> Result<Self, Cause> {
        let wire = Wire::new(connect(database, &address, policy, base)?);
        let mut session = Self { wire, address };
        let parameters = [
            ("user", session.address.user.clone()),
            ("database", session.address.database.clone()),
            ("client_encoding", "UTF8".to_owned()),
            ("application_name", "clientele".to_owned()),
        ];
        let mut start = VERSION.to_vec();
        for (name, value) in &parameters {
            start.extend(texts(&[name, value]));
        }
        start.push(0);
        session.send(&message(None, &start))?;
        session.authenticate(password)?;
        session.until_ready()?;
        Ok(session)
    }

    fn snapshot(&mut self, database: &DatabaseContract) -> Result<(), Cause> {
        let role = database.role.as_ref();
        let role = role.map(|role| format!("; SET LOCAL ROLE \"{}\"", role.replace('"', "\"\"")));
        let milliseconds = u64::from(database.statement_timeout) * 1000;
        self.run(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {FORMS}; \
             SET LOCAL statement_timeout = {milliseconds}{}",
            role.unwrap_or_default()
        ))
    }

    fn copy(&mut self, query: &str, take: Take<'_>) -> Result<u64, Cause> {
        let statement = [COPY.0, query, COPY.1].concat();
        // A prepared statement is one statement: a query cannot smuggle in a second.
        let prepared = [texts(&["", &statement]), vec![0, 0]].concat();
        let bound = [texts(&["", ""]), vec![0; 6]].concat();
        let executed = [texts(&[""]), vec![0; 4]].concat();
        let asked = [
            message(Some(b'P'), &prepared),
            message(Some(b'B'), &bound),
            message(Some(b'E'), &executed),
            message(Some(b'S'), b""),
        ];
        self.send(&asked.concat())?;
        let mut counted = None;
        loop {
            let Message { kind, body } =
                self.wire.next().map_err(|e| unreachable(&self.address, "read rows", e))?;
            match kind {
                b'd' => take(body)?,
                b'1' | b'2' | b'H' | b'c' => {}
                b'C' => counted = copied(body),
                b'E' => {
                    let fault = fault(body, query, COPY.0.chars().count());
                    return Err(Cause::Server { at: self.address.to_string(), fault });
                }
                b'Z' => break,
                _ => return Err(self.protocol("an answer that is none to a query")),
            }
        }
        counted.ok_or_else(|| self.protocol("a result without its count"))
    }

    /// Runs statements that give no rows.
    fn run(&mut self, statements: &str) -> Result<(), Cause> {
        self.send(&message(Some(b'Q'), &texts(&[statements])))?;
        self.until_ready()
    }

    fn until_ready(&mut self) -> Result<(), Cause> {
        loop {
            let (kind, body) = self.next()?;
            match kind {
                b'Z' => return Ok(()),
                b'C' | b'K' | b'v' => {}
                b'E' => return Err(self.server_says(&body)),
                _ => return Err(self.protocol("an answer that is none to a statement")),
            }
        }
    }

    /// Says who asks. With TLS the server has to take a proof that is bound to its certificate.
    fn authenticate(&mut self, password: Option<&Secret>) -> Result<(), Cause> {
        let (code, offered) = self.authentication()?;
        let bound = match self.wire.stream().end_point() {
            EndPoint::Local if code == TRUSTED => return Ok(()),
            EndPoint::Local => None,
            EndPoint::Certificate(digest) => Some(digest),
            EndPoint::Unknown => return Err(self.untrusted(UNBOUND)),
        };
        let mechanism = if bound.is_some() { BOUND } else { PLAIN };
        let mut offered = offered.split(|byte| *byte == 0);
        if code != SASL || !offered.any(|name| name == mechanism.as_bytes()) {
            return Err(self.untrusted(NO_SCRAM));
        }
        let Some(password) = password else {
            return Err(Cause::Password { problem: NO_PASSWORD.into() });
        };
        self.prove(bound.as_deref(), password)
    }

    /// Both sides prove that they know the password.
    fn prove(&mut self, bound: Option<&[u8]>, password: &Secret) -> Result<(), Cause> {
        let scram = Scram::begin(bound).map_err(|problem| self.untrusted(problem))?;
        let first = scram.first();
        let length = u32::try_from(first.len()).unwrap_or(0).to_be_bytes();
        let begun = [&texts(&[scram.mechanism()])[..], &length, first.as_bytes()].concat();
        self.send(&message(Some(b'p'), &begun))?;
        let body = self.authentication_of(SASL_CONTINUE)?;
        let answered = scram.answer(&body, password);
        let proven: Proven = answered.map_err(|problem| self.untrusted(problem))?;
        self.send(&message(Some(b'p'), proven.last.as_bytes()))?;
        let body = self.authentication_of(SASL_FINAL)?;
        proven.check(&body).map_err(|problem| self.untrusted(problem))?;
        self.authentication_of(TRUSTED).map(drop)
    }

    fn authentication_of(&mut self, expected: u32) -> Result<Vec<u8>, Cause> {
        match self.authentication()? {
            (code, body) if code == expected => Ok(body),
            _ => Err(self.protocol("a step of SCRAM out of turn")),
        }
    }

    /// The next step of the authentication: its code and what belongs to it.
    fn authentication(&mut self) -> Result<(u32, Vec<u8>), Cause> {
        let (kind, body) = self.next()?;
        match (kind, body.split_first_chunk()) {
            (b'E', _) => Err(self.server_says(&body)),
            (b'R', Some((code, rest))) => Ok((u32::from_be_bytes(*code), rest.to_vec())),
            _ => Err(self.protocol("an answer that is no step of an authentication")),
        }
    }

    /// A message's letter and body.
    fn next(&mut self) -> Result<(u8, Vec<u8>), Cause> {
        let Message { kind, body } =
            self.wire.next().map_err(|e| unreachable(&self.address, "read", e))?;
        Ok((kind, body.to_vec()))
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        let failed = |source: io::Error| unreachable(&self.address, "send", source);
        self.wire.send(bytes).map_err(failed)
    }

    fn server_says(&self, body: &[u8]) -> Cause {
        Cause::Server { at: self.address.to_string(), fault: fault(body, "", 0) }
    }

    fn untrusted(&self, problem: &str) -> Cause {
        Cause::Untrusted { at: self.address.to_string(), problem: problem.to_owned() }
    }

    fn protocol(&self, problem: &'static str) -> Cause {
        Cause::Protocol { at: self.address.to_string(), problem }
    }
}

/// The count of the tag `COPY n`.
fn copied(tag: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(tag).ok()?.strip_suffix('\0')?;
    text.strip_prefix("COPY ")?.parse().ok()
}
