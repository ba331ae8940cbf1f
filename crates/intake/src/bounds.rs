//! What stands before and behind the lines: the header record, the column names, the trailer.

use crate::control::{Control, ControlLine, Delivery};
use crate::error::Cause;
use crate::plan::Plan;
use crate::promise::Promise;
use crate::typed::trim;
use model::{BusinessDate, FeedContract, FileShape};

/// What separates the fields of a header or trailer where the rows have no separator.
const SEPARATOR: &str = "|";

/// The records around the rows of a feed.
pub(crate) struct Bounds<'f> {
    pub(crate) header: Option<Control<'f>>,
    pub(crate) trailer: Option<Control<'f>>,
    /// Whether a line of column names stands before the rows.
    pub(crate) names: bool,
    separator: &'f str,
    quoted: bool,
    pub(crate) delivery: Delivery,
}

/// A header or trailer: its text, and its bytes as the file has them.
#[derive(Clone, Copy)]
pub(crate) struct BoundLine<'l> {
    pub(crate) text: &'l str,
    pub(crate) bytes: &'l [u8],
}

impl<'f> Bounds<'f> {
    pub(crate) fn of(feed: &'f FeedContract, as_of: BusinessDate) -> Self {
        let (separator, quoted, names) = match &feed.shape {
            FileShape::Delimited { separator, quoted, names } => {
                (separator.as_str(), *quoted, *names)
            }
            FileShape::Fixed
            | FileShape::JsonLines
            | FileShape::Records(_)
            | FileShape::Parquet
            | FileShape::Sheet { .. } => (SEPARATOR, false, false),
        };
        let header = feed.header.as_ref().map(|h| Control::of("header", h, feed.charset));
        let trailer = feed.trailer.as_ref().map(|t| Control::of("trailer", t, feed.charset));
        let delivery = Delivery { as_of, rerun: None };
        Self { header, trailer, names, separator, quoted, delivery }
    }

    /// What a header or trailer promises; it must be of the delivery as far as it says.
    pub(crate) fn promise(
        &self,
        control: &Control<'_>,
        line: BoundLine<'_>,
        plan: &Plan,
    ) -> Result<Promise, Cause> {
        let field = |number: usize| self.fields(line.text).nth(number.checked_sub(1)?);
        let line = ControlLine { bytes: line.bytes, field: &field };
        control.read(&line, self.delivery, plan)
    }

    /// The line must hold the names of the columns, in their order.
    pub(crate) fn check_names(&self, line: &str, number: u64, plan: &Plan) -> Result<(), Cause> {
        let found: Vec<&str> = self.fields(line).collect();
        let names: Vec<&str> = plan.rules.iter().map(|rule| rule.name.as_str()).collect();
        same_names(&found, &names, number)
    }

    /// Line `line` is not there, or holds no name.
    pub(crate) fn names_missing(line: u64, plan: &Plan) -> Cause {
        let expected = plan.rules.iter().map(|rule| rule.name.clone()).collect();
        Cause::NamesMissing { line, expected }
    }

    fn fields<'l>(&'l self, line: &'l str) -> impl Iterator<Item = &'l str> {
        line.split(self.separator).map(|field| {
            let field = trim(field);
            let inner = field.strip_prefix('"').and_then(|field| field.strip_suffix('"'));
            inner.filter(|_| self.quoted).map_or(field, trim)
        })
    }
}

/// What stands on line `number` must be the names of the columns, in their order. It is told only
/// when some of it is a name: else it may be a row.
pub(crate) fn same_names(found: &[&str], names: &[&str], number: u64) -> Result<(), Cause> {
    if found == names {
        return Ok(());
    }
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    if names.iter().any(|name| found.contains(name)) {
        return Err(Cause::NamesDiffer { found: owned(found), expected: owned(names) });
    }
    Err(Cause::NamesMissing { line: number, expected: owned(names) })
}
