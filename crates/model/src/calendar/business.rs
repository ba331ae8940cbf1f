//! Business days: weekends, holidays, and the days that are worked to make up for them (调休).
//!
//! A calendar covers the years its file declares. Of a day outside them it says nothing: an answer
//! would be a guess, because holidays are decreed year by year.

use super::{BusinessDate, Month};
use crate::contract::{ContractError, is_name};
use crate::toml_text::from_toml;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Which days a bank works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// None: every day is a business day, of any year.
    rules: Option<Rules>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rules {
    name: String,
    from: BusinessDate,
    until: BusinessDate,
    /// By day of the week, Monday first.
    weekend: [bool; 7],
    off: BTreeSet<BusinessDate>,
    worked: BTreeSet<BusinessDate>,
}

/// A calendar was asked about a day it does not cover.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "calendar `{calendar}` covers {from} to {until} and says nothing of {date} (add the year to the calendar file)"
)]
pub struct NotCovered {
    /// The calendar's name.
    pub calendar: String,
    /// Its first day.
    pub from: BusinessDate,
    /// Its last day.
    pub until: BusinessDate,
    /// The day it was asked about.
    pub date: BusinessDate,
}

/// A calendar file as a person wrote it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    version: u32,
    name: String,
    from: BusinessDate,
    until: BusinessDate,
    #[serde(default = "saturday_and_sunday")]
    weekend: Vec<Weekday>,
    #[serde(default, rename = "holiday")]
    holidays: Vec<Holiday>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: String,
    from: BusinessDate,
    until: BusinessDate,
    /// Days of the weekend that are worked to make up for it.
    #[serde(default)]
    worked: Vec<BusinessDate>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Calendar {
    /// The calendar of a job that names none: every day is a business day.
    pub fn every_day() -> Self {
        Self { rules: None }
    }

    /// Reads and checks a calendar file's text; `place` names it in errors.
    pub fn parse(text: &str, place: &str) -> Result<Self, ContractError> {
        let wrong = |cause: String| ContractError { place: place.to_owned(), cause };
        let file: CalendarFile = from_toml(text).map_err(|e| wrong(e.to_string()))?;
        file.check().map(|rules| Self { rules: Some(rules) }).map_err(wrong)
    }

    /// Whether the bank works on this day.
    pub fn is_business_day(&self, date: BusinessDate) -> Result<bool, NotCovered> {
        self.rules.as_ref().map_or(Ok(true), |rules| rules.is_business_day(date))
    }

    /// The last business day before this day.
    pub fn previous_business_day(&self, date: BusinessDate) -> Result<BusinessDate, NotCovered> {
        self.step(date, -1)
    }

    /// The first business day after this day.
    pub fn next_business_day(&self, date: BusinessDate) -> Result<BusinessDate, NotCovered> {
        self.step(date, 1)
    }

    /// This day where it is a business day, else the last one before it.
    pub fn business_day_by(&self, date: BusinessDate) -> Result<BusinessDate, NotCovered> {
        if self.is_business_day(date)? { Ok(date) } else { self.previous_business_day(date) }
    }

    /// The last business day of a month.
    pub fn month_end(&self, month: Month) -> Result<BusinessDate, NotCovered> {
        let last = month.last_day().ok_or_else(|| self.beyond(BusinessDate::LAST))?;
        self.business_day_by(last)
    }

    /// The last business day of the quarter of a month.
    pub fn quarter_end(&self, month: Month) -> Result<BusinessDate, NotCovered> {
        self.month_end(month.last_of_quarter())
    }

    /// Whether this day is the last business day of its month.
    pub fn is_month_end(&self, date: BusinessDate) -> Result<bool, NotCovered> {
        Ok(self.month_end(date.month())? == date)
    }

    /// Business days after `from` up to and including `to`; negative where `to` lies before `from`.
    pub fn business_days_between(
        &self,
        from: BusinessDate,
        to: BusinessDate,
    ) -> Result<i32, NotCovered> {
        let (first, last) = (from.min(to), from.max(to));
        let Some(rules) = &self.rules else { return Ok(to.epoch_days() - from.epoch_days()) };
        rules.covers(first)?;
        rules.covers(last)?;
        let days = first.epoch_days() + 1..=last.epoch_days();
        let worked = days.filter_map(BusinessDate::from_epoch_days).filter(|day| rules.works(*day));
        let count = i32::try_from(worked.count()).unwrap_or(i32::MAX);
        Ok(if to < from { -count } else { count })
    }

    fn step(&self, date: BusinessDate, by: i32) -> Result<BusinessDate, NotCovered> {
        let mut day = date;
        loop {
            day = day.plus_days(by).ok_or_else(|| self.beyond(day))?;
            if self.is_business_day(day)? {
                return Ok(day);
            }
        }
    }

    /// At the edge of what a date can be.
    fn beyond(&self, date: BusinessDate) -> NotCovered {
        let every_day = || ("every_day".to_owned(), BusinessDate::FIRST, BusinessDate::LAST);
        let (calendar, from, until) =
            self.rules.as_ref().map_or_else(every_day, |r| (r.name.clone(), r.from, r.until));
        NotCovered { calendar, from, until, date }
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self::every_day()
    }
}

impl Rules {
    fn is_business_day(&self, date: BusinessDate) -> Result<bool, NotCovered> {
        self.covers(date).map(|()| self.works(date))
    }

    fn covers(&self, date: BusinessDate) -> Result<(), NotCovered> {
        if (self.from..=self.until).contains(&date) {
            return Ok(());
        }
        let (calendar, from, until) = (self.name.clone(), self.from, self.until);
        Err(NotCovered { calendar, from, until, date })
    }

    fn works(&self, date: BusinessDate) -> bool {
        let weekend = self.weekend[weekday(date)];
        self.worked.contains(&date) || !weekend && !self.off.contains(&date)
    }
}

impl CalendarFile {
    fn check(self) -> Result<Rules, String> {
        if self.version != 1 {
            return Err(format!("version {} is not known (expected 1)", self.version));
        }
        if !is_name(&self.name) {
            return Err("`name` must match [a-z][a-z0-9_]*".into());
        }
        if self.until < self.from {
            return Err(format!("`until` {} lies before `from` {}", self.until, self.from));
        }
        let mut weekend = [false; 7];
        self.weekend.iter().for_each(|day| weekend[*day as usize] = true);
        if weekend == [true; 7] {
            return Err("`weekend` names every day (expected a day to work on)".into());
        }
        let off = self.off()?;
        let worked = self.worked(&off, weekend)?;
        Ok(Rules { name: self.name, from: self.from, until: self.until, weekend, off, worked })
    }

    fn off(&self) -> Result<BTreeSet<BusinessDate>, String> {
        let mut off = BTreeSet::new();
        for Holiday { name, from, until, .. } in &self.holidays {
            if until < from {
                return Err(format!("holiday `{name}`: `until` {until} lies before `from` {from}"));
            }
            if *from < self.from || *until > self.until {
                let covered = format!("{} to {}", self.from, self.until);
                return Err(format!("holiday `{name}` lies outside the calendar ({covered})"));
            }
            for day in from.epoch_days()..=until.epoch_days() {
                let Some(day) = BusinessDate::from_epoch_days(day) else { continue };
                if !off.insert(day) {
                    return Err(format!("holiday `{name}`: {day} belongs to another one too"));
                }
            }
        }
        Ok(off)
    }

    fn worked(
        &self,
        off: &BTreeSet<BusinessDate>,
        weekend: [bool; 7],
    ) -> Result<BTreeSet<BusinessDate>, String> {
        let mut worked = BTreeSet::new();
        for (name, day) in self.holidays.iter().flat_map(|h| h.worked.iter().map(|d| (&h.name, d)))
        {
            if !(self.from..=self.until).contains(day) {
                return Err(format!(
                    "holiday `{name}`: worked day {day} lies outside the calendar"
                ));
            }
            if off.contains(day) || !weekend[weekday(*day)] {
                let right = "(expected a day of the weekend that is no holiday)";
                return Err(format!("holiday `{name}`: {day} makes up for nothing {right}"));
            }
            if !worked.insert(*day) {
                return Err(format!("holiday `{name}`: worked day {day} is declared twice"));
            }
        }
        Ok(worked)
    }
}

/// Day of the week, Monday 0. 1970-01-01 was a Thursday.
fn weekday(date: BusinessDate) -> usize {
    usize::try_from((date.epoch_days() + 3).rem_euclid(7)).unwrap_or(0)
}

fn saturday_and_sunday() -> Vec<Weekday> {
    vec![Weekday::Saturday, Weekday::Sunday]
}

#[cfg(test)]
mod tests;
