//! When a feed is due, how one knows that it is complete, and what a night does that misses it.

use super::{ControlValue, FeedContract};
use crate::calendar::{BusinessDate, Calendar, NotCovered, TimeOfDay};
use serde::Deserialize;

/// The arrival rule of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Arrival {
    /// On which days a file is due.
    pub days: DueDays,
    /// What a night does that misses the file.
    pub late: Late,
    /// Until when a missing file is waited for before `late` is done: local time of the calendar day
    /// after the business date. None: not at all.
    pub deadline: Option<TimeOfDay>,
    /// `degrade`: how many business days older than due the data may be.
    pub max_age_days: Option<u32>,
    /// The file must not have been written to for so many seconds.
    pub quiet_seconds: Option<u32>,
    /// Fewest bytes of a complete file.
    pub min_bytes: u64,
    /// The flag must not be older than the data file.
    pub flag_is_last: bool,
    /// A file that says what the data file must hold.
    pub trigger: Option<Trigger>,
    /// Whether a file of an earlier date, or of another feed, may come again under a new name.
    pub repeats: Repeats,
}

/// On which days a file is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueDays {
    /// Every day.
    #[default]
    Every,
    /// Every business day of the job's calendar.
    Business,
    /// The last business day of a month.
    MonthEnd,
    /// The last business day of a quarter.
    QuarterEnd,
}

/// What a night does that misses a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// Waits: nothing is published, the scheduler tries again (exit 9).
    #[default]
    Hold,
    /// Goes on with the last good file of an earlier date, and says so.
    Degrade,
    /// Fails: nothing is published, a person is called (exit 8).
    Fail,
}

/// Whether a file may come again under a new name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// No: yesterday's file under today's name is a mistake of the source.
    #[default]
    Refused,
    /// Yes: reference data may stay as they are.
    Allowed,
}

/// A file that comes with one or several data files and says what they hold: a line for each.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Its name, with the same placeholders as that of the data file.
    pub file: String,
    /// What stands in its lines, in order. Without `name` it holds one line, of this file.
    pub columns: Vec<TriggerColumn>,
    /// What separates them; blanks where absent.
    #[serde(default)]
    pub separator: Option<String>,
}

/// A column of a trigger file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerColumn {
    /// Name of the data file.
    Name,
    /// Its bytes, as it lies on disk.
    Size,
    /// Its rows, header and trailer not counted.
    Count,
    /// Total of the amounts, as it stands in the file's own amounts.
    Total,
    /// Total of the debits.
    Debit,
    /// Total of the credits.
    Credit,
    /// Hash total.
    Hash,
    /// SHA-256 of its bytes, hexadecimal (FIPS 180-4).
    Sha256,
    /// BLAKE3 of its bytes, hexadecimal.
    Blake3,
    /// CRC-32 of its bytes, eight hexadecimal digits (ISO 3309, as in gzip).
    Crc32,
    /// Something else, not looked at.
    Other,
}

impl Arrival {
    /// The date whose file a night of `as_of` is to read: the last one due by then.
    pub fn due(&self, as_of: BusinessDate, days: &Calendar) -> Result<BusinessDate, NotCovered> {
        match self.days {
            DueDays::Every => Ok(as_of),
            DueDays::Business => days.business_day_by(as_of),
            DueDays::MonthEnd => {
                let end = days.month_end(as_of.month())?;
                if end <= as_of { Ok(end) } else { days.month_end(as_of.month().before()) }
            }
            DueDays::QuarterEnd => {
                let end = days.quarter_end(as_of.month())?;
                if end <= as_of { Ok(end) } else { self.due_before(end, days) }
            }
        }
    }

    /// The date due before `date`, which is due itself.
    pub fn due_before(
        &self,
        date: BusinessDate,
        days: &Calendar,
    ) -> Result<BusinessDate, NotCovered> {
        match self.days {
            DueDays::Every => Ok(date.plus_days(-1).unwrap_or(date)),
            DueDays::Business => days.previous_business_day(date),
            DueDays::MonthEnd => days.month_end(date.month().before()),
            DueDays::QuarterEnd => {
                days.quarter_end(date.month().last_of_quarter().before().before().before())
            }
        }
    }

    /// Whether the rule leaves open when the file comes, and by what one knows that it is complete.
    pub(super) fn leaves_the_file_open(&self) -> bool {
        *self == Self { repeats: self.repeats, ..Self::default() }
    }

    /// What contradicts itself in the rule of a feed with this file and flag.
    pub(super) fn finding(&self, file: &str, flag: Option<&str>) -> Option<String> {
        let degrades = self.late == Late::Degrade;
        let dated = |name: &str| name.contains("{date}");
        let trigger = self.trigger.as_ref();
        let reruns = file.matches("{rerun}").count();
        if degrades && self.max_age_days.is_none_or(|days| days == 0) {
            return Some("`late = \"degrade\"` needs `max_age_days`, 1 or more".into());
        }
        if !degrades && self.max_age_days.is_some() {
            return Some("`max_age_days` is for `late = \"degrade\"`".into());
        }
        if self.late == Late::Hold && self.deadline.is_some() {
            return Some("`deadline` is for `late = \"degrade\"` or `\"fail\"`".into());
        }
        if degrades && !dated(file) {
            return Some("`late = \"degrade\"` needs a `file` with `{date}`".into());
        }
        if self.days != DueDays::Every && !dated(file) {
            return Some("`days` needs a `file` with `{date}`".into());
        }
        if self.flag_is_last && flag.is_none() {
            return Some("`flag_is_last` needs a `flag`".into());
        }
        if reruns > 1 || file.matches('/').count() > 0 && reruns > 0 {
            return Some("`file` may hold `{rerun}` once, and then no folder".into());
        }
        let others = flag.into_iter().chain(trigger.map(|t| t.file.as_str()));
        if reruns == 0 && others.into_iter().any(|name| name.contains("{rerun}")) {
            return Some("`{rerun}` in a flag or trigger needs `{rerun}` in `file`".into());
        }
        trigger.and_then(Trigger::finding)
    }
}

impl FeedContract {
    /// The name of what arrives, placeholders included: the file, or the package that it is in.
    pub fn delivery(&self) -> &str {
        self.package.as_deref().unwrap_or(&self.file)
    }

    pub(super) fn arrival_holds(&self) -> Result<(), String> {
        let (delivery, key) = match &self.package {
            Some(package) => (package, "`package`"),
            None => (&self.file, "`file`"),
        };
        if let Some(finding) = self.arrival.finding(delivery, self.flag.as_deref()) {
            return Err(format!("arrival: {}", finding.replace("`file`", key)));
        }
        let numbered = delivery.contains("{rerun}");
        if !numbered && self.file.contains("{rerun}") {
            return Err("`{rerun}` in `file` needs `{rerun}` in `package`".into());
        }
        let has_rerun = |record: &super::ControlRecord| record.place(ControlValue::Rerun).is_some();
        if !numbered && self.header.as_ref().is_some_and(has_rerun) {
            return Err(format!("`rerun_field` needs a {key} with `{{rerun}}`"));
        }
        if self.trailer.as_ref().is_some_and(has_rerun) {
            return Err("a `rerun` is for the `header`".into());
        }
        self.arrival.trigger.as_ref().map_or(Ok(()), |trigger| self.trigger_holds(trigger))
    }

    /// What a trigger says of rows must be something that the feed adds up.
    fn trigger_holds(&self, trigger: &Trigger) -> Result<(), String> {
        let says = |column: TriggerColumn| trigger.at(column).is_some();
        let sums = [
            (TriggerColumn::Total, self.amount.is_some(), "`total` in a trigger", "amount"),
            (TriggerColumn::Debit, self.direction.is_some(), "`debit` in a trigger", "direction"),
            (TriggerColumn::Credit, self.direction.is_some(), "`credit` in a trigger", "direction"),
            (TriggerColumn::Hash, self.hash.is_some(), "`hash` in a trigger", "hash"),
        ];
        let of_rows = says(TriggerColumn::Count) || sums.iter().any(|(column, ..)| says(*column));
        if self.package.is_some() && of_rows {
            return Err("a trigger counts no rows of a package (use `flag_counts`)".into());
        }
        match sums.iter().find(|(column, there, ..)| says(*column) && !there) {
            Some((_, _, what, need)) => Err(format!("{what} needs the feed's `{need}`")),
            None => Ok(()),
        }
    }
}

impl Trigger {
    /// The place of a column in a line.
    pub fn at(&self, column: TriggerColumn) -> Option<usize> {
        self.columns.iter().position(|c| *c == column)
    }

    fn finding(&self) -> Option<String> {
        let twice = |at: usize, column: &TriggerColumn| {
            *column != TriggerColumn::Other && self.columns[..at].contains(column)
        };
        if self.columns.iter().enumerate().any(|(at, column)| twice(at, column)) {
            return Some("a column of the trigger is declared twice".into());
        }
        let says = |c: &TriggerColumn| !matches!(c, TriggerColumn::Name | TriggerColumn::Other);
        if !self.columns.iter().any(says) {
            let columns = "`size`, `count`, a total, `sha256`, `blake3` or `crc32`";
            return Some(format!("the trigger says nothing of the file (expected {columns})"));
        }
        let empty = self.separator.as_ref().is_some_and(String::is_empty);
        empty.then(|| "`separator` of the trigger is empty".into())
    }
}

#[cfg(test)]
mod tests;
