use super::*;

const CALENDAR: &str = r#"
version = 1
name = "t"
from = "2026-01-01"
until = "2026-12-31"
[[holiday]]
name = "spring"
from = "2026-02-15"
until = "2026-02-23"
worked = ["2026-02-14", "2026-02-28"]
"#;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn rule(text: &str) -> Arrival {
    toml::from_str(text).unwrap()
}

#[test]
fn what_is_due_and_what_was_due_before() {
    let calendar = Calendar::parse(CALENDAR, "t").unwrap();
    let check = |days: &str, as_of: &str, due: &str, before: &str| {
        let rule = rule(&format!("days = \"{days}\""));
        let found = rule.due(day(as_of), &calendar).unwrap();
        assert_eq!(found, day(due), "{days} {as_of}");
        assert_eq!(rule.due_before(found, &calendar).unwrap(), day(before), "{days} {as_of}");
    };
    check("every", "2026-02-18", "2026-02-18", "2026-02-17");
    check("business", "2026-02-18", "2026-02-14", "2026-02-13");
    check("business", "2026-02-24", "2026-02-24", "2026-02-14");
    check("month_end", "2026-03-30", "2026-02-28", "2026-01-30");
    check("month_end", "2026-03-31", "2026-03-31", "2026-02-28");
    check("quarter_end", "2026-09-29", "2026-06-30", "2026-03-31");
    check("quarter_end", "2026-09-30", "2026-09-30", "2026-06-30");
    let early = rule("days = \"month_end\"").due(day("2026-01-29"), &calendar);
    assert_eq!(early.unwrap_err().date, day("2025-12-31"));
}

#[test]
fn a_rule_that_contradicts_itself_is_refused() {
    let check = |text: &str, file: &str, flag: Option<&str>, says: &str| {
        assert_eq!(rule(text).finding(file, flag).as_deref(), Some(says), "{text}");
    };
    let plain = "x_{date}.csv";
    check(
        r#"late = "degrade""#,
        plain,
        None,
        r#"`late = "degrade"` needs `max_age_days`, 1 or more"#,
    );
    check("max_age_days = 2", plain, None, r#"`max_age_days` is for `late = "degrade"`"#);
    check(
        "late = \"degrade\"\nmax_age_days = 2",
        "x.csv",
        None,
        r#"`late = "degrade"` needs a `file` with `{date}`"#,
    );
    check(
        r#"deadline = "03:30""#,
        plain,
        None,
        r#"`deadline` is for `late = "degrade"` or `"fail"`"#,
    );
    check(r#"days = "month_end""#, "x.csv", None, "`days` needs a `file` with `{date}`");
    check("flag_is_last = true", plain, None, "`flag_is_last` needs a `flag`");
    check("", "x_{rerun}_{rerun}", None, "`file` may hold `{rerun}` once, and then no folder");
    check(
        "",
        plain,
        Some("x_{rerun}.ok"),
        "`{rerun}` in a flag or trigger needs `{rerun}` in `file`",
    );
    check(
        r#"trigger = { file = "t", columns = ["name", "other"] }"#,
        plain,
        None,
        "the trigger says nothing of the file (expected `size`, `count`, a total, `sha256`, `blake3` or `crc32`)",
    );
    check(
        r#"trigger = { file = "t", columns = ["size", "size"] }"#,
        plain,
        None,
        "a column of the trigger is declared twice",
    );
    let good = "days = \"business\"\nlate = \"degrade\"\ndeadline = \"03:30\"\nmax_age_days = 3\n\
                quiet_seconds = 60\nmin_bytes = 10\nflag_is_last = true\nrepeats = \"allowed\"\n\
                trigger = { file = \"t_{date}\", columns = [\"name\", \"size\", \"other\", \"other\"] }";
    assert_eq!(rule(good).finding("x_{date}_{rerun}.dat", Some("x_{date}.ok")), None);
    assert!(toml::from_str::<Arrival>("deadline = \"3.30\"").is_err());
    assert!(toml::from_str::<Arrival>("lateness = 1").is_err());
}
