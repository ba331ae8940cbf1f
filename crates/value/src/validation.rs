//! How good a prediction was: rank, top clients, level.
//!
//! Every function takes prediction and truth of the same clients in the same order, and answers
//! `None` when the slices differ in length or the measure is not defined for them.

use std::cmp::Ordering;

/// Spearman's rank correlation, ties at their mid-ranks (Spearman 1904; Pearson's coefficient of the
/// ranks). Undefined for fewer than two clients, for a constant side, and for a value that is no number.
pub fn spearman(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    if predicted.len() != actual.len() {
        return None;
    }
    let (x, y) = (mid_ranks(predicted)?, mid_ranks(actual)?);
    // The mean rank is the same with and without ties.
    let mean = 0.5 * (x.len() as f64 + 1.0);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (rank_x, rank_y) in x.iter().zip(&y) {
        let (dx, dy) = (rank_x - mean, rank_y - mean);
        xy += dx * dy;
        xx += dx * dx;
        yy += dy * dy;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

/// Share of the true top clients that the prediction also has at its top (Malthouse and Blattberg
/// 2005). The top is `share_ppm` of the clients, rounded down; ties stay in client order.
pub fn top_share_overlap(predicted: &[f64], actual: &[f64], share_ppm: u32) -> Option<f64> {
    let n_top = usize::try_from(actual.len() as u64 * u64::from(share_ppm) / 1_000_000).ok()?;
    if predicted.len() != actual.len() || n_top == 0 || n_top > actual.len() {
        return None;
    }
    let mut in_top = vec![false; actual.len()];
    for client in &descending(actual)[..n_top] {
        in_top[*client] = true;
    }
    let hits = descending(predicted)[..n_top].iter().filter(|client| in_top[**client]).count();
    Some(hits as f64 / n_top as f64)
}

/// Bias of the total: predicted over actual, less one. Undefined when the actual total is zero.
pub fn bias(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let (predicted_total, actual_total): (f64, f64) = (predicted.iter().sum(), actual.iter().sum());
    let defined = predicted.len() == actual.len() && actual_total != 0.0;
    defined.then(|| (predicted_total - actual_total) / actual_total)
}

/// Mean absolute error. Undefined without clients.
pub fn mean_absolute_error(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let errors = predicted.iter().zip(actual).map(|(p, a)| (p - a).abs());
    let defined = predicted.len() == actual.len() && !actual.is_empty();
    defined.then(|| errors.sum::<f64>() / actual.len() as f64)
}

/// Ranks from 1; equal values share the mean of their ranks.
fn mid_ranks(values: &[f64]) -> Option<Vec<f64>> {
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| compare(values[a], values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for ties in order.chunk_by(|&a, &b| compare(values[a], values[b]).is_eq()) {
        let rank = below as f64 + 0.5 * (ties.len() as f64 + 1.0);
        for &client in ties {
            ranks[client] = rank;
        }
        below += ties.len();
    }
    Some(ranks)
}

/// Clients from the largest value down, ties in client order.
fn descending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| compare(values[b], values[a]));
    order
}

/// Zero equals minus zero; no-numbers, which callers refuse or put at an end, keep a total order.
fn compare(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.total_cmp(&b))
}

#[cfg(test)]
mod tests;
