//! Survivorship: which of a client's records says the best value of an attribute.

use model::Policy;
use std::cmp::Reverse;

/// What one record says of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Key of the value, equal for equal values; none where the record is silent.
    pub value_key: Option<i64>,
    /// Whether the value passed its checks.
    pub valid: bool,
    /// Place of the record's system in the declared order of trust, 0 the most trusted.
    pub trust_rank: u8,
    /// The day the value stands for, days since 1970-01-01.
    pub as_of_days: Option<i32>,
    /// The record.
    pub record_id: i64,
}

/// The outcome for one attribute of one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Index of the winning candidate among those given.
    pub winner: usize,
    /// How many other values the client's records hold. Beside a valid winner invalid values do not
    /// count: they are faults, not contradictions.
    pub conflicts: usize,
}

/// Chooses among the candidates of one client; none where all are silent.
///
/// Valid values go before invalid ones under every policy. `Trust`: the most trusted system, then
/// the latest. `Latest`: the latest, then the most trusted. `Vote`: the most frequent value, and of
/// it the candidate `Trust` would take. The lowest record id ends every tie.
pub fn survive(policy: Policy, candidates: &[Candidate]) -> Option<Survivor> {
    let mut present: Vec<(usize, Candidate, i64)> = candidates
        .iter()
        .enumerate()
        .filter_map(|(at, candidate)| Some((at, *candidate, candidate.value_key?)))
        .collect();
    if present.iter().any(|(_, candidate, _)| candidate.valid) {
        present.retain(|(_, candidate, _)| candidate.valid);
    }
    let mut values: Vec<i64> = present.iter().map(|(.., value)| *value).collect();
    values.sort_unstable();
    let votes = |value: i64| {
        values.partition_point(|v| *v <= value) - values.partition_point(|v| *v < value)
    };
    let (winner, ..) = present.iter().min_by_key(|(_, candidate, value)| {
        let latest = Reverse(candidate.as_of_days.unwrap_or(i32::MIN));
        let by_trust = (candidate.trust_rank, latest, candidate.record_id);
        match policy {
            Policy::Trust => (Reverse(0), Reverse(i32::MIN), by_trust),
            Policy::Latest => (Reverse(0), latest, by_trust),
            Policy::Vote => (Reverse(votes(*value)), Reverse(i32::MIN), by_trust),
        }
    })?;
    let distinct = values.chunk_by(|a, b| a == b).count();
    Some(Survivor { winner: *winner, conflicts: distinct - 1 })
}

/// Chooses for every client of a column whose rows are sorted by client: (client, survivor with its
/// row in the column). Clients of whom all records are silent are left out.
pub fn survivors(
    policy: Policy,
    client_id: &[i64],
    candidates: &[Candidate],
) -> Vec<(i64, Survivor)> {
    let mut chosen = Vec::new();
    let mut from = 0;
    for clients in client_id.chunk_by(|a, b| a == b) {
        let to = from + clients.len();
        if let Some(found) = candidates.get(from..to).and_then(|rows| survive(policy, rows)) {
            chosen.push((clients[0], Survivor { winner: from + found.winner, ..found }));
        }
        from = to;
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(value: i64, trust_rank: u8, day: i32, record_id: i64) -> Candidate {
        let value_key = (value != 0).then_some(value);
        Candidate { value_key, valid: true, trust_rank, as_of_days: Some(day), record_id }
    }

    fn check(policy: Policy, candidates: &[Candidate], expected: Option<(usize, usize)>) {
        let found = survive(policy, candidates).map(|found| (found.winner, found.conflicts));
        assert_eq!(found, expected, "{policy:?}");
    }

    #[test]
    fn each_policy_asks_its_own_question_first() {
        let records = [
            candidate(7, 2, 300, 1),
            candidate(8, 0, 100, 2),
            candidate(9, 1, 400, 3),
            candidate(7, 3, 200, 4),
        ];
        check(Policy::Trust, &records, Some((1, 2)));
        check(Policy::Latest, &records, Some((2, 2)));
        check(Policy::Vote, &records, Some((0, 2)));
    }

    #[test]
    fn silent_records_have_no_say_and_ties_go_to_the_lowest_record() {
        check(Policy::Trust, &[], None);
        check(Policy::Vote, &[candidate(0, 0, 1, 1)], None);
        let records = [candidate(0, 0, 9, 1), candidate(5, 1, 3, 9), candidate(6, 1, 3, 8)];
        for policy in [Policy::Trust, Policy::Latest, Policy::Vote] {
            check(policy, &records, Some((2, 1)));
        }
    }

    #[test]
    fn a_valid_value_goes_before_a_trusted_one() {
        let fault = Candidate { valid: false, ..candidate(5, 0, 9, 1) };
        for policy in [Policy::Trust, Policy::Latest, Policy::Vote] {
            check(policy, &[fault, fault, candidate(6, 3, 1, 2)], Some((2, 0)));
            check(policy, &[fault], Some((0, 0)));
        }
    }

    #[test]
    fn a_column_is_decided_client_by_client() {
        let column = [
            candidate(5, 1, 1, 1),
            candidate(6, 0, 1, 2),
            candidate(0, 0, 1, 3),
            candidate(4, 0, 1, 4),
        ];
        let found = survivors(Policy::Trust, &[10, 10, 11, 12], &column);
        let rows: Vec<_> = found.iter().map(|(c, s)| (*c, s.winner, s.conflicts)).collect();
        assert_eq!(rows, [(10, 1, 1), (12, 3, 0)]);
    }
}
