//! Blocks of name, birth date and mobile: enough to link, unless authoritative numbers disagree.

use super::{DoubtCause, Linked};
use crate::authority::Authority;
use crate::block::BlockKey;
use crate::rule::Rule;

/// Where all authoritative numbers of the block can be one client's, its records are one client.
/// Otherwise only records of the same number are, and a record without one fits several: it may
/// not join them into one, so it waits for a steward.
pub(super) fn name_birth_mobile(group: &[BlockKey], linked: &mut Linked) {
    let numbers = distinct_numbers(group);
    let in_conflict = |row: &BlockKey| {
        row.authority.is_some_and(|own| numbers.iter().any(|(other, _)| own.conflicts(*other)))
    };
    let Some(first) = group.iter().find(|row| in_conflict(row)) else {
        return linked.star(group, Rule::NameBirthMobile);
    };
    for (number, first_of_number) in &numbers {
        let same = |row: &&BlockKey| row.authority.is_some_and(|own| own.same_number(*number));
        linked.star(group.iter().filter(same), Rule::NameBirthMobile);
        if first.authority.is_some_and(|of_first| of_first.conflicts(*number)) {
            linked.doubt(first, first_of_number, DoubtCause::ConflictingIds);
        }
    }
    for row in group.iter().filter(|row| !in_conflict(row)) {
        linked.doubt(first, row, DoubtCause::Ambiguous);
    }
}

/// The different authoritative numbers of a block, each with its first record.
fn distinct_numbers(group: &[BlockKey]) -> Vec<(Authority, &BlockKey)> {
    let mut numbers: Vec<(Authority, &BlockKey)> = Vec::new();
    for row in group {
        let Some(own) = row.authority else { continue };
        if !numbers.iter().any(|(known, _)| known.same_number(own)) {
            numbers.push((own, row));
        }
    }
    numbers
}
