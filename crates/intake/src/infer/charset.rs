//! Which character set a sample is written in.

use super::InferError;
use crate::sample::Sample;
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use model::CharSet;
use serde::Deserialize;
use serde::de::IntoDeserializer;

/// A sample as text.
pub(super) struct Decoded {
    /// The character set, as a contract writes it.
    pub(super) name: &'static str,
    pub(super) why: &'static str,
    pub(super) head: String,
    pub(super) tail: String,
}

/// Decodes a sample by its mark, or as UTF-8, or as GB18030 (or Big5 where that was asked for).
pub(super) fn decode(sample: &Sample, big5: bool) -> Result<Decoded, InferError> {
    let head = sample.head.as_slice();
    if head.starts_with(&[0xff, 0xfe]) {
        return marked(sample, UTF_16LE, "utf-16le");
    }
    if head.starts_with(&[0xfe, 0xff]) {
        return marked(sample, UTF_16BE, "utf-16be");
    }
    let ascii = head.is_ascii() && sample.tail.is_ascii();
    let utf8 = if ascii {
        "every byte is ASCII; take that of the system's other files"
    } else {
        "every byte is UTF-8"
    };
    let mut choices = vec![(UTF_8, "utf-8", utf8)];
    if big5 {
        choices.push((BIG5, "big5", "asked for, and every byte is Big5"));
    } else {
        choices.push((GB18030, "gb18030", "no UTF-8, and every byte is GB18030"));
    }
    for (encoding, name, why) in choices {
        if let (Some(head), Some(tail)) = (strict(encoding, head), strict(encoding, &sample.tail)) {
            is_read(name)?;
            return Ok(Decoded { name, why, head: unmarked(&head), tail });
        }
    }
    Err(InferError::NoText)
}

/// A file with the mark of UTF-16; only its beginning is looked at, where the mark says what is what.
fn marked(
    sample: &Sample,
    encoding: &'static Encoding,
    name: &'static str,
) -> Result<Decoded, InferError> {
    is_read(name)?;
    let (text, _) = encoding.decode_without_bom_handling(&sample.head);
    let end = if sample.whole { text.len() } else { text.rfind('\n').map_or(0, |at| at + 1) };
    let head = unmarked(&text[..end]);
    Ok(Decoded { name, why: "its byte order mark", head, tail: String::new() })
}

/// Whether a contract may name the character set.
fn is_read(name: &'static str) -> Result<(), InferError> {
    let text: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        name.into_deserializer();
    CharSet::deserialize(text).map(drop).map_err(|_| InferError::Charset(name))
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(std::borrow::Cow::into_owned)
}

fn unmarked(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()
}
