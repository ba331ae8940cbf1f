//! What stands before and behind the rows: the header record, the column names, the trailer.

use crate::error::Cause;
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::typed::trim;
use model::{BusinessDate, FeedContract, FileShape, Header, Money, Trailer};

/// What separates the fields of a header or trailer where the rows have no separator.
const SEPARATOR: &str = "|";

/// The records around the rows of a feed.
pub(crate) struct Bounds<'f> {
    pub(crate) header: Option<&'f Header>,
    pub(crate) trailer: Option<&'f Trailer>,
    /// Whether a line of column names stands before the rows.
    pub(crate) names: bool,
    separator: &'f str,
    quoted: bool,
    as_of: BusinessDate,
    /// The number of the delivery, which the header must hold where the contract says so.
    pub(crate) rerun: Option<u32>,
}

impl<'f> Bounds<'f> {
    pub(crate) fn of(feed: &'f FeedContract, as_of: BusinessDate) -> Self {
        let (separator, quoted, names) = match &feed.shape {
            FileShape::Delimited { separator, quoted, names } => {
                (separator.as_str(), *quoted, *names)
            }
            FileShape::Fixed | FileShape::JsonLines => (SEPARATOR, false, false),
        };
        let (header, trailer) = (feed.header.as_ref(), feed.trailer.as_ref());
        Self { header, trailer, names, separator, quoted, as_of, rerun: None }
    }

    /// The line must be the header, and of the business date.
    pub(crate) fn check_header(&self, header: &Header, line: &str) -> Result<(), Cause> {
        if !line.starts_with(&header.prefix) {
            return Err(Cause::HeaderMissing { prefix: header.prefix.clone() });
        }
        let found = self.field(line, header.date_field).and_then(compact_date);
        if found != Some(self.as_of) {
            let (field, expected) = (header.date_field, self.as_of);
            return Err(Cause::HeaderDate { field, found, expected });
        }
        let Some((field, expected)) = header.rerun_field.zip(self.rerun) else { return Ok(()) };
        let found = self.field(line, field).and_then(|text| text.parse().ok());
        if found == Some(expected) {
            Ok(())
        } else {
            Err(Cause::HeaderRerun { field, found, expected })
        }
    }

    /// The line must hold the names of the columns, in their order. What stands on it is told only
    /// when some of it is a name: else it may be a row.
    pub(crate) fn check_names(&self, line: &str, number: u64, plan: &Plan) -> Result<(), Cause> {
        let found: Vec<&str> = self.fields(line).collect();
        let names = || plan.rules.iter().map(|rule| rule.name.as_str());
        if found.iter().copied().eq(names()) {
            return Ok(());
        }
        if names().any(|name| found.contains(&name)) {
            let found = found.into_iter().map(str::to_owned).collect();
            return Err(Cause::NamesDiffer {
                found,
                expected: names().map(str::to_owned).collect(),
            });
        }
        Err(Self::names_missing(number, plan))
    }

    /// Line `line` is not there, or holds no name.
    pub(crate) fn names_missing(line: u64, plan: &Plan) -> Cause {
        let expected = plan.rules.iter().map(|rule| rule.name.clone()).collect();
        Cause::NamesMissing { line, expected }
    }

    /// The trailer must count and sum up what has been read.
    pub(crate) fn check_trailer(
        &self,
        trailer: &Trailer,
        line: &str,
        outcome: &FeedOutcome,
        plan: &Plan,
    ) -> Result<(), Cause> {
        let count = self.field(line, trailer.count_field).and_then(|text| text.parse().ok());
        let Some(declared) = count else {
            let (field, expected) = (trailer.count_field, "a count of records");
            return Err(Cause::TrailerField { field, expected });
        };
        let around = 1 + u64::from(self.header.is_some());
        let around = if trailer.count_includes_all { around } else { 0 };
        let found = outcome.rows_read + around;
        if declared != found {
            return Err(Cause::TrailerCount { declared, found });
        }
        match trailer.total_field {
            Some(field) => self.check_total(field, line, outcome, plan),
            None => Ok(()),
        }
    }

    /// A total that differs is refused, also when unreadable amounts may be the cause: it cannot
    /// be proven.
    fn check_total(
        &self,
        field: usize,
        line: &str,
        outcome: &FeedOutcome,
        plan: &Plan,
    ) -> Result<(), Cause> {
        let decimals = plan.amount.and_then(|at| plan.rules[at].parse.decimals()).unwrap_or(2);
        let text = self.field(line, field);
        let Some(Ok(declared)) = text.map(|text| Money::parse_scaled(text, decimals)) else {
            return Err(Cause::TrailerField { field, expected: "a total of the amount column" });
        };
        let (declared, found) = (i128::from(declared), outcome.amount_read);
        if declared == found {
            return Ok(());
        }
        Err(Cause::TrailerTotal { declared, found, unreadable: outcome.amount_unreadable })
    }

    fn field<'l>(&'l self, line: &'l str, number: usize) -> Option<&'l str> {
        self.fields(line).nth(number.checked_sub(1)?)
    }

    fn fields<'l>(&'l self, line: &'l str) -> impl Iterator<Item = &'l str> {
        line.split(self.separator).map(|field| {
            let field = trim(field);
            let inner = field.strip_prefix('"').and_then(|field| field.strip_suffix('"'));
            inner.filter(|_| self.quoted).map_or(field, trim)
        })
    }
}

fn compact_date(text: &str) -> Option<BusinessDate> {
    let [y0, y1, y2, y3, m0, m1, d0, d1] = text.as_bytes() else { return None };
    let dashed = [y0, y1, y2, y3, &b'-', m0, m1, &b'-', d0, d1].map(|b| char::from(*b));
    dashed.iter().collect::<String>().parse().ok()
}
