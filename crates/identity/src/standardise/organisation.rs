//! Organisations by number: the unified social credit code and the older code that lives on in it.
//!
//! Source: GB 32100-2015 (18 characters), GB 11714-1997 (9 characters).

use super::citizen::DocumentClass;
use super::number::Number;
use super::text::is_made_up;

/// The alphabet of GB 32100: I, O, S, V and Z are left out because they look like digits or U.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const CODE_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A number read as that of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// How far it can be believed.
    pub class: DocumentClass,
    /// Whether it is a unified social credit code (18 characters).
    pub is_credit_code: bool,
    number: Number,
}

impl Organisation {
    /// The part of a valid number that stays the same for life: the organisation code of
    /// 9 characters, which is also the 9th to 17th character of the credit code. Empty otherwise.
    pub fn lasting(&self) -> &str {
        self.number.as_str()
    }
}

/// Reads a text as the number of an organisation. O and I, which the standard does not use, are
/// read as 0 and 1.
pub fn organisation(text: &str) -> Organisation {
    let nothing = |class| Organisation { class, is_credit_code: false, number: Number::EMPTY };
    let Some(number) = Number::clean(text).filter(|number| number.as_bytes().len() <= 18) else {
        return nothing(DocumentClass::Malformed);
    };
    let length = number.as_bytes().len();
    let mut characters = [0; 18];
    for (to, from) in characters.iter_mut().zip(number.as_bytes()) {
        *to = look_alike(*from);
    }
    let characters = &characters[..length];
    let (is_credit_code, is_right, code) = match characters {
        [] => return nothing(DocumentClass::Absent),
        [body @ .., _] if is_made_up(body) => return nothing(DocumentClass::Placeholder),
        credit if length == 18 => (true, credit_check(&credit[..17]), &credit[8..17]),
        code if length == 9 => (false, code_check(&code[..8]), code),
        _ => return nothing(DocumentClass::Malformed),
    };
    match is_right {
        Some(check) if check == characters[length - 1] => Organisation {
            class: DocumentClass::Valid,
            is_credit_code,
            number: Number::ascii(code),
        },
        Some(_) => nothing(DocumentClass::BadCheck),
        None => nothing(DocumentClass::Malformed),
    }
}

/// The digit that is meant by a letter the standard does not use.
fn look_alike(character: u8) -> u8 {
    match character {
        b'O' => b'0',
        b'I' => b'1',
        other => other,
    }
}

/// The check character of 17 characters of a credit code; none if one is outside the alphabet.
fn credit_check(characters: &[u8]) -> Option<u8> {
    let sum = weighted_sum(characters, &CREDIT_WEIGHTS)?;
    Some(ALPHABET[usize::try_from((31 - sum % 31) % 31).unwrap_or(0)])
}

/// The check character of 8 characters of an organisation code; none if one is outside the
/// alphabet.
fn code_check(characters: &[u8]) -> Option<u8> {
    let weigh = |(byte, weight): (&u8, u32)| {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return None,
        };
        Some(u32::from(value) * weight)
    };
    let sum: u32 = characters.iter().zip(CODE_WEIGHTS).map(weigh).sum::<Option<u32>>()?;
    Some(match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    })
}

fn weighted_sum(characters: &[u8], weights: &[u32]) -> Option<u32> {
    let value = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte);
    let weigh = |(byte, weight): (&u8, &u32)| Some(u32::try_from(value(byte)?).ok()? * weight);
    characters.iter().zip(weights).map(weigh).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, class: DocumentClass, lasting: &str) {
        let read = organisation(text);
        assert_eq!((read.class, read.lasting()), (class, lasting), "{text}");
    }

    #[test]
    fn the_example_of_the_standard_is_valid_and_holds_the_older_code() {
        check("91350100M000100Y43", DocumentClass::Valid, "M000100Y4");
        check("９1350100m000100y43", DocumentClass::Valid, "M000100Y4");
        check("9I3501OOM000100Y43", DocumentClass::Valid, "M000100Y4");
        check("M000100Y-4", DocumentClass::Valid, "M000100Y4");
        assert!(organisation("91350100M000100Y43").is_credit_code);
        assert!(!organisation("M000100Y-4").is_credit_code);
    }

    #[test]
    fn what_is_no_such_number_has_no_lasting_part() {
        check("91350100M000100Y44", DocumentClass::BadCheck, "");
        check("M000100Y-5", DocumentClass::BadCheck, "");
        check("000000000", DocumentClass::Placeholder, "");
        check("123456789", DocumentClass::Placeholder, "");
        check("111111111111111111", DocumentClass::Placeholder, "");
        check("91350100M000100S43", DocumentClass::Malformed, "");
        check("9135", DocumentClass::Malformed, "");
        check("公司", DocumentClass::Malformed, "");
        check("", DocumentClass::Absent, "");
    }
}
