//! Whether the data can be true: rows held against the rules of the contracts, and balances against
//! those before them, in one report.

use crate::columns::{flag_column, frame, int_column, keys, opt_int_column, text_column, texts};
use crate::frames::{Frames, Outputs, StageError};
use model::{Job, OnBreak};
use night::{BALANCES_FOLLOW, Settings};
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let mut report = Report::default();
    let columns = ["system", "feed", "rule", "judged", "broken", "first_row"];
    let counts = frames.take("rule_count", &columns)?;
    report.add_rules(&counts, settings.job)?;
    let breaks = frames.take("break_count", &["judged", "breaks"])?;
    report.add_balances(&breaks, settings.job)?;
    let mut outputs = Outputs::default();
    outputs.add("plausibility", report.frame()?)?;
    Ok(outputs)
}

/// Rows of `plausibility`.
#[derive(Default)]
struct Report {
    named: [Vec<String>; 3],
    judged: Vec<i64>,
    broken: Vec<i64>,
    first_row: Vec<Option<i64>>,
    limit_ppm: Vec<Option<i64>>,
    limit_rows: Vec<Option<i64>>,
    on_break: Vec<&'static str>,
    exceeded: Vec<bool>,
}

impl Report {
    fn add_rules(&mut self, counts: &DataFrame, job: &Job) -> Result<(), StageError> {
        let (systems, feeds) = (texts(counts, "system")?, texts(counts, "feed")?);
        let rules = texts(counts, "rule")?;
        let (judged, broken) = (keys(counts, "judged")?, keys(counts, "broken")?);
        let first = crate::columns::ints(counts, "first_row")?;
        for row in 0..counts.height() {
            let named = [systems[row], feeds[row], rules[row]].map(Option::unwrap_or_default);
            let feed = job.feed(named[0], named[1]);
            let Some(rule) = feed.and_then(|f| f.rules.iter().find(|r| r.name == named[2])) else {
                return Err(StageError::Data(format!("rule `{}` is not declared", named[2])));
            };
            let count = |figure: i64| u64::try_from(figure).unwrap_or(0);
            let exceeded = rule.is_exceeded(count(judged[row]), count(broken[row]));
            self.push(named, [judged[row], broken[row]], first[row]);
            self.limit_ppm.push(Some(i64::from(rule.max_breaks_ppm)));
            self.limit_rows.push(None);
            self.on_break.push(rule.on_break.word());
            self.exceeded.push(exceeded);
        }
        Ok(())
    }

    fn add_balances(&mut self, counts: &DataFrame, job: &Job) -> Result<(), StageError> {
        let Some(check) = &job.checks.balances_follow else { return Ok(()) };
        let judged = keys(counts, "judged")?.iter().sum();
        let broken: i64 = keys(counts, "breaks")?.iter().sum();
        let limit = i64::try_from(check.max_breaks).unwrap_or(i64::MAX);
        self.push(["", "", BALANCES_FOLLOW], [judged, broken], None);
        self.limit_ppm.push(None);
        self.limit_rows.push(Some(limit));
        self.on_break.push(OnBreak::Fail.word());
        self.exceeded.push(broken > limit);
        Ok(())
    }

    fn push(&mut self, named: [&str; 3], counts: [i64; 2], first_row: Option<i64>) {
        self.named.iter_mut().zip(named).for_each(|(column, name)| column.push(name.to_owned()));
        self.judged.push(counts[0]);
        self.broken.push(counts[1]);
        self.first_row.push(first_row);
    }

    fn frame(self) -> Result<DataFrame, StageError> {
        frame(vec![
            text_column("system", &self.named[0]),
            text_column("feed", &self.named[1]),
            text_column("rule", &self.named[2]),
            int_column("rows_judged", self.judged),
            int_column("rows_broken", self.broken),
            opt_int_column("first_row", self.first_row),
            opt_int_column("limit_ppm", self.limit_ppm),
            opt_int_column("limit_rows", self.limit_rows),
            text_column("on_break", &self.on_break),
            flag_column("exceeded", &self.exceeded),
        ])
    }
}
