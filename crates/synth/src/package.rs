//! Files that travel together: one archive (POSIX ustar), packed.

use crate::params::SynthError;
use flate2::{Compression, GzBuilder};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// Bytes of a block.
const BLOCK: usize = 512;

/// Packs `members` of `folder` into `name` there, and takes them away; gives its bytes.
pub(crate) fn close(
    folder: &Path,
    name: &str,
    members: &[String],
    level: Compression,
) -> Result<u64, SynthError> {
    let path = folder.join(name);
    let written = pack(folder, &path, members, level);
    written.map_err(|source| SynthError::Write { path, source })
}

fn pack(
    folder: &Path,
    path: &Path,
    members: &[String],
    level: Compression,
) -> std::io::Result<u64> {
    let file = BufWriter::with_capacity(1 << 18, File::create(path)?);
    // No time and no system in the header: equal members give equal bytes.
    let mut out = GzBuilder::new().mtime(0).operating_system(0xff).write(file, level);
    for member in members {
        let from = folder.join(member);
        let bytes = std::fs::metadata(&from)?.len();
        out.write_all(&header(member, bytes))?;
        let copied = std::io::copy(&mut BufReader::new(File::open(&from)?), &mut out)?;
        let over = usize::try_from(copied % BLOCK as u64).unwrap_or(0);
        out.write_all(&[0; BLOCK][..(BLOCK - over) % BLOCK])?;
        std::fs::remove_file(&from)?;
    }
    out.write_all(&[0; 2 * BLOCK])?;
    out.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(std::fs::metadata(path)?.len())
}

/// The header block of a plain file that anybody may read, of no owner and no time.
fn header(name: &str, bytes: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let size = format!("{bytes:011o}");
    let fields: [(usize, &[u8]); 8] = [
        (0, name.as_bytes()),
        (100, b"0000644"),
        (108, b"0000000"),
        (116, b"0000000"),
        (124, size.as_bytes()),
        (136, b"00000000000"),
        (148, b"        0"),
        (257, b"ustar\x0000"),
    ];
    for (at, text) in fields {
        block[at..at + text.len()].copy_from_slice(text);
    }
    let sum: u32 = block.iter().copied().map(u32::from).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}
