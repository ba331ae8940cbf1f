//! Days as whole numbers since 1970-01-01, and the months a night looks back on.

use model::{BusinessDate, Month};

/// Days since 1970-01-01.
pub(crate) type Day = i32;

/// Year, month, day.
pub(crate) fn ymd(day: Day) -> (i32, u32, u32) {
    BusinessDate::from_epoch_days(day).map_or((1970, 1, 1), BusinessDate::ymd)
}

/// The day of a date, or of the month's last day where the day does not exist.
pub(crate) fn day_of(year: i32, month: u32, day: u32) -> Day {
    (0..4)
        .find_map(|back| BusinessDate::from_ymd(year, month, day - back.min(day - 1)))
        .map_or(0, BusinessDate::epoch_days)
}

/// The month, counted from January 1970, a day lies in.
pub(crate) fn month_of(day: Day) -> i32 {
    let (year, month, _) = ymd(day);
    (year - 1970) * 12 + i32::try_from(month).unwrap_or(1) - 1
}

/// One month of the window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// Counted from January 1970.
    pub(crate) month: i32,
    /// First day.
    pub(crate) first: Day,
    /// Last day.
    pub(crate) last: Day,
}

impl Span {
    /// The span of a month.
    pub(crate) fn of(month: i32) -> Self {
        let day = |d: Option<BusinessDate>| d.map_or(0, BusinessDate::epoch_days);
        Self { month, first: day(Month(month).first_day()), last: day(Month(month).last_day()) }
    }

    /// Days in the month.
    pub(crate) fn days(self) -> i32 {
        self.last - self.first + 1
    }
}

/// One night: its business date and the months it reports.
#[derive(Clone, Debug)]
pub(crate) struct Night {
    /// Business date.
    pub(crate) as_of: Day,
    /// Business date as YYYYMMDD.
    pub(crate) stamp: String,
    /// The month of the bank's last night: latent paths count from here.
    pub(crate) origin: i32,
    /// Months from the start of every account's simulation to the night.
    pub(crate) months: Vec<Span>,
    /// How many of `months` come before those that are reported; at least one.
    pub(crate) silent: usize,
}

/// Full months in an extract.
const REPORTED: i32 = 12;

impl Night {
    /// The night `back` months before the last of `nights`.
    pub(crate) fn new(last: BusinessDate, nights: u32, back: u32) -> Self {
        let (origin, back) = (last.month().0, i32::try_from(back).unwrap_or(0));
        let (_, _, day) = last.ymd();
        let span = Span::of(origin - back);
        let as_of = if back == 0 {
            last.epoch_days()
        } else {
            (span.first + i32::try_from(day).unwrap_or(1) - 1).min(span.last)
        };
        let full = if as_of == span.last { span.month } else { span.month - 1 };
        let start = origin - REPORTED - i32::try_from(nights).unwrap_or(1);
        let silent = usize::try_from(full - REPORTED + 1 - start).unwrap_or(0);
        let stamp =
            BusinessDate::from_epoch_days(as_of).map_or_else(String::new, BusinessDate::compact);
        let months = (start..=span.month).map(Span::of).collect();
        Self { as_of, stamp, origin, months, silent }
    }

    /// The months reported, the present one included.
    pub(crate) fn reported(&self) -> &[Span] {
        &self.months[self.silent..]
    }

    /// The months with so many before them.
    pub(crate) fn months_and(&self, more: i32) -> impl Iterator<Item = Span> {
        let first = self.months[0].month;
        (first - more..first).map(Span::of).chain(self.months.iter().copied())
    }

    /// The months whose closing balance is given: one before those reported, so that their first
    /// movement follows from a balance, and those that are over.
    pub(crate) fn closings(&self) -> impl Iterator<Item = &Span> {
        self.months.iter().enumerate().filter(|(at, span)| self.closes(*at, **span)).map(|m| m.1)
    }

    /// Whether the closing balance of the month at that place is given.
    pub(crate) fn closes(&self, at: usize, span: Span) -> bool {
        at + 1 >= self.silent && self.ended(span)
    }

    /// Whether the month ended by the night.
    pub(crate) fn ended(&self, span: Span) -> bool {
        span.last <= self.as_of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_reports_twelve_full_months_and_the_present_one() {
        let last: BusinessDate = "2026-11-20".parse().unwrap();
        let night = Night::new(last, 3, 0);
        assert_eq!((night.stamp.as_str(), night.reported().len()), ("20261120", 13));
        assert_eq!(Month(night.reported()[0].month).to_string(), "2025-11");
        let earlier = Night::new(last, 3, 2);
        assert_eq!((earlier.stamp.as_str(), earlier.reported().len()), ("20260920", 13));
        assert_eq!(earlier.months[0].month, night.months[0].month);
        let closings: Vec<String> =
            night.closings().map(|span| Month(span.month).to_string()).collect();
        assert_eq!((closings.len(), closings[0].as_str()), (13, "2025-10"));
        assert_eq!(closings[12], "2026-10");
        let month_end = Night::new("2026-03-31".parse().unwrap(), 2, 1);
        assert_eq!((month_end.stamp.as_str(), month_end.reported().len()), ("20260228", 12));
        assert_eq!(month_end.closings().count(), 13);
        let alone = Night::new(last, 1, 0);
        assert_eq!((alone.silent, alone.closings().count()), (1, 13));
    }

    #[test]
    fn days_that_do_not_exist_become_the_last_of_the_month() {
        assert_eq!(ymd(day_of(2025, 2, 31)), (2025, 2, 28));
        assert_eq!(month_of(day_of(1999, 11, 1)), 29 * 12 + 10);
    }
}
