use super::*;
use proptest::prelude::*;

/// The calendar of the sample bank.
fn cn() -> Calendar {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../jobs/calendars/cn-2026.toml");
    Calendar::parse(&std::fs::read_to_string(path).unwrap(), "cn-2026.toml").unwrap()
}

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// `01-04` of 2026.
fn in_2026(text: &str) -> BusinessDate {
    day(&format!("2026-{text}"))
}

#[test]
fn holidays_and_made_up_days_of_2026() {
    let calendar = cn();
    let off = |from: &str, until: &str| {
        let days = in_2026(from).epoch_days()..=in_2026(until).epoch_days();
        for date in days.map(|day| BusinessDate::from_epoch_days(day).unwrap()) {
            assert!(!calendar.is_business_day(date).unwrap(), "{date}");
        }
    };
    off("01-01", "01-03");
    off("02-15", "02-23");
    off("04-04", "04-06");
    off("05-01", "05-05");
    off("06-19", "06-21");
    off("09-25", "09-27");
    off("10-01", "10-07");
    off("11-21", "11-22");
    let worked = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"];
    for text in worked.into_iter().chain(["01-05", "02-24", "11-20", "12-31"]) {
        assert!(calendar.is_business_day(in_2026(text)).unwrap(), "{text}");
    }
    let all = calendar.business_days_between(in_2026("01-01"), in_2026("12-31")).unwrap();
    assert_eq!(all, 248, "365 days, 104 of weekends, 19 of holidays in the week, 6 made up");
}

#[test]
fn days_before_and_after_holidays() {
    let calendar = cn();
    let check = |from: &str, before: &str, after: &str| {
        let date = in_2026(from);
        assert_eq!(calendar.previous_business_day(date).unwrap(), in_2026(before), "{from}");
        assert_eq!(calendar.next_business_day(date).unwrap(), in_2026(after), "{from}");
    };
    check("02-18", "02-14", "02-24");
    check("02-14", "02-13", "02-24");
    check("02-24", "02-14", "02-25");
    check("09-21", "09-20", "09-22");
    check("09-20", "09-18", "09-21");
    check("10-08", "09-30", "10-09");
    check("10-10", "10-09", "10-12");
    assert_eq!(calendar.business_day_by(in_2026("02-20")).unwrap(), in_2026("02-14"));
    assert_eq!(calendar.business_day_by(in_2026("02-14")).unwrap(), in_2026("02-14"));
}

#[test]
fn ends_of_months_and_quarters() {
    let calendar = cn();
    let ends = [
        ("01-15", "01-30"),
        ("02-01", "02-28"),
        ("05-10", "05-29"),
        ("09-05", "09-30"),
        ("10-31", "10-30"),
    ];
    for (date, end) in ends {
        assert_eq!(calendar.month_end(in_2026(date).month()).unwrap(), in_2026(end), "{date}");
    }
    for (date, end) in [("01-01", "03-31"), ("06-30", "06-30"), ("07-01", "09-30")] {
        assert_eq!(calendar.quarter_end(in_2026(date).month()).unwrap(), in_2026(end), "{date}");
    }
    assert!(calendar.is_month_end(in_2026("02-28")).unwrap(), "a Saturday that is worked");
    assert!(!calendar.is_month_end(in_2026("01-31")).unwrap());
    let every = Calendar::every_day();
    assert_eq!(every.month_end(in_2026("02-01").month()).unwrap(), in_2026("02-28"));
}

#[test]
fn of_other_years_it_says_nothing() {
    let calendar = cn();
    let refused = [
        calendar.is_business_day(day("2025-12-31")).map(drop),
        calendar.previous_business_day(in_2026("01-03")).map(drop),
        calendar.next_business_day(in_2026("12-31")).map(drop),
        calendar.month_end(day("2027-01-01").month()).map(drop),
        calendar.business_days_between(day("2025-12-31"), in_2026("01-05")).map(drop),
    ];
    for refused in refused {
        let error = refused.unwrap_err();
        assert_eq!((error.from, error.until), (in_2026("01-01"), in_2026("12-31")));
    }
    assert_eq!(
        calendar.is_business_day(day("2027-01-04")).unwrap_err().to_string(),
        "calendar `cn` covers 2026-01-01 to 2026-12-31 and says nothing of 2027-01-04 \
         (add the year to the calendar file)"
    );
    assert!(Calendar::every_day().is_business_day(day("1999-05-01")).unwrap());
}

#[test]
fn a_wrong_calendar_is_refused() {
    let refused = |weekend: &str, holidays: &str| {
        let head = "version = 1\nname = \"x\"\nfrom = \"2026-01-01\"\nuntil = \"2026-12-31\"\n";
        let text = format!("{head}{weekend}\n{holidays}");
        Calendar::parse(&text, "x.toml").unwrap_err().to_string()
    };
    let holiday = |from: &str, until: &str, worked: &str| {
        format!(
            "[[holiday]]\nname = \"h\"\nfrom = \"{from}\"\nuntil = \"{until}\"\nworked = [{worked}]\n"
        )
    };
    let good = holiday("2026-05-01", "2026-05-05", "\"2026-05-09\"");
    let again = holiday("2026-05-05", "2026-05-06", "");
    let said = [
        (
            holiday("2026-05-05", "2026-05-01", ""),
            "`until` 2026-05-01 lies before `from` 2026-05-05",
        ),
        (good.clone() + &again, "2026-05-05 belongs to another one too"),
        (
            holiday("2026-05-01", "2026-05-05", "\"2026-05-08\""),
            "2026-05-08 makes up for nothing (expected a day of the weekend that is no holiday)",
        ),
        (
            holiday("2026-05-01", "2026-05-05", "\"2026-05-02\""),
            "2026-05-02 makes up for nothing (expected a day of the weekend that is no holiday)",
        ),
        (
            holiday("2026-05-01", "2026-05-05", "\"2026-05-09\", \"2026-05-09\""),
            "worked day 2026-05-09 is declared twice",
        ),
    ];
    for (holidays, cause) in said {
        assert_eq!(refused("", &holidays), format!("x.toml: holiday `h`: {cause}"));
    }
    assert_eq!(
        refused("", &holiday("2026-12-30", "2027-01-02", "")),
        "x.toml: holiday `h` lies outside the calendar (2026-01-01 to 2026-12-31)"
    );
    let all = r#"["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]"#;
    assert_eq!(
        refused(&format!("weekend = {all}"), ""),
        "x.toml: `weekend` names every day (expected a day to work on)"
    );
    assert!(refused("holidays = 1", "").contains("unknown field `holidays`"));
}

fn days_of_2026() -> impl Strategy<Value = BusinessDate> {
    (0..365).prop_map(|n| in_2026("01-01").plus_days(n).unwrap())
}

proptest! {
    #[test]
    fn the_next_day_is_the_first_business_day_after(date in days_of_2026()) {
        let calendar = cn();
        if let Ok(next) = calendar.next_business_day(date) {
            prop_assert!(next > date && calendar.is_business_day(next).unwrap());
            prop_assert_eq!(calendar.business_days_between(date, next).unwrap(), 1);
            // Back again: to where one came from, or to the business day before it.
            prop_assert_eq!(calendar.previous_business_day(next), calendar.business_day_by(date));
        }
    }

    #[test]
    fn spans_add_up(a in days_of_2026(), b in days_of_2026(), c in days_of_2026()) {
        let between = |from, to| cn().business_days_between(from, to).unwrap();
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
        prop_assert_eq!(between(a, b), -between(b, a));
    }

    #[test]
    fn a_month_ends_once(date in days_of_2026()) {
        let calendar = cn();
        let end = calendar.month_end(date.month()).unwrap();
        prop_assert_eq!(end.month(), date.month());
        prop_assert!(calendar.is_business_day(end).unwrap());
        prop_assert_eq!(calendar.is_month_end(date).unwrap(), date == end);
    }
}
