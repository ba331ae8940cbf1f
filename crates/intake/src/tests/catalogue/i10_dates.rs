//! I10: a day exists, or is the bank's word for none, or its row is rejected.

use super::check_values;

#[test]
fn dates_exist_or_are_the_banks_word_for_none() {
    let dashed = [
        ("2024-02-29", Some("2024-02-29")),
        ("2000-02-29", Some("2000-02-29")),
        ("1900-02-29", None),
        ("2023-02-29", None),
        ("2026-02-30", None),
        ("2026-04-31", None),
        ("2026-12-31", Some("2026-12-31")),
        ("2026-13-01", None),
        ("1900-01-00", None),
        ("1900-01-01", Some("1900-01-01")),
        ("9999-12-31", Some("-")),
        ("9999-12-30", Some("9999-12-30")),
        ("0001-01-01", Some("-")),
        ("0000-00-00", None),
        ("20240229", None),
        ("2024-2-29", None),
        ("24-02-29", None),
        ("2024/02/29", None),
        ("29.02.2024", None),
        ("2024-02-29 00:00:00", None),
        ("2024-02-29T02:30:00", None),
        ("2026-W47-5", None),
        ("2020-W53-7", None),
        ("2026-324", None),
        ("+024-02-29", None),
        ("２０２４-02-29", None),
    ];
    check_values(r#"type = "date", format = "%Y-%m-%d""#, &dashed);
    let compact = [
        ("20240229", Some("2024-02-29")),
        ("20260431", None),
        ("99991231", Some("-")),
        ("00010101", Some("-")),
        ("00000000", None),
        ("20241301", None),
        ("2026W475", None),
        ("2024-02-29", None),
    ];
    check_values(r#"type = "date", format = "%Y%m%d""#, &compact);
    let short = [
        ("930101", Some("1993-01-01")),
        ("991231", Some("1999-12-31")),
        ("000229", None),
        ("040229", Some("1904-02-29")),
        ("706213", None),
    ];
    check_values(r#"type = "date", format = "%y%m%d""#, &short);
}

#[test]
fn the_banks_word_for_none_is_no_value_where_one_is_required() {
    let required = [("99991231", None), ("00010101", None), ("20240229", Some("2024-02-29"))];
    check_values(r#"type = "date", format = "%Y%m%d", required = true"#, &required);
}
