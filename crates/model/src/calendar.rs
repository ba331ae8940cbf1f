//! The business calendar: dates come from the job and the data, never from a clock.

mod business;
mod clock;

pub use business::{Calendar, CalendarFile, NotCovered};
pub use clock::{Moment, TimeError, TimeOfDay};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Days from 0001-01-01 (day 1 of the common era) to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

/// A business date: a calendar day without a time and without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessDate(NaiveDate);

/// A calendar month, counted from January 1970 = 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

/// A text that is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a date (expected YYYY-MM-DD, an existing day)")]
pub struct DateError {
    text: String,
}

impl BusinessDate {
    /// The first day there is.
    pub(crate) const FIRST: Self = Self(NaiveDate::MIN);
    /// The last day there is.
    pub(crate) const LAST: Self = Self(NaiveDate::MAX);

    /// The day `days` after 1970-01-01, the form dates have in columns.
    pub fn from_epoch_days(days: i32) -> Option<Self> {
        NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_FROM_CE)?).map(Self)
    }

    /// The date of a year, a month (1-12) and a day, when it exists.
    #[inline]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// Days since 1970-01-01.
    #[inline]
    pub fn epoch_days(self) -> i32 {
        self.0.num_days_from_ce() - EPOCH_FROM_CE
    }

    /// The calendar month of this day.
    pub fn month(self) -> Month {
        Month((self.0.year() - 1970) * 12 + self.0.month0().cast_signed())
    }

    /// Year, month (1-12), day.
    pub fn ymd(self) -> (i32, u32, u32) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// Whole years from `birth` to this day; a birthday on 29 February counts from 1 March.
    pub fn age_from(self, birth: Self) -> i32 {
        let before_birthday = (self.0.month(), self.0.day()) < (birth.0.month(), birth.0.day());
        self.0.year() - birth.0.year() - i32::from(before_birthday)
    }

    /// The text `YYYYMMDD`, as it stands in file names.
    pub fn compact(self) -> String {
        self.0.format("%Y%m%d").to_string()
    }

    /// This day moved by `days`.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        Self::from_epoch_days(self.epoch_days().checked_add(days)?)
    }
}

impl Month {
    /// The first day of the month.
    pub fn first_day(self) -> Option<BusinessDate> {
        let (year, month) = (1970 + self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        BusinessDate::from_ymd(year, month.unsigned_abs(), 1)
    }

    /// The last day of the month.
    pub fn last_day(self) -> Option<BusinessDate> {
        Self(self.0 + 1).first_day()?.plus_days(-1)
    }

    /// The month before this one.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0 - 1)
    }

    /// The last month of this month's quarter.
    #[must_use]
    pub fn last_of_quarter(self) -> Self {
        Self(self.0 + 2 - self.0.rem_euclid(3))
    }
}

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", 1970 + self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl FromStr for BusinessDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let exact = text.len() == 10;
        let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| exact);
        parsed.map(Self).ok_or_else(|| DateError { text: text.to_owned() })
    }
}

impl Serialize for BusinessDate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BusinessDate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip_through_days() {
        for text in ["1970-01-01", "1969-12-31", "2026-11-20", "2024-02-29", "1911-08-20"] {
            let date: BusinessDate = text.parse().unwrap();
            assert_eq!(BusinessDate::from_epoch_days(date.epoch_days()).unwrap(), date);
            assert_eq!(date.to_string(), text);
        }
        assert_eq!("1970-01-02".parse::<BusinessDate>().unwrap().epoch_days(), 1);
    }

    #[test]
    fn what_is_not_a_day_is_refused() {
        for text in ["2026-02-30", "20261120", "2026-1-2", "", "2026-11-20 "] {
            assert!(text.parse::<BusinessDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn months_and_ages() {
        let date: BusinessDate = "1994-03-31".parse().unwrap();
        assert_eq!(date.month().to_string(), "1994-03");
        assert_eq!(date.month().last_day().unwrap(), date);
        let birth: BusinessDate = "1970-12-13".parse().unwrap();
        assert_eq!(date.age_from(birth), 23);
        assert_eq!("1969-05-01".parse::<BusinessDate>().unwrap().month().to_string(), "1969-05");
    }
}
