//! The way to a database: a unix socket, or TCP with or without TLS.

use crate::error::Cause;
use crate::tls;
use model::{DatabaseAddress, DatabaseContract, DatabaseHost, TlsPolicy};
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// What asks a server for TLS: a length of 8 and the code 80877103.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f];

/// How much longer than a statement may take a silence may last.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes to and from a database.
pub(crate) enum Stream {
    /// This machine.
    Socket(UnixStream),
    /// This machine as well, by a loopback address.
    Plain(TcpStream),
    /// Any machine.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// What the proof of a password has to be bound to.
pub(crate) enum EndPoint {
    /// Nothing: the connection does not leave this machine.
    Local,
    /// The digest of the server's certificate.
    Certificate(Vec<u8>),
    /// A certificate whose signature names no digest.
    Unknown,
}

impl Stream {
    /// What the proof of a password has to be bound to.
    pub(crate) fn end_point(&self) -> EndPoint {
        match self {
            Self::Tls(stream) => {
                tls::end_point(&stream.conn).map_or(EndPoint::Unknown, EndPoint::Certificate)
            }
            Self::Socket(_) | Self::Plain(_) => EndPoint::Local,
        }
    }
}

/// Connects as the policy wants it.
pub(crate) fn connect(
    database: &DatabaseContract,
    address: &DatabaseAddress,
    policy: TlsPolicy,
    base: &Path,
) -> Result<Stream, Cause> {
    let silence = Duration::from_secs(u64::from(database.statement_timeout)) + PATIENCE;
    let failed = |source| unreachable(address, "connect", source);
    let host = match &address.host {
        DatabaseHost::Name(host) => host,
        DatabaseHost::Socket(folder) => {
            let path = Path::new(folder).join(format!(".s.PGSQL.{}", address.port));
            let stream = UnixStream::connect(path).map_err(failed)?;
            stream.set_read_timeout(Some(silence)).map_err(failed)?;
            return Ok(Stream::Socket(stream));
        }
    };
    let found = (host.as_str(), address.port).to_socket_addrs().map_err(failed)?;
    let found: Vec<SocketAddr> = found.collect();
    let plain = policy == TlsPolicy::InsecureLoopbackOnly;
    if plain && !found.iter().all(|address| address.ip().is_loopback()) {
        let problem = "the name leads to another machine, where TLS is needed".to_owned();
        return Err(Cause::Untrusted { at: address.to_string(), problem });
    }
    let stream = first_of(&found, address).map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    if plain {
        stream.set_read_timeout(Some(silence)).map_err(failed)?;
        return Ok(Stream::Plain(stream));
    }
    let connection = tls::connection(database, policy, &address.host, base)?;
    let stream = shake_hands(stream, connection, address)?;
    stream.sock.set_read_timeout(Some(silence)).map_err(failed)?;
    Ok(Stream::Tls(Box::new(stream)))
}

/// Asks for TLS and begins it. The one byte of the answer is read alone: nothing that was sent in the
/// clear behind it is ever taken for something said within.
fn shake_hands(
    mut stream: TcpStream,
    connection: ClientConnection,
    address: &DatabaseAddress,
) -> Result<StreamOwned<ClientConnection, TcpStream>, Cause> {
    let failed = |source| unreachable(address, "begin TLS", source);
    let untrusted = |problem: String| Cause::Untrusted { at: address.to_string(), problem };
    stream.write_all(&SSL_REQUEST).map_err(failed)?;
    let mut answer = [0];
    stream.read_exact(&mut answer).map_err(failed)?;
    if &answer != b"S" {
        return Err(untrusted("the server does not speak TLS (right: `ssl = on` there)".into()));
    }
    let mut stream = StreamOwned::new(connection, stream);
    while stream.conn.is_handshaking() {
        if let Err(error) = stream.conn.complete_io(&mut stream.sock) {
            let of_tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            return Err(match of_tls {
                Some(reason) => untrusted(format!("TLS: {reason}")),
                None => failed(error),
            });
        }
    }
    Ok(stream)
}

/// Connects to the first of the addresses that answers.
fn first_of(found: &[SocketAddr], address: &DatabaseAddress) -> io::Result<TcpStream> {
    let patience = Duration::from_secs(u64::from(address.connect_timeout));
    let mut last = io::Error::new(ErrorKind::NotFound, "the name leads to no address");
    for one in found {
        match TcpStream::connect_timeout(one, patience) {
            Ok(stream) => {
                stream.set_read_timeout(Some(patience))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

pub(crate) fn unreachable(
    address: &DatabaseAddress,
    action: &'static str,
    source: io::Error,
) -> Cause {
    Cause::Unreachable { at: address.to_string(), action, source }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Socket(stream) => stream.read(into),
            Self::Plain(stream) => stream.read(into),
            Self::Tls(stream) => stream.read(into),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Socket(stream) => stream.write(bytes),
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Socket(stream) => stream.flush(),
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
