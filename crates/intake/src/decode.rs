//! From bytes to characters, strictly: nothing is replaced, nothing is guessed.

use crate::ebcdic::Page;
use encoding_rs::{BIG5, Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use model::CharSet;
use std::borrow::Cow;

/// What is held of a file while its rows are found: decoded text, or bytes where the contract
/// counts bytes.
pub(crate) trait Store: Sized {
    /// A part of it.
    type Slice: ?Sized;

    /// A part of the file that begins and ends with a line, `at` bytes behind its start; `last`
    /// says that the file ends with it. Besides, the place in the file of the first byte that is no
    /// character: nothing is kept from there on.
    fn of_part(charset: CharSet, raw: Vec<u8>, at: u64, last: bool) -> (Self, Option<u64>);

    /// Takes the part of the file that follows.
    fn join(&mut self, next: Self);

    /// Takes further bytes of the file. What stands before a byte that is no character is kept;
    /// the error is that byte's place in the file, from 0.
    fn take(&mut self, raw: &[u8], last: bool) -> Result<(), u64>;

    /// Drops everything before `until`.
    fn forget(&mut self, until: usize);

    /// What stands from `at` on.
    fn rest(&self, at: usize) -> &Self::Slice;

    /// The bytes of a part.
    fn bytes(slice: &Self::Slice) -> &[u8];

    /// The part as text, where it is text already.
    fn text(slice: &Self::Slice) -> &str;

    /// The first `end` bytes of a part as text; the error is the byte that is no character.
    fn decoded<'a>(&self, slice: &'a Self::Slice, end: usize) -> Result<Cow<'a, str>, usize>;

    /// A text as it stands in the store; none where its character set lacks a character of it.
    fn encode<'t>(&self, text: &'t str) -> Option<Cow<'t, [u8]>>;
}

/// Decoded text.
pub(crate) struct Text {
    decoded: String,
    decoder: Decoder,
    seen: u64,
    /// While the first bytes may be a mark of the byte order: these bytes.
    mark: Option<Mark>,
}

impl Text {
    pub(crate) fn new(charset: CharSet) -> Self {
        let decoder = encoding(charset).new_decoder_without_bom_handling();
        let mark = charset.is_wide().then(|| Mark { charset, bytes: Vec::new() });
        Self { decoded: String::new(), decoder, seen: 0, mark }
    }

    fn push(&mut self, raw: &[u8], last: bool) -> Result<(), u64> {
        let outcome = push_decoded(&mut self.decoder, raw, last, &mut self.decoded);
        // A character that began in an earlier chunk has its place there: bytes back from here.
        let result = outcome.map_err(|(read, back)| (self.seen + read as u64) - back as u64);
        self.seen += raw.len() as u64;
        result
    }
}

/// The first two bytes of a file of wide characters.
struct Mark {
    charset: CharSet,
    bytes: Vec<u8>,
}

impl Mark {
    /// The encoding of the file; none where the mark is missing or says otherwise.
    fn encoding(&self) -> Option<&'static Encoding> {
        match (self.charset, self.bytes.as_slice()) {
            (CharSet::Utf16Le | CharSet::Utf16, [0xff, 0xfe]) => Some(UTF_16LE),
            (CharSet::Utf16Be | CharSet::Utf16, [0xfe, 0xff]) => Some(UTF_16BE),
            (_, [0xff, 0xfe] | [0xfe, 0xff]) => None,
            (charset, _) => (charset != CharSet::Utf16).then(|| encoding(charset)),
        }
    }
}

impl Store for Text {
    type Slice = str;

    fn of_part(charset: CharSet, raw: Vec<u8>, at: u64, last: bool) -> (Self, Option<u64>) {
        let mut text = Self { seen: at, ..Self::new(charset) };
        if charset != CharSet::Utf8 {
            let undecodable = text.take(&raw, last).err();
            return (text, undecodable);
        }
        match String::from_utf8(raw) {
            Ok(decoded) => (Self { decoded, ..text }, None),
            Err(error) => {
                let undecodable = text.take(error.as_bytes(), last).err();
                (text, undecodable)
            }
        }
    }

    fn join(&mut self, next: Self) {
        self.decoded.push_str(&next.decoded);
    }

    fn take(&mut self, raw: &[u8], last: bool) -> Result<(), u64> {
        let Some(mut mark) = self.mark.take() else { return self.push(raw, last) };
        let (first, rest) = raw.split_at(raw.len().min(2 - mark.bytes.len()));
        mark.bytes.extend_from_slice(first);
        if mark.bytes.len() < 2 && !last {
            self.mark = Some(mark);
            return Ok(());
        }
        if mark.bytes.is_empty() {
            return Ok(());
        }
        self.decoder = mark.encoding().ok_or(0_u64)?.new_decoder_without_bom_handling();
        self.push(&mark.bytes, false)?;
        self.push(rest, last)
    }

    fn forget(&mut self, until: usize) {
        self.decoded.drain(..until);
    }

    fn rest(&self, at: usize) -> &str {
        &self.decoded[at..]
    }

    fn bytes(slice: &str) -> &[u8] {
        slice.as_bytes()
    }

    fn text(slice: &str) -> &str {
        slice
    }

    fn decoded<'a>(&self, slice: &'a str, end: usize) -> Result<Cow<'a, str>, usize> {
        Ok(Cow::Borrowed(&slice[..end]))
    }

    fn encode<'t>(&self, text: &'t str) -> Option<Cow<'t, [u8]>> {
        Some(Cow::Borrowed(text.as_bytes()))
    }
}

/// Bytes as they are, line ends included: in all character sets but UTF-16, which the contract
/// refuses here, 0x0A is never a part of another character.
pub(crate) struct Raw {
    bytes: Vec<u8>,
    charset: CharSet,
}

impl Raw {
    pub(crate) fn new(charset: CharSet) -> Self {
        Self { bytes: Vec::new(), charset }
    }
}

impl Store for Raw {
    type Slice = [u8];

    fn of_part(charset: CharSet, raw: Vec<u8>, _at: u64, _last: bool) -> (Self, Option<u64>) {
        (Self { bytes: raw, charset }, None)
    }

    fn join(&mut self, mut next: Self) {
        self.bytes.append(&mut next.bytes);
    }

    fn take(&mut self, raw: &[u8], _last: bool) -> Result<(), u64> {
        self.bytes.extend_from_slice(raw);
        Ok(())
    }

    fn forget(&mut self, until: usize) {
        self.bytes.drain(..until);
    }

    fn rest(&self, at: usize) -> &[u8] {
        &self.bytes[at..]
    }

    fn bytes(slice: &[u8]) -> &[u8] {
        slice
    }

    fn text(_slice: &[u8]) -> &'static str {
        ""
    }

    fn decoded<'a>(&self, slice: &'a [u8], end: usize) -> Result<Cow<'a, str>, usize> {
        let mut text = String::new();
        decode(self.charset, &slice[..end], &mut text).map(|()| Cow::Owned(text))
    }

    fn encode<'t>(&self, text: &'t str) -> Option<Cow<'t, [u8]>> {
        let (bytes, _, lossy) = encoding(self.charset).encode(text);
        (!lossy).then_some(bytes)
    }
}

/// Appends all of `raw` to `text`; the error is the first byte that is no character.
pub(crate) fn decode(charset: CharSet, raw: &[u8], text: &mut String) -> Result<(), usize> {
    if let Some(page) = Page::of(charset) {
        return page.decode(raw, text);
    }
    let mut decoder = encoding(charset).new_decoder_without_bom_handling();
    push_decoded(&mut decoder, raw, true, text).map_err(|(read, back)| read - back)
}

/// A text in a character set, none where it cannot be written, or not without shifts.
pub(crate) fn encode(charset: CharSet, text: &str) -> Option<Vec<u8>> {
    if let Some(page) = Page::of(charset) {
        return text.chars().map(|character| page.byte_of(character)).collect();
    }
    let (bytes, _, lost) = encoding(charset).encode(text);
    (!lost).then(|| bytes.into_owned())
}

/// The name of a character set in messages.
pub(crate) fn name(charset: CharSet) -> &'static str {
    match charset {
        CharSet::Utf8 => "UTF-8",
        CharSet::Gb18030 => "GB18030",
        CharSet::Cp037 => "CP037",
        CharSet::Cp500 => "CP500",
        CharSet::Cp1047 => "CP1047",
        CharSet::Cp935 => "CP935",
        CharSet::Cp1388 => "CP1388",
        CharSet::Gbk => "GBK",
        CharSet::Big5 => "Big5",
        CharSet::Utf16Le => "UTF-16LE",
        CharSet::Utf16Be => "UTF-16BE",
        CharSet::Utf16 => "UTF-16 behind a byte order mark",
    }
}

fn encoding(charset: CharSet) -> &'static Encoding {
    match charset {
        CharSet::Gb18030 | CharSet::Gbk => GB18030,
        CharSet::Big5 => BIG5,
        CharSet::Utf16Le | CharSet::Utf16 => UTF_16LE,
        CharSet::Utf16Be => UTF_16BE,
        // EBCDIC is never asked for: its files have records, and the contract of one with lines is
        // refused.
        _ => UTF_8,
    }
}

/// Decodes into `text`; the error is (bytes of `raw` read, how far back the bad sequence begins).
fn push_decoded(
    decoder: &mut Decoder,
    raw: &[u8],
    last: bool,
    text: &mut String,
) -> Result<(), (usize, usize)> {
    let mut at = 0;
    loop {
        let left = raw.len() - at;
        let room = decoder.max_utf8_buffer_length_without_replacement(left);
        text.reserve(room.unwrap_or(left));
        let (result, read) = decoder.decode_to_string_without_replacement(&raw[at..], text, last);
        at += read;
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                return Err((at, usize::from(length) + usize::from(after)));
            }
        }
    }
}
