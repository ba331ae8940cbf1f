//! A server that lies, on a loopback port: what it says is told to it before.

use crate::bank::Bank;
use landing::ErrorKind;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{JoinHandle, spawn};

/// What it says when it is asked for rows.
struct Liar {
    port: u16,
    thread: JoinHandle<()>,
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&[kind][..], &length, body].concat()
}

/// Reads a message; none when the client has gone.
fn heard(stream: &mut TcpStream, kinds: usize) -> Option<u8> {
    let mut head = vec![0; kinds + 4];
    stream.read_exact(&mut head).ok()?;
    let length = u32::from_be_bytes(head[kinds..].try_into().unwrap());
    let mut body = vec![0; usize::try_from(length).unwrap() - 4];
    stream.read_exact(&mut body).ok()?;
    Some(head[0])
}

impl Liar {
    /// Lets everybody in, takes every statement, and answers a query with `rows`.
    fn with_rows(rows: Vec<u8>) -> Self {
        Self::start(move |stream| {
            heard(stream, 0);
            let ready = message(b'Z', b"I");
            let entered = [message(b'R', &[0; 4]), ready.clone()].concat();
            stream.write_all(&entered).unwrap();
            while let Some(kind) = heard(stream, 1) {
                match kind {
                    b'Q' => {
                        let done = [message(b'C', b"BEGIN\0"), ready.clone()].concat();
                        stream.write_all(&done).unwrap();
                    }
                    b'S' => stream.write_all(&rows).unwrap(),
                    _ => {}
                }
            }
        })
    }

    fn start(talk: impl FnOnce(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = spawn(move || talk(&mut listener.accept().unwrap().0));
        Self { port, thread }
    }

    /// A source that asks it.
    fn refuses(self, tls: &str) -> (ErrorKind, String) {
        let url = format!("postgresql://u@127.0.0.1:{}/core", self.port);
        let database = format!("url = \"{url}\"\ntls = \"{tls}\"");
        let column = r#"{ name = "a", type = "text" }"#;
        let told = Bank::new(&database, &[("t", "SELECT a FROM t", column)]).refused();
        self.thread.join().unwrap();
        told
    }
}

/// A result of two rows whose tag says what is told.
fn two_rows(tag: &[u8]) -> Vec<u8> {
    let parts = [
        message(b'1', b""),
        message(b'2', b""),
        message(b'H', &[0, 0, 1, 0, 0]),
        message(b'd', b"a\n"),
        message(b'd', b"x\n"),
        message(b'd', b"\"y\n\"\n"),
        message(b'c', b""),
        message(b'C', tag),
        message(b'Z', b"T"),
    ];
    parts.concat()
}

const PLAIN: &str = "insecure-loopback-only";

#[test]
fn rows_that_are_not_as_many_as_the_server_counts_are_refused() {
    let (kind, text) = Liar::with_rows(two_rows(b"COPY 3\0")).refuses(PLAIN);
    assert_eq!((kind, kind.exit_code()), (ErrorKind::Data, 8));
    assert_eq!(
        text,
        "source `deposits`, feed `t`: 2 rows came (the server counts 3): nothing of them is kept"
    );
}

#[test]
fn a_result_that_is_cut_or_has_no_count_is_refused() {
    let cut = two_rows(b"COPY 2\0");
    let cut = cut[..cut.len() - 8].to_vec();
    let answers = Liar::start(move |stream| {
        heard(stream, 0);
        stream.write_all(&[message(b'R', &[0; 4]), message(b'Z', b"I")].concat()).unwrap();
        heard(stream, 1);
        stream.write_all(&[message(b'C', b"BEGIN\0"), message(b'Z', b"T")].concat()).unwrap();
        stream.write_all(&cut).unwrap();
    });
    assert_eq!(answers.refuses(PLAIN).0, ErrorKind::Unreachable);
    let (kind, text) = Liar::with_rows(two_rows(b"SELECT 2\0")).refuses(PLAIN);
    assert_eq!(kind, ErrorKind::Unreachable, "{text}");
    assert!(text.contains("a result without its count"), "{text}");
}

#[test]
fn without_tls_nothing_is_said() {
    let without = Liar::start(|stream| {
        let mut asked = [0; 8];
        stream.read_exact(&mut asked).unwrap();
        stream.write_all(b"N").unwrap();
        let mut more = Vec::new();
        stream.read_to_end(&mut more).unwrap();
        assert_eq!(more, b"", "the client says nothing in the clear");
    });
    let (kind, text) = without.refuses("verify-full");
    assert_eq!(kind, ErrorKind::Refused, "{text}");
    assert!(text.contains("does not speak TLS"), "{text}");
}

#[test]
fn a_server_that_does_not_prove_itself_is_refused() {
    let pretends = Liar::start(|stream| {
        heard(stream, 0);
        let offer = [&10_u32.to_be_bytes()[..], b"SCRAM-SHA-256\0\0"].concat();
        stream.write_all(&message(b'R', &offer)).unwrap();
        heard(stream, 1);
        // It skips the proof and lets the client in.
        stream.write_all(&message(b'R', &[0; 4])).unwrap();
        assert_eq!(heard(stream, 1), None, "the client says nothing more");
    });
    let port = pretends.port;
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "s3cret").unwrap();
    let guarded = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&password, guarded).unwrap();
    let database = format!(
        "url = \"postgresql://u@127.0.0.1:{port}/core\"\ntls = \"{PLAIN}\"\npassword_file = \"{}\"",
        password.display()
    );
    let bank = Bank::new(&database, &[("t", "SELECT 1", r#"{ name = "a", type = "text" }"#)]);
    let (kind, text) = bank.refused();
    assert_eq!(kind, ErrorKind::Unreachable, "{text}");
    assert!(text.contains("out of turn"), "{text}");
    pretends.thread.join().unwrap();
}
