//! Money: whole minor units of one currency, never a float.

use std::fmt;
use std::str::FromStr;

/// An amount in minor units (fen, haler, cent) of the currency of its column or book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

/// A currency by its three letters (ISO 4217); every currency here has two decimals.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Currency(String);

/// Why a text is not an amount, or a sum not representable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text is not a plain decimal number.
    #[error("not an amount (expected digits, an optional sign and at most two decimals)")]
    NotAnAmount,
    /// The amount does not fit 64 bits of minor units.
    #[error("amount out of range")]
    OutOfRange,
}

impl Money {
    /// Reads `-1234.5` as -123450: at most `decimals` places, no separators, no exponent.
    #[inline]
    pub fn parse_scaled(text: &str, decimals: u32) -> Result<i64, MoneyError> {
        match short_scaled(text.as_bytes(), decimals) {
            Some(value) => Ok(value),
            None => Self::parse_any_scaled(text, decimals),
        }
    }

    fn parse_any_scaled(text: &str, decimals: u32) -> Result<i64, MoneyError> {
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let places = u32::try_from(fraction.len()).map_err(|_| MoneyError::NotAnAmount)?;
        let empty = whole.is_empty() && fraction.is_empty();
        if empty || places > decimals || (digits.contains('.') && fraction.is_empty()) {
            return Err(MoneyError::NotAnAmount);
        }
        let mut value: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return Err(MoneyError::NotAnAmount);
            }
            value = value
                .checked_mul(10)
                .and_then(|v| v.checked_add(i64::from(byte - b'0')))
                .ok_or(MoneyError::OutOfRange)?;
        }
        let scale = 10_i64.checked_pow(decimals - places).ok_or(MoneyError::OutOfRange)?;
        let value = value.checked_mul(scale).ok_or(MoneyError::OutOfRange)?;
        Ok(if negative { -value } else { value })
    }

    /// `numerator / denominator` rounded half to even: the one rounding of the product.
    pub fn round_ratio(numerator: i128, denominator: i128) -> Result<Self, MoneyError> {
        if denominator == 0 {
            return Err(MoneyError::OutOfRange);
        }
        let (n, d) =
            if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
        let floor = n.div_euclid(d);
        let twice_rest = n.rem_euclid(d) * 2;
        let up = twice_rest > d || (twice_rest == d && floor % 2 != 0);
        i64::try_from(floor + i128::from(up)).map(Self).map_err(|_| MoneyError::OutOfRange)
    }

    /// The sum, or an error in place of a wrap.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyError::OutOfRange)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse_scaled(text, 2).map(Self)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let letters = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
        letters.then(|| Self(text.to_owned())).ok_or(MoneyError::NotAnAmount)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number of at most 18 bytes that is well written; none for any other.
#[inline]
fn short_scaled(text: &[u8], decimals: u32) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let (mut value, mut point) = (0_i64, None);
    for (at, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
        } else if *byte == b'.' && point.is_none() && at + 1 < digits.len() {
            point = Some(at);
        } else {
            return None;
        }
    }
    let places = point.map_or(0, |at| digits.len() - at - 1);
    let missing = decimals.checked_sub(u32::try_from(places).ok()?)?;
    let value = value.checked_mul(10_i64.checked_pow(missing)?)?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, minor) in [("0", 0), ("12", 1200), ("-12.3", -1230), ("+0.05", 5), (".5", 50)] {
            assert_eq!(text.parse::<Money>().unwrap().0, minor, "{text}");
        }
        for text in ["", "-", "1.", "1,000", "1e5", "12.345", "٣", "1.2.3", "--1"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
        assert_eq!("92233720368547758.08".parse::<Money>(), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn halves_round_to_even() {
        for (n, d, expect) in
            [(5, 10, 0), (15, 10, 2), (25, 10, 2), (-5, 10, 0), (-15, 10, -2), (7, 2, 4)]
        {
            assert_eq!(Money::round_ratio(n, d).unwrap().0, expect, "{n}/{d}");
        }
        assert!(Money::round_ratio(1, 0).is_err());
    }
}
