use super::*;
use proptest::prelude::*;

fn day(day: i32) -> BusinessDate {
    BusinessDate::from_epoch_days(day).unwrap()
}

fn version(from: i32, to: Option<i32>, attributes: char) -> Version<char> {
    Version { valid_from: day(from), valid_to: to.map(day), attributes }
}

fn play(nights: &[(i32, Option<char>)]) -> Vec<Version<char>> {
    let mut rows = Vec::new();
    for &(night, today) in nights {
        advance_history(&mut rows, today, day(night)).unwrap();
    }
    rows
}

#[test]
fn a_row_is_opened_only_for_a_change() {
    let rows = play(&[(1, Some('a')), (2, Some('a')), (3, Some('b')), (4, Some('b'))]);
    assert_eq!(rows, [version(1, Some(3), 'a'), version(3, None, 'b')]);
}

#[test]
fn a_client_that_leaves_and_returns_has_a_gap() {
    let rows = play(&[(1, Some('a')), (2, None), (3, None), (5, Some('a'))]);
    assert_eq!(rows, [version(1, Some(2), 'a'), version(5, None, 'a')]);
}

#[test]
fn a_rerun_leaves_no_trace_of_the_run_before() {
    let first = [(1, Some('a'))];
    for (before, after) in [('b', 'a'), ('b', 'c'), ('a', 'b')] {
        let rerun = play(&[first[0], (2, Some(before)), (2, Some(after))]);
        assert_eq!(rerun, play(&[first[0], (2, Some(after))]), "{before} {after}");
    }
    assert_eq!(play(&[first[0], (2, None), (2, Some('a'))]), play(&first));
    assert_eq!(play(&[(1, Some('a')), (1, Some('b'))]), [version(1, None, 'b')]);
    assert_eq!(play(&[(1, Some('a')), (1, None)]), []);
}

#[test]
fn an_older_night_is_refused() {
    let mut rows = play(&[(5, Some('a')), (9, Some('b'))]);
    let error = advance_history(&mut rows, Some('c'), day(8)).unwrap_err();
    assert_eq!((error.as_of, error.last), (day(8), day(9)));
    let mut gone = play(&[(5, Some('a')), (9, None)]);
    assert!(advance_history(&mut gone, Some('a'), day(8)).is_err());
}

proptest! {
    #[test]
    fn every_night_is_found_again(
        nights in prop::collection::vec((0_i32..3, prop::option::of(prop::char::range('a', 'c'))), 1..25),
    ) {
        let mut rows = Vec::new();
        let mut said = std::collections::BTreeMap::new();
        let mut now = 0;
        for (later, today) in nights {
            now += later;
            advance_history(&mut rows, today, day(now)).unwrap();
            said.insert(now, today);
        }
        let holds = |row: &Version<char>, at| row.valid_from <= at && row.valid_to.is_none_or(|end| end > at);
        for (night, today) in said {
            let found: Vec<char> =
                rows.iter().filter(|row| holds(row, day(night))).map(|row| row.attributes).collect();
            prop_assert_eq!(found, Vec::from_iter(today));
        }
        prop_assert!(rows.iter().all(|row| row.valid_to.is_none_or(|end| end > row.valid_from)));
        prop_assert!(rows.windows(2).all(|pair| pair[0].valid_to.is_some_and(|end| end <= pair[1].valid_from)));
    }
}
