//! Times of day: the latest hour of a delivery, and the moment a night was started, handed in by
//! whoever may ask what time it is.

use super::BusinessDate;
use serde::Deserialize;
use std::fmt;

/// A time of the day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct TimeOfDay {
    minute: u16,
}

/// A point in time as the people of the bank read it from the wall, and as files carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub unix_seconds: i64,
    /// The local date.
    pub date: BusinessDate,
    /// The local time.
    pub time: TimeOfDay,
}

/// A text that is not a time of the day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time of the day (expected HH:MM, 00:00 to 23:59)")]
pub struct TimeError {
    text: String,
}

impl Moment {
    /// The moment so many seconds after 1970-01-01 00:00 UTC, where clocks are `ahead` seconds of UTC.
    pub fn at(unix_seconds: i64, ahead: i32) -> Self {
        let local = unix_seconds.saturating_add(ahead.into());
        let beyond = if local < 0 { BusinessDate::FIRST } else { BusinessDate::LAST };
        let day = i32::try_from(local.div_euclid(86_400)).ok();
        let minute = u16::try_from(local.rem_euclid(86_400) / 60).unwrap_or(0);
        let date = day.and_then(BusinessDate::from_epoch_days).unwrap_or(beyond);
        Self { unix_seconds, date, time: TimeOfDay { minute } }
    }
}

impl TimeOfDay {
    /// The time of an hour (0-23) and a minute (0-59), when it exists.
    pub fn from_hm(hour: u32, minute: u32) -> Option<Self> {
        let minute = (hour < 24 && minute < 60).then_some(hour * 60 + minute)?;
        u16::try_from(minute).ok().map(|minute| Self { minute })
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        let two = |text: &str| {
            let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let (hour, minute) = text.split_once(':').unwrap_or_default();
        let time = two(hour).zip(two(minute)).and_then(|(h, m)| Self::from_hm(h, m));
        time.ok_or(TimeError { text })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_two_digits_a_colon_and_two_digits() {
        let read = |text: &str| TimeOfDay::try_from(text.to_owned());
        for text in ["00:00", "03:30", "23:59"] {
            assert_eq!(read(text).unwrap().to_string(), text);
        }
        for text in ["24:00", "3:30", "03:60", "0330", "", "+3:30", "03:30:00"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read("03:30").unwrap() < read("13:00").unwrap());
    }

    #[test]
    fn a_moment_is_told_in_local_time() {
        let check = |seconds: i64, ahead: i32, told: &str| {
            let moment = Moment::at(seconds, ahead);
            assert_eq!(format!("{} {}", moment.date, moment.time), told);
            assert_eq!(moment.unix_seconds, seconds);
        };
        // 2026-11-20 19:30 UTC.
        check(1_795_203_000, 0, "2026-11-20 19:30");
        check(1_795_203_000, 8 * 3600, "2026-11-21 03:30");
        check(-1, 0, "1969-12-31 23:59");
        check(59, -3600, "1969-12-31 23:00");
    }
}
