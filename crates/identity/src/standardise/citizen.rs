//! Citizen ids by GB 11643: region, birth date, sequence, check character.
//!
//! Source: GB 11643-1999 (18 characters) and its predecessor of 1989 (15 digits).

use super::number::Number;
use super::text::is_made_up;
use model::BusinessDate;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";

/// Sex, as far as a document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// How far a document number can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentClass {
    /// 18 characters by GB 11643: check right, a real date, a known region.
    Valid18,
    /// 15 digits with a real date and a known region; the check is computed, so it proves nothing.
    Upgraded15,
    /// Another document in the form of its type.
    Valid,
    /// The right form with a wrong check: a typo or damage.
    BadCheck,
    /// Made up: repeated or running digits, an impossible region or date under a right check.
    Placeholder,
    /// Not of the form of its type.
    Malformed,
    /// No number.
    Absent,
}

/// A number read as a citizen id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citizen {
    /// How far it can be believed.
    pub class: DocumentClass,
    /// The birth date in it (valid and upgraded numbers only).
    pub birth: Option<BusinessDate>,
    /// The sex in it (valid and upgraded numbers only).
    pub sex: Option<Sex>,
    number: Number,
}

impl Citizen {
    /// The 18 characters, upgraded where there were 15; empty for what has no such form.
    pub fn number(&self) -> &str {
        self.number.as_str()
    }

    fn nothing(class: DocumentClass) -> Self {
        Self { class, birth: None, sex: None, number: Number::EMPTY }
    }

    fn known(class: DocumentClass, characters: &[u8], birth: BusinessDate) -> Self {
        let odd = characters[16] % 2 == 1;
        let sex = Some(if odd { Sex::Male } else { Sex::Female });
        Self { class, birth: Some(birth), sex, number: Number::ascii(characters) }
    }
}

/// Reads a text as a citizen id: full-width digits, inner blanks and the look-alikes of X are
/// understood, 15 digits are upgraded to 18 characters.
pub fn citizen(text: &str) -> Citizen {
    match Number::clean(text) {
        Some(number) => read_citizen(&number),
        None => Citizen::nothing(DocumentClass::Malformed),
    }
}

/// Reads a cleaned number as a citizen id.
pub(super) fn read_citizen(number: &Number) -> Citizen {
    match number.as_bytes() {
        [] => Citizen::nothing(DocumentClass::Absent),
        characters if characters.len() == 18 => eighteen(characters),
        characters if characters.len() == 15 => fifteen(characters),
        characters if is_made_up(characters) => Citizen::nothing(DocumentClass::Placeholder),
        _ => Citizen::nothing(DocumentClass::Malformed),
    }
}

fn eighteen(characters: &[u8]) -> Citizen {
    let (body, check) = (&characters[..17], characters[17]);
    if !body.iter().all(u8::is_ascii_digit) || !(check.is_ascii_digit() || check == b'X') {
        return Citizen::nothing(DocumentClass::Malformed);
    }
    let check_is_right = check_character(body) == check;
    let birth = date(&body[6..14]).filter(|_| region_is_known(body));
    match birth {
        _ if is_made_up(body) => Citizen::nothing(DocumentClass::Placeholder),
        Some(birth) if is_default_date(birth) => Citizen::nothing(DocumentClass::Placeholder),
        Some(birth) if check_is_right => Citizen::known(DocumentClass::Valid18, characters, birth),
        None if check_is_right => Citizen::nothing(DocumentClass::Placeholder),
        _ => Citizen {
            number: Number::ascii(characters),
            ..Citizen::nothing(DocumentClass::BadCheck)
        },
    }
}

/// The upgrade of 15 digits: the century after the region, the check at the end. The sequences 996
/// to 999 were kept for centenarians, born in the century before.
fn fifteen(digits: &[u8]) -> Citizen {
    if !digits.iter().all(u8::is_ascii_digit) {
        return Citizen::nothing(DocumentClass::Malformed);
    }
    if is_made_up(digits) {
        return Citizen::nothing(DocumentClass::Placeholder);
    }
    let century = if &digits[12..] >= b"996".as_slice() { b"18" } else { b"19" };
    let mut characters = [0; 18];
    characters[..6].copy_from_slice(&digits[..6]);
    characters[6..8].copy_from_slice(century);
    characters[8..17].copy_from_slice(&digits[6..]);
    characters[17] = check_character(&characters[..17]);
    match date(&characters[6..14]).filter(|_| region_is_known(&characters)) {
        Some(birth) if is_default_date(birth) => Citizen::nothing(DocumentClass::Placeholder),
        Some(birth) => Citizen::known(DocumentClass::Upgraded15, &characters, birth),
        None => Citizen::nothing(DocumentClass::Malformed),
    }
}

/// The check character of 17 digits: their weighted sum modulo 11 (ISO 7064, MOD 11-2).
fn check_character(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, w)| u32::from(digit - b'0') * w).sum();
    CHECK_CHARACTERS[usize::try_from(sum % 11).unwrap_or(0)]
}

/// Provinces of GB/T 2260, the codes 81 to 83 of residence permits, and 9 for foreigners with
/// permanent residence. Counties come and go with the years; provinces have stood.
fn region_is_known(digits: &[u8]) -> bool {
    let province = (digits[0] - b'0') * 10 + (digits[1] - b'0');
    matches!(
        province,
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 90..=99
    )
}

/// The date in eight digits, if a living person can be born on it.
fn date(digits: &[u8]) -> Option<BusinessDate> {
    let number =
        |part: &[u8]| part.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let year =
        i32::try_from(number(&digits[..4])).ok().filter(|year| (1850..2100).contains(year))?;
    BusinessDate::from_ymd(year, number(&digits[4..6]), number(&digits[6..]))
}

/// The date that systems write for "unknown".
fn is_default_date(date: BusinessDate) -> bool {
    date.ymd() == (1900, 1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Class, number and birth date as one text; sex as a letter.
    fn check(text: &str, expected: &str) {
        let read = citizen(text);
        let birth = read.birth.map_or_else(|| "-".to_owned(), |birth| birth.to_string());
        let sex = read.sex.map_or("-", |sex| if sex == Sex::Male { "M" } else { "F" });
        assert_eq!(format!("{:?} {} {birth} {sex}", read.class, read.number()), expected, "{text}");
    }

    #[test]
    fn d1_fifteen_digits_are_upgraded_to_the_number_of_the_standard() {
        check("110105491231002", "Upgraded15 11010519491231002X 1949-12-31 F");
        check("11010519491231002X", "Valid18 11010519491231002X 1949-12-31 F");
    }

    #[test]
    fn the_ways_to_write_a_number_are_one_number() {
        for text in [
            "11010519491231002x",
            " 110105 19491231 002X ",
            "１１０１０５１９４９１２３１００２Ｘ",
            "11010519491231002Х",
            "11010519491231002×",
            "'11010519491231002X",
        ] {
            check(text, "Valid18 11010519491231002X 1949-12-31 F");
        }
    }

    #[test]
    fn centenarians_keep_their_century() {
        check("110105981231996", "Upgraded15 110105189812319960 1898-12-31 F");
        check("110105981231995", "Upgraded15 110105199812319951 1998-12-31 M");
    }

    #[test]
    fn what_proves_nothing_is_told_apart() {
        check("110105194912310021", "BadCheck 110105194912310021 - -");
        check("111111111111111111", "Placeholder  - -");
        check("123456789012345678", "Placeholder  - -");
        check("123456789012345", "Placeholder  - -");
        check("999999999999", "Placeholder  - -");
        check("110105190001010013", "Placeholder  - -");
        check("110105494931002", "Malformed  - -");
        check("1101051949123X002X", "Malformed  - -");
        check("1101****0012", "Malformed  - -");
        check("12345", "Placeholder  - -");
        check("110", "Malformed  - -");
        check("  ", "Absent  - -");
    }

    #[test]
    fn a_right_check_over_an_impossible_region_or_date_is_made_up() {
        for body in ["00010519491231002", "11010519491331002", "11010518011231002"] {
            let check_digit = char::from(check_character(body.as_bytes()));
            check(&format!("{body}{check_digit}"), "Placeholder  - -");
        }
    }

    #[test]
    fn every_wrong_digit_and_every_swap_of_neighbours_is_caught() {
        let right = b"11010519491231002X";
        for at in 0..17 {
            for digit in b'0'..=b'9' {
                let mut wrong = *right;
                wrong[at] = digit;
                let text = std::str::from_utf8(&wrong).unwrap();
                assert_eq!(citizen(text).class == DocumentClass::Valid18, &wrong == right);
            }
            let mut wrong = *right;
            wrong.swap(at, at + 1);
            let text = std::str::from_utf8(&wrong).unwrap();
            assert_eq!(citizen(text).class == DocumentClass::Valid18, &wrong == right);
        }
    }
}
