//! How good the fields of the party records are: the counts of all ranges, and their shares.

use crate::columns::{ints, opt_int_column};
use crate::frames::{Frames, Outputs, StageError};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let by = ["system", "field", "branch"];
    let sums = ["records", "present", "valid", "conflicting"];
    let mut all = frames.added_up("quality_count", &by, &sums)?;
    let [records, present, valid, conflicting] = [
        ints(&all, "records")?,
        ints(&all, "present")?,
        ints(&all, "valid")?,
        ints(&all, "conflicting")?,
    ];
    let agreeing: Vec<Option<i64>> =
        valid.iter().zip(&conflicting).map(|(all, other)| Some((*all)? - (*other)?)).collect();
    all.with_column(shares("completeness_ppm", &present, &records))?;
    all.with_column(shares("validity_ppm", &valid, &present))?;
    all.with_column(shares("agreement_ppm", &agreeing, &valid))?;
    let as_of = lit(settings.as_of.epoch_days()).cast(DataType::Date);
    let mut outputs = Outputs::default();
    outputs.add("quality", all.lazy().with_column(as_of.alias("as_of")).collect()?)?;
    Ok(outputs)
}

/// Parts of wholes, ppm, rounded down; of nothing there is no part.
fn shares(name: &str, parts: &[Option<i64>], wholes: &[Option<i64>]) -> Column {
    let share = |(part, whole): (&Option<i64>, &Option<i64>)| -> Option<i64> {
        let (part, whole) = (i128::from((*part)?), i128::from((*whole)?));
        i64::try_from((part * 1_000_000).checked_div(whole)?).ok()
    };
    opt_int_column(name, parts.iter().zip(wholes).map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_nothing_are_left_open() {
        let column = shares("a", &[Some(1), Some(0), Some(3)], &[Some(3), Some(0), Some(3)]);
        let shares: Vec<_> = column.i64().unwrap().iter().collect();
        assert_eq!(shares, [Some(333_333), None, Some(1_000_000)]);
    }
}
