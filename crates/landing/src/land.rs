//! Lands a source: all its feeds in one snapshot, or none of them.

use crate::address::address_of;
use crate::error::{Cause, LandingError};
use crate::files::Folder;
use crate::password::password_of;
use crate::receipt::{Landed, Wanted};
use crate::session::Session;
use model::{BusinessDate, DatabaseContract, SourceContract};
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
        let feeds = self.source.feeds.iter();
        feeds.filter_map(|feed| Wanted::of(feed, self.as_of)).collect()
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
    let mut session = begin(order, database).map_err(of_source)?;
    let mut landed = Vec::with_capacity(wanted.len());
    for one in wanted {
        let feed = copy(&mut session, folder, one, order.progress);
        landed.push(feed.map_err(|cause| cause.at(&order.source.system, Some(&one.feed)))?);
    }
    session.end().map_err(of_source)?;
    folder.put(&landed).map_err(of_source)?;
    Ok(landed)
}

fn begin(order: &Order<'_>, database: &DatabaseContract) -> Result<Session, Cause> {
    let (address, policy) = address_of(database)?;
    let password = password_of(database, &address, order.base)?;
    let mut session = Session::begin(database, address, policy, password.as_ref(), order.base)?;
    session.snapshot(database)?;
    Ok(session)
}

fn copy(
    session: &mut Session,
    folder: &Folder,
    wanted: &Wanted,
    progress: &dyn Fn(u64),
) -> Result<Landed, Cause> {
    let mut part = folder.part(&wanted.file)?;
    let counted = session.copy(&wanted.query, &mut |bytes| {
        progress(bytes.len() as u64);
        part.take(bytes)
    })?;
    part.finish(wanted, counted)
}
