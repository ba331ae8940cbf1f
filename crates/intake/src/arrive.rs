//! Arrival: for every feed the files of the date that is due, complete, and what their bytes are.

mod delivery;
mod late;
mod trigger;

use crate::bytes::Counted;
use crate::error::{Cause, ErrorKind, IntakeError, Place};
use delivery::Delivered;
use model::{BusinessDate, Calendar, ControlValue, FeedContract, Moment, SourceContract};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use trigger::Checksum;

/// Threads over files: digesting is bound by the disk before it is bound by more of them.
const THREADS: usize = 2;

/// Bytes digested at a time.
const CHUNK: usize = 1 << 20;

/// What a night waits for.
#[derive(Clone, Copy, Debug)]
pub struct Awaited<'a> {
    /// The contracts.
    pub sources: &'a [SourceContract],
    /// Where the extracts of a date lie.
    pub extracts: &'a Extracts,
    /// The business date of the night.
    pub as_of: BusinessDate,
    /// Which days are business days.
    pub calendar: &'a Calendar,
    /// The time, as whoever started the night has read it.
    pub now: Moment,
}

/// Where the extracts of a date lie: a folder whose name may hold `{date}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracts(pub PathBuf);

/// An input file that has arrived: what the run id is made of.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Arrived {
    /// Source system.
    pub system: String,
    /// Feed of that system.
    pub feed: String,
    /// Where the file is.
    pub path: PathBuf,
    /// Its name in the extracts folder; of a member, the package's name, `/`, the member's.
    pub file: String,
    /// Its size in bytes, as it lies on disk.
    pub bytes: u64,
    /// BLAKE3 of these bytes, 64 hexadecimal digits; empty where a file was only [`locate`]d.
    pub blake3: String,
    /// The date whose file it is: the business date, or an earlier one.
    pub source_as_of: BusinessDate,
    /// The date whose file was due.
    pub due: BusinessDate,
    /// The number of the delivery, where the file's name holds one.
    pub rerun: Option<u32>,
    /// Rows the trigger says that there are.
    pub declared_rows: Option<u64>,
    /// Totals the trigger says that there are.
    #[serde(default)]
    pub declared_totals: Vec<DeclaredTotal>,
    /// Rows the flag says that there are, where the contract says that it counts.
    pub flag_rows: Option<u64>,
    /// Files of earlier deliveries of the same date, which this one supersedes.
    pub superseded: Vec<String>,
}

/// A total of a file, as its trigger has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DeclaredTotal {
    /// Which.
    pub figure: ControlValue,
    /// The field of the trigger's line, from 1.
    pub field: usize,
    /// Its text.
    pub text: String,
}

impl Arrived {
    /// Whether the data are older than they were due to be.
    pub fn is_late(&self) -> bool {
        self.source_as_of < self.due
    }

    /// Whether these are the bytes that arrived, as far as is known.
    pub(crate) fn is(&self, bytes: u64, blake3: &str) -> bool {
        self.bytes == bytes && (self.blake3.is_empty() || self.blake3 == blake3)
    }

    /// Its name in a package of the contract's name.
    pub(crate) fn member(&self, package: &str) -> &str {
        let folders = package.matches('/').count();
        self.file.splitn(folders + 2, '/').last().unwrap_or(&self.file)
    }
}

impl Extracts {
    /// The folder of a date.
    pub fn of(&self, date: BusinessDate) -> PathBuf {
        // A name that is no text holds no placeholder that a person could have written.
        match self.0.to_str() {
            Some(text) => PathBuf::from(text.replace("{date}", &date.compact())),
            None => self.0.clone(),
        }
    }
}

/// Finds the files of every feed, checks that they are complete, and digests them.
///
/// The files come in contract order. `progress` is told the bytes read since it was last told,
/// from several threads. Fails with `NotThere` when something is missing or still growing and the
/// feed's rule is to wait for it; what cannot be mended by waiting is told before that.
pub fn arrive(
    awaited: &Awaited<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Arrived>, IntakeError> {
    let found = all_there(awaited)?;
    let next = AtomicUsize::new(0);
    // The largest first, so that no thread is left alone with it at the end.
    let first = first_alike(&found);
    let mut order: Vec<usize> = (0..found.len()).filter(|&i| first[i] == i).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(size(&found[i].1.path)));
    let digests: Vec<_> = found.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        while let Some(&i) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            digests[i].get_or_init(|| digest(&found[i], progress));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..THREADS {
            scope.spawn(work);
        }
        work();
    });
    let mut all: Vec<Arrived> = Vec::with_capacity(found.len());
    for ((one, digested), first) in found.into_iter().zip(digests).zip(first) {
        // Feeds of one package share its digest: that of the first stands before.
        let shared = || Ok((all[first].bytes, all[first].blake3.clone()));
        let digested = digested.into_inner().unwrap_or_else(shared)?;
        all.push(arrived(one, digested));
    }
    Ok(all)
}

/// [`arrive`], but a file is digested only where somebody holds something against its digest: its
/// trigger, or the reading of a file that has types. Of any other only its size is taken, for a
/// caller that reads it once and need not know that it is what it was before.
pub fn locate(
    awaited: &Awaited<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Arrived>, IntakeError> {
    let located = |found: (Feed<'_>, Delivered)| {
        let is_held = found.1.checksum.is_some() || found.0.1.shape.is_typed();
        let digested =
            if is_held { digest(&found, progress)? } else { (size(&found.1.path), String::new()) };
        Ok(arrived(found, digested))
    };
    all_there(awaited)?.into_iter().map(located).collect()
}

/// A feed of a system.
type Feed<'a> = (&'a str, &'a FeedContract);

/// Size and digest of a file.
type Digested = (u64, String);

/// The files of every feed, or what is wrong: first what a person must mend, then what is missing.
fn all_there<'a>(awaited: &Awaited<'a>) -> Result<Vec<(Feed<'a>, Delivered)>, IntakeError> {
    let mut found = Vec::new();
    let mut waiting: Vec<IntakeError> = Vec::new();
    let sources = awaited.sources.iter();
    for feed in sources.flat_map(|s| s.feeds.iter().map(|feed| (s.system.as_str(), feed))) {
        match late::find(feed.0, feed.1, awaited) {
            Ok(delivered) => found.push((feed, delivered)),
            Err(error) if error.kind() == ErrorKind::NotThere => waiting.push(error),
            Err(error) => return Err(error),
        }
    }
    let others = waiting.len().saturating_sub(1);
    let Some(mut first) = waiting.into_iter().next() else { return Ok(found) };
    if let Cause::Missing { more, .. } = &mut first.cause {
        *more = others;
    }
    Err(first)
}

fn place(feed: Feed<'_>, file: String) -> Place {
    Place { system: feed.0.to_owned(), feed: feed.1.name.clone(), file }
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |found| found.len())
}

/// For each delivery the first one of the same bytes, those of a package; what a trigger says of them
/// is part of it.
fn first_alike(found: &[(Feed<'_>, Delivered)]) -> Vec<usize> {
    let alike = |a: &Delivered, b: &Delivered| a.path == b.path && a.checksum == b.checksum;
    let first = |(at, one): (usize, &(Feed<'_>, Delivered))| {
        found[..at].iter().position(|other| alike(&other.1, &one.1)).unwrap_or(at)
    };
    found.iter().enumerate().map(first).collect()
}

fn digest(
    (feed, found): &(Feed<'_>, Delivered),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Digested, IntakeError> {
    let digested = digest_file(&found.path, found.checksum.as_ref(), progress);
    digested.map_err(|cause| cause.at(place(*feed, found.file.clone())))
}

fn arrived((feed, found): (Feed<'_>, Delivered), (bytes, blake3): Digested) -> Arrived {
    Arrived {
        system: feed.0.to_owned(),
        feed: feed.1.name.clone(),
        path: found.path,
        file: found.file,
        bytes,
        blake3,
        source_as_of: found.date,
        due: found.due,
        rerun: found.rerun,
        declared_rows: found.rows,
        declared_totals: found.totals,
        flag_rows: found.flag_rows,
        superseded: found.superseded,
    }
}

fn digest_file(
    path: &Path,
    declared: Option<&Checksum>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Digested, Cause> {
    let before = size(path);
    let mut counted = Counted::open(path, progress)?;
    let mut sum = declared.map(Checksum::begin);
    let mut chunk = vec![0; CHUNK];
    loop {
        match counted.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => sum.iter_mut().for_each(|sum| sum.add(&chunk[..length])),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(source) => {
                return Err(Cause::Io { action: "read", path: path.to_owned(), source });
            }
        }
    }
    let (bytes, blake3) = counted.digest();
    if bytes != before || bytes != size(path) {
        return Err(Cause::Changed);
    }
    let agrees = declared.zip(sum).map(|(declared, sum)| (declared, sum.agrees(declared, &blake3)));
    match agrees {
        Some((declared, false)) => Err(Cause::TriggerChecksum { algorithm: declared.algorithm() }),
        _ => Ok((bytes, blake3)),
    }
}
