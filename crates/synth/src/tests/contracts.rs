//! The files the generator writes are those the contracts declare.

use super::reading::contracts;
use crate::feeds::{FEEDS, FLAGS, FeedSpec, Frame, Layout, Quotes};
use crate::systems::SYSTEMS;
use model::{CharSet, FeedContract, FileShape, Packing, ProductBook, table};

fn specs() -> Vec<(FeedSpec, FeedContract)> {
    let contracts = contracts();
    let of = |spec: &FeedSpec| {
        let contract = contracts.iter().find(|c| c.system == spec.system).unwrap();
        contract.feeds.iter().find(|f| f.file == spec.file).unwrap().clone()
    };
    FEEDS.iter().filter(|spec| spec.system != "truth").map(|spec| (*spec, of(spec))).collect()
}

#[test]
fn every_declared_feed_is_written_and_no_other() {
    let declared: usize = contracts().iter().map(|c| c.feeds.len()).sum();
    assert_eq!(specs().len(), declared);
    let systems: Vec<_> = contracts().iter().map(|c| c.system.clone()).collect();
    assert_eq!(systems, SYSTEMS.map(crate::people::System::name));
}

#[test]
fn columns_layout_and_frame_are_those_of_the_contract() {
    for (spec, feed) in specs() {
        let place = spec.file;
        let names: Vec<_> = feed.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(spec.names().collect::<Vec<_>>(), names, "{place}");
        assert_eq!(spec.gzip, feed.packing == Packing::Gzip, "{place}");
        assert_eq!(spec.gb, feed.charset == CharSet::Gb18030 && !names.is_empty(), "{place}");
        let flag = FLAGS.iter().find(|(system, _)| *system == spec.system).map(|(_, flag)| *flag);
        assert_eq!(flag, feed.flag.as_deref(), "{place}");
        assert_eq!(shape(&spec), feed.shape, "{place}");
        if let Layout::Fixed(widths) = spec.layout {
            let declared: Vec<_> = feed.columns.iter().map(|c| c.width.unwrap()).collect();
            assert_eq!(widths, declared);
        }
        let frame = (
            feed.header.is_some(),
            feed.trailer.as_ref().map(|t| (t.total_field.is_some(), t.count_includes_all)),
        );
        let written = match spec.frame {
            Frame::Bare | Frame::Names => (false, None),
            Frame::Header(_) => (true, None),
            Frame::HeaderTrailer { total, all, .. } => (true, Some((total, all))),
        };
        assert_eq!(written, frame, "{place}");
        let amount = spec.amount.map(|at| names[at]);
        assert!(amount.is_none() || amount == feed.amount.as_deref(), "{place}");
    }
}

fn shape(spec: &FeedSpec) -> FileShape {
    match spec.layout {
        Layout::Fixed(_) => FileShape::Fixed,
        Layout::Json => FileShape::JsonLines,
        Layout::Separated { by, quotes } => FileShape::Delimited {
            separator: by.to_owned(),
            quoted: quotes != Quotes::Never,
            names: spec.frame == Frame::Names,
        },
    }
}

#[test]
fn feeds_are_listed_in_the_order_of_their_names() {
    for (at, spec) in FEEDS.iter().enumerate() {
        assert_eq!(spec.feed as usize, at, "{}", spec.file);
    }
}

#[test]
fn mapped_products_are_in_the_book_and_the_book_in_the_mappings() {
    let text = include_str!("../../../../jobs/products.toml");
    let book = ProductBook::parse(text, "jobs/products.toml").unwrap();
    let mut mapped = Vec::new();
    for feed in contracts().iter().flat_map(|c| &c.feeds) {
        for mapping in feed.tables.iter().filter(|m| m.table == "account") {
            let sql = &mapping.columns["product"];
            mapped.extend(results(sql));
        }
    }
    mapped.sort();
    let mut known: Vec<_> = book.products.iter().map(|p| p.product.clone()).collect();
    known.sort();
    assert_eq!(mapped, known);
}

/// The literals that an expression can give: those after THEN and ELSE, or the only one.
fn results(sql: &str) -> Vec<String> {
    let literals: Vec<&str> = sql.split('\'').collect();
    let given = literals.windows(2).enumerate().filter(|(at, pair)| {
        let before = pair[0].trim_end();
        at % 2 == 0 && (before.is_empty() || before.ends_with("THEN") || before.ends_with("ELSE"))
    });
    given.map(|(_, pair)| pair[1].to_owned()).collect()
}

#[test]
fn every_mapping_gives_the_keys_of_its_table() {
    let keys = |name: &str| match name {
        "party" => vec!["party_key", "kind", "opened_on"],
        "account" => vec!["account_key", "product", "currency", "opened_on", "status"],
        "role" => vec!["account_key", "party_key", "role"],
        "balance" => vec!["account_key", "date", "balance", "average_balance"],
        "event" => vec!["account_key", "date", "direction", "amount", "channel", "type"],
        "interaction" => vec!["party_key", "date", "touchpoint"],
        "feedback" => vec!["party_key", "date", "feedback_kind"],
        "rate" => vec!["curve", "date", "tenor_days", "rate_ppm"],
        "branch" => vec!["branch", "branch_name"],
        other => panic!("{other}"),
    };
    for contract in contracts() {
        for mapping in contract.feeds.iter().flat_map(|f| &f.tables) {
            for key in keys(&mapping.table) {
                assert!(
                    mapping.columns.contains_key(key),
                    "{}: {} {key}",
                    contract.system,
                    mapping.table
                );
                assert!(table(&mapping.table).unwrap().column(key).is_some());
            }
        }
    }
}
