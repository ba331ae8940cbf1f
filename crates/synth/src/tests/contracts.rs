//! The files the generator writes are those the contracts declare.

use super::reading::contracts;
use crate::feeds::{Coding, Column, FEEDS, FLAGS, FeedSpec, Form, Frame, Layout, Packed, Quotes};
use crate::records::Item;
use crate::systems::SYSTEMS;
use crate::workbook::NAMES_ROW;
use model::{
    CharSet, CobolCoding, CobolContent, ColumnType, Direction, FeedContract, FileShape, Framing,
    Packing, ProductBook, table,
};

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
        assert_eq!(packing(&spec), feed.packing, "{place}");
        assert_eq!(charset(&spec), feed.charset, "{place}");
        assert_eq!(spec.package, feed.package.as_deref(), "{place}");
        let flag = FLAGS.iter().find(|(system, _)| *system == spec.system).map(|(_, flag)| *flag);
        assert_eq!(flag, feed.flag.as_deref(), "{place}");
        assert_shape(&spec, &feed);
        if let Layout::Fixed(widths) = spec.layout {
            let declared: Vec<_> = feed.columns.iter().map(|c| c.width.unwrap()).collect();
            assert_eq!(widths, declared);
        }
        let frame = (
            feed.header.is_some(),
            feed.trailer
                .as_ref()
                .map(|t| (t.total_field.is_some(), t.count_includes.around() == 2)),
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

fn packing(spec: &FeedSpec) -> Packing {
    match spec.packed {
        Packed::No => Packing::None,
        Packed::Gzip => Packing::Gzip,
        Packed::Zstd => Packing::Zstd,
    }
}

fn charset(spec: &FeedSpec) -> CharSet {
    match (spec.form, spec.coding) {
        (Form::Records(_), _) => crate::records::CHARSET,
        (_, Coding::Utf8) => CharSet::Utf8,
        (_, Coding::Gb18030) => CharSet::Gb18030,
        (_, Coding::Utf16) => CharSet::Utf16Le,
    }
}

fn assert_shape(spec: &FeedSpec, feed: &FeedContract) {
    let types = |columns: &[Column]| {
        let typed = feed.columns.iter().zip(columns).all(|(contract, column)| match column {
            Column::Text => contract.kind == ColumnType::Text,
            Column::Day => contract.kind == ColumnType::Date && contract.format.is_none(),
            Column::Number => matches!(contract.kind, ColumnType::Integer | ColumnType::Money),
        });
        assert!(typed && columns.len() == feed.columns.len(), "{}", spec.file);
    };
    match (spec.form, &feed.shape) {
        (Form::Lines, shape) => assert_eq!(lines(spec), *shape, "{}", spec.file),
        (Form::Parquet(columns), FileShape::Parquet) => types(columns),
        (Form::Sheet(columns), FileShape::Sheet { names_row, .. }) => {
            assert_eq!(*names_row as usize, NAMES_ROW);
            types(columns);
        }
        (Form::Records(items), FileShape::Records(shape)) => {
            assert_eq!(shape.framing, Framing::Rdw);
            let fields = &feed.layout.as_ref().unwrap().fields;
            assert_eq!(items.len(), fields.len());
            let mut at = 0;
            for (item, field) in items.iter().zip(fields) {
                let same = match (item, &field.cobol.content) {
                    (Item::Text(_), CobolContent::Text) => true,
                    (Item::Day | Item::Digits(_), CobolContent::Number(number)) => {
                        matches!(number.coding, CobolCoding::Zoned(_)) && !number.signed
                    }
                    (Item::Packed(digits), CobolContent::Number(number)) => {
                        number.coding == CobolCoding::Packed && number.digits == *digits
                    }
                    _ => false,
                };
                assert!(same && (field.at, field.cobol.width) == (at, item.width()), "{item:?}");
                at += item.width();
            }
        }
        (form, shape) => panic!("{}: {form:?} is no {shape:?}", spec.file),
    }
}

fn lines(spec: &FeedSpec) -> FileShape {
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
fn what_a_trailer_sums_up_is_what_the_contract_says() {
    for (spec, feed) in specs() {
        let Some(sides) = spec.sides else {
            assert!(feed.direction.is_none() && feed.hash.is_none(), "{}", spec.file);
            continue;
        };
        let (Some(Direction::Column(direction)), Some(hash)) = (&feed.direction, &feed.hash) else {
            panic!("{}: no sides", spec.file)
        };
        let name = |at: usize| feed.columns[at].name.as_str();
        assert_eq!((name(sides.by), name(sides.hash)), (&*direction.column, &*hash.column));
        assert!(
            sides.debit.iter().eq(&direction.debit) && sides.credit.iter().eq(&direction.credit)
        );
        assert_eq!(sides.digits, hash.modulo_digits);
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
