//! Arithmetic that gives the same bits on every machine.

use std::f64::consts::LN_2;

/// A float cut to a whole number; saturates.
#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates, and callers stay far below the limits"
)]
pub(crate) fn whole(value: f64) -> i32 {
    value as i32
}

/// Yuan rounded to whole fen.
#[expect(clippy::cast_possible_truncation, reason = "amounts of a client stay far below 2^53 fen")]
pub(crate) fn fen(yuan: f64) -> i64 {
    (yuan * 100.0).round() as i64
}

/// The exponential function. The platform's own may differ in the last bit from one processor to
/// the next, and a bank has to come out the same everywhere. Relative error below 1e-14 within
/// +-40, beyond which it stays at its bounds.
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-40.0, 40.0);
    let doublings = (x / LN_2).round();
    let rest = x - doublings * LN_2;
    let sum = SERIES.iter().rev().fold(0.0, |sum, term| sum * rest + term);
    let exponent = u64::from((1023 + whole(doublings)).unsigned_abs());
    sum * f64::from_bits(exponent << 52)
}

/// 1/0!, 1/1!, ... of the exponential series.
const SERIES: [f64; 14] = {
    let mut series = [1.0; 14];
    let (mut at, mut n) = (1, 1.0);
    while at < series.len() {
        series[at] = series[at - 1] / n;
        at += 1;
        n += 1.0;
    }
    series
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_the_exponential() {
        for step in -400..=400 {
            let x = f64::from(step) / 20.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-14, "{x}");
        }
        assert!((fen(1.005) == 100 || fen(1.005) == 101) && fen(-2.5) == -250 && whole(2.9) == 2);
    }
}
