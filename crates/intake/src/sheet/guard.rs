//! What a workbook is made of, before it is believed: a zip archive, whole and not larger than it
//! may be.

use super::guarded;
use crate::error::Cause;
use crate::faults::SheetFault;
use memchr::memmem::Finder;
use std::fs::File;
use std::io::{BufReader, Read};
use zip::ZipArchive;

const WORKBOOK: &str = "the workbook";

/// Most parts of a workbook.
const MOST_PARTS: usize = 10_000;

/// How many times the limit of the file all parts may have unpacked.
const UNPACKED: u64 = 16;

/// The same for the part with the texts, which is held in memory.
const TEXTS: u64 = 4;

/// How the part with the texts says how many there are; so much memory is made ready for them.
const COUNT: &str = "uniqueCount";

/// Bytes read at a time, and kept to see what lies across two of them.
const CHUNK: usize = 1 << 16;
const KEPT: usize = 64;

/// Unpacks every part once, with its checksum, and holds its size against the limit.
pub(super) fn prove(file: File, bytes: u64, most: u64) -> Result<(), Cause> {
    if bytes > most {
        return Err(Cause::Sheet(SheetFault::TooLarge { what: WORKBOOK, most }));
    }
    let mut archive = guarded(WORKBOOK, || ZipArchive::new(BufReader::new(file)).ok())?;
    if archive.len() > MOST_PARTS {
        return Err(Cause::Sheet(SheetFault::Damaged(WORKBOOK)));
    }
    let mut left = most.saturating_mul(UNPACKED);
    for at in 0..archive.len() {
        let used = guarded(WORKBOOK, || Some(part(&mut archive, at, left, most)))?;
        left -= used.map_err(Cause::Sheet)?;
    }
    Ok(())
}

/// Bytes of a part, unpacked.
fn part(
    archive: &mut ZipArchive<BufReader<File>>,
    at: usize,
    left: u64,
    most: u64,
) -> Result<u64, SheetFault> {
    let damaged = || SheetFault::Damaged(WORKBOOK);
    let mut part = archive.by_index(at).map_err(|_| damaged())?;
    let name = part.name().map_err(|_| damaged())?.to_ascii_lowercase();
    let texts = name.ends_with("sharedstrings.xml");
    let (what, times) =
        if texts { ("its part of texts", TEXTS) } else { ("its unpacked content", UNPACKED) };
    let limit = most.saturating_mul(times);
    let finder = Finder::new(COUNT);
    let (mut kept, mut bytes, mut counted) = (Vec::new(), 0, 0);
    loop {
        let from = kept.len();
        kept.resize(from + CHUNK, 0);
        let length = part.read(&mut kept[from..]).map_err(|_| damaged())?;
        kept.truncate(from + length);
        bytes += length as u64;
        if bytes > limit.min(left) {
            return Err(SheetFault::TooLarge { what, most: limit });
        }
        if texts {
            let counts = finder.find_iter(&kept).map(|at| count(&kept[at + COUNT.len()..]));
            counted = counts.fold(counted, u64::max);
        }
        if length == 0 {
            // Each text takes a byte at least.
            return if counted > bytes { Err(damaged()) } else { Ok(bytes) };
        }
        kept.drain(..kept.len().saturating_sub(KEPT));
    }
}

/// The number of `="123"`.
fn count(text: &[u8]) -> u64 {
    let value = text.iter().skip_while(|b| b" \t\r\n=\"'".contains(b));
    let digits = value.take_while(|b| b.is_ascii_digit());
    digits.fold(0, |sum: u64, b| sum.saturating_mul(10).saturating_add(u64::from(b - b'0')))
}
