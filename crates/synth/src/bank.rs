//! The bank, night by night: chunks are made side by side and written in order.

use crate::chunk::{World, Yield, make};
use crate::days::Night;
use crate::faults::plant;
use crate::feeds::{FEEDS, FLAGS};
use crate::outlet::{Outlet, Piece};
use crate::package;
use crate::params::{FileCount, Params, Summary, SynthError};
use crate::systems::write_once;
use flate2::Compression;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// A bank of up to so many clients is one to keep, and packed tighter than one to run once.
const KEPT: u64 = 10_000;

/// Writes the bank below `out`: `night/YYYYMMDD/` with every night's extracts and `truth/` with
/// what no night may read. `progress` hears how many clients of how many are done (a client counts
/// once a night).
///
/// Existing files of the same names are replaced. Equal parameters give equal bytes, whatever the
/// number of threads.
pub fn generate(
    params: &Params,
    out: &Path,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Summary, SynthError> {
    params.check()?;
    let world = World::new(params);
    let mut summary = Summary::default();
    for back in (0..params.nights).rev() {
        let night = Night::new(params.as_of, params.nights, back);
        let done = params.clients * u64::from(params.nights - 1 - back);
        let total = params.clients * u64::from(params.nights);
        let heard = |clients: u64| progress(done + clients.min(params.clients), total);
        write_night(params, &world, &night, out, &heard, &mut summary)?;
    }
    Ok(summary)
}

fn write_night(
    params: &Params,
    world: &World<'_>,
    night: &Night,
    out: &Path,
    heard: &dyn Fn(u64),
    summary: &mut Summary,
) -> Result<(), SynthError> {
    let folder = format!("night/{}", night.stamp);
    let last = night.as_of == world.last;
    let mut outlets = open(out, &folder, night, last)?;
    let batch = u64::try_from(rayon::current_num_threads()).unwrap_or(1).max(1);
    let mut next = 0;
    while next < world.chunks() {
        let end = (next + batch).min(world.chunks());
        let made: Vec<_> = (next..end)
            .into_par_iter()
            .map(|chunk| pieces(params, world, night, &folder, chunk))
            .collect::<Result<_, _>>()?;
        for chunk in made {
            add(&mut outlets, chunk, last, summary)?;
        }
        next = end;
        heard(end * crate::chunk::CHUNK);
    }
    let counts =
        outlets.into_iter().flatten().map(Outlet::finish).collect::<Result<Vec<_>, _>>()?;
    if last {
        summary.records =
            counts.iter().find(|c| c.path == "truth/identity.csv").map_or(0, |c| c.rows);
    }
    let files = close_packages(params, &out.join(&folder), &folder, night, &counts)?;
    flags(out, &folder, night, &counts)?;
    summary.files.extend(files);
    Ok(())
}

/// Packs what travels together: the files that are there then.
fn close_packages(
    params: &Params,
    path: &Path,
    folder: &str,
    night: &Night,
    counts: &[FileCount],
) -> Result<Vec<FileCount>, SynthError> {
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for spec in &FEEDS {
        if let Some(package) = spec.package {
            let package = package.replace("{date}", &night.stamp);
            members.entry(package).or_default().push(spec.named(&night.stamp));
        }
    }
    let mut files = counts.to_vec();
    for (name, members) in members {
        let bytes = package::close(path, &name, &members, level(params.clients))?;
        let paths: Vec<String> = members.iter().map(|m| format!("{folder}/{m}")).collect();
        let (packed, others): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| paths.contains(&file.path));
        files = others;
        let rows = packed.iter().map(|file| file.rows).sum();
        files.push(FileCount { path: format!("{folder}/{name}"), rows, bytes });
    }
    Ok(files)
}

fn level(clients: u64) -> Compression {
    if clients <= KEPT { Compression::default() } else { Compression::fast() }
}

fn open(
    out: &Path,
    folder: &str,
    night: &Night,
    last: bool,
) -> Result<Vec<Option<Outlet>>, SynthError> {
    for name in [folder, "truth"] {
        let path = out.join(name);
        std::fs::create_dir_all(&path).map_err(|source| SynthError::Write { path, source })?;
    }
    let outlet = |spec: &'static crate::feeds::FeedSpec| match spec.system {
        "truth" if last => Outlet::open(spec, out, "truth", &night.stamp).map(Some),
        "truth" => Ok(None),
        _ => Outlet::open(spec, out, folder, &night.stamp).map(Some),
    };
    FEEDS.iter().map(outlet).collect()
}

/// A chunk, encoded.
struct Made {
    pieces: Vec<Piece>,
    persons: u64,
    organisations: u64,
    faults: Vec<crate::params::PlantedFault>,
}

fn pieces(
    params: &Params,
    world: &World<'_>,
    night: &Night,
    folder: &str,
    chunk: u64,
) -> Result<Made, SynthError> {
    let Yield { mut book, persons, organisations } = make(world, night, chunk);
    let mut faults = Vec::new();
    if chunk == 0 {
        write_once(night, &mut book);
        if params.faults {
            faults = plant(&mut book, night, folder);
        }
    }
    let level = level(world.clients);
    let pieces =
        book.feeds.into_iter().map(|feed| Piece::of(feed, level)).collect::<Result<_, _>>()?;
    Ok(Made { pieces, persons, organisations, faults })
}

fn add(
    outlets: &mut [Option<Outlet>],
    made: Made,
    last: bool,
    summary: &mut Summary,
) -> Result<(), SynthError> {
    for (outlet, piece) in outlets.iter_mut().zip(&made.pieces) {
        if let Some(outlet) = outlet {
            outlet.add(piece)?;
        }
    }
    summary.faults.extend(made.faults);
    if last {
        summary.persons += made.persons;
        summary.organisations += made.organisations;
    }
    Ok(())
}

/// The flags come last: a source sends them when its package is complete. They hold the count of
/// rows of each file.
fn flags(out: &Path, folder: &str, night: &Night, counts: &[FileCount]) -> Result<(), SynthError> {
    for (system, flag) in FLAGS {
        let mut text = String::new();
        for spec in FEEDS.iter().filter(|spec| spec.system == system) {
            let name = spec.named(&night.stamp);
            let path = format!("{folder}/{name}");
            let rows = counts.iter().find(|c| c.path == path).map_or(0, |c| c.rows);
            let _ = writeln!(text, "{name} {rows}");
        }
        let path = out.join(folder).join(flag.replace("{date}", &night.stamp));
        std::fs::write(&path, text).map_err(|source| SynthError::Write { path, source })?;
    }
    Ok(())
}
