//! One delivery of a feed: the files of one date, and whether they are complete.

use super::DeclaredTotal;
use super::trigger::{self, Checksum, Said};
use crate::error::Cause;
use crate::flag;
use model::{BusinessDate, FeedContract, Moment};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The complete files of a date.
#[derive(Debug)]
pub(super) struct Delivered {
    /// As [`Arrived::file`](super::Arrived::file).
    pub(super) file: String,
    pub(super) path: PathBuf,
    /// The date they are of.
    pub(super) date: BusinessDate,
    /// The date that was due.
    pub(super) due: BusinessDate,
    pub(super) rerun: Option<u32>,
    /// Files of lower numbers.
    pub(super) superseded: Vec<String>,
    /// Rows by the trigger.
    pub(super) rows: Option<u64>,
    /// Totals by the trigger.
    pub(super) totals: Vec<DeclaredTotal>,
    /// Rows by the flag.
    pub(super) flag_rows: Option<u64>,
    /// Checksum by the trigger.
    pub(super) checksum: Option<Checksum>,
}

/// Where a feed's files of a date should be.
pub(super) struct Slot<'a> {
    pub(super) feed: &'a FeedContract,
    pub(super) folder: &'a Path,
    pub(super) date: BusinessDate,
    pub(super) now: Moment,
}

/// The numbers of the deliveries that are there, the highest first.
struct Reruns {
    numbers: Vec<(u32, String)>,
}

impl Slot<'_> {
    /// The name of the data file where it is there, else what it should be.
    pub(super) fn file(&self) -> String {
        let highest = self.reruns().ok().and_then(Reruns::highest);
        let delivery = highest.map_or_else(|| self.dated(self.feed.delivery()), |(_, name)| name);
        self.file_of(&delivery)
    }

    /// The files of the date, or why they are not complete.
    pub(super) fn look(&self) -> Result<Delivered, Cause> {
        let mut reruns = self.reruns()?.numbers.into_iter();
        let numbered = self.is_numbered();
        let highest = reruns.next();
        let rerun = highest.as_ref().map(|(number, _)| *number).filter(|_| numbered);
        let delivery = highest.map_or_else(|| self.dated(self.feed.delivery()), |(_, name)| name);
        let path = self.folder.join(&delivery);
        let with_number = |name: &str| self.beside(&delivery, name);
        let rule = &self.feed.arrival;
        let flag = self.feed.flag.as_deref().map(|name| self.folder.join(with_number(name)));
        let flag = flag.map(|path| there("flag", &path).map(|found| (path, found))).transpose()?;
        let trigger = rule.trigger.as_ref();
        let trigger = trigger.map(|t| (t, self.folder.join(with_number(&t.file))));
        if let Some((_, path)) = &trigger {
            there("trigger", path)?;
        }
        let what = if self.feed.package.is_some() { "package" } else { "data file" };
        let found = there(what, &path)?;
        self.is_quiet(&found)?;
        if let Some((flag, of_flag)) = flag.as_ref().filter(|_| rule.flag_is_last)
            && modified(of_flag) < modified(&found)
        {
            return Err(Cause::FlagOlder { flag: flag.clone() });
        }
        let flag_rows = self.flag_rows(flag.as_ref().map(|(path, _)| path.as_path()), &delivery)?;
        let said = trigger.map(|(trigger, path)| trigger::read(trigger, &path, &delivery));
        let said = said.transpose()?.unwrap_or_default();
        self.has_size(&found, &said)?;
        let superseded = reruns.map(|(_, file)| file).collect();
        let (date, file) = (self.date, self.file_of(&delivery));
        let Said { rows, totals, checksum, .. } = said;
        let due = date;
        Ok(Delivered {
            file,
            path,
            date,
            due,
            rerun,
            superseded,
            rows,
            totals,
            flag_rows,
            checksum,
        })
    }

    /// The rows that the flag counts, where the contract says that it does.
    fn flag_rows(&self, flag: Option<&Path>, delivery: &str) -> Result<Option<u64>, Cause> {
        let name = self.beside(delivery, &self.feed.file);
        let flag = flag.filter(|_| self.feed.flag_counts);
        flag.map(|flag| flag::rows_of(flag, &name)).transpose()
    }

    /// As [`Delivered::file`], of a file or package of this name.
    fn file_of(&self, delivery: &str) -> String {
        match &self.feed.package {
            Some(_) => format!("{delivery}/{}", self.beside(delivery, &self.feed.file)),
            None => delivery.to_owned(),
        }
    }

    /// What belongs to a delivery: its placeholders stand for what they stand for in its name.
    fn beside(&self, delivery: &str, name: &str) -> String {
        let pattern = self.dated(self.feed.delivery());
        match rerun_text(&pattern, delivery) {
            Some(text) => self.dated(name).replace(RERUN, text),
            None => self.dated(name),
        }
    }

    fn is_numbered(&self) -> bool {
        self.feed.delivery().contains(RERUN)
    }

    fn dated(&self, name: &str) -> String {
        dated(name, self.date)
    }

    fn reruns(&self) -> Result<Reruns, Cause> {
        let mut numbers = Vec::new();
        if self.is_numbered() {
            let pattern = self.dated(self.feed.delivery());
            let io = |source| Cause::Io { action: "list", path: self.folder.to_owned(), source };
            let entries = match std::fs::read_dir(self.folder) {
                Ok(entries) => entries,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                    return Ok(Reruns { numbers });
                }
                Err(e) => return Err(io(e)),
            };
            for entry in entries {
                let name = entry.map_err(io)?.file_name();
                let Some(name) = name.to_str() else { continue };
                let number = rerun_text(&pattern, name).and_then(|text| text.parse().ok());
                numbers.extend(number.map(|number: u32| (number, name.to_owned())));
            }
            // Of `1` and `01` the longer name is taken, whatever order the folder lists them in.
            numbers.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        }
        Ok(Reruns { numbers })
    }

    fn is_quiet(&self, found: &Metadata) -> Result<(), Cause> {
        let Some(quiet) = self.feed.arrival.quiet_seconds else { return Ok(()) };
        let since = self.now.unix_seconds - seconds(modified(found));
        if since >= i64::from(quiet) {
            return Ok(());
        }
        Err(Cause::NotQuiet { since, quiet })
    }

    fn has_size(&self, found: &Metadata, said: &Said) -> Result<(), Cause> {
        let (bytes, least) = (found.len(), self.feed.arrival.min_bytes);
        if bytes < least {
            return Err(Cause::TooSmall { bytes, least });
        }
        match said.size {
            Some(declared) if bytes < declared => Err(Cause::TooSmall { bytes, least: declared }),
            Some(declared) if bytes > declared => Err(Cause::TriggerSize { bytes, declared }),
            _ => Ok(()),
        }
    }
}

impl Reruns {
    fn highest(self) -> Option<(u32, String)> {
        self.numbers.into_iter().next()
    }
}

const RERUN: &str = "{rerun}";

fn dated(name: &str, date: BusinessDate) -> String {
    name.replace("{date}", &date.compact())
}

/// The digits that stand in `name` for `{rerun}` of `pattern`.
fn rerun_text<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
    let (before, after) = pattern.split_once(RERUN)?;
    let digits = name.strip_prefix(before)?.strip_suffix(after)?;
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(digits)
}

fn there(what: &'static str, path: &Path) -> Result<Metadata, Cause> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(found),
        _ => Err(Cause::Missing { what, path: path.to_owned(), more: 0 }),
    }
}

/// When a file was last written to; where the system does not say, long ago.
fn modified(found: &Metadata) -> SystemTime {
    found.modified().unwrap_or(SystemTime::UNIX_EPOCH)
}

fn seconds(time: SystemTime) -> i64 {
    let of = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    time.duration_since(SystemTime::UNIX_EPOCH).map_or_else(|e| -of(e.duration()), of)
}
