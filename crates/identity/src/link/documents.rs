//! Blocks of a document number: whose number is it?

use super::{DoubtCause, Linked};
use crate::authority::Authority;
use crate::block::BlockKey;
use crate::rule::Rule;
use rustc_hash::FxHashMap;

/// The authoritative number that a block of a document stands for.
pub(super) fn number_of_block(group: &[BlockKey]) -> Option<Authority> {
    if group[0].rule == Rule::NameBirthMobile {
        return None;
    }
    group.iter().find_map(|row| row.authority)
}

/// Records on one citizen id are its owner's, but for those whose name and birth date are both
/// another's: a child's account opened with a guardian's id, a typo that hit a valid number.
///
/// The id holds its owner's birth date, so the majority is sought among the records that agree with
/// it. Strangers that agree with each other in name and birth date are one client among themselves.
pub(super) fn citizen_id(group: &[BlockKey], linked: &mut Linked) {
    let agrees = |row: &BlockKey| row.authority.is_some();
    let nobody_agrees = !group.iter().any(agrees);
    let owner_name = most_frequent_name(group.iter().filter(|row| nobody_agrees || agrees(row)));
    let is_owner = |row: &BlockKey| agrees(row) || owner_name == Some(row.name_key);
    let (owners, strangers): (Vec<&BlockKey>, Vec<&BlockKey>) =
        group.iter().partition(|row| is_owner(row));
    linked.star(owners.iter().copied(), Rule::CitizenId);
    let anchor = owners.first().copied();
    let mut first_of: FxHashMap<(i64, Option<i32>), &BlockKey> = FxHashMap::default();
    for stranger in strangers {
        let profile = (stranger.name_key, stranger.birth_days);
        let known = stranger.name_key != 0 && stranger.birth_days.is_some();
        if let Some(first) = first_of.get(&profile).filter(|_| known) {
            linked.accept(first, stranger, Rule::Document);
            continue;
        }
        first_of.insert(profile, stranger);
        if let Some(anchor) = anchor {
            linked.doubt(anchor, stranger, DoubtCause::IdOfAnother);
        }
    }
}

/// The most frequent name; of several the one whose record id is lowest.
fn most_frequent_name<'a>(rows: impl Iterator<Item = &'a BlockKey>) -> Option<i64> {
    let mut names: Vec<(i64, usize)> = Vec::new();
    for row in rows.filter(|row| row.name_key != 0) {
        match names.iter_mut().find(|name| name.0 == row.name_key) {
            Some(name) => name.1 += 1,
            None => names.push((row.name_key, 1)),
        }
    }
    let most = names.iter().map(|name| name.1).max()?;
    names.iter().find(|name| name.1 == most).map(|name| name.0)
}

/// Records on one number of another document are one client where the name or the birth date agrees
/// too: such numbers have no check character, so a typo hits another's number easily.
pub(super) fn other_document(group: &[BlockKey], linked: &mut Linked) {
    let mut part: Vec<usize> = (0..group.len()).collect();
    let mut first_of_name: FxHashMap<i64, usize> = FxHashMap::default();
    let mut first_of_birth: FxHashMap<i32, usize> = FxHashMap::default();
    for (at, row) in group.iter().enumerate() {
        let by_name = (row.name_key != 0).then(|| *first_of_name.entry(row.name_key).or_insert(at));
        let by_birth = row.birth_days.map(|days| *first_of_birth.entry(days).or_insert(at));
        for earlier in [by_name, by_birth].into_iter().flatten() {
            if unite(&mut part, earlier, at) {
                linked.accept(&group[earlier], row, Rule::Document);
            }
        }
    }
    for at in 1..group.len() {
        if root(&part, at) == at {
            linked.doubt(&group[0], &group[at], DoubtCause::NumberAlone);
        }
    }
}

/// The first row of the part that holds a row.
fn root(part: &[usize], mut at: usize) -> usize {
    while part[at] != at {
        at = part[at];
    }
    at
}

/// Makes one part of two; whether they were two.
fn unite(part: &mut [usize], one: usize, other: usize) -> bool {
    let (one, other) = (root(part, one), root(part, other));
    part[one.max(other)] = one.min(other);
    one != other
}
