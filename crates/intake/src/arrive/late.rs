//! Which date's file a feed is to give, and what is done when it is not there.

use super::Awaited;
use super::delivery::{Delivered, Slot};
use crate::error::{Cause, ErrorKind, IntakeError, Place};
use model::{BusinessDate, FeedContract, Late};

/// The files a night reads of a feed, or why it reads none, at the file due.
pub(super) fn find(
    system: &str,
    feed: &FeedContract,
    awaited: &Awaited<'_>,
) -> Result<Delivered, IntakeError> {
    let place = |file| Place { system: system.to_owned(), feed: feed.name.clone(), file };
    let due = feed.arrival.due(awaited.as_of, awaited.calendar);
    let due = due.map_err(|error| Cause::from(error).at(place(feed.file.clone())))?;
    let look = |date: BusinessDate| {
        let folder = awaited.extracts.of(date);
        Slot { feed, folder: &folder, date, now: awaited.now }.look()
    };
    let missed = match look(due) {
        Ok(delivered) => return Ok(delivered),
        Err(cause) => cause,
    };
    instead(feed, awaited, due, missed, look).map_err(|cause| {
        let folder = awaited.extracts.of(due);
        cause.at(place(Slot { feed, folder: &folder, date: due, now: awaited.now }.file()))
    })
}

/// What is done without the file due: waiting, failing, or older data.
fn instead(
    feed: &FeedContract,
    awaited: &Awaited<'_>,
    due: BusinessDate,
    missed: Cause,
    look: impl Fn(BusinessDate) -> Result<Delivered, Cause>,
) -> Result<Delivered, Cause> {
    let rule = &feed.arrival;
    if missed.kind() != ErrorKind::NotThere || rule.late == Late::Hold || is_early(feed, awaited) {
        return Err(missed);
    }
    if rule.late == Late::Fail {
        return Err(Cause::Late { missed: missed.to_string(), deadline: rule.deadline });
    }
    let most = rule.max_age_days.unwrap_or(0);
    let mut date = due;
    loop {
        date = rule.due_before(date, awaited.calendar)?;
        let age = awaited.calendar.business_days_between(date, due)?;
        if date == due || u32::try_from(age).is_ok_and(|age| age > most) {
            return Err(Cause::TooOld { missed: missed.to_string(), most });
        }
        match look(date) {
            Ok(older) => return Ok(Delivered { due, ..older }),
            Err(cause) if cause.kind() == ErrorKind::Io => return Err(cause),
            // Not complete either, or not what its trigger says: one further back.
            Err(_) => {}
        }
    }
}

/// Whether the feed may still come: its deadline is a time of the day after the business date.
fn is_early(feed: &FeedContract, awaited: &Awaited<'_>) -> bool {
    let Some(deadline) = feed.arrival.deadline else { return false };
    let day = awaited.as_of.plus_days(1).unwrap_or(awaited.as_of);
    (awaited.now.date, awaited.now.time) < (day, deadline)
}
