//! Tables as frames: the rows of one range of the key space, or all.

use crate::{io, library, of_stage};
use model::Table;
use night::{EngineError, Input, InputFrom};
use polars::prelude::*;
use std::path::{Path, PathBuf};

/// The name of the part of a bucket, before what tells several of them apart.
pub(crate) fn part_prefix(bucket: usize) -> String {
    format!("part-{bucket:04}")
}

/// An input of a stage for one bucket.
pub(crate) fn input(
    stage: &str,
    input: &Input,
    bucket: usize,
    buckets: usize,
) -> Result<LazyFrame, EngineError> {
    let table = crate::known(&input.table)?;
    let dir = match &input.from {
        InputFrom::Tonight(dir) | InputFrom::Previous(dir) => dir,
        InputFrom::Nowhere => {
            return Ok(stages::empty(table.name).map_err(|e| of_stage(stage, &e))?.lazy());
        }
    };
    let laid_out = !table.is_published() && table.partition.is_some();
    let files = match &input.by {
        Some(_) if laid_out => parts(dir, &part_prefix(bucket))?,
        _ => parts(dir, "part-")?,
    };
    let frame = scan(stage, table, &files)?;
    Ok(match &input.by {
        Some(key) if !laid_out && buckets > 1 => frame.filter(in_range(key, bucket, buckets)),
        _ => frame,
    })
}

/// The rows of files of a table, decimals as minor units.
pub(crate) fn scan(
    stage: &str,
    table: &Table,
    files: &[PathBuf],
) -> Result<LazyFrame, EngineError> {
    if files.is_empty() {
        return Ok(stages::empty(table.name).map_err(|e| of_stage(stage, &e))?.lazy());
    }
    stages::minor(table.name, rows_as_written(stage, files)?).map_err(|e| of_stage(stage, &e))
}

/// The rows of files, in their order, as they were written.
pub(crate) fn rows_as_written(stage: &str, files: &[PathBuf]) -> Result<LazyFrame, EngineError> {
    let paths: PolarsResult<Vec<PlRefPath>> =
        files.iter().map(|path| PlRefPath::try_from_path(path)).collect();
    let paths = paths.map_err(|e| library(stage, &e))?;
    let args = ScanArgsParquet { glob: false, cache: false, ..ScanArgsParquet::default() };
    LazyFrame::scan_parquet_sources(ScanSources::Paths(paths.into_iter().collect()), args)
        .map_err(|e| library(stage, &e))
}

/// The files of a table whose name begins so, in order.
pub(crate) fn parts(dir: &Path, prefix: &str) -> Result<Vec<PathBuf>, EngineError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|e| io("read folder", dir, e))? {
        let path = entry.map_err(|e| io("read folder", dir, e))?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.starts_with(prefix) && name.ends_with(".parquet") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Keys of a bucket: `bucket * 2^63 <= key * buckets < (bucket + 1) * 2^63`.
pub(crate) fn in_range(key: &str, bucket: usize, buckets: usize) -> Expr {
    let bound = |at: usize| {
        let first = ((at as u128) << 63).div_ceil(buckets as u128);
        i64::try_from(first).unwrap_or(i64::MAX)
    };
    let from = col(key).gt_eq(lit(bound(bucket)));
    if bucket + 1 == buckets { from } else { from.and(col(key).lt(lit(bound(bucket + 1)))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_exactly_the_keys_of_its_bucket() {
        let keys: Vec<i64> = (0..5_000_i64).map(|i| model::key63(&[&i.to_string()])).collect();
        let edges = [0, 1, i64::MAX, i64::MAX - 1, i64::MAX / 2, i64::MAX / 2 + 1];
        let all: Vec<i64> = keys.into_iter().chain(edges).collect();
        let frame = df!("key" => &all).unwrap();
        for buckets in [2, 7, 64] {
            for bucket in 0..buckets {
                let kept = frame.clone().lazy().filter(in_range("key", bucket, buckets));
                let kept = kept.collect().unwrap();
                let expect = all.iter().filter(|k| model::bucket_of(**k, buckets) == bucket);
                assert_eq!(kept.height(), expect.count(), "{bucket} of {buckets}");
            }
        }
    }
}
