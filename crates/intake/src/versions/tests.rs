use super::*;
use crate::tests::feed;
use arrow::array::{Array, Date32Array, Int64Array, RecordBatch, StringArray};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Keys by name; two of them share a hash.
fn key_of(name: u8) -> i64 {
    i64::from(name / 2)
}

fn rules(day: i32, missing: Missing) -> Rules {
    Rules { day, file: format!("file_{day}"), layout: 1, missing }
}

fn tonight(name: u8, what: What) -> Tonight {
    Tonight { key: key_of(name), row_key: name.to_string(), source_row: i64::from(name), what }
}

/// A bank's table: what each key is.
type Table = BTreeMap<u8, u8>;

fn full(table: &Table) -> Vec<Tonight> {
    table.iter().map(|(name, value)| tonight(*name, What::Is(value.to_string()))).collect()
}

/// What a source would send that tells only what is new, changed or gone.
fn delta(before: &Table, after: &Table) -> Vec<Tonight> {
    let new = after.iter().filter(|(name, value)| before.get(name) != Some(value));
    let gone = before.keys().filter(|name| !after.contains_key(name));
    let new = new.map(|(name, value)| tonight(*name, What::Is(value.to_string())));
    new.chain(gone.map(|name| tonight(*name, What::Gone))).collect()
}

fn open(versions: &[Version]) -> Table {
    let open = versions.iter().filter(|version| version.valid_to.is_none());
    open.map(|v| (v.row_key.parse().unwrap(), v.row.parse().unwrap())).collect()
}

/// Rows that begin with the same line came by different files; what counts is when and what.
fn history(versions: &[Version]) -> Vec<(&str, i32, Option<i32>, &str)> {
    let of = |v: &'_ Version| (v.valid_from, v.valid_to);
    versions.iter().map(|v| (v.row_key.as_str(), of(v).0, of(v).1, v.row.as_str())).collect()
}

/// Per key: what closes opens before it closes, no two hold at once, one at most is open.
fn holds(versions: &[Version]) {
    for pair in versions.windows(2) {
        let name = |v: &Version| (v.key, v.row_key.clone());
        assert!(name(&pair[0]) <= name(&pair[1]));
        if name(&pair[0]) == name(&pair[1]) {
            assert!(pair[0].valid_to.is_some_and(|to| to <= pair[1].valid_from), "{pair:?}");
        }
    }
    assert!(versions.iter().all(|v| v.valid_to.is_none_or(|to| to > v.valid_from)));
}

fn nights() -> impl Strategy<Value = Vec<Table>> {
    prop::collection::vec(prop::collection::btree_map(0_u8..12, 0_u8..3, 0..12), 1..6)
}

proptest! {
    #[test]
    fn deltas_one_by_one_are_full_files_compared(nights in nights()) {
        let (mut by_delta, mut by_full) = (Vec::new(), Vec::new());
        let mut before = Table::new();
        for (day, table) in (1..).zip(&nights) {
            let changes = merge(by_delta, delta(&before, table), &rules(day, Missing::Stays));
            let compared = merge(by_full, full(table), &rules(day, Missing::Gone));
            for merged in [&changes, &compared] {
                holds(&merged.versions);
                prop_assert_eq!(&open(&merged.versions), table);
                prop_assert_eq!(merged.counts.held(), before.len() as u64);
            }
            prop_assert_eq!(history(&changes.versions), history(&compared.versions));
            prop_assert_eq!(changes.counts.deleted, compared.counts.deleted);
            prop_assert_eq!(changes.counts.carried, compared.counts.unchanged);
            (by_delta, by_full, before) = (changes.versions, compared.versions, table.clone());
        }
    }

    #[test]
    fn counts_add_up(nights in nights(), sent in prop::collection::btree_map(0_u8..14, 0_u8..5, 0..14)) {
        let mut held = Vec::new();
        for (day, table) in (1..).zip(&nights) {
            held = merge(held, full(table), &rules(day, Missing::Gone)).versions;
        }
        let what = |value: u8| match value {
            0..3 => What::Is(value.to_string()),
            3 => What::Gone,
            _ => What::Refused,
        };
        let rows: Vec<Tonight> = sent.iter().map(|(n, v)| tonight(*n, what(*v))).collect();
        let refused = rows.iter().filter(|row| row.what == What::Refused).count() as u64;
        let merged = merge(held.clone(), rows.clone(), &rules(99, Missing::Stays));
        let Counts { new, changed, unchanged, deleted, absent, carried } = merged.counts;
        holds(&merged.versions);
        prop_assert_eq!(merged.counts.held(), open(&held).len() as u64);
        prop_assert_eq!(open(&merged.versions).len() as u64, new + changed + unchanged + carried);
        prop_assert_eq!(new + changed + unchanged + deleted + absent + refused, rows.len() as u64);
        prop_assert_eq!(merged.versions.len() as u64, held.len() as u64 + new + changed);
        prop_assert_eq!(merged.carried.len() as u64, carried);
        // The same delivery once more changes nothing.
        let again = merge(merged.versions.clone(), rows, &rules(100, Missing::Stays));
        prop_assert_eq!(again.versions, merged.versions);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        table in prop::collection::btree_map(0_u8..12, 0_u8..3, 0..12),
        rows in Just((0_u8..12).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let held = merge(Vec::new(), full(&table), &rules(1, Missing::Gone)).versions;
        let sent = |names: &[u8]| names.iter().map(|n| tonight(*n, What::Is("7".into()))).collect();
        let sorted: Vec<u8> = (0..12).collect();
        let turned: Vec<Version> = held.iter().rev().cloned().collect();
        prop_assert_eq!(
            merge(held, sent(&sorted), &rules(2, Missing::Gone)),
            merge(turned, sent(&rows), &rules(2, Missing::Gone))
        );
    }

    #[test]
    fn a_pile_gives_back_what_was_put_on_it(names in prop::collection::vec(any::<i64>(), 0..40)) {
        let folder = tempfile::tempdir().unwrap();
        let row = |(at, key): (i64, &i64)| Tonight {
            key: key.wrapping_abs().max(0),
            row_key: format!("[\"{key}\"]"),
            source_row: at,
            what: [What::Is("[1]".into()), What::Gone, What::Refused][usize::try_from(at % 3).unwrap()].clone(),
        };
        let rows: Vec<Tonight> = (0..).zip(&names).map(row).collect();
        let mut pile = Pile::new(folder.path(), 7);
        for row in &rows {
            pile.push(row).unwrap();
        }
        let mut found = Vec::new();
        for range in 0..pile.ranges() {
            let of_range = pile.take(range).unwrap();
            prop_assert!(of_range.iter().all(|row| model::bucket_of(row.key, 7) == range));
            found.extend(of_range);
        }
        found.sort_by_key(|row| row.source_row);
        prop_assert_eq!(found, rows);
        prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_row_comes_back_as_it_was(
        rows in prop::collection::vec(
            (prop::option::of(".{0,6}"), any::<Option<i64>>(), any::<Option<i32>>()), 0..8),
    ) {
        let codec = RowCodec::of(&kept(""), "2026-11-20".parse().unwrap());
        let batch = batch_of(&rows);
        let encoded = codec.encode(&batch);
        let texts: Vec<&str> = encoded.iter().map(|row| row.row.as_str()).collect();
        let back = codec.decode(&texts).unwrap();
        for at in 0..3 {
            prop_assert_eq!(batch.column(at).as_ref(), back.column(at).as_ref());
        }
        // One text for one row, and one key for one key.
        let names: BTreeSet<_> = rows.iter().map(|row| row.0.clone()).collect();
        let keys: BTreeSet<_> = encoded.iter().map(|row| row.row_key.clone()).collect();
        prop_assert_eq!(names.len(), keys.len());
    }
}

const OPERATION: &str = r#"{ name = "op", type = "text", required = true, values = ["U", "D"] }"#;

fn kept(more: &str) -> model::FeedContract {
    let (mode, columns) = match more {
        "" => ("load = \"compare\"\nunique = [\"a\"]", ""),
        "op" => (
            "load = \"delta_deletes\"\nunique = [\"a\"]\ninitial = \"2026-11-20\"\n\
             operation = { column = \"op\", delete = [\"D\"] }",
            OPERATION,
        ),
        _ => ("load = \"added\"\ninitial = \"2026-11-20\"", ""),
    };
    feed(&format!(
        r#"
shape = {{ kind = "delimited", separator = "," }}
{mode}
columns = [
    {{ name = "a", type = "text" }},
    {{ name = "n", type = "decimal", scale = 2 }},
    {{ name = "d", type = "date", format = "%Y%m%d" }},
    {columns}
]
"#
    ))
}

fn batch_of(rows: &[(Option<String>, Option<i64>, Option<i32>)]) -> RecordBatch {
    let texts: StringArray = rows.iter().map(|row| row.0.clone()).collect();
    let numbers: Int64Array = rows.iter().map(|row| row.1).collect();
    let days: Date32Array = rows.iter().map(|row| row.2).collect();
    let lines: Int64Array = (1..).take(rows.len()).map(Some).collect();
    let arrays: [(&str, Arc<dyn Array>); 4] = [
        ("a", Arc::new(texts)),
        ("n", Arc::new(numbers)),
        ("d", Arc::new(days)),
        ("source_row", Arc::new(lines)),
    ];
    RecordBatch::try_from_iter_with_nullable(arrays.map(|(name, array)| (name, array, true)))
        .unwrap()
}

#[test]
fn a_row_is_written_as_an_array_of_json() {
    let rows = [(Some("a\"\n陈".to_owned()), Some(-1), Some(20_000)), (None, None, None)];
    let batch = batch_of(&rows);
    let encoded = RowCodec::of(&kept(""), "2026-11-20".parse().unwrap()).encode(&batch);
    assert_eq!(encoded[0].row, r#"["a\"\n陈",-1,20000]"#);
    assert_eq!(encoded[0].row_key, r#"["a\"\n陈"]"#);
    assert_eq!(encoded[1].row, "[null,null,null]");
    assert_eq!(encoded[1].key, model::key63(&["row", "[null]"]));
    let placed = RowCodec::of(&kept("added"), "2026-11-20".parse().unwrap()).encode(&batch);
    assert_eq!(placed[1].row_key, r#"["2026-11-20",2]"#);
}

#[test]
fn an_operation_is_of_the_delivery_and_not_of_the_row() {
    let ops: StringArray = ["U", "D"].into_iter().map(Some).collect();
    let plain = batch_of(&[(Some("x".into()), Some(1), None), (Some("y".into()), None, None)]);
    let mut arrays: Vec<_> = plain.columns().to_vec();
    arrays.insert(3, Arc::new(ops));
    let names = ["a", "n", "d", "op", "source_row"];
    let batch = RecordBatch::try_from_iter_with_nullable(
        names.into_iter().zip(arrays).map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let encoded = RowCodec::of(&kept("op"), "2026-11-20".parse().unwrap()).encode(&batch);
    let told: Vec<_> = encoded.iter().map(|row| (row.deletes, row.row.as_str())).collect();
    assert_eq!(told, [(false, r#"["x",1,null,null]"#), (true, r#"["y",null,null,null]"#)]);
}

#[test]
fn a_text_of_another_layout_is_not_read() {
    let codec = RowCodec::of(&kept(""), "2026-11-20".parse().unwrap());
    for text in ["", "[]", "[1,2,3]", r#"["a",1.5,3]"#, r#"["a",1,99999999999]"#, r#"["a",1,2,3]"#]
    {
        assert_eq!(codec.decode(&[r#"["a",1,2]"#, text]).err(), Some(1), "{text}");
    }
}

#[test]
fn a_refused_row_keeps_what_was_held() {
    let held = merge(Vec::new(), full(&Table::from([(1, 1)])), &rules(1, Missing::Gone)).versions;
    let merged = merge(held, vec![tonight(1, What::Refused)], &rules(2, Missing::Gone));
    assert_eq!((merged.counts.carried, merged.counts.deleted), (1, 0));
    assert_eq!(merged.carried, [0]);
}
