//! A feed as one Parquet file, with every check on.

mod groups;

use crate::arrive::Arrived;
use crate::batch::Batch;
use crate::error::{Cause, IntakeError, Place};
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::pool::Pool;
use crate::read::{Means, Reading, Sizes};
use groups::Groups;
pub(crate) use groups::Limits;
use model::{BusinessDate, FeedContract};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Writes the rows of a feed that hold to a Parquet file, in file order: the columns that
/// [`read_feed`](crate::read_feed) hands on, compressed with zstd.
///
/// The file has its name only when it is whole; before, `.part` stands behind it, and nothing is
/// left where the feed is refused. Its bytes do not depend on the number of threads. What it takes
/// of memory does not depend on the size of the feed.
pub fn stage_feed(
    system: &str,
    feed: &FeedContract,
    arrived: &Arrived,
    as_of: BusinessDate,
    out: &Path,
    means: &Means<'_>,
) -> Result<FeedOutcome, IntakeError> {
    let place =
        Place { system: system.to_owned(), feed: feed.name.clone(), file: arrived.file.clone() };
    // Batches of which several are held at a time.
    let sizes = Sizes { threads: means.threads, bytes: 1 << 23, ..Sizes::default() };
    let staging = Staging { feed, arrived, as_of, sizes, limits: Limits::default() };
    staging.write(out, means).map_err(|cause| cause.at(place))
}

/// What is staged, and how much of it at a time.
pub(crate) struct Staging<'a> {
    pub(crate) feed: &'a FeedContract,
    pub(crate) arrived: &'a Arrived,
    pub(crate) as_of: BusinessDate,
    pub(crate) sizes: Sizes,
    pub(crate) limits: Limits,
}

impl Staging<'_> {
    pub(crate) fn write(&self, out: &Path, means: &Means<'_>) -> Result<FeedOutcome, Cause> {
        let plan = Plan::of(self.feed)?;
        let part = Part::create(out)?;
        let outcome = Pool::with(self.sizes.threads, |pool| {
            let (feed, arrived, as_of) = (self.feed, self.arrived, self.as_of);
            let (scratch, sizes) = (means.scratch, self.sizes);
            let schema = Batch::new(&plan).schema();
            let mut groups = Groups::new(part.file()?, schema, self.limits, pool);
            let reading = Reading { feed, plan: &plan, arrived, as_of, scratch, sizes, pool };
            let outcome = reading.read(&mut groups, means.progress)?;
            groups.finish().map_err(Cause::Sink)?;
            Ok::<_, Cause>(outcome)
        })?;
        part.complete()?;
        Ok(outcome)
    }
}

/// A file that is not whole yet; gone when it is dropped before it is.
struct Part {
    file: File,
    path: PathBuf,
    out: PathBuf,
}

impl Part {
    fn create(out: &Path) -> Result<Self, Cause> {
        let part =
            PathBuf::from([out.as_os_str(), ".part".as_ref()].into_iter().collect::<OsString>());
        let file = File::create(&part).map_err(failed("create", &part))?;
        Ok(Self { file, path: part, out: out.to_owned() })
    }

    /// A handle to write by.
    fn file(&self) -> Result<File, Cause> {
        self.file.try_clone().map_err(failed("open", &self.path))
    }

    fn complete(self) -> Result<(), Cause> {
        self.file.sync_all().map_err(failed("sync", &self.path))?;
        fs::rename(&self.path, &self.out).map_err(failed("rename into", &self.out))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Already renamed, or of no use to anybody: what went wrong before is what is told.
        _ = fs::remove_file(&self.path);
    }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Cause {
    let path = path.to_owned();
    move |source| Cause::Io { action, path, source }
}
