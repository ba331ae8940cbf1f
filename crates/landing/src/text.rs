//! Values of drivers as text, in the form in which a file is landed.

use std::fmt::Write;

/// A date `YYYY-MM-DD`.
pub(crate) fn date(out: &mut String, year: i16, month: u16, day: u16) {
    // Writing to a text does not fail.
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
}

/// A time of day `hh:mm:ss`, with as many digits of `nanoseconds` as are not zero.
pub(crate) fn time(out: &mut String, [hour, minute, second]: [u16; 3], nanoseconds: u32) {
    let _ = write!(out, "{hour:02}:{minute:02}:{second:02}");
    if nanoseconds > 0 {
        let digits = format!("{nanoseconds:09}");
        out.extend([".", digits.trim_end_matches('0')]);
    }
}

/// An exact number `-12.50`, as its driver writes it but for a zero that some leave out before the point
/// and a point behind which nothing comes. Nothing is written of what is none.
pub(crate) fn number(out: &mut String, text: &str) -> Option<()> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || !digits(whole) || !digits(part) {
        return None;
    }
    out.extend([sign, if whole.is_empty() { "0" } else { whole }]);
    if !part.is_empty() {
        out.extend([".", part]);
    }
    Some(())
}

/// A text, in quotes where it has to be: an empty one is not the same as none.
pub(crate) fn quoted(out: &mut String, text: &str) {
    if !text.is_empty() && !text.contains(['"', ',', '\n', '\r']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for (at, part) in text.split('"').enumerate() {
        out.push_str(if at > 0 { "\"\"" } else { "" });
        out.push_str(part);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn dates_and_times() {
        assert_eq!(written(|out| date(out, 987, 1, 2)), "0987-01-02");
        assert_eq!(written(|out| time(out, [8, 0, 5], 0)), "08:00:05");
        assert_eq!(written(|out| time(out, [8, 0, 5], 120_000_000)), "08:00:05.12");
        assert_eq!(written(|out| time(out, [8, 0, 5], 7)), "08:00:05.000000007");
    }

    #[test]
    fn numbers_are_exact_or_none() {
        for (text, expected) in [
            ("12.50", "12.50"),
            ("-0.05", "-0.05"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("7.", "7"),
            ("123456789012345678901234567890.01", "123456789012345678901234567890.01"),
        ] {
            assert_eq!(written(|out| number(out, text).unwrap()), expected);
        }
        for text in ["", "-", ".", "1,5", "1.2.3", "1e5", "NaN", "+1", " 1", "--1", "１"] {
            assert_eq!(written(|out| assert_eq!(number(out, text), None)), "", "{text}");
        }
    }

    #[test]
    fn texts_are_quoted_where_they_have_to_be() {
        for (text, expected) in [
            ("王小明", "王小明"),
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("\"", "\"\"\"\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(written(|out| quoted(out, text)), expected);
        }
    }
}
