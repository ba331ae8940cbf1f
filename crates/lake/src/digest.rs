//! Digests and row counts of files, two files at a time.

use crate::LakeError;
use crate::manifest::FileRecord;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::printer::print_schema;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many files are read at once: one disk is not read faster by more.
const READERS: usize = 2;

/// Length in bytes and BLAKE3 digest (64 hexadecimal digits) of a file.
pub fn digest_file(path: &Path) -> io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok((hasher.count(), hasher.finalize().to_hex().to_string()))
}

/// What the manifest says of one staged file, and the columns it has.
pub(crate) struct Described {
    pub(crate) file: FileRecord,
    pub(crate) columns: Vec<String>,
}

/// Reads a staged Parquet file: its digest from its bytes, rows and columns from its footer.
pub(crate) fn describe(path: &Path, name: &str) -> Result<Described, LakeError> {
    let failed = |source| LakeError::io("read", path, source);
    let (bytes, blake3) = digest_file(path).map_err(failed)?;
    let footer = footer(File::open(path).map_err(failed)?);
    let (rows, columns) = footer
        .map_err(|source| LakeError::Parquet { path: path.to_owned(), source: Box::new(source) })?;
    Ok(Described { file: FileRecord { name: name.to_owned(), bytes, rows, blake3 }, columns })
}

/// Does `work` on every item, two at a time; results and the first error in the items' order.
pub(crate) fn two_at_a_time<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> Result<T, LakeError> + Sync,
) -> Result<Vec<T>, LakeError> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((index, item)) = take(items, &next) {
            done.push((index, work(item)));
        }
        done
    };
    let mut done = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..READERS).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, I>(items: &'a [I], next: &AtomicUsize) -> Option<(usize, &'a I)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    items.get(index).map(|item| (index, item))
}

/// Rows of a Parquet file and its columns in the words of the format, one line each.
fn footer(file: File) -> Result<(u64, Vec<String>), ParquetError> {
    let reader = SerializedFileReader::new(file)?;
    let facts = reader.metadata().file_metadata();
    let rows = u64::try_from(facts.num_rows())
        .map_err(|_| ParquetError::General("negative row count".to_owned()))?;
    let columns = facts.schema().get_fields().iter().map(|field| {
        let mut text = Vec::new();
        print_schema(&mut text, field);
        one_line(&String::from_utf8_lossy(&text))
    });
    Ok((rows, columns.collect()))
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(';').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_digest_is_that_of_the_published_test_vector() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("empty");
        std::fs::write(&path, b"").unwrap();
        // BLAKE3 test vectors, input length 0.
        let expected = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
        assert_eq!(digest_file(&path).unwrap(), (0, expected.to_owned()));
    }

    proptest! {
        #[test]
        fn results_keep_the_order_of_the_items(items in prop::collection::vec(0u32..9, 0..40)) {
            let doubled = two_at_a_time(&items, |item| Ok(item * 2)).unwrap();
            prop_assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }
}
