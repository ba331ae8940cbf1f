//! A real bank's files, where they are: the shared data folder is not a part of the product.

use super::{Once, as_of};
use crate::arrive::arrive;
use crate::outcome::FeedOutcome;
use crate::read::read_feed;
use arrow::array::{Array, AsArray};
use model::SourceContract;
use std::path::PathBuf;

const CONTRACT: &str = r#"
version = 1
system = "berka"
title = "Berka"
[[feed]]
name = "orders"
file = "raw/order.asc"
shape = { kind = "delimited", separator = ";", quoted = true, names = true }
unique = ["order_id"]
amount = "amount"
columns = [
    { name = "order_id", type = "integer", required = true },
    { name = "account_id", type = "integer", required = true },
    { name = "bank_to", type = "text" },
    { name = "account_to", type = "text" },
    { name = "amount", type = "money" },
    { name = "k_symbol", type = "text", blank = "none" },
]
[[feed]]
name = "district"
file = "raw/district.asc"
shape = { kind = "delimited", separator = ";", quoted = true, names = true }
null = ["?"]
columns = [
    { name = "A1", type = "integer", required = true }, { name = "A2", type = "text" },
    { name = "A3", type = "text" }, { name = "A4", type = "integer" },
    { name = "A5", type = "integer" }, { name = "A6", type = "integer" },
    { name = "A7", type = "integer" }, { name = "A8", type = "integer" },
    { name = "A9", type = "integer" }, { name = "A10", type = "decimal", scale = 1 },
    { name = "A11", type = "integer" }, { name = "A12", type = "decimal", scale = 2 },
    { name = "A13", type = "decimal", scale = 2 }, { name = "A14", type = "integer" },
    { name = "A15", type = "integer" }, { name = "A16", type = "integer" },
]
[[feed]]
name = "trans"
file = "trans_1993-01_1994-03_exact.asc.gz"
packing = "gzip"
shape = { kind = "delimited", separator = ";", quoted = true, names = true }
unique = ["trans_id"]
amount = "amount"
columns = [
    { name = "trans_id", type = "integer", required = true },
    { name = "account_id", type = "integer", required = true },
    { name = "date", type = "date", format = "%y%m%d", required = true },
    { name = "type", type = "text", values = ["PRIJEM", "VYDAJ", "VYBER"] },
    { name = "operation", type = "text", quoted_empty = "own" },
    { name = "amount", type = "money", required = true },
    { name = "balance", type = "money" },
    { name = "k_symbol", type = "text", quoted_empty = "unknown", blank = "none" },
    { name = "bank", type = "text" },
    { name = "account", type = "text" },
]
"#;

#[test]
fn a_real_bank_reads_without_a_reject() {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let shared = std::env::var_os("CLIENTELE_SHARED_DATA").map_or(beside, PathBuf::from);
    let folder = shared.join("berka");
    if !folder.is_dir() {
        println!("skipped: no folder `berka` in CLIENTELE_SHARED_DATA");
        return;
    }
    let sources = [SourceContract::parse(CONTRACT, "test").unwrap()];
    let arrived = arrive(&sources, &folder, as_of(), &|_| {}).unwrap();
    let mut nulls = 0;
    let read = |at: usize, column: usize, nulls: &mut usize| -> FeedOutcome {
        let mut sink = Once(|batch: arrow::record_batch::RecordBatch| {
            *nulls += batch.column(column).null_count();
            assert_eq!(batch.columns().last().map(Array::null_count), Some(0));
            if at == 0 {
                let symbols = batch.column(5).as_string::<i32>();
                assert_eq!(symbols.iter().filter(|s| *s == Some("none")).count(), 1_379);
            }
            Ok(())
        });
        let feed = &sources[0].feeds[at];
        read_feed("berka", feed, &arrived[at], as_of(), &mut sink, &|_| {}, &std::env::temp_dir())
            .unwrap()
    };
    let [orders, district, trans] =
        [(0, 5), (1, 11), (2, 8)].map(|(at, c)| read(at, c, &mut nulls));
    assert_eq!((orders.rows_delivered, orders.rows_rejected), (6_471, 0));
    assert_eq!((district.rows_delivered, district.rows_rejected), (77, 0));
    assert_eq!((trans.rows_delivered, trans.rows_read), (49_102, 49_102));
    assert!(trans.amount_delivered > 0 && nulls > 1, "{nulls}");
}
