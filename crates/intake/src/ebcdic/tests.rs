//! The code pages against characters known from IBM's charts, and back again.

use super::{EbcdicWriter, NONE, Page, SHIFT_IN, SHIFT_OUT};
use model::CharSet;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const PAGES: [CharSet; 5] =
    [CharSet::Cp037, CharSet::Cp500, CharSet::Cp1047, CharSet::Cp935, CharSet::Cp1388];

/// Every pair of a mixed page by its character.
fn pairs_of(page: Page) -> BTreeMap<char, [u8; 2]> {
    let all = (0..=u16::MAX).map(u16::to_be_bytes);
    all.filter_map(|pair| Some((page.pair(&pair)?, pair))).collect()
}

/// Text as a mainframe writes it: pairs between shifts where one byte will not do.
pub(crate) fn encode(charset: CharSet, text: &str) -> Vec<u8> {
    static PAIRS: [OnceLock<BTreeMap<char, [u8; 2]>>; 2] = [OnceLock::new(), OnceLock::new()];
    let page = Page::of(charset).unwrap();
    let pairs = &PAIRS[usize::from(charset == CharSet::Cp935)];
    let (mut bytes, mut shifted) = (Vec::new(), false);
    for character in text.chars() {
        let single = page.byte_of(character);
        if single.is_some() == shifted {
            bytes.push(if shifted { SHIFT_IN } else { SHIFT_OUT });
            shifted = !shifted;
        }
        match single {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(pairs.get_or_init(|| pairs_of(page))[&character]),
        }
    }
    bytes.extend(shifted.then_some(SHIFT_IN));
    bytes
}

fn decode(charset: CharSet, raw: &[u8]) -> Result<String, usize> {
    let mut text = String::new();
    Page::of(charset).unwrap().decode(raw, &mut text).map(|()| text)
}

#[test]
fn well_known_bytes_are_what_the_charts_say() {
    let common = "\u{40} \u{4b}.\u{4c}<\u{4d}(\u{4e}+\u{50}&\u{5c}*\u{5d})\u{5e};\u{60}-\u{61}/\u{6a}¦\u{6b},\u{6c}%\u{6d}_\
                  \u{6e}>\u{6f}?\u{79}`\u{7a}:\u{7b}#\u{7c}@\u{7d}'\u{7e}=\u{7f}\"\u{81}a\u{89}i\u{91}j\u{a2}s\u{a9}z\
                  \u{c0}{\u{c1}A\u{c9}I\u{d0}}\u{d1}J\u{e2}S\u{e9}Z\u{f0}0\u{f9}9";
    let own = [
        (
            CharSet::Cp037,
            "\u{4a}¢\u{4f}|\u{5a}!\u{5b}$\u{5f}¬\u{a1}~\u{b0}^\u{b1}£\u{b2}¥\u{ba}[\u{bb}]\u{e0}\\",
        ),
        (
            CharSet::Cp500,
            "\u{4a}[\u{4f}!\u{5a}]\u{5b}$\u{5f}^\u{a1}~\u{b0}¢\u{b1}£\u{b2}¥\u{ba}¬\u{bb}|\u{e0}\\",
        ),
        (
            CharSet::Cp1047,
            "\u{4a}¢\u{4f}|\u{5a}!\u{5b}$\u{5f}^\u{a1}~\u{b0}¬\u{b1}£\u{b2}¥\u{ad}[\u{bd}]\u{ba}Ý\u{bb}¨\u{e0}\\",
        ),
        (
            CharSet::Cp935,
            "\u{4a}£\u{4f}|\u{5a}!\u{5b}¥\u{5f}¬\u{a0}~\u{a1}‾\u{b0}^\u{b2}\\\u{ba}[\u{bb}]\u{e0}$",
        ),
        (
            CharSet::Cp1388,
            "\u{4a}£\u{4f}|\u{5a}!\u{5b}¥\u{5f}¬\u{a0}~\u{a1}‾\u{b0}^\u{b2}\\\u{ba}[\u{bb}]\u{e0}$",
        ),
    ];
    let controls = "\u{00}\u{00}\u{05}\t\u{0d}\r\u{15}\u{85}\u{25}\n\u{ff}\u{9f}";
    for (charset, own) in own {
        let chart: Vec<char> = [common, own, controls].concat().chars().collect();
        for entry in chart.chunks(2) {
            let byte = u8::try_from(u32::from(entry[0])).unwrap();
            assert_eq!(
                decode(charset, &[byte]),
                Ok(entry[1].to_string()),
                "{charset:?} {byte:02x}"
            );
        }
    }
}

#[test]
fn every_byte_is_one_character_and_that_character_is_the_byte() {
    for (charset, assigned) in PAGES.into_iter().zip([256, 256, 256, 163, 163]) {
        let page = Page::of(charset).unwrap();
        let characters = (0..=u8::MAX).filter_map(|byte| Some((byte, page.character(byte)?)));
        let mut count = 0;
        for (byte, character) in characters {
            assert_eq!(page.byte_of(character), Some(byte), "{charset:?}");
            assert_eq!(decode(charset, &[byte]), Ok(character.to_string()), "{charset:?}");
            count += 1;
        }
        assert_eq!(count, assigned, "{charset:?}");
    }
}

#[test]
fn every_pair_is_one_character() {
    for (charset, assigned) in [(CharSet::Cp935, 9_356), (CharSet::Cp1388, 32_405)] {
        let page = Page::of(charset).unwrap();
        let pairs = pairs_of(page);
        assert_eq!(pairs.len(), assigned, "{charset:?}: a pair of its own for each character");
        assert!(pairs.keys().all(|character| *character != '\u{fffd}'));
    }
}

#[test]
fn chinese_names_stand_between_shifts() {
    let cases: [(&str, &[u8]); 4] = [
        ("王小明", b"\x0e\x57\x96\x58\xa0\x52\x98\x0f"),
        ("北京市", b"\x0e\x49\x51\x4f\xa8\x55\xcf\x0f"),
        ("欧阳A", b"\x0e\x53\x57\x59\x95\x0f\xc1"),
        ("A；\u{3000}", b"\xc1\x0e\x42\x5e\x40\x40\x0f"),
    ];
    for (text, bytes) in cases {
        for charset in [CharSet::Cp935, CharSet::Cp1388] {
            assert_eq!(decode(charset, bytes), Ok(text.to_owned()), "{charset:?}");
            assert_eq!(encode(charset, text), bytes, "{charset:?}");
        }
    }
    // Names beyond GB 2312 are in the larger page only.
    for (name, bytes) in [("喆", b"\x0e\x86\xbf\x0f"), ("镕", b"\x0e\xc1\xa8\x0f")] {
        assert_eq!(decode(CharSet::Cp1388, bytes), Ok(name.to_owned()));
        assert_eq!(decode(CharSet::Cp935, bytes), Err(1));
    }
}

#[test]
fn text_is_written_in_whole_characters_with_their_shifts() {
    let writer = EbcdicWriter::of(CharSet::Cp1388).unwrap();
    let cases = [
        ("王小明", 8, "王小明"),
        ("王小明", 10, "王小明  "),
        ("王小明", 7, "王小 "), // no room for the last one and its shift
        ("A王B", 6, "A王B"),
        ("A王B", 5, "A王"),
        ("王", 3, "   "),
        ("ø\u{1f600}7", 3, "\u{1a}\u{1a}7"), // not in the page
    ];
    for (text, width, expect) in cases {
        let mut bytes = vec![0x40];
        writer.append(text, width, &mut bytes);
        assert_eq!(bytes.len(), 1 + width, "{text}");
        assert_eq!(decode(CharSet::Cp1388, &bytes), Ok(format!(" {expect}")), "{text}");
    }
    let single = EbcdicWriter::of(CharSet::Cp037).unwrap();
    let mut bytes = Vec::new();
    single.append("[é]王", 4, &mut bytes);
    assert_eq!(bytes, [0xba, 0x51, 0xbb, 0x3f]);
    assert!(EbcdicWriter::of(CharSet::Gb18030).is_none());
}

#[test]
fn what_is_no_text_is_found_at_its_first_byte() {
    let cases: [(&[u8], usize); 9] = [
        (b"\xc1\x42", 1),                     // unassigned byte
        (b"\xc1\x0f", 1),                     // back without out
        (b"\xc1\x0e\x57\x96", 1),             // out without back
        (b"\x0e", 0),                         // out at the end
        (b"\x0e\x57\x0f", 1),                 // half a pair
        (b"\x0e\x57\x96\x58\x0f", 3),         // half a pair behind a whole one
        (b"\x0e\x57\x96\x0e\x57\x96\x0f", 3), // out twice
        (b"\x0e\x57\x96\x40\x41\x0f", 3),     // unassigned pair
        (b"\x0e\xff\xff\x0f", 1),
    ];
    for (bytes, at) in cases {
        assert_eq!(decode(CharSet::Cp1388, bytes), Err(at), "{bytes:02x?}");
    }
    // In a page of single bytes the shifts are controls like others.
    assert_eq!(decode(CharSet::Cp037, b"\x0e\x0f"), Ok("\u{e}\u{f}".into()));
    assert_eq!(decode(CharSet::Cp1388, b"\x0e\x0f"), Ok(String::new()));
}

proptest! {
    #[test]
    fn bytes_are_text_whole_or_not_at_all(
        bytes in prop::collection::vec(any::<u8>(), 0..40), which in 0..5_usize,
    ) {
        match decode(PAGES[which], &bytes) {
            Ok(text) => prop_assert!(text.chars().all(|found| found != NONE)),
            Err(at) => prop_assert!(at < bytes.len()),
        }
    }

    #[test]
    fn text_survives(
        text in "[ -~A-Za-z0-9]{0,6}[王小明北京市欧阳中国人民、。]{0,6}[a-z]{0,3}[李张]{0,2}",
        mixed in any::<bool>(),
    ) {
        let charset = if mixed { CharSet::Cp935 } else { CharSet::Cp1388 };
        // An ASCII character that the page has as a pair only (none today) would be doubled.
        let bytes = encode(charset, &text);
        let mut written = Vec::new();
        EbcdicWriter::of(charset).unwrap().append(&text, bytes.len(), &mut written);
        prop_assert_eq!(&written, &bytes);
        prop_assert_eq!(decode(charset, &bytes), Ok(text));
    }
}
