//! How the bytes of a feed lie on disk: packed, in a package, counted by a flag.

use super::FeedContract;
use crate::contract::{ColumnType, FileShape};
use serde::Deserialize;

/// How a file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// Not at all.
    #[default]
    None,
    /// One gzip member (RFC 1952).
    Gzip,
    /// One gzip member or several, one behind the other. That the last is missing does not show.
    GzipMembers,
    /// One Zstandard frame (RFC 8878).
    Zstd,
    /// One Zstandard frame or several, one behind the other. That the last is missing does not show.
    ZstdFrames,
}

impl Packing {
    /// How a package of this name is packed, none when the name does not tell.
    pub fn of_package(name: &str) -> Option<Self> {
        let endings = [
            (".tar", Self::None),
            (".tar.gz", Self::Gzip),
            (".tgz", Self::Gzip),
            (".tar.zst", Self::Zstd),
        ];
        endings.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, packing)| packing)
    }
}

impl FeedContract {
    /// Whether the file on disk is smaller than what is read from it.
    pub fn is_packed(&self) -> bool {
        let package = self.package.as_deref().and_then(Packing::of_package);
        package.is_some_and(|p| p != Packing::None)
            || self.packing != Packing::None
            || self.shape.is_typed()
    }

    pub(super) fn packing_holds(&self) -> Result<(), String> {
        if let Some(package) = &self.package {
            if Packing::of_package(package).is_none() {
                return Err(format!(
                    "`package` is `{package}` (expected a name that ends in .tar, .tar.gz, .tgz or .tar.zst)"
                ));
            }
            let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\\');
            if !self.file.split('/').all(plain) {
                return Err(format!(
                    "`file` is `{}` (expected the path of a member as it stands in the package, without `.` and `..`)",
                    self.file
                ));
            }
        }
        if self.flag_counts && self.flag.is_none() {
            return Err("`flag_counts` needs a `flag`".into());
        }
        Ok(())
    }

    /// What a file that has types of its own leaves no room for.
    pub(super) fn typed_holds(&self) -> Result<(), String> {
        if !self.shape.is_typed() {
            return Ok(());
        }
        if self.header.is_some() || self.trailer.is_some() {
            return Err("`header` and `trailer` are for files of lines (use `flag_counts`)".into());
        }
        if self.charset != super::CharSet::default() {
            return Err("`charset` is for files of text (leave it out)".into());
        }
        if let Some(column) = self.columns.iter().find(|column| column.width.is_some()) {
            return Err(format!("column `{}` has a `width` (only fixed width has)", column.name));
        }
        match self.shape {
            FileShape::Sheet { names_row: 0, .. } => Err("`names_row` counts from 1".into()),
            FileShape::Sheet { names_row, most_rows, .. } if names_row > most_rows => {
                Err("`names_row` is beyond `most_rows`".into())
            }
            _ => Ok(()),
        }
    }

    /// Whether a date column needs no `format`: where days are days, a format says that they are
    /// written as text.
    pub(super) fn has_days(&self, kind: ColumnType, format: Option<&str>) -> bool {
        kind == ColumnType::Date && format.is_none() && self.shape.is_typed()
    }
}
