//! The rows that a flag counts for each file.

use crate::error::Cause;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The largest flag, in bytes.
const MOST: u64 = 1 << 20;

/// The rows that the flag counts for `file`: one line for it, `NAME COUNT` or `NAME|COUNT`. Every
/// line that is not blank must be such a line.
pub(crate) fn rows_of(flag: &Path, file: &str) -> Result<u64, Cause> {
    let io = |source| Cause::Io { action: "read", path: flag.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(flag).map_err(io)?.take(MOST + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MOST {
        return Err(Cause::FlagTooLong { most: MOST });
    }
    let mut found = None;
    for (line, number) in bytes.split(|b| *b == b'\n').zip(1..) {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let (name, rows) = counted(line).ok_or(Cause::FlagLine { line: number })?;
        if name == file.as_bytes() && found.replace(rows).is_some() {
            return Err(Cause::FlagTwice { line: number });
        }
    }
    found.ok_or(Cause::FlagSilent)
}

/// Name and count of a line.
fn counted(line: &[u8]) -> Option<(&[u8], u64)> {
    let at = line.iter().rposition(|b| matches!(b, b' ' | b'\t' | b'|'))?;
    let (name, count) = (line[..at].trim_ascii(), &line[at + 1..]);
    let name = name.strip_suffix(b"|").map_or(name, <[u8]>::trim_ascii);
    let digits = !count.is_empty() && count.iter().all(u8::is_ascii_digit);
    let count = std::str::from_utf8(count).ok().filter(|_| digits && !name.is_empty())?;
    Some((name, count.parse().ok()?))
}
