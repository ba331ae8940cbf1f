//! Zoned, packed and binary numbers (z/Architecture Principles of Operation, decimal instructions;
//! Enterprise COBOL Programming Guide, formats for numeric data).

use crate::typed::Reason;
use model::{CobolCoding, CobolNumber, CobolSign};

const NOT_DIGITS: Reason = "not a zoned number (expected one digit a byte)";
const NO_ZONED_SIGN: Reason = "not a zoned number (expected the sign C, D or F in its zone)";
const NO_SEPARATE_SIGN: Reason = "not a zoned number (expected + or - in the byte of the sign)";
const NOT_PACKED: Reason = "not a packed number (expected two digits a byte)";
const NO_PACKED_SIGN: Reason =
    "not a packed number (expected a sign, A to F, in the last half byte)";
const MINUS: Reason = "a minus (expected a number without sign: the picture has no S)";
const TOO_MANY: Reason = "more digits than the picture has";
const WIDTH: Reason = "bytes of another width than the picture has";

/// Half bytes that mean a minus; the others from A on mean a plus.
const MINUS_CODES: [u8; 2] = [0xb, 0xd];

/// Appends a number's digits to `text`.
pub(super) fn write(
    number: CobolNumber,
    bytes: &[u8],
    ebcdic: bool,
    text: &mut String,
) -> Result<(), Reason> {
    match number.coding {
        CobolCoding::Zoned(sign) => zoned(number, sign, bytes, ebcdic, text),
        CobolCoding::Packed => packed(number, bytes, text),
        CobolCoding::Binary | CobolCoding::Native => binary(number, bytes, text),
    }
}

fn zoned(
    number: CobolNumber,
    sign: CobolSign,
    bytes: &[u8],
    ebcdic: bool,
    text: &mut String,
) -> Result<(), Reason> {
    let (zone, plus, minus) = if ebcdic { (0xf, 0x4e, 0x60) } else { (0x3, b'+', b'-') };
    let (at_sign, digits) = match (number.signed, sign.leading) {
        (false, _) => (None, bytes),
        (true, true) => bytes.split_first().map(|(sign, rest)| (Some(*sign), rest)).ok_or(WIDTH)?,
        (true, false) => bytes.split_last().map(|(sign, rest)| (Some(*sign), rest)).ok_or(WIDTH)?,
    };
    let negative = match at_sign {
        None => false,
        Some(byte) if sign.separate && byte == minus => true,
        Some(byte) if sign.separate && byte == plus => false,
        Some(_) if sign.separate => return Err(NO_SEPARATE_SIGN),
        Some(byte) => match byte >> 4 {
            0xd => true,
            0xc | 0xf => false,
            _ => return Err(NO_ZONED_SIGN),
        },
    };
    if digits.iter().any(|byte| byte >> 4 != zone) {
        return Err(NOT_DIGITS);
    }
    let own = at_sign.filter(|_| !sign.separate).map(|byte| byte & 0xf);
    let (front, back) = if sign.leading { (own, None) } else { (None, own) };
    let digits = front.into_iter().chain(digits.iter().map(|byte| byte & 0xf)).chain(back);
    spell(number, negative, digits, NOT_DIGITS, text)
}

fn packed(number: CobolNumber, bytes: &[u8], text: &mut String) -> Result<(), Reason> {
    let (last, front) = bytes.split_last().ok_or(WIDTH)?;
    let negative = match last & 0xf {
        0..=9 => return Err(NO_PACKED_SIGN),
        code => MINUS_CODES.contains(&code),
    };
    if negative && !number.signed {
        return Err(MINUS);
    }
    let halves = front.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).chain([last >> 4]);
    // An even number of digits leaves a half byte in front.
    let spare = (2 * bytes.len() - 1).checked_sub(number.digits).ok_or(WIDTH)?;
    if halves.clone().take(spare).any(|digit| digit != 0) {
        return Err(TOO_MANY);
    }
    spell(number, negative, halves.skip(spare), NOT_PACKED, text)
}

fn binary(number: CobolNumber, bytes: &[u8], text: &mut String) -> Result<(), Reason> {
    let first = *bytes.first().ok_or(WIDTH)?;
    let fill = if number.signed && first >= 0x80 { 0xff } else { 0 };
    let mut wide = [fill; 16];
    let room = wide.len().checked_sub(bytes.len()).ok_or(WIDTH)?;
    wide[room..].copy_from_slice(bytes);
    let value = i128::from_be_bytes(wide);
    let digits = value.unsigned_abs().to_string();
    if digits.len() > number.digits && number.coding == CobolCoding::Binary {
        return Err(TOO_MANY);
    }
    let width = number.digits.max(digits.len());
    let zeros = std::iter::repeat_n(0, width - digits.len());
    let spelled = zeros.chain(digits.bytes().map(|byte| byte - b'0'));
    spell(CobolNumber { digits: width, ..number }, value < 0, spelled, TOO_MANY, text)
}

/// Writes digits down; `reason` is told of one above 9 and of another count than the picture has.
fn spell(
    number: CobolNumber,
    negative: bool,
    digits: impl Iterator<Item = u8>,
    reason: Reason,
    text: &mut String,
) -> Result<(), Reason> {
    text.extend(negative.then_some('-'));
    let whole = number.digits.saturating_sub(number.decimals);
    text.extend((whole == 0).then_some('0'));
    let mut count = 0;
    for digit in digits {
        if digit > 9 {
            return Err(reason);
        }
        text.extend((count == whole).then_some('.'));
        text.push(char::from(b'0' + digit));
        count += 1;
    }
    if count == number.digits { Ok(()) } else { Err(WIDTH) }
}
