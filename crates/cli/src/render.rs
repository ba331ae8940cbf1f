//! Printing: data on stdout, everything else on stderr; tables that fit the terminal.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use std::io::{IsTerminal, Write};

/// Lines above, below and under the header only.
const STYLE: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// A line of the result.
pub(crate) fn line(text: &str) {
    // A reader that has gone away is no failure of the night.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A line beside the result.
pub(crate) fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// An error, the line it speaks of, and what to do about it.
pub(crate) fn error(message: &str, frame: Option<&str>, hint: Option<&str>) {
    aside(&format!("error: {message}"));
    if let Some(frame) = frame {
        aside(frame);
    }
    if let Some(hint) = hint {
        aside(&format!("hint: {hint}"));
    }
}

/// What is worth attention although all went well, and what to do about it.
pub(crate) fn warning(message: &str, hint: &str) {
    aside(&format!("warning: {message}"));
    aside(&format!("hint: {hint}"));
}

/// A table; columns named in `right` hold numbers.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>], right: &[usize]) {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(header);
    if std::io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    for row in rows {
        table.add_row(row);
    }
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    line(&table.to_string());
}

/// A whole number with thin groups of three.
pub(crate) fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// Minor units as an amount with groups and two decimals.
pub(crate) fn money(minor: i64) -> String {
    let cents = minor.unsigned_abs() % 100;
    let whole = grouped(i128::from(minor.unsigned_abs() / 100));
    format!("{}{whole}.{cents:02}", if minor < 0 { "-" } else { "" })
}

/// Bytes in the unit a person reads.
pub(crate) fn bytes(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib >= 1024.0 { format!("{:.2} GiB", mib / 1024.0) } else { format!("{mib:.0} MiB") }
}

/// A share as a bar of at most `width` blocks.
pub(crate) fn bar(share: f64, width: usize) -> String {
    let blocks = (share.clamp(0.0, 1.0) * width as f64).round();
    let mut text = String::new();
    let mut at = 0.0;
    while at < blocks {
        text.push('█');
        at += 1.0;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(-12), "-12");
        assert_eq!(money(-123_456), "-1,234.56");
        assert_eq!(money(5), "0.05");
        assert_eq!(bar(0.5, 4), "██");
    }
}
