//! What stands before and behind the rows: the header record, the column names, the trailer.

use crate::cobol::Item;
use crate::error::{Cause, ValuePlace};
use crate::outcome::FeedOutcome;
use crate::plan::Plan;
use crate::typed::trim;
use model::{BusinessDate, FeedContract, FileShape, Header, Money, Spot, Trailer};
use std::borrow::Cow;

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
    /// Values that stand at a byte of the line.
    placed: Placed,
}

/// The values of header and trailer that are found by their bytes.
#[derive(Default)]
struct Placed {
    date: Option<Item>,
    count: Option<Item>,
    total: Option<Item>,
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
        let (header, trailer) = (feed.header.as_ref(), feed.trailer.as_ref());
        let placed = Placed::of(feed);
        Self { header, trailer, names, separator, quoted, as_of, placed }
    }

    /// The line must be the header, and of the business date.
    pub(crate) fn check_header(
        &self,
        header: &Header,
        line: BoundLine<'_>,
        begins: bool,
    ) -> Result<(), Cause> {
        if !begins {
            return Err(Cause::HeaderMissing { prefix: header.prefix.clone(), at: header.at });
        }
        let (field, text) =
            self.value(self.placed.date.as_ref(), header.date.as_ref(), header.date_field, line);
        let found = text.as_deref().and_then(compact_date);
        if found == Some(self.as_of) {
            return Ok(());
        }
        Err(Cause::HeaderDate { field, found, expected: self.as_of })
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

    /// The trailer must count and sum up what has been read.
    pub(crate) fn check_trailer(
        &self,
        trailer: &Trailer,
        line: BoundLine<'_>,
        outcome: &FeedOutcome,
        plan: &Plan,
    ) -> Result<(), Cause> {
        let (field, text) = self.value(
            self.placed.count.as_ref(),
            trailer.count.as_ref(),
            trailer.count_field,
            line,
        );
        let Some(declared) = text.and_then(|text| text.parse().ok()) else {
            return Err(Cause::TrailerField { field, expected: "a count of records" });
        };
        let around = 1 + u64::from(self.header.is_some());
        let around = if trailer.count_includes_all { around } else { 0 };
        let found = outcome.rows_read + around;
        if declared != found {
            return Err(Cause::TrailerCount { declared, found });
        }
        if trailer.total_field.is_none() && trailer.total.is_none() {
            return Ok(());
        }
        let field = trailer.total_field.unwrap_or(0);
        check_total(
            self.value(self.placed.total.as_ref(), trailer.total.as_ref(), field, line),
            outcome,
            plan,
        )
    }

    /// A value of the line, by its bytes or by the number of its field, and where it stands.
    fn value<'l>(
        &'l self,
        item: Option<&Item>,
        spot: Option<&Spot>,
        field: usize,
        line: BoundLine<'l>,
    ) -> (ValuePlace, Option<Cow<'l, str>>) {
        match (item, spot) {
            (Some(item), Some(spot)) => {
                (ValuePlace::Byte(spot.at), item.text(line.bytes).map(Cow::Owned))
            }
            _ => (ValuePlace::Field(field), self.field(line.text, field).map(Cow::Borrowed)),
        }
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

impl Placed {
    fn of(feed: &FeedContract) -> Self {
        let item = |spot: Option<&Spot>| spot.and_then(|spot| Item::of_spot(spot, feed.charset));
        let (header, trailer) = (feed.header.as_ref(), feed.trailer.as_ref());
        Self {
            date: item(header.and_then(|header| header.date.as_ref())),
            count: item(trailer.and_then(|trailer| trailer.count.as_ref())),
            total: item(trailer.and_then(|trailer| trailer.total.as_ref())),
        }
    }
}

/// A total that differs is refused, also when unreadable amounts may be the cause: it cannot be
/// proven.
fn check_total(
    (field, text): (ValuePlace, Option<Cow<'_, str>>),
    outcome: &FeedOutcome,
    plan: &Plan,
) -> Result<(), Cause> {
    let decimals = plan.amount.and_then(|at| plan.rules[at].parse.decimals()).unwrap_or(2);
    let Some(Ok(declared)) = text.map(|text| Money::parse_scaled(&text, decimals)) else {
        return Err(Cause::TrailerField { field, expected: "a total of the amount column" });
    };
    let (declared, found) = (i128::from(declared), outcome.amount_read);
    if declared == found {
        return Ok(());
    }
    Err(Cause::TrailerTotal { declared, found, unreadable: outcome.amount_unreadable })
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

/// The day of `YYYYMMDD`.
pub(crate) fn compact_date(text: &str) -> Option<BusinessDate> {
    let [y0, y1, y2, y3, m0, m1, d0, d1] = text.as_bytes() else { return None };
    let dashed = [y0, y1, y2, y3, &b'-', m0, m1, &b'-', d0, d1].map(|b| char::from(*b));
    dashed.iter().collect::<String>().parse().ok()
}
