//! Arrival: every file of the night is there, and what its bytes are.

use crate::bytes::Counted;
use crate::error::{Cause, IntakeError, Place};
use crate::flag;
use model::{BusinessDate, FeedContract, SourceContract};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads over files: digesting is bound by the disk before it is bound by more of them.
const THREADS: usize = 2;

/// Bytes digested at a time.
const CHUNK: usize = 1 << 20;

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
    /// BLAKE3 of these bytes, 64 hexadecimal digits.
    pub blake3: String,
    /// The rows that the flag counts for the file, where the contract says that it counts.
    #[serde(default)]
    pub flag_rows: Option<u64>,
}

/// Checks that every feed's file (and flag) is in `folder`, and digests the files.
///
/// The files come in contract order. `progress` is told the bytes read since it was last told,
/// from several threads. Fails with `NotThere` when something is missing or still growing.
pub fn arrive(
    sources: &[SourceContract],
    folder: &Path,
    as_of: BusinessDate,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Arrived>, IntakeError> {
    let expected = expected(sources, folder, as_of);
    all_there(&expected)?;
    let counted = counted(&expected)?;
    let next = AtomicUsize::new(0);
    // The largest first, so that no thread is left alone with it at the end.
    let first = first_of_path(&expected);
    let mut order: Vec<usize> = (0..expected.len()).filter(|&i| first[i] == i).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(size(&expected[i].path)));
    let arrived: Vec<_> = expected.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        while let Some(&i) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            arrived[i].get_or_init(|| {
                digest_file(&expected[i].path, progress).map_err(|c| c.at(expected[i].place()))
            });
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..THREADS {
            scope.spawn(work);
        }
        work();
    });
    let mut digests: Vec<(u64, String)> = Vec::new();
    for (digest, &first) in arrived.into_iter().zip(&first) {
        // Feeds of one package share its digest: that of the first stands before.
        let digest = digest.into_inner().unwrap_or_else(|| Ok(digests[first].clone()));
        digests.push(digest?);
    }
    let all = expected.iter().zip(digests).zip(counted);
    Ok(all.map(|((expected, digest), rows)| expected.arrived(digest, rows)).collect())
}

/// A name with the business date in it.
pub(crate) fn dated(name: &str, as_of: BusinessDate) -> String {
    name.replace("{date}", &as_of.compact())
}

/// A file that the contracts name.
struct Expected<'a> {
    system: &'a str,
    feed: &'a FeedContract,
    /// The contract's `file`, dated.
    name: String,
    /// As [`Arrived::file`].
    file: String,
    path: PathBuf,
    flag: Option<PathBuf>,
}

impl Expected<'_> {
    fn place(&self) -> Place {
        Place {
            system: self.system.to_owned(),
            feed: self.feed.name.clone(),
            file: self.file.clone(),
        }
    }

    fn missing(&self) -> Option<(&'static str, &Path)> {
        if let Some(flag) = self.flag.as_deref().filter(|flag| !flag.is_file()) {
            return Some(("flag", flag));
        }
        let what = if self.feed.package.is_some() { "package" } else { "data file" };
        (!self.path.is_file()).then_some((what, self.path.as_path()))
    }

    fn arrived(&self, (bytes, blake3): (u64, String), flag_rows: Option<u64>) -> Arrived {
        Arrived {
            system: self.system.to_owned(),
            feed: self.feed.name.clone(),
            path: self.path.clone(),
            file: self.file.clone(),
            bytes,
            blake3,
            flag_rows,
        }
    }
}

fn expected<'a>(
    sources: &'a [SourceContract],
    folder: &Path,
    as_of: BusinessDate,
) -> Vec<Expected<'a>> {
    let dated = |name: &str| dated(name, as_of);
    let feeds = sources.iter().flat_map(|s| s.feeds.iter().map(|feed| (s.system.as_str(), feed)));
    feeds
        .map(|(system, feed)| {
            let name = dated(&feed.file);
            let flag = feed.flag.as_deref().map(|flag| folder.join(dated(flag)));
            let (path, file) = match feed.package.as_deref().map(dated) {
                Some(package) => (folder.join(&package), format!("{package}/{name}")),
                None => (folder.join(&name), name.clone()),
            };
            Expected { system, feed, name, file, path, flag }
        })
        .collect()
}

fn all_there(expected: &[Expected<'_>]) -> Result<(), IntakeError> {
    let mut missing = expected.iter().filter_map(|e| Some((e, e.missing()?)));
    let Some((first, (what, path))) = missing.next() else { return Ok(()) };
    let cause = Cause::Missing { what, path: path.to_owned(), more: missing.count() };
    Err(cause.at(first.place()))
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |found| found.len())
}

/// For each file the first one with the same path.
fn first_of_path(expected: &[Expected<'_>]) -> Vec<usize> {
    let first = |e: &Expected<'_>| expected.iter().position(|other| other.path == e.path);
    expected.iter().map(|e| first(e).unwrap_or_default()).collect()
}

/// The rows that the flags count.
fn counted(expected: &[Expected<'_>]) -> Result<Vec<Option<u64>>, IntakeError> {
    let rows = |e: &Expected<'_>| {
        let flag = e.flag.as_deref().filter(|_| e.feed.flag_counts)?;
        Some(flag::rows_of(flag, &e.name).map_err(|cause| cause.at(e.place())))
    };
    expected.iter().map(|e| rows(e).transpose()).collect()
}

fn digest_file(path: &Path, progress: &dyn Fn(u64)) -> Result<(u64, String), Cause> {
    let before = size(path);
    let mut counted = Counted::open(path, progress)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        match counted.read(&mut chunk) {
            Ok(0) => break,
            Ok(_) => {}
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
    Ok((bytes, blake3))
}
