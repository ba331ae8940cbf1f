//! Mobiles: eleven digits from 13 to 19, in whatever dress.

use super::text::{half_width, is_blank, is_made_up};

/// A text read as a mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mobile {
    /// Eleven digits, as a number.
    Valid(i64),
    /// A number nobody has: repeated or running digits, a carrier's service number.
    Placeholder,
    /// Not a mobile of the mainland.
    Invalid,
    /// Nothing.
    Absent,
}

/// Reads a text as a mobile: +86, 0086, 86, a leading 0, blanks, hyphens and full-width digits are
/// understood. Of several numbers in one text the first valid one counts.
pub fn mobile(text: &str) -> Mobile {
    let mut first = Mobile::Absent;
    for part in text.split([',', ';', '/', '|', '、', '，', '；', '／', '｜']) {
        let read = one(part);
        if matches!(read, Mobile::Valid(_)) {
            return read;
        }
        if first == Mobile::Absent {
            first = read;
        }
    }
    first
}

fn one(text: &str) -> Mobile {
    let mut digits = [0; 20];
    let mut length = 0;
    for character in text.chars().map(half_width) {
        match character {
            '0'..='9' if length < digits.len() => {
                digits[length] = u8::try_from(character).unwrap_or(b'0');
                length += 1;
            }
            '+' if length == 0 => {}
            '-' | '(' | ')' | '.' | '\u{2010}'..='\u{2015}' => {}
            blank if is_blank(blank) => {}
            _ => return Mobile::Invalid,
        }
    }
    if length == 0 { Mobile::Absent } else { classify(national(&digits[..length])) }
}

/// The number without the country code and the trunk 0.
fn national(digits: &[u8]) -> &[u8] {
    let without_country = match digits {
        [b'0', b'0', b'8', b'6', rest @ ..] => rest,
        [b'8', b'6', rest @ ..] if rest.len() >= 11 => rest,
        other => other,
    };
    match without_country {
        [b'0', rest @ ..] if rest.len() == 11 => rest,
        other => other,
    }
}

fn classify(digits: &[u8]) -> Mobile {
    match digits {
        _ if is_made_up(digits) => Mobile::Placeholder,
        [b'1', b'3'..=b'9', _, rest @ ..] if rest.len() == 8 => {
            // 13800 + area + 500 are the carrier's message centres; 13800138000 serves top-ups.
            let of_carrier = digits.starts_with(b"13800") && digits.ends_with(b"500");
            if of_carrier || digits == b"13800138000" || is_made_up(rest) {
                Mobile::Placeholder
            } else {
                Mobile::Valid(digits.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0')))
            }
        }
        _ => Mobile::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_to_write_a_mobile_are_one_number() {
        for text in [
            "13912035678",
            "+86 139 1203 5678",
            "+86-139-1203-5678",
            "008613912035678",
            "8613912035678",
            "013912035678",
            "+86(0)13912035678",
            "１３９１２０３５６７８",
            "\u{200b}139 1203\u{a0}5678",
            "010-66668888;13912035678",
            "13800138000、13912035678",
        ] {
            assert_eq!(mobile(text), Mobile::Valid(13_912_035_678), "{text}");
        }
    }

    #[test]
    fn placeholders_and_other_numbers_give_no_mobile() {
        for text in
            ["13800138000", "13888888888", "11111111111", "13912345678", "13800100500", "000"]
        {
            assert_eq!(mobile(text), Mobile::Placeholder, "{text}");
        }
        for text in
            ["12912035678", "1391203567", "139120356789", "010-66671888", "abc", "+852 91203567"]
        {
            assert_eq!(mobile(text), Mobile::Invalid, "{text}");
        }
        for text in ["", " ", ";"] {
            assert_eq!(mobile(text), Mobile::Absent, "{text}");
        }
    }
}
