//! What no client brings: transfer prices and branches.

use crate::days::{Night, Span};
use crate::feeds::Feed;
use crate::people::places::{REGIONS, branch};
use crate::rows::Book;

/// Tenor in days and middle rate in ppm of the transfer price curve.
const CURVE: [(i64, i64); 4] = [(30, 12_500), (90, 13_500), (365, 15_500), (1_095, 19_000)];

/// Writes the curve's points of two years and the branches.
pub(crate) fn write_once(night: &Night, book: &mut Book) {
    let month = night.reported().last().map_or(night.origin, |span| span.month);
    for month in month - 23..=month {
        for (tenor, middle) in CURVE {
            let swing = [0, 100, 200, 100, 0, -100, -200, -100]
                [usize::try_from(month.rem_euclid(8)).unwrap_or(0)];
            let row = book.row(Feed::DepRate).text("CNY_FTP").day(Span::of(month).first);
            row.int(Some(tenor)).rate(Some(middle + swing)).end();
        }
    }
    for (at, region) in REGIONS.iter().enumerate() {
        for third in 0..3 {
            let name = format!("{}{}支行", region.district, ["中心", "新城", "开发区"][third]);
            let pay = 520_000 + i64::try_from(at * 37 % 29).unwrap_or(0) * 12_000;
            let row = book.row(Feed::DepBranch).text(&branch(at, third)).text(&name);
            row.text(region.province).money(pay).end();
        }
    }
}
