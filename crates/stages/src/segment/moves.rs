//! What moved since the night before: client by client, and counted by tier.

use super::tiers::{Before, Graded};
use crate::columns::{date_column, frame, int_column, ints, keys, opt_int_column, text_column};
use crate::frames::StageError;
use ::segment::{Change, Cuts, Migration};
use model::{Cell, MoneyError, Tier};
use night::Settings;
use polars::prelude::*;

/// Clients whose tier changed tonight, and how far from the cuts they are.
pub(super) fn moves(
    scores: &DataFrame,
    graded: &[Graded],
    cuts: &[Cuts; 2],
    settings: &Settings<'_>,
) -> Result<DataFrame, StageError> {
    let client_id = keys(scores, "client_id")?;
    let (value, loyalty) = (ints(scores, "value_score")?, ints(scores, "loyalty_score")?);
    let moved = |row: &usize| {
        let g = &graded[*row];
        g.previous.is_some_and(|p| p.tier != g.advance.state.tier)
    };
    let rows: Vec<usize> = (0..graded.len()).filter(moved).collect();
    let from = |row: &usize| graded[*row].previous.map_or("", |p| p.tier.code());
    let because: Vec<&str> = rows.iter().map(|row| because(&graded[*row])).collect();
    let distance = |points: Option<i64>, cut: i64| points.map(|p| p.saturating_sub(cut));
    let value_cut = |row: usize| cuts[graded[row].kind].value.points;
    let loyalty_cut = |row: usize| cuts[graded[row].kind].loyalty_points;
    frame(vec![
        int_column("client_id", rows.iter().map(|row| client_id[*row]).collect()),
        date_column("as_of", vec![Some(settings.as_of.epoch_days()); rows.len()]),
        text_column("from_tier", &rows.iter().map(from).collect::<Vec<_>>()),
        text_column(
            "to_tier",
            &rows.iter().map(|row| graded[*row].advance.state.tier.code()).collect::<Vec<_>>(),
        ),
        text_column("because", &because),
        opt_int_column(
            "value_distance",
            rows.iter().map(|row| distance(value[*row], value_cut(*row))).collect(),
        ),
        opt_int_column(
            "loyalty_distance",
            rows.iter().map(|row| distance(loyalty[*row], loyalty_cut(*row))).collect(),
        ),
    ])
}

/// The axis that moved a client.
fn because(graded: &Graded) -> &'static str {
    if matches!(graded.advance.change, Change::OptedIn | Change::OptedOut) {
        return "profiling";
    }
    let high = |cell: Option<Cell>| {
        let value = matches!(cell, Some(Cell::HvHl | Cell::HvLl));
        (value, matches!(cell, Some(Cell::HvHl | Cell::LvHl)))
    };
    let (value, loyalty) = high(graded.advance.state.cell);
    let (value_before, loyalty_before) = high(graded.previous.and_then(|p| p.cell));
    match (value != value_before, loyalty != loyalty_before) {
        (true, true) => "value and loyalty",
        (true, false) => "value",
        (false, true) => "loyalty",
        (false, false) => "grace ended",
    }
}

/// The clients of the range by tier before and tonight.
pub(super) fn counts(
    scores: &DataFrame,
    graded: &[Graded],
    before: &Before,
) -> Result<DataFrame, StageError> {
    let client_id = keys(scores, "client_id")?;
    let money = keys(scores, "lifetime_value")?;
    let mut moves = Migration::default();
    for (graded, money) in graded.iter().zip(money) {
        let from = graded.previous.map(|state| state.tier);
        moves.add(from, Some(graded.advance.state.tier), money);
    }
    let tonight = |client: &i64| client_id.binary_search(client).is_ok();
    for (client, state) in before.client_id.iter().zip(&before.state) {
        if let Some(state) = state.filter(|_| !tonight(client)) {
            moves.add(Some(state.tier), None, 0);
        }
    }
    let rows: Vec<_> = moves.rows().collect();
    let code = |tier: Option<Tier>, none: &'static str| tier.map_or(none, Tier::code);
    let from: Vec<&str> = rows.iter().map(|row| code(row.from, "NEW")).collect();
    let to: Vec<&str> = rows.iter().map(|row| code(row.to, "LEFT")).collect();
    let clients = rows.iter().map(|row| i64::try_from(row.clients).unwrap_or(i64::MAX));
    let amounts: Result<Vec<i64>, _> = rows.iter().map(|row| i64::try_from(row.amount)).collect();
    frame(vec![
        text_column("from_tier", &from),
        text_column("to_tier", &to),
        int_column("clients", clients.collect()),
        int_column("lifetime_value", amounts.map_err(|_| MoneyError::OutOfRange)?),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::segment::{Advance, TierState};
    use model::BusinessDate;

    fn state(tier: Tier) -> TierState {
        let tier_since = BusinessDate::from_epoch_days(20_000).unwrap();
        TierState { tier, cell: None, tier_since, watch_since: None }
    }

    #[test]
    fn every_client_of_either_night_is_counted_once() {
        let scores = df!("client_id" => [1_i64, 3, 5], "lifetime_value" => [10_i64, -4, 7]);
        let graded = [(Tier::Mid, None), (Tier::Top, Some(Tier::Mid)), (Tier::Mid, None)];
        let graded = graded.map(|(tier, previous)| Graded {
            advance: Advance { state: state(tier), change: Change::Kept },
            previous: previous.map(state),
            kind: 1,
        });
        let tiers = [Some(state(Tier::Small)), Some(state(Tier::Mid)), Some(state(Tier::Small))];
        let before = Before { client_id: vec![0, 3, 9], state: tiers.to_vec() };
        let found = counts(&scores.unwrap(), &graded, &before).unwrap();
        let expect = df!(
            "from_tier" => ["MID", "SMALL", "NEW"], "to_tier" => ["TOP", "LEFT", "MID"],
            "clients" => [1_i64, 2, 2], "lifetime_value" => [-4_i64, 0, 17],
        );
        assert_eq!(found, expect.unwrap());
    }
}
