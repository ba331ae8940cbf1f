//! Numbers on papers: right ones, and the ways in which records get them wrong.

use super::places::REGIONS;
use crate::days::{Day, ymd};
use crate::dice::Dice;

/// The papers a record may name; each system has its own codes for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    /// Citizen identity card.
    Citizen = 0,
    /// Passport.
    Passport,
    /// Permit of residents of Hong Kong and Macau.
    HongKongMacau,
    /// Permit of residents of Taiwan.
    Taiwan,
    /// Officer card.
    Officer,
    /// Household book.
    Household,
    /// Unified social credit code.
    Organisation,
}

/// A citizen id of GB 11643: region, birth date, sequence (odd for men), check character.
pub(crate) fn citizen_id(region: usize, birth: Day, sequence: u32) -> String {
    let (year, month, day) = ymd(birth);
    let body = format!("{}{year:04}{month:02}{day:02}{sequence:03}", REGIONS[region].code);
    let check = citizen_check(&body);
    body + check
}

/// The check character of the first 17 (GB 11643, ISO 7064 mod 11-2).
pub(crate) fn citizen_check(body: &str) -> &'static str {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [&str; 11] = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"];
    let digits = body.bytes().map(|b| u32::from(b.wrapping_sub(b'0')));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    CHECKS[usize::try_from(sum % 11).unwrap_or(0)]
}

/// The sequence of a citizen id: 001 to 995, the parity of the sex.
pub(crate) fn sequence(male: bool, dice: &mut Dice) -> u32 {
    let half = u32::try_from(dice.below(497)).unwrap_or(0);
    2 * half + if male { 1 } else { 2 }
}

/// The form of before 1999: no century, no check; none for those born from 2000 on.
pub(crate) fn short_form(id: &str) -> Option<String> {
    let born_19 = id.get(6..8) == Some("19");
    born_19.then(|| format!("{}{}", &id[..6], &id[8..17]))
}

/// A unified social credit code of GB 32100 around an organisation code of GB 11714.
pub(crate) fn credit_code(region: usize, dice: &mut Dice) -> String {
    const ORGANISATION: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let body: String = (0..8).map(|_| char::from(b'0' + small(dice.below(10)))).collect();
    let digits = body.bytes().map(|b| u32::from(b - b'0'));
    let sum: u32 = digits.zip(ORGANISATION).map(|(digit, weight)| digit * weight).sum();
    let own_check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + small(u64::from(digit))),
    };
    let code = format!("91{}{body}{own_check}", REGIONS[region].code);
    let check = credit_check(&code);
    code + &check.to_string()
}

/// Characters of a unified social credit code, by their value.
pub(crate) const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The check character of the first 17 (GB 32100: weights 3^i, modulo 31).
pub(crate) fn credit_check(body: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        let value = CREDIT_ALPHABET.iter().position(|c| *c == byte).unwrap_or(0);
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    char::from(CREDIT_ALPHABET[(31 - sum % 31) % 31])
}

/// Another paper than the citizen id, with its number.
pub(crate) fn other_paper(dice: &mut Dice) -> (Paper, String) {
    let number = 10_000_000 + dice.below(89_999_999);
    match dice.index(5) {
        0 => (Paper::Passport, format!("E{number}")),
        1 => (Paper::HongKongMacau, format!("H{number}{:02}", 1 + dice.below(4))),
        2 => (Paper::Taiwan, format!("{number}")),
        3 => (Paper::Officer, format!("军字第{:06}号", number % 1_000_000)),
        _ => (Paper::Household, format!("{number:09}")),
    }
}

/// A number that stands for "not known" in somebody's habit.
pub(crate) fn placeholder(dice: &mut Dice) -> &'static str {
    const HABITS: [(&str, u32); 4] = [
        ("111111111111111111", 6),
        ("000000000000000000", 2),
        ("123456789012345678", 1),
        ("999999999999999999", 1),
    ];
    HABITS[dice.weighted(&HABITS.map(|(_, weight)| weight))].0
}

/// One digit wrong, or two neighbours swapped.
pub(crate) fn mistyped(number: &str, dice: &mut Dice) -> String {
    let mut bytes = number.as_bytes().to_vec();
    let at = dice.index(bytes.len().saturating_sub(1));
    let swap = dice.chance(0.3) && bytes.get(at) != bytes.get(at + 1);
    if swap {
        bytes.swap(at, at + 1);
    } else if let Some(byte) = bytes.get_mut(at).filter(|b| b.is_ascii_digit()) {
        *byte = b'0' + (*byte - b'0' + 1 + small(dice.below(9))) % 10;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| number.to_owned())
}

fn small(n: u64) -> u8 {
    u8::try_from(n).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::days::day_of;
    use crate::dice::Stream;

    #[test]
    fn published_numbers_check() {
        assert_eq!(citizen_check("11010519491231002"), "X");
        assert_eq!(short_form("11010519491231002X").unwrap(), "110105491231002");
        assert_eq!(short_form("110105200112310021"), None);
        assert_eq!(credit_check("91350100M000100Y4"), '3');
    }

    #[test]
    fn made_numbers_check() {
        let mut dice = Dice::new(1, Stream::Person, 0, 0);
        for n in 0..200 {
            let id =
                citizen_id(n % REGIONS.len(), day_of(1980, 2, 29), sequence(n % 2 == 0, &mut dice));
            assert_eq!((id.len(), citizen_check(&id[..17])), (18, &id[17..]));
            let code = credit_code(n % REGIONS.len(), &mut dice);
            assert_eq!(
                (code.len(), credit_check(&code[..17])),
                (18, char::from(code.as_bytes()[17]))
            );
            assert_ne!(mistyped(&id, &mut dice), id);
        }
    }
}
