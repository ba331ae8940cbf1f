//! The tables of the code pages, bytes to Unicode, as IBM publishes them (CDRA, code page
//! identifiers) and glibc's `iconv` 2.36 has them under `IBM037`, `IBM500`, `IBM1047`, `IBM935` and
//! `IBM1388`.
//!
//! Single bytes stand here. Pairs stand in `cp935.bin` and `cp1388.bin`: one row of 190 pairs for
//! each first byte from 0x41 (to 0x7F and to 0xFC), in it one code for each second byte from 0x41
//! to 0xFE, as UTF-16BE, 0 where the pair is not assigned. They are made again by converting every
//! pair, between 0x0E and 0x0F, to UTF-16BE. User-defined characters are in the private use area.

/// Where the graphic characters begin.
pub(super) const GRAPHICS_FROM: u8 = 0x40;

/// Stands where a page assigns nothing.
pub(super) const NONE: char = '\u{fffd}';

/// Pairs of CCSID 935 (page 837).
pub(super) static PAIRS_935: [u8; 23_940] = *include_bytes!("cp935.bin");

/// Pairs of CCSID 1388 (page 1380 as extended for GBK).
pub(super) static PAIRS_1388: [u8; 71_440] = *include_bytes!("cp1388.bin");

/// Bytes 0x00 to 0x3F, which all pages share: the controls of ISO 6429 (0x15 is NEL, 0x25 LF).
pub(super) const CONTROLS: [u8; 64] = [
    0x00, 0x01, 0x02, 0x03, 0x9c, 0x09, 0x86, 0x7f, 0x97, 0x8d, 0x8e, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
    0x10, 0x11, 0x12, 0x13, 0x9d, 0x85, 0x08, 0x87, 0x18, 0x19, 0x92, 0x8f, 0x1c, 0x1d, 0x1e, 0x1f,
    0x80, 0x81, 0x82, 0x83, 0x84, 0x0a, 0x17, 0x1b, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x05, 0x06, 0x07,
    0x90, 0x91, 0x16, 0x93, 0x94, 0x95, 0x96, 0x04, 0x98, 0x99, 0x9a, 0x9b, 0x14, 0x15, 0x9e, 0x1a,
];

/// CCSID 37: the Americas, also the default of z/OS.
#[rustfmt::skip]
pub(super) const CP037: [char; 192] = [
    ' ', '\u{a0}', 'â', 'ä', 'à', 'á', 'ã', 'å', 'ç', 'ñ', '¢', '.', '<', '(', '+', '|',
    '&', 'é', 'ê', 'ë', 'è', 'í', 'î', 'ï', 'ì', 'ß', '!', '$', '*', ')', ';', '¬',
    '-', '/', 'Â', 'Ä', 'À', 'Á', 'Ã', 'Å', 'Ç', 'Ñ', '¦', ',', '%', '_', '>', '?',
    'ø', 'É', 'Ê', 'Ë', 'È', 'Í', 'Î', 'Ï', 'Ì', '`', ':', '#', '@', '\'', '=', '"',
    'Ø', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', '«', '»', 'ð', 'ý', 'þ', '±',
    '°', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 'ª', 'º', 'æ', '¸', 'Æ', '¤',
    'µ', '~', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '¡', '¿', 'Ð', 'Ý', 'Þ', '®',
    '^', '£', '¥', '·', '©', '§', '¶', '¼', '½', '¾', '[', ']', '¯', '¨', '´', '×',
    '{', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', '\u{ad}', 'ô', 'ö', 'ò', 'ó', 'õ',
    '}', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', '¹', 'û', 'ü', 'ù', 'ú', 'ÿ',
    '\\', '÷', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '²', 'Ô', 'Ö', 'Ò', 'Ó', 'Õ',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '³', 'Û', 'Ü', 'Ù', 'Ú', '\u{9f}',
];

/// CCSID 500: international.
#[rustfmt::skip]
pub(super) const CP500: [char; 192] = [
    ' ', '\u{a0}', 'â', 'ä', 'à', 'á', 'ã', 'å', 'ç', 'ñ', '[', '.', '<', '(', '+', '!',
    '&', 'é', 'ê', 'ë', 'è', 'í', 'î', 'ï', 'ì', 'ß', ']', '$', '*', ')', ';', '^',
    '-', '/', 'Â', 'Ä', 'À', 'Á', 'Ã', 'Å', 'Ç', 'Ñ', '¦', ',', '%', '_', '>', '?',
    'ø', 'É', 'Ê', 'Ë', 'È', 'Í', 'Î', 'Ï', 'Ì', '`', ':', '#', '@', '\'', '=', '"',
    'Ø', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', '«', '»', 'ð', 'ý', 'þ', '±',
    '°', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 'ª', 'º', 'æ', '¸', 'Æ', '¤',
    'µ', '~', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '¡', '¿', 'Ð', 'Ý', 'Þ', '®',
    '¢', '£', '¥', '·', '©', '§', '¶', '¼', '½', '¾', '¬', '|', '¯', '¨', '´', '×',
    '{', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', '\u{ad}', 'ô', 'ö', 'ò', 'ó', 'õ',
    '}', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', '¹', 'û', 'ü', 'ù', 'ú', 'ÿ',
    '\\', '÷', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '²', 'Ô', 'Ö', 'Ò', 'Ó', 'Õ',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '³', 'Û', 'Ü', 'Ù', 'Ú', '\u{9f}',
];

/// CCSID 1047: open systems, what z/OS UNIX and C use.
#[rustfmt::skip]
pub(super) const CP1047: [char; 192] = [
    ' ', '\u{a0}', 'â', 'ä', 'à', 'á', 'ã', 'å', 'ç', 'ñ', '¢', '.', '<', '(', '+', '|',
    '&', 'é', 'ê', 'ë', 'è', 'í', 'î', 'ï', 'ì', 'ß', '!', '$', '*', ')', ';', '^',
    '-', '/', 'Â', 'Ä', 'À', 'Á', 'Ã', 'Å', 'Ç', 'Ñ', '¦', ',', '%', '_', '>', '?',
    'ø', 'É', 'Ê', 'Ë', 'È', 'Í', 'Î', 'Ï', 'Ì', '`', ':', '#', '@', '\'', '=', '"',
    'Ø', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', '«', '»', 'ð', 'ý', 'þ', '±',
    '°', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 'ª', 'º', 'æ', '¸', 'Æ', '¤',
    'µ', '~', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '¡', '¿', 'Ð', '[', 'Þ', '®',
    '¬', '£', '¥', '·', '©', '§', '¶', '¼', '½', '¾', 'Ý', '¨', '¯', ']', '´', '×',
    '{', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', '\u{ad}', 'ô', 'ö', 'ò', 'ó', 'õ',
    '}', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', '¹', 'û', 'ü', 'ù', 'ú', 'ÿ',
    '\\', '÷', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '²', 'Ô', 'Ö', 'Ò', 'Ó', 'Õ',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '³', 'Û', 'Ü', 'Ù', 'Ú', '\u{9f}',
];

/// The single bytes of CCSID 935 and of CCSID 1388 (page 836).
#[rustfmt::skip]
pub(super) const CP935: [char; 192] = [
    ' ', NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, '£', '.', '<', '(', '+', '|',
    '&', NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, '!', '¥', '*', ')', ';', '¬',
    '-', '/', NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, '¦', ',', '%', '_', '>', '?',
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, '`', ':', '#', '@', '\'', '=', '"',
    NONE, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', NONE, NONE, NONE, NONE, NONE, NONE,
    NONE, 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', NONE, NONE, NONE, NONE, NONE, NONE,
    '~', '‾', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', NONE, NONE, NONE, NONE, NONE, NONE,
    '^', NONE, '\\', NONE, NONE, NONE, NONE, NONE, NONE, NONE, '[', ']', NONE, NONE, NONE, NONE,
    '{', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', NONE, NONE, NONE, NONE, NONE, NONE,
    '}', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', NONE, NONE, NONE, NONE, NONE, NONE,
    '$', NONE, 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', NONE, NONE, NONE, NONE, NONE, NONE,
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', NONE, NONE, NONE, NONE, NONE, '\u{9f}',
];
