//! Trigger files: what a source says of the files it has sent, a line for each.

use super::DeclaredTotal;
use crate::error::Cause;
use model::{ControlValue, Trigger, TriggerColumn};
use sha2::{Digest, Sha256};
use std::path::Path;

/// What a trigger says of one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Bytes.
    pub(super) size: Option<u64>,
    /// Rows.
    pub(super) rows: Option<u64>,
    /// Totals of its rows.
    pub(super) totals: Vec<DeclaredTotal>,
    /// Checksum of the bytes.
    pub(super) checksum: Option<Checksum>,
}

/// A checksum by its algorithm; the text is lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Checksum {
    Sha256(String),
    Blake3(String),
    Crc32(u32),
}

/// A checksum while it is made.
pub(super) enum Summing {
    Sha256(Sha256),
    /// Made anyway.
    Blake3,
    Crc32(flate2::Crc),
}

impl Checksum {
    pub(super) fn begin(&self) -> Summing {
        match self {
            Self::Sha256(_) => Summing::Sha256(Sha256::new()),
            Self::Blake3(_) => Summing::Blake3,
            Self::Crc32(_) => Summing::Crc32(flate2::Crc::new()),
        }
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "SHA-256",
            Self::Blake3(_) => "BLAKE3",
            Self::Crc32(_) => "CRC-32",
        }
    }
}

impl Summing {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(sum) => sum.update(bytes),
            Self::Blake3 => {}
            Self::Crc32(sum) => sum.update(bytes),
        }
    }

    /// Whether the bytes are those of the trigger; `blake3` is their digest.
    pub(super) fn agrees(self, declared: &Checksum, blake3: &str) -> bool {
        match (self, declared) {
            (Self::Sha256(sum), Checksum::Sha256(text)) => hex(&sum.finalize()) == *text,
            (Self::Crc32(sum), Checksum::Crc32(number)) => sum.sum() == *number,
            (_, Checksum::Blake3(text)) => blake3 == text,
            _ => false,
        }
    }
}

/// Reads what the trigger at `path` says of `file`.
pub(super) fn read(trigger: &Trigger, path: &Path, file: &str) -> Result<Said, Cause> {
    let io = |source| Cause::Io { action: "read", path: path.to_owned(), source };
    let bytes = std::fs::read(path).map_err(io)?;
    let wrong = |problem: String| Cause::Trigger { trigger: path.to_owned(), problem };
    let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8 text".into()))?;
    said(trigger, &text, file).map_err(wrong)
}

fn said(trigger: &Trigger, text: &str, file: &str) -> Result<Said, String> {
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    let mut found = None;
    for (at, line) in lines {
        let fields: Vec<&str> = match &trigger.separator {
            Some(separator) => line.split(separator.as_str()).map(str::trim).collect(),
            None => line.split_whitespace().collect(),
        };
        let (number, expected) = (at + 1, trigger.columns.len());
        if fields.len() != expected {
            let found = fields.len();
            return Err(format!("has {found} fields on line {number} (expected {expected})"));
        }
        if trigger.at(TriggerColumn::Name).is_some_and(|name| fields[name] != file) {
            continue;
        }
        if found.is_some() {
            return Err(format!("speaks of the file again on line {number} (expected one line)"));
        }
        let what = line_says(trigger, &fields);
        found = Some(what.map_err(|what| format!("has no {what} on line {number}"))?);
    }
    found.ok_or_else(|| "says nothing of the file (expected a line that names it)".to_owned())
}

/// What a line says, or what it should.
fn line_says(trigger: &Trigger, fields: &[&str]) -> Result<Said, &'static str> {
    let mut said = Said::default();
    for ((column, text), field) in trigger.columns.iter().zip(fields).zip(1..) {
        let number = |what| text.parse().map(Some).map_err(|_| what);
        let total = |figure| DeclaredTotal { figure, field, text: (*text).to_owned() };
        match column {
            TriggerColumn::Name | TriggerColumn::Other => {}
            TriggerColumn::Size => said.size = number("number of bytes")?,
            TriggerColumn::Count => said.rows = number("number of rows")?,
            TriggerColumn::Total => said.totals.push(total(ControlValue::Total)),
            TriggerColumn::Debit => said.totals.push(total(ControlValue::Debit)),
            TriggerColumn::Credit => said.totals.push(total(ControlValue::Credit)),
            TriggerColumn::Hash => said.totals.push(total(ControlValue::Hash)),
            TriggerColumn::Sha256 => {
                said.checksum = Some(Checksum::Sha256(digits(text, "SHA-256 of 64 digits")?));
            }
            TriggerColumn::Blake3 => {
                said.checksum = Some(Checksum::Blake3(digits(text, "BLAKE3 of 64 digits")?));
            }
            TriggerColumn::Crc32 => {
                let number = u32::from_str_radix(text, 16).ok().filter(|_| text.len() == 8);
                said.checksum = Some(Checksum::Crc32(number.ok_or("CRC-32 of 8 digits")?));
            }
        }
    }
    Ok(said)
}

fn digits(text: &str, what: &'static str) -> Result<String, &'static str> {
    let hex = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex { Ok(text.to_ascii_lowercase()) } else { Err(what) }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use TriggerColumn::{Blake3, Count, Crc32, Name, Other, Sha256, Size};

    fn of(columns: &[TriggerColumn], separator: Option<&str>) -> Trigger {
        let separator = separator.map(str::to_owned);
        Trigger { file: "t".into(), columns: columns.to_vec(), separator }
    }

    #[test]
    fn the_line_of_the_file_is_found() {
        let text = "a.dat 10 2\r\n\nb.dat\t11  3\n";
        let plain = of(&[Name, Size, Count], None);
        let expect = Said { size: Some(11), rows: Some(3), ..Said::default() };
        assert_eq!(said(&plain, text, "b.dat").unwrap(), expect);
        let cut = of(&[Other, Crc32], Some("|"));
        let expect = Said { checksum: Some(Checksum::Crc32(0xcbf4_3926)), ..Said::default() };
        assert_eq!(said(&cut, "x y | CBF43926", "b.dat").unwrap(), expect);
    }

    #[test]
    fn a_trigger_that_cannot_be_trusted_is_refused() {
        let check = |columns: &[TriggerColumn], text: &str, problem: &str| {
            assert_eq!(said(&of(columns, None), text, "b").unwrap_err(), problem);
        };
        let nothing = "says nothing of the file (expected a line that names it)";
        check(&[Name, Size], "a 10", nothing);
        check(&[Size], "", nothing);
        check(&[Name, Size], "b 1\nb 1", "speaks of the file again on line 2 (expected one line)");
        check(&[Size], "1\n1", "speaks of the file again on line 2 (expected one line)");
        check(&[Name, Size], "a 1 2", "has 3 fields on line 1 (expected 2)");
        check(&[Name, Size], "b -1", "has no number of bytes on line 1");
        check(&[Name, Count], "\nb x", "has no number of rows on line 2");
        check(&[Name, Sha256], "b 12", "has no SHA-256 of 64 digits on line 1");
        check(&[Name, Blake3], "b 12", "has no BLAKE3 of 64 digits on line 1");
        check(&[Name, Crc32], "b 12", "has no CRC-32 of 8 digits on line 1");
    }

    #[test]
    fn checksums_are_those_of_their_standards() {
        let of_123 = |declared: Checksum| {
            let mut sum = declared.begin();
            sum.add(b"1234");
            sum.add(b"56789");
            sum.agrees(&declared, blake3::hash(b"123456789").to_hex().as_str())
        };
        // Check values of the CRC catalogue (CRC-32/ISO-HDLC) and of FIPS 180-4's algorithm.
        assert!(of_123(Checksum::Crc32(0xcbf4_3926)));
        let sha = "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225";
        assert!(of_123(Checksum::Sha256(sha.into())));
        assert!(of_123(Checksum::Blake3(blake3::hash(b"123456789").to_hex().to_string())));
        assert!(!of_123(Checksum::Crc32(1)));
        assert!(!of_123(Checksum::Sha256(sha.replace('1', "2"))));
    }
}
