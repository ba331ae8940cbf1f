//! Lands a source: all its feeds in one snapshot, or none of them.

use crate::error::{Cause, LandingError};
use crate::files::Folder;
use crate::receipt::{Landed, Wanted};
use crate::session::Session;
use model::{BusinessDate, DatabaseContract, DatabaseKind, SourceContract};
use std::path::Path;

/// What is landed, and where.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The source; nothing is landed of one that is no database.
    pub source: &'a SourceContract,
    /// The business date.
    pub as_of: BusinessDate,
    /// The folder of the files.
    pub folder: &'a Path,
    /// A folder above it that is there; what is missing between them is made.
    pub above: &'a Path,
    /// The folder that files named by the contract are relative to.
    pub base: &'a Path,
    /// Whether to ask the database though an earlier answer to the same queries is there.
    pub again: bool,
    /// Told the bytes that have come since it was last told.
    pub progress: &'a dyn Fn(u64),
}

/// One state of a database, from which results are taken.
pub(crate) trait Snapshot {
    /// Hands the result of a query to `take`, as CSV with a line of names. Gives the rows the server
    /// counts.
    fn copy(&mut self, wanted: &Wanted, take: Take<'_>) -> Result<u64, Cause>;

    /// Ends the snapshot and the session.
    fn end(self: Box<Self>) -> Result<(), Cause>;
}

/// Takes the next bytes of a result.
pub(crate) type Take<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Cause>;

/// Lands the feeds of a source, in the order of its contract. Gives what lies there, and whether the
/// database was asked for it: files of an earlier landing are used again, as long as the queries are the
/// same and all files are there.
///
/// Files come under their names only when the whole source has come. What lay there before a landing
/// that fails stays.
pub fn land(order: &Order<'_>) -> Result<(Vec<Landed>, bool), LandingError> {
    let Some(database) = &order.source.database else { return Ok((Vec::new(), false)) };
    let wanted = order.wanted();
    let folder = Folder::at(order.folder.to_owned());
    if !order.again
        && let Some(landed) = folder.landed(&wanted)
    {
        return Ok((landed, false));
    }
    let landed = ask(order, database, &folder, &wanted);
    if landed.is_err() {
        folder.clear_parts(&wanted);
    }
    landed.map(|landed| (landed, true))
}

/// Whether an earlier answer to the same queries is there; asks nobody.
pub fn is_landed(order: &Order<'_>) -> bool {
    Folder::at(order.folder.to_owned()).landed(&order.wanted()).is_some()
}

impl Order<'_> {
    fn wanted(&self) -> Vec<Wanted> {
        let Some(database) = &self.source.database else { return Vec::new() };
        let feeds = self.source.feeds.iter();
        feeds.filter_map(|feed| Wanted::of(feed, database.kind, self.as_of)).collect()
    }
}

fn ask(
    order: &Order<'_>,
    database: &DatabaseContract,
    folder: &Folder,
    wanted: &[Wanted],
) -> Result<Vec<Landed>, LandingError> {
    let of_source = |cause: Cause| cause.at(&order.source.system, None);
    folder.make(order.above).map_err(of_source)?;
    let mut snapshot = begin(order, database).map_err(of_source)?;
    let mut landed = Vec::with_capacity(wanted.len());
    for one in wanted {
        let feed = copy(snapshot.as_mut(), folder, one, order.progress);
        landed.push(feed.map_err(|cause| cause.at(&order.source.system, Some(&one.feed)))?);
    }
    snapshot.end().map_err(of_source)?;
    folder.put(&landed).map_err(of_source)?;
    Ok(landed)
}

fn begin(order: &Order<'_>, database: &DatabaseContract) -> Result<Box<dyn Snapshot>, Cause> {
    Ok(match database.kind {
        DatabaseKind::Postgresql => Box::new(Session::snapshot_of(database, order.base)?),
        #[cfg(feature = "odbc")]
        DatabaseKind::Odbc => Box::new(crate::odbc::Session::snapshot_of(database, order.base)?),
        #[cfg(not(feature = "odbc"))]
        DatabaseKind::Odbc => {
            let problem = "`kind = \"odbc\"` takes a program that was built with it (right: `cargo build \
                           --release --features odbc`, where unixODBC and its headers are installed)";
            return Err(Cause::Contract { problem: problem.into() });
        }
    })
}

fn copy(
    snapshot: &mut dyn Snapshot,
    folder: &Folder,
    wanted: &Wanted,
    progress: &dyn Fn(u64),
) -> Result<Landed, Cause> {
    let mut part = folder.part(&wanted.file)?;
    let counted = snapshot.copy(wanted, &mut |bytes| {
        progress(bytes.len() as u64);
        part.take(bytes)
    })?;
    part.finish(wanted, counted)
}
