//! I8: numbers are read exactly or their row is rejected. Nothing wraps, and nothing is rounded:
//! a number with more decimals than its column has is refused.

use super::check_values;
use crate::tests::{feed, read};
use model::Money;
use proptest::prelude::*;

#[test]
fn whole_numbers_fill_64_bits() {
    let cases = [
        ("0", Some("0")),
        ("+007", Some("7")),
        ("-0", Some("0")),
        ("9223372036854775807", Some("9223372036854775807")),
        ("-9223372036854775808", Some("-9223372036854775808")),
        ("9223372036854775808", None),
        ("-9223372036854775809", None),
        ("1.0", None),
        ("1e3", None),
        ("1 000", None),
        ("0x10", None),
        ("١", None),
        ("１", None),
        ("-", None),
    ];
    check_values(r#"type = "integer""#, &cases);
}

#[test]
fn amounts_are_minor_units() {
    let cases = [
        ("12.3", Some("1230")),
        ("-0.0", Some("0")),
        ("+.5", Some("50")),
        ("92233720368547758.07", Some("9223372036854775807")),
        ("92233720368547758.08", None),
        ("-92233720368547758.09", None),
        ("99999999999999999999999999999999999999", None),
        ("1.234", None),
        ("0.005", None),
        ("1.230", None),
        ("1.", None),
        ("1e308", None),
        ("NaN", None),
        ("inf", None),
        ("1,000.00", None),
        ("1'000.00", None),
        ("1 000.00", None),
        ("1.000,00", None),
        ("1,5", None),
        ("(1.00)", None),
        ("1.00-", None),
        ("1.00 CR", None),
        ("¥1.00", None),
        ("--1.00", None),
        ("+-1.00", None),
    ];
    check_values(r#"type = "money""#, &cases);
}

#[test]
fn decimals_have_the_scale_of_the_contract() {
    let cases = [
        ("0.0425", Some("42500")),
        ("4.1234567", None),
        ("1", Some("1000000")),
        ("9223372036854.775807", Some("9223372036854775807")),
        ("9223372036854.775808", None),
    ];
    check_values(r#"type = "decimal", scale = 6"#, &cases);
    let finest = [
        ("9.223372036854775807", Some("9223372036854775807")),
        ("9.223372036854775808", None),
        ("-0.000000000000000001", Some("-1")),
        ("0.0000000000000000001", None),
        ("10", None),
    ];
    check_values(r#"type = "decimal", scale = 18"#, &finest);
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let feed = feed(
        "shape = { kind = \"delimited\", separator = \"|\" }\namount = \"v\"\n\
         columns = [{ name = \"v\", type = \"integer\" }]\n\
         trailer = { prefix = \"T\", count_field = 2 }",
    );
    let most = i64::MAX.to_string();
    let file = format!("{most}\n{most}\n{most}\n{}\n{}\nT|5\n", i64::MIN, i64::MIN);
    let outcome = read(&feed, &file).unwrap().outcome;
    assert_eq!(outcome.amount_read, 3 * i128::from(i64::MAX) + 2 * i128::from(i64::MIN));
    let twice = read(&feed, format!("{most}\n{most}\nT|2\n")).unwrap().outcome;
    assert_eq!(twice.amount_delivered, 2 * i128::from(i64::MAX));
}

/// The number of a text in units of its last decimal, slowly: no digit may be left over.
fn by_hand(text: &str, decimals: usize) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(part) || part.is_empty() || digits.is_empty() {
        return None;
    }
    // A whole number has no part that could be too long.
    if digits.contains('.') && part.len() > decimals {
        return None;
    }
    let part = if digits.contains('.') { part } else { "" };
    let all = format!("{whole}{part}{}", "0".repeat(decimals - part.len()));
    let value = all.trim_start_matches('0');
    let value: i128 = if value.is_empty() { 0 } else { value.parse().ok()? };
    i64::try_from(value).ok().map(|value| sign * value)
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(value in any::<i64>(), decimals in 0..=18_usize) {
        prop_assume!(value != i64::MIN);
        let unsigned = value.unsigned_abs().to_string();
        let padded = format!("{unsigned:0>width$}", width = decimals + 1);
        let (whole, part) = padded.split_at(padded.len() - decimals);
        let sign = if value < 0 { "-" } else { "" };
        let text = if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") };
        let places = u32::try_from(decimals).unwrap();
        prop_assert_eq!(Money::parse_scaled(&text, places), Ok(value));
    }

    #[test]
    fn what_is_read_is_what_a_hand_would_read(
        text in "[-+]?[0-9]{0,22}(\\.[0-9]{0,20})?[-,e' %]?", decimals in 0..=18_usize,
    ) {
        let places = u32::try_from(decimals).unwrap();
        let found = Money::parse_scaled(&text, places).ok();
        prop_assert_eq!(found, by_hand(&text, decimals), "{}", text);
    }
}
