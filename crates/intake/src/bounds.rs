//! What stands before and behind the rows: the header record, the column names, the trailer.

use crate::error::Cause;
use crate::plan::Plan;
use crate::promise::{Figure, Promise};
use crate::typed::trim;
use model::{BusinessDate, ControlRecord, FeedContract, FileShape};

/// What separates the fields of a header or trailer where the rows have no separator.
const SEPARATOR: &str = "|";

/// The records around the rows of a feed.
pub(crate) struct Bounds<'f> {
    pub(crate) header: Option<&'f ControlRecord>,
    pub(crate) trailer: Option<&'f ControlRecord>,
    /// Whether a line of column names stands before the rows.
    pub(crate) names: bool,
    separator: &'f str,
    quoted: bool,
    as_of: BusinessDate,
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
        Self { header, trailer, names, separator, quoted, as_of }
    }

    /// The line must be the header, and of the business date; what it promises.
    pub(crate) fn read_header(
        &self,
        header: &ControlRecord,
        line: &str,
        plan: &Plan,
    ) -> Result<Promise, Cause> {
        if !line.starts_with(&header.prefix) {
            return Err(Cause::HeaderMissing { prefix: header.prefix.clone() });
        }
        self.promise("header", header, line, plan)
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

    /// What the trailer promises; it must be of the business date where it has one.
    pub(crate) fn read_trailer(
        &self,
        trailer: &ControlRecord,
        line: &str,
        plan: &Plan,
    ) -> Result<Promise, Cause> {
        self.promise("trailer", trailer, line, plan)
    }

    fn promise(
        &self,
        record: &'static str,
        declared: &ControlRecord,
        line: &str,
        plan: &Plan,
    ) -> Result<Promise, Cause> {
        if let Some(field) = declared.date_field {
            let (found, expected) = (self.field(line, field).and_then(compact_date), self.as_of);
            if found != Some(expected) {
                return Err(Cause::ControlDate { record, field, found, expected });
            }
        }
        let written = |figure| {
            let field = match figure {
                Figure::Count => declared.count_field,
                Figure::Total => declared.total_field,
                Figure::Debit => declared.debit_field,
                Figure::Credit => declared.credit_field,
                Figure::Hash => declared.hash_field,
            }?;
            Some((field, self.field(line, field)))
        };
        Promise::read(record, declared.count_includes.around(), &written, plan)
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
