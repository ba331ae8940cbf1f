//! One character at a time: width, blanks, dots and look-alikes.

/// Half width for the full-width forms of ASCII and for the ideographic blank; others unchanged.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Whether a character prints nothing: blanks, and the invisible ones that come with copied text.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\0')
}

/// Whether a half-width character is one of the dots that part the names of minorities and
/// foreigners: one separator in many code points.
pub(super) fn is_name_dot(character: char) -> bool {
    matches!(
        character,
        '.' | '\u{b7}'
            | '\u{387}'
            | '\u{2022}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22c5}'
            | '\u{30fb}'
            | '\u{ff65}'
    )
}

/// A character of a document number: half width, upper case, with the signs that are typed for an X
/// (Cyrillic, Greek, Roman ten, multiplication) as the letter.
pub(super) fn document_character(character: char) -> char {
    match half_width(character) {
        'x' | '\u{425}' | '\u{445}' | '\u{3a7}' | '\u{3c7}' | '\u{d7}' | '\u{2169}'
        | '\u{2179}' | '\u{2715}' | '\u{2716}' => 'X',
        other => other.to_ascii_uppercase(),
    }
}

/// Whether a character is only there to part or dress a number.
pub(super) fn is_number_dress(character: char) -> bool {
    is_blank(character) || matches!(character, '-' | '\'' | '(' | ')' | '\u{2010}'..='\u{2015}')
}

/// Whether digits show a made-up number: one digit repeated, or a run up or down (9 and 0 are
/// neighbours).
pub(super) fn is_made_up(digits: &[u8]) -> bool {
    let steps = |step: u8| {
        digits
            .windows(2)
            .all(|pair| pair[0].is_ascii_digit() && digit_after(pair[0], step) == pair[1])
    };
    digits.len() > 1 && (steps(0) || steps(1) || steps(9))
}

/// The digit `step` places further on a dial of ten.
fn digit_after(digit: u8, step: u8) -> u8 {
    b'0' + (digit - b'0' + step) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_look_alikes_are_folded() {
        let fold = |text: &str| text.chars().map(document_character).collect::<String>();
        assert_eq!(fold("１２３ｘＸ"), "123XX");
        assert_eq!(fold("Хх×Χⅹg"), "XXXXXG");
        assert_eq!(half_width('\u{3000}'), ' ');
    }

    #[test]
    fn repeats_and_runs_are_made_up() {
        for digits in ["111111", "123456", "987654", "789012", "210987"] {
            assert!(is_made_up(digits.as_bytes()), "{digits}");
        }
        for digits in ["112233", "123457", "1", ""] {
            assert!(!is_made_up(digits.as_bytes()), "{digits}");
        }
    }
}
