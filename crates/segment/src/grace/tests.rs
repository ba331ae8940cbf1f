use super::*;
use proptest::prelude::*;

const TOP: Option<Cell> = Some(Cell::HvHl);
const MID: Option<Cell> = Some(Cell::HvLl);
const SMALL: Option<Cell> = Some(Cell::LvLl);
const QUARTER: GraceParams = GraceParams { promote_after_months: 0, demote_after_months: 3 };

fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// Plays the nights of a client: (date, cell) in, (tier, change, watch since) out.
fn play(params: GraceParams, nights: &[(&str, Option<Cell>, &str, &str, &str)]) {
    let mut state = None;
    for &(day, raw, tier, change, watch) in nights {
        let next = advance(state.as_ref(), raw, date(day), params);
        let watched = next.state.watch_since.map(|day| day.to_string()).unwrap_or_default();
        let seen = (next.state.tier.code(), next.change.code(), watched.as_str());
        assert_eq!(seen, (tier, change, watch), "{day}");
        state = Some(next.state);
    }
}

#[test]
fn a_demotion_waits_and_a_promotion_does_not() {
    play(
        QUARTER,
        &[
            ("2026-01-31", MID, "MID", "NEW", ""),
            ("2026-02-28", TOP, "TOP", "PROMOTED", ""),
            ("2026-03-31", MID, "TOP", "WATCH", "2026-03-31"),
            ("2026-04-30", SMALL, "TOP", "WATCH", "2026-03-31"),
            ("2026-06-29", MID, "TOP", "WATCH", "2026-03-31"),
            ("2026-06-30", MID, "MID", "DEMOTED", ""),
            ("2026-07-31", MID, "MID", "KEPT", ""),
        ],
    );
}

#[test]
fn a_return_lifts_the_watch_and_the_next_one_starts_anew() {
    play(
        QUARTER,
        &[
            ("2026-01-31", TOP, "TOP", "NEW", ""),
            ("2026-02-28", MID, "TOP", "WATCH", "2026-02-28"),
            ("2026-04-30", TOP, "TOP", "WATCH_LIFTED", ""),
            ("2026-05-31", MID, "TOP", "WATCH", "2026-05-31"),
            ("2026-07-31", MID, "TOP", "WATCH", "2026-05-31"),
        ],
    );
}

#[test]
fn without_grace_a_tier_follows_its_cell() {
    play(
        GraceParams { promote_after_months: 0, demote_after_months: 0 },
        &[
            ("2026-01-31", TOP, "TOP", "NEW", ""),
            ("2026-02-01", SMALL, "SMALL", "DEMOTED", ""),
            ("2026-02-02", MID, "MID", "PROMOTED", ""),
        ],
    );
}

#[test]
fn a_watch_does_not_count_for_the_other_direction() {
    play(
        GraceParams { promote_after_months: 2, demote_after_months: 2 },
        &[
            ("2026-01-31", MID, "MID", "NEW", ""),
            ("2026-02-28", SMALL, "MID", "WATCH", "2026-02-28"),
            ("2026-03-31", TOP, "MID", "WATCH", "2026-03-31"),
            ("2026-05-30", TOP, "MID", "WATCH", "2026-03-31"),
            ("2026-05-31", TOP, "TOP", "PROMOTED", ""),
        ],
    );
}

#[test]
fn refusing_and_allowing_act_at_once() {
    play(
        QUARTER,
        &[
            ("2026-01-31", TOP, "TOP", "NEW", ""),
            ("2026-02-01", None, "UNPROFILED", "OPTED_OUT", ""),
            ("2026-02-02", None, "UNPROFILED", "KEPT", ""),
            ("2026-02-03", SMALL, "SMALL", "OPTED_IN", ""),
        ],
    );
}

#[test]
fn the_cell_moves_within_a_tier_and_the_tier_keeps_its_date() {
    let first = advance(None, MID, date("2026-01-31"), QUARTER).state;
    let next = advance(Some(&first), Some(Cell::LvHl), date("2026-02-28"), QUARTER);
    assert_eq!(next.change, Change::Kept);
    assert_eq!(next.state, TierState { cell: Some(Cell::LvHl), ..first });
}

#[test]
fn months_end_with_the_month() {
    for (from, to, months) in [
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-02-28", "2026-03-28", 1),
        ("2025-11-30", "2026-11-30", 12),
        ("2026-03-01", "2026-01-01", 0),
        ("2026-03-15", "2026-03-31", 0),
    ] {
        assert_eq!(whole_months(date(from), date(to)), months, "{from} {to}");
    }
}

fn any_cell() -> impl Strategy<Value = Option<Cell>> {
    prop_oneof![
        1 => Just(None),
        3 => Just(SMALL),
        3 => Just(MID),
        3 => Just(Some(Cell::LvHl)),
        3 => Just(TOP),
    ]
}

proptest! {
    #[test]
    fn a_rerun_gives_the_same_state_and_grace_is_kept(
        nights in prop::collection::vec((any_cell(), 1_i32..50), 1..30),
        promote_after_months in 0_u32..3,
        demote_after_months in 0_u32..4,
    ) {
        let params = GraceParams { promote_after_months, demote_after_months };
        let mut day = date("2025-01-31");
        let mut state: Option<TierState> = None;
        for (raw, days) in nights {
            day = day.plus_days(days).unwrap();
            let next = advance(state.as_ref(), raw, day, params);
            prop_assert_eq!(advance(state.as_ref(), raw, day, params), next);
            prop_assert_eq!(advance(Some(&next.state), raw, day, params).state, next.state);
            if next.change == Change::Demoted && demote_after_months > 0 {
                let watched = state.and_then(|state| state.watch_since).unwrap();
                prop_assert!(whole_months(watched, day) >= demote_after_months);
            }
            let on_watch = tier_of(next.state.cell) != next.state.tier;
            prop_assert_eq!(on_watch, next.state.watch_since.is_some());
            prop_assert!(next.state.tier_since <= day);
            state = Some(next.state);
        }
    }
}
