//! Summaries: what stages that run by ranges of clients count for the stages that see the whole bank.
//! A summary holds clients by kind, by what is measured and by value, and at most one figure of the
//! clients of a value. Summaries of ranges merge to that of all clients, in any order.

use crate::columns::{frame, int_column, keys, text_column, texts};
use crate::frames::{Frames, StageError};
use ::segment::Histogram;
use polars::prelude::*;

/// The kinds of clients, each ranked and graded among its own.
pub(crate) const KINDS: [&str; 2] = ["organisation", "person"];
/// Bars that are merged at once at the least.
const FEW: usize = 1 << 16;

/// The form of a summary.
pub(crate) struct Form {
    /// Its table.
    table: &'static str,
    /// The column that says what is measured.
    by: &'static str,
    /// What is measured.
    pub(crate) measures: &'static [&'static str],
    /// The column of the figure, and how two of them become one.
    figure: Option<(&'static str, Join)>,
}

/// How the figures of clients with the same value become one.
#[derive(Clone, Copy)]
enum Join {
    Sum,
    Least,
}

/// What clients are ranked by: bins of the raw measures.
pub(crate) static MEASURES: Form = Form {
    table: "measure_count",
    by: "measure",
    measures: &["lifetime_value", "frequency", "breadth"],
    figure: None,
};

/// What clients are graded by: bins of lifetime value, and loyalty scores.
pub(crate) static AXES: Form = Form {
    table: "score_count",
    by: "axis",
    measures: &["value", "loyalty"],
    figure: Some(("points", Join::Least)),
};

/// What clients hold: bins of lifetime value and of the margin of twelve months.
pub(crate) static VALUES: Form = Form {
    table: "value_count",
    by: "measure",
    measures: &["lifetime_value", "current_value"],
    figure: Some(("amount", Join::Sum)),
};

/// The clients of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    /// The value, or the lowest value of the bin.
    pub(crate) value: i64,
    /// Clients.
    pub(crate) clients: u64,
    /// Their figure.
    pub(crate) figure: i128,
}

/// A summary on its way: bars by kind and measure.
pub(crate) struct Summary {
    form: &'static Form,
    bars: Vec<Bars>,
}

/// Bars of which the first `merged` ascend, each value once.
#[derive(Clone, Default)]
struct Bars {
    bars: Vec<Bar>,
    merged: usize,
}

impl Summary {
    /// No clients yet.
    pub(crate) fn new(form: &'static Form) -> Self {
        Self { form, bars: vec![Bars::default(); KINDS.len() * form.measures.len()] }
    }

    /// The summaries of all ranges together.
    pub(crate) fn read(frames: &mut Frames, form: &'static Form) -> Result<Self, StageError> {
        let mut all = Self::new(form);
        let figure = form.figure.map(|(column, _)| column);
        let columns = ["kind", form.by, "value", "clients"].into_iter().chain(figure);
        frames.in_pieces(form.table, &columns.collect::<Vec<_>>(), |piece| {
            let (kinds, measures) = (texts(piece, "kind")?, texts(piece, form.by)?);
            let (values, clients) = (keys(piece, "value")?, keys(piece, "clients")?);
            let figures = figure.map(|column| keys(piece, column)).transpose()?;
            for row in 0..values.len() {
                let measure = form.measures.iter().position(|m| measures[row] == Some(m));
                let unknown = || StageError::Data(format!("`{}`: unknown measure", form.table));
                let bar = Bar {
                    value: values[row],
                    clients: u64::try_from(clients[row]).unwrap_or(0),
                    figure: figures.as_ref().map_or(0, |figures| i128::from(figures[row])),
                };
                all.push(kinds[row], measure.ok_or_else(unknown)?, bar);
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// Counts one client under a value; `measure` is the place of what is measured in the form.
    pub(crate) fn add(&mut self, kind: Option<&str>, measure: usize, value: i64, figure: i64) {
        self.push(kind, measure, Bar { value, clients: 1, figure: i128::from(figure) });
    }

    /// The bars of a kind and a measure, ascending, each value once.
    pub(crate) fn of(&mut self, kind: usize, measure: usize) -> &[Bar] {
        let join = self.form.join();
        self.bars[kind * self.form.measures.len() + measure].merge(join)
    }

    /// How many clients of a kind have which value.
    pub(crate) fn histogram(&mut self, kind: usize, measure: usize) -> Histogram {
        let bars = self.of(kind, measure).iter();
        let counted = bars.map(|bar| ::segment::Bar { value: bar.value, clients: bar.clients });
        Histogram::of_bars(counted.collect())
    }

    /// The rows of the summary's table.
    pub(crate) fn frame(mut self) -> Result<DataFrame, StageError> {
        let form = self.form;
        let (mut kinds, mut measures) = (Vec::new(), Vec::new());
        let (mut values, mut clients, mut figures) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, name) in KINDS.into_iter().enumerate() {
            for (measure, measured) in form.measures.iter().enumerate() {
                for bar in self.of(kind, measure) {
                    kinds.push(name);
                    measures.push(*measured);
                    values.push(bar.value);
                    clients.push(i64::try_from(bar.clients).unwrap_or(i64::MAX));
                    let narrow = i64::try_from(bar.figure);
                    figures.push(narrow.map_err(|_| model::MoneyError::OutOfRange)?);
                }
            }
        }
        let figure = form.figure.map(|(column, _)| int_column(column, figures));
        let columns = [
            text_column("kind", &kinds),
            text_column(form.by, &measures),
            int_column("value", values),
            int_column("clients", clients),
        ];
        frame(columns.into_iter().chain(figure).collect())
    }

    /// Clients of no known kind are not ranked.
    fn push(&mut self, kind: Option<&str>, measure: usize, bar: Bar) {
        let Some(kind) = KINDS.iter().position(|known| kind == Some(known)) else { return };
        let join = self.form.join();
        let bars = &mut self.bars[kind * self.form.measures.len() + measure];
        bars.bars.push(bar);
        if bars.bars.len() >= 2 * bars.merged + FEW {
            bars.merge(join);
        }
    }
}

impl Form {
    fn join(&self) -> Join {
        self.figure.map_or(Join::Sum, |(_, join)| join)
    }
}

impl Bars {
    fn merge(&mut self, join: Join) -> &[Bar] {
        if self.merged < self.bars.len() {
            self.bars.sort_unstable_by_key(|bar| bar.value);
            self.bars.dedup_by(|bar, kept| {
                let same = bar.value == kept.value;
                if same {
                    kept.clients += bar.clients;
                    kept.figure = match join {
                        Join::Sum => kept.figure + bar.figure,
                        Join::Least => kept.figure.min(bar.figure),
                    };
                }
                same
            });
            self.merged = self.bars.len();
        }
        &self.bars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(value: i64, clients: u64, figure: i128) -> Bar {
        Bar { value, clients, figure }
    }

    /// The summary of ranges, read back from their tables.
    fn read(form: &'static Form, ranges: &[&[(&str, usize, i64, i64)]]) -> Summary {
        let frames = ranges.iter().map(|range| {
            let mut summary = Summary::new(form);
            range.iter().for_each(|(kind, m, value, figure)| {
                summary.add(Some(kind), *m, *value, *figure);
            });
            crate::shape(form.table, &summary.frame().unwrap()).unwrap().lazy()
        });
        let all = concat(frames.collect::<Vec<_>>(), UnionArgs::default()).unwrap();
        let mut inputs = Frames::new();
        inputs.add(form.table, false, all);
        Summary::read(&mut inputs, form).unwrap()
    }

    #[test]
    fn ranges_merge_to_the_whole() {
        let one = [("person", 0, 5, 70), ("organisation", 0, 5, 1), ("person", 1, 9, 9)];
        let other = [("person", 0, 5, 60), ("person", 0, -3, 10), ("stranger", 0, 5, 1)];
        let mut axes = read(&AXES, &[&one, &other]);
        assert_eq!(axes.of(1, 0), [bar(-3, 1, 10), bar(5, 2, 60)]);
        assert_eq!(axes.of(0, 0), [bar(5, 1, 1)]);
        assert_eq!(axes.of(1, 1), [bar(9, 1, 9)]);
        assert!(axes.of(0, 1).is_empty());
        let mut values = read(&VALUES, &[&other, &[], &one]);
        assert_eq!(values.of(1, 0), [bar(-3, 1, 10), bar(5, 2, 130)]);
        let mut measures = read(&MEASURES, &[&one, &other]);
        assert_eq!(measures.of(1, 0), [bar(-3, 1, 0), bar(5, 2, 0)]);
    }

    #[test]
    fn many_clients_of_few_values_stay_few_bars() {
        let mut summary = Summary::new(&VALUES);
        for client in 0..200_000 {
            summary.add(Some("person"), 1, client % 10, client);
        }
        assert!(summary.bars.iter().all(|bars| bars.bars.len() < FEW + 20));
        let sum: i128 = summary.of(1, 1).iter().map(|bar| bar.figure).sum();
        assert_eq!((summary.of(1, 1).len(), sum), (10, 199_999 * 100_000));
    }

    #[test]
    fn a_sum_beyond_64_bits_is_refused() {
        let mut summary = Summary::new(&VALUES);
        summary.add(Some("person"), 0, 5, i64::MAX);
        summary.add(Some("person"), 0, 5, 1);
        assert!(matches!(summary.frame(), Err(StageError::Data(_))));
    }
}
