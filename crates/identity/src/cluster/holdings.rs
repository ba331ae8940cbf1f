//! What each cluster holds that forbids merges: authoritative numbers and stewards' verdicts.

use super::{ClusterInput, RejectCause};
use crate::authority::Authority;
use crate::row_index::RowIndex;
use rustc_hash::{FxHashMap, FxHashSet};

/// Holdings by the root row of a cluster. Nearly every cluster has one number at most; only the
/// others have an entry in `more`.
pub(super) struct Holdings {
    one: Vec<Option<Authority>>,
    more: FxHashMap<usize, Vec<Authority>>,
    forbidden: FxHashMap<usize, Vec<usize>>,
}

impl Holdings {
    pub(super) fn new(index: &RowIndex, input: &ClusterInput<'_>) -> Self {
        let number = |authority: &Authority| (authority.class.scope(), authority.key);
        let void: FxHashSet<(u8, i64)> = input.void.iter().map(number).collect();
        let mut one = vec![None; index.ids().len()];
        for (record_id, authority) in input.record_id.iter().zip(input.authority) {
            let valid = authority.filter(|authority| !void.contains(&number(authority)));
            if let (Some(row), Some(_)) = (index.row(*record_id), valid) {
                one[row] = valid;
            }
        }
        let mut forbidden: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (a, b) in input.cannot_link {
            if let (Some(a), Some(b)) = (index.row(*a), index.row(*b)) {
                forbidden.entry(a).or_default().push(b);
                forbidden.entry(b).or_default().push(a);
            }
        }
        Self { one, more: FxHashMap::default(), forbidden }
    }

    /// Whether a steward's no stands between a record of `a` and one of `b`; `root` tells the
    /// cluster of a row. Verdicts are held on both sides, so the shorter list is enough.
    pub(super) fn verdict_forbids(
        &self,
        a: usize,
        b: usize,
        mut root: impl FnMut(usize) -> usize,
    ) -> bool {
        match (self.forbidden.get(&a), self.forbidden.get(&b)) {
            (Some(of_a), Some(of_b)) if of_a.len() <= of_b.len() => {
                of_a.iter().any(|row| root(*row) == b)
            }
            (Some(_), Some(of_b)) => of_b.iter().any(|row| root(*row) == a),
            _ => false,
        }
    }

    /// The worst conflict of numbers that the merge of `a` and `b` would bring into one cluster.
    pub(super) fn conflict(&self, a: usize, b: usize) -> Option<RejectCause> {
        let (of_a, of_b) = (self.numbers(a), self.numbers(b));
        if of_a.is_empty() || of_b.is_empty() {
            return None;
        }
        let merged = union(of_a, of_b);
        let mut worst = None;
        for (at, one) in merged.iter().enumerate() {
            for other in &merged[at + 1..] {
                match conflict_of(*one, *other) {
                    Some(cause) if is_inside(of_a, cause, [*one, *other]) => {}
                    Some(cause) if is_inside(of_b, cause, [*one, *other]) => {}
                    Some(RejectCause::TwoNumbers) => return Some(RejectCause::TwoNumbers),
                    Some(cause) => worst = Some(cause),
                    None => {}
                }
            }
        }
        worst
    }

    /// Moves what `gone` holds to `kept`.
    pub(super) fn absorb(&mut self, kept: usize, gone: usize) {
        if !self.numbers(gone).is_empty() {
            let merged = union(self.numbers(kept), self.numbers(gone));
            self.more.remove(&gone);
            if let [number] = merged[..] {
                self.one[kept] = Some(number);
            } else {
                self.more.insert(kept, merged);
            }
        }
        if let Some(mut verdicts) = self.forbidden.remove(&gone) {
            let held = self.forbidden.entry(kept).or_default();
            if held.len() < verdicts.len() {
                std::mem::swap(held, &mut verdicts);
            }
            held.extend(verdicts);
        }
    }

    fn numbers(&self, root: usize) -> &[Authority] {
        // The map is empty on most nights, so most look-ups stop at the first test.
        match self.more.get(&root) {
            Some(numbers) => numbers,
            None => self.one[root].as_slice(),
        }
    }
}

/// The different numbers of two clusters; of one number in two classes the stronger.
fn union(of_a: &[Authority], of_b: &[Authority]) -> Vec<Authority> {
    let mut merged = of_a.to_vec();
    for number in of_b {
        match merged.iter_mut().find(|known| known.same_number(*number)) {
            Some(known) if number.class.is_strong() => *known = *number,
            Some(_) => {}
            None => merged.push(*number),
        }
    }
    merged
}

fn conflict_of(one: Authority, other: Authority) -> Option<RejectCause> {
    let strong = one.class.is_strong() && other.class.is_strong();
    let cause = if strong { RejectCause::TwoNumbers } else { RejectCause::DoubtfulNumbers };
    one.conflicts(other).then_some(cause)
}

/// Whether a cluster holds both numbers already, and as badly: then the merge does not bring them
/// together.
fn is_inside(held: &[Authority], cause: RejectCause, pair: [Authority; 2]) -> bool {
    let find = |number: Authority| held.iter().find(|known| known.same_number(number));
    match pair.map(find) {
        [Some(one), Some(other)] => conflict_of(*one, *other) == Some(cause),
        _ => false,
    }
}
