//! Splits that lose nothing: parts of a total, and the parts of a rank.

/// `total` in proportion to `weights`, in whole units that sum to it exactly.
///
/// Method of the largest remainder (Hamilton 1792): every share is rounded down, and the units left
/// go one each to the largest remainders, ties to the earlier entry. Weights may have both signs;
/// then so have the parts. Where the weights sum to zero, all count alike. Where weights of both
/// signs cancel so far that a part would not fit 64 bits, the negative ones count as zero. Without
/// weights there is nobody to give to: the answer is empty.
pub fn split_by_largest_remainder(total: i64, weights: &[i64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let positive_only = || apportion(total, weights, |weight| weight.max(0));
    let alike = || apportion(total, weights, |_| 1);
    let sum: i128 = weights.iter().copied().map(i128::from).sum();
    let parts = if sum == 0 { alike() } else { apportion(total, weights, |weight| weight) };
    parts.or_else(positive_only).or_else(alike).unwrap_or_default()
}

/// The parts of a rank by the order of its causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankSteps {
    /// The rank of nothing: what a client with no part at all would have.
    pub base: i64,
    /// What each part moves the rank by, in declared order.
    pub steps: Vec<i64>,
}

/// Explains the rank of a sum: part k gives `rank(cumulative_k) - rank(cumulative_k-1)`.
///
/// `base` and the steps telescope to the rank of the whole sum exactly, whatever the rank function;
/// when it never falls, a step has the sign of its part. The declared order is part of the answer:
/// earlier parts meet another slope of the scale than later ones. Sums beyond 64 bits count as the
/// largest amount.
pub fn rank_steps(parts: &[i64], rank: impl Fn(i64) -> i64) -> RankSteps {
    let base = rank(0);
    let mut sum: i128 = 0;
    let mut below = base;
    let steps = parts.iter().map(|&part| {
        sum += i128::from(part);
        let reached = rank(clamp(sum));
        let step = reached - below;
        below = reached;
        step
    });
    RankSteps { base, steps: steps.collect() }
}

/// The split by `weight_of` each entry; `None` when the weights sum to zero or a part does not fit.
fn apportion(total: i64, weights: &[i64], weight_of: impl Fn(i64) -> i64) -> Option<Vec<i64>> {
    let sum: i128 = weights.iter().map(|&weight| i128::from(weight_of(weight))).sum();
    // With both signs turned the shares stay the same and the divisor is positive.
    let sign = sum.signum();
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = i128::from(total);
    for (at, &weight) in weights.iter().enumerate() {
        let numerator = i128::from(total) * i128::from(weight_of(weight)) * sign;
        let part = numerator.checked_div_euclid(sum * sign)?;
        left -= part;
        remainders.push((numerator - part * sum * sign, at));
        parts.push(i64::try_from(part).ok()?);
    }
    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // Every share lost less than one unit, so fewer units are left than there are entries.
    let units = usize::try_from(left).ok()?;
    for &(_, at) in remainders.iter().take(units) {
        parts[at] = parts[at].checked_add(1)?;
    }
    Some(parts)
}

fn clamp(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests;
