//! Who asks databases in a night: the crate `landing`.

use night::{LandOrder, Landed, Unlanded, Watch};

/// Lands the sources that are databases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Databases {
    /// Ask again for what was landed before.
    pub(crate) again: bool,
}

impl Databases {
    fn order<'a>(self, order: &LandOrder<'a>, progress: &'a dyn Fn(u64)) -> landing::Order<'a> {
        landing::Order {
            source: order.source,
            as_of: order.as_of,
            folder: order.folder,
            above: order.lake,
            base: order.base,
            again: self.again,
            progress,
        }
    }
}

impl night::Databases for Databases {
    fn land(&self, order: &LandOrder<'_>, watch: &dyn Watch) -> Result<Vec<Landed>, Unlanded> {
        let progress = |bytes| watch.advance(bytes);
        let (feeds, asked) = landing::land(&self.order(order, &progress)).map_err(|error| {
            Unlanded { exit_code: error.kind().exit_code(), text: error.to_string() }
        })?;
        let landed = |feed: landing::Landed| Landed {
            system: order.source.system.clone(),
            feed: feed.feed,
            file: feed.file,
            rows: feed.rows,
            bytes: feed.bytes,
            blake3: feed.blake3,
            reused: !asked,
        };
        Ok(feeds.into_iter().map(landed).collect())
    }

    fn is_landed(&self, order: &LandOrder<'_>) -> bool {
        !self.again && landing::is_landed(&self.order(order, &|_| {}))
    }
}
