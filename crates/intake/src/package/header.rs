//! The header blocks of a tar archive (POSIX.1-2001 ustar and pax, GNU long names).

use crate::faults::PackageFault;

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;

/// What an entry is.
pub(super) enum Kind {
    File,
    Folder,
    /// Records for the next entry.
    Pax,
    /// Records for all entries that follow.
    PaxOfAll,
    /// The name of the next entry (GNU).
    LongName,
    Special,
}

/// One header block.
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) size: u64,
    pub(super) kind: Kind,
}

/// Why a header does not hold; which entry it is, the caller knows.
pub(super) enum Damage {
    Header,
    Special,
}

impl Damage {
    pub(super) fn at(self, entry: u64) -> PackageFault {
        match self {
            Self::Header => PackageFault::Damaged(entry),
            Self::Special => PackageFault::Special(entry),
        }
    }
}

impl Header {
    pub(super) fn of(block: &[u8; BLOCK]) -> Result<Self, Damage> {
        let sum = octal(&block[148..156]).ok_or(Damage::Header)?;
        let bytes = block.iter().enumerate();
        let found: u64 =
            bytes.map(|(at, b)| u64::from(if (148..156).contains(&at) { b' ' } else { *b })).sum();
        if sum != found {
            return Err(Damage::Header);
        }
        let kind = match block[156] {
            0 | b'0' => Kind::File,
            b'5' => Kind::Folder,
            b'x' => Kind::Pax,
            b'g' => Kind::PaxOfAll,
            b'L' => Kind::LongName,
            _ => Kind::Special,
        };
        let size = size(&block[124..136]).ok_or(Damage::Header)?;
        Ok(Self { name: name(block), size, kind })
    }
}

/// What pax records say of an entry.
#[derive(Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
}

impl Pax {
    pub(super) fn is_empty(&self) -> bool {
        self.path.is_none() && self.size.is_none()
    }

    /// Reads records, each `LENGTH KEY=VALUE\n`, its length counting all of it.
    pub(super) fn read(&mut self, mut records: &[u8]) -> Result<(), Damage> {
        while !records.is_empty() {
            let space = records.iter().position(|b| *b == b' ').ok_or(Damage::Header)?;
            let length = digits(&records[..space]).and_then(|n| usize::try_from(n).ok());
            let length = length.filter(|n| (space + 2..=records.len()).contains(n));
            let (record, rest) = records.split_at(length.ok_or(Damage::Header)?);
            let record = record[space + 1..].strip_suffix(b"\n").ok_or(Damage::Header)?;
            let equals = record.iter().position(|b| *b == b'=').ok_or(Damage::Header)?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" => self.path = Some(value.to_vec()),
                b"size" => self.size = Some(digits(value).ok_or(Damage::Header)?),
                b"linkpath" => return Err(Damage::Special),
                key if key.starts_with(b"GNU.sparse.") => return Err(Damage::Special),
                _ => {}
            }
            records = rest;
        }
        Ok(())
    }
}

/// The name field, behind the prefix field where the block is ustar.
fn name(block: &[u8; BLOCK]) -> Vec<u8> {
    let text = |field: &[u8]| field.iter().copied().take_while(|b| *b != 0).collect::<Vec<u8>>();
    let (name, prefix) = (text(&block[..100]), text(&block[345..500]));
    // GNU tar has "ustar " here, and times where the prefix would be.
    if &block[257..263] != b"ustar\0" || prefix.is_empty() {
        return name;
    }
    [prefix, name].join(&b'/')
}

/// A size: octal digits, or binary where the first bit is set (GNU).
fn size(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 == 0 {
        return octal(field);
    }
    let (high, low) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
    let zero = *first == 0x80 && high.iter().all(|b| *b == 0);
    let size = u64::from_be_bytes(low.try_into().ok()?);
    (zero && size <= u64::MAX / 4).then_some(size)
}

/// Octal digits between blanks and NULs.
fn octal(field: &[u8]) -> Option<u64> {
    let blank = |b: &u8| matches!(b, b' ' | 0);
    let from = field.iter().position(|b| !blank(b))?;
    let field = &field[from..];
    let to = field.iter().position(blank).unwrap_or(field.len());
    let (number, rest) = field.split_at(to);
    let whole = rest.iter().all(blank) && number.iter().all(|b| (b'0'..=b'7').contains(b));
    whole.then(|| number.iter().fold(0, |sum: u64, b| sum << 3 | u64::from(b - b'0')))
}

fn digits(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = plain.then(|| text.parse().ok())??;
    (number <= u64::MAX / 4).then_some(number)
}
