//! Messages of PostgreSQL's protocol 3: a letter, a length, a body.

use crate::error::ServerFault;
use crate::stream::Stream;
use std::io::{self, ErrorKind, Read, Write};

/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// Longest message that is taken: no row of an extract may be as long.
const LONGEST: usize = 1 << 26;

/// Messages to and from a server.
pub(crate) struct Wire<S = Stream> {
    stream: S,
    buffer: Vec<u8>,
    /// Where what has come begins and ends in the buffer.
    from: usize,
    to: usize,
}

/// A message of the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message<'a> {
    pub(crate) kind: u8,
    pub(crate) body: &'a [u8],
}

impl<S: Read + Write> Wire<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, buffer: vec![0; CHUNK], from: 0, to: 0 }
    }

    pub(crate) fn stream(&self) -> &S {
        &self.stream
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    /// The next message, but for notices and settings, which say nothing of what was asked.
    pub(crate) fn next(&mut self) -> io::Result<Message<'_>> {
        loop {
            self.have(5)?;
            let head = &self.buffer[self.from..self.from + 5];
            let kind = head[0];
            let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            if !(4..=LONGEST).contains(&length) {
                return Err(io::Error::new(
                    ErrorKind::InvalidData,
                    "a message of no sensible length",
                ));
            }
            self.have(1 + length)?;
            let body = self.from + 5..self.from + 1 + length;
            self.from = body.end;
            if !matches!(kind, b'N' | b'S' | b'A') {
                return Ok(Message { kind, body: &self.buffer[body] });
            }
        }
    }

    /// Reads until so many bytes are there.
    fn have(&mut self, bytes: usize) -> io::Result<()> {
        if self.from + bytes > self.buffer.len() {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
            if bytes > self.buffer.len() {
                self.buffer.resize(bytes.next_multiple_of(CHUNK), 0);
            }
        }
        while self.to - self.from < bytes {
            match self.stream.read(&mut self.buffer[self.to..]) {
                Ok(0) => {
                    let ended = "the connection ended";
                    return Err(io::Error::new(ErrorKind::UnexpectedEof, ended));
                }
                Ok(read) => self.to += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Err(io::Error::new(ErrorKind::TimedOut, "no answer in time"));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// A message of ours: its letter (none at the start of a session) and its body.
pub(crate) fn message(kind: Option<u8>, body: &[u8]) -> Vec<u8> {
    // Queries are far shorter; one that is not ends as a message of no sensible length over there.
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX).to_be_bytes();
    let kind = kind.as_slice();
    [kind, &length, body].concat()
}

/// Texts, each with the zero that ends it.
pub(crate) fn texts(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| text.bytes().chain([0])).collect()
}

/// What an error message says, without its text. `before` characters stand before the query.
pub(crate) fn fault(body: &[u8], query: &str, before: usize) -> ServerFault {
    let field = |kind: u8| {
        let mut fields = body.split(|byte| *byte == 0);
        let found = fields.find_map(|field| field.strip_prefix(&[kind]));
        found.and_then(|text| std::str::from_utf8(text).ok())
    };
    let word = |text: Option<&str>| {
        let text = text.filter(|text| text.len() <= 12);
        let text = text.filter(|text| text.bytes().all(|b| b.is_ascii_alphanumeric()));
        text.unwrap_or("?").to_owned()
    };
    let at = field(b'P').and_then(|text| text.parse::<usize>().ok());
    let at = at.and_then(|at| at.checked_sub(before + 1));
    ServerFault {
        severity: word(field(b'V').or_else(|| field(b'S'))),
        code: word(field(b'C')),
        place: at.and_then(|at| place(query, at)),
    }
}

/// Line and column, from 1, of a character.
fn place(query: &str, at: usize) -> Option<(usize, usize)> {
    let before: Vec<char> = query.chars().take(at).collect();
    if before.len() < at {
        return None;
    }
    let line = before.iter().filter(|c| **c == '\n').count() + 1;
    let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
    Some((line, column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn wire(bytes: &[u8]) -> Wire<Cursor<Vec<u8>>> {
        Wire::new(Cursor::new(bytes.to_vec()))
    }

    #[test]
    fn messages_come_whole_and_notices_are_passed_over() {
        let long = vec![b'x'; 3 * CHUNK + 7];
        let bytes =
            [message(Some(b'N'), b"notice"), message(Some(b'd'), &long), message(Some(b'c'), b"")];
        let mut wire = wire(&bytes.concat());
        assert_eq!(wire.next().unwrap(), Message { kind: b'd', body: &long });
        assert_eq!(wire.next().unwrap(), Message { kind: b'c', body: b"" });
        assert_eq!(wire.next().unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_cut_or_senseless_message_is_an_error() {
        let whole = message(Some(b'd'), b"row");
        for length in 1..whole.len() {
            assert!(wire(&whole[..length]).next().is_err(), "{length}");
        }
        assert!(wire(&[b'd', 0, 0, 0, 3]).next().is_err());
        assert!(wire(&[b'd', 0xff, 0xff, 0xff, 0xff, 0]).next().is_err());
    }

    #[test]
    fn an_error_keeps_code_and_place_and_nothing_else() {
        let body = b"SFEHLER\0VERROR\0C22P02\0Minvalid input: \"6222021\"\0P12\0\0";
        let found = fault(body, "SELECT\n 1 + x", 3);
        let place = Some((2, 2));
        let expected = ServerFault { severity: "ERROR".into(), code: "22P02".into(), place };
        assert_eq!(found, expected);
        assert_eq!(fault(b"Cno code at all\0\0", "", 0).code, "?");
        assert_eq!(fault(b"C22P02\0P99\0\0", "short", 0).place, None);
    }
}
