//! The receipt of a source: what was landed for a date, in answer to which queries. Written last.

use model::{BusinessDate, DatabaseKind, FeedContract};
use serde::{Deserialize, Serialize};

/// A feed's file as it was landed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Landed {
    /// Feed.
    pub feed: String,
    /// File name.
    pub file: String,
    /// Rows, without the line of names.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of these bytes, 64 hexadecimal digits.
    pub blake3: String,
    /// BLAKE3 of the query.
    pub query: String,
}

/// The receipt of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Receipt {
    pub(crate) version: u32,
    pub(crate) feeds: Vec<Landed>,
}

/// A feed that is to be landed.
pub(crate) struct Wanted {
    pub(crate) feed: String,
    pub(crate) file: String,
    pub(crate) query: String,
    /// The names of its columns.
    #[cfg(feature = "odbc")]
    pub(crate) columns: Vec<String>,
}

impl Wanted {
    /// What is wanted of a feed for a date; nothing of one that is no query.
    pub(crate) fn of(feed: &FeedContract, kind: DatabaseKind, as_of: BusinessDate) -> Option<Self> {
        Some(Self {
            feed: feed.name.clone(),
            file: feed.file.replace("{date}", &as_of.compact()),
            query: feed.query_of(kind, as_of)?,
            #[cfg(feature = "odbc")]
            columns: feed.columns.iter().map(|column| column.name.clone()).collect(),
        })
    }

    pub(crate) fn digest(&self) -> String {
        blake3::hash(self.query.as_bytes()).to_hex().to_string()
    }
}

impl Receipt {
    /// The receipt of what was landed.
    pub(crate) fn new(feeds: Vec<Landed>) -> Self {
        Self { version: 1, feeds }
    }

    /// A receipt as it was written; nothing of a text that is none.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok().filter(|receipt: &Self| receipt.version == 1)
    }

    /// The same receipt as text.
    pub(crate) fn text(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// Whether it is about these feeds and these queries, and no others.
    pub(crate) fn answers(&self, wanted: &[Wanted]) -> bool {
        let same = |(landed, wanted): (&Landed, &Wanted)| {
            landed.feed == wanted.feed
                && landed.file == wanted.file
                && landed.query == wanted.digest()
        };
        self.feeds.len() == wanted.len() && self.feeds.iter().zip(wanted).all(same)
    }
}

impl Landed {
    /// The line of its flag: name and rows.
    pub(crate) fn flag(&self) -> String {
        format!("{} {}\n", self.file, self.rows)
    }
}
