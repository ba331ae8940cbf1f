//! Planted rows: what the gate has to refuse, leave out or supersede. They are added to the rows
//! of the first chunk; no true row is changed, so the bank's own figures stay what they are.

use crate::days::{Night, ymd};
use crate::feeds::{Feed, FeedSpec, Layout, Quotes};
use crate::params::PlantedFault;
use crate::rows::{Book, FeedRows, Sums, digits};

/// What a planted row is made of.
#[derive(Clone, Copy, Debug)]
enum Make {
    /// The row before, again.
    Again,
    /// The row before with other values in some columns; `{later}` is a day after the night.
    With(&'static [(&'static str, &'static str)]),
    /// The row before, cut in the middle.
    Cut,
    /// The row before with one field too many.
    Longer,
    /// This text.
    Raw(&'static str),
}

/// One planted row.
#[derive(Clone, Copy, Debug)]
struct Plant {
    feed: Feed,
    /// After how many of the chunk's rows.
    after: usize,
    make: Make,
    fate: &'static str,
    what: &'static str,
}

const REJECTED: &str = "rejected";
const SUPERSEDED: &str = "superseded";
const FILTERED: &str = "filtered";
const ORPHAN: &str = "orphan";

const fn p(feed: Feed, after: usize, make: Make, fate: &'static str, what: &'static str) -> Plant {
    Plant { feed, after, make, fate, what }
}

/// By feed, then by place.
#[rustfmt::skip]
static PLANTS: &[Plant] = &[
    p(Feed::DepCustomer, 20, Make::Cut, REJECTED, "half a row: fields are missing"),
    p(Feed::DepCustomer, 45, Make::With(&[("cust_no", "19999999991"), ("birth_dt", "20010230")]), REJECTED, "30 February"),
    p(Feed::DepCustomer, 60, Make::Again, SUPERSEDED, "the row before, repeated"),
    p(Feed::DepCustomer, 75, Make::With(&[("cust_name", "另一人")]), REJECTED, "the key of the row before with another name"),
    p(Feed::DepCustomer, 90, Make::With(&[("cust_no", "19999999992"), ("cust_stat", "T")]), FILTERED, "a test customer"),
    p(Feed::DepCustomer, 110, Make::With(&[("cust_no", "")]), REJECTED, "no customer number"),
    p(Feed::DepCustomer, 130, Make::Longer, REJECTED, "a separator inside a value: a field too many"),
    p(Feed::DepAccount, 30, Make::With(&[("acct_no", "699999999991"), ("prod_cd", "X99")]), REJECTED, "unknown product code"),
    p(Feed::DepAccount, 80, Make::With(&[("acct_no", "699999999992"), ("acct_stat", "9")]), FILTERED, "an account of the test branch"),
    p(Feed::DepBalance, 50, Make::Again, SUPERSEDED, "the row before, repeated"),
    p(Feed::DepBalance, 70, Make::With(&[("bal", "0.01")]), REJECTED, "account and day of the row before with another balance"),
    p(Feed::DepEvent, 100, Make::With(&[("txn_no", "T1"), ("amt", "1,000.00")]), REJECTED, "amount with a thousands separator"),
    p(Feed::DepEvent, 160, Make::With(&[("txn_no", "T2"), ("amt", "12.345")]), REJECTED, "amount with three decimals"),
    p(Feed::DepEvent, 220, Make::With(&[("txn_no", "T3"), ("txn_dt", "20261131")]), REJECTED, "31 November"),
    p(Feed::DepEvent, 280, Make::With(&[("txn_no", "T4"), ("txn_dt", "{later}")]), FILTERED, "an order booked ahead"),
    p(Feed::DepEvent, 340, Make::Again, SUPERSEDED, "the row before, repeated"),
    p(Feed::DepEvent, 400, Make::With(&[("txn_no", "T5"), ("chan_cd", "ZZ")]), REJECTED, "unknown channel"),
    p(Feed::CrdCard, 25, Make::With(&[("card_no", "6225800000000001"), ("opened", "20261301")]), REJECTED, "month 13"),
    p(Feed::CrdCard, 50, Make::Cut, REJECTED, "half a row: shorter than the fixed width"),
    p(Feed::CrdCard, 75, Make::With(&[("card_no", "6225800000000002"), ("card_stat", "X")]), FILTERED, "a card of the test bench"),
    p(Feed::CrdCard, 100, Make::With(&[("card_no", "6214800000000003"), ("cust_no", ""), ("card_type", "DC"), ("link_acct", "600000000000")]),
        ORPHAN, "a debit card on an account that does not exist"),
    p(Feed::CrdMovement, 90, Make::With(&[("txn_id", "X1"), ("txn_type", "ABC")]), REJECTED, "unknown kind of movement"),
    p(Feed::CrdMovement, 180, Make::With(&[("txn_id", "X2"), ("card_no", "")]), REJECTED, "no card number"),
    p(Feed::LnBorrower, 25, Make::With(&[("borrower_id", "29999999991"), ("income_year", "?")]), REJECTED, "blanks where a packed amount belongs"),
    p(Feed::LnBorrower, 50, Make::Cut, REJECTED, "half a record: shorter than its copybook says"),
    p(Feed::LnLoan, 15, Make::With(&[("loan_id", "L00000000001"), ("kind", "LEASE")]), REJECTED, "unknown kind of loan"),
    p(Feed::LnLoan, 40, Make::With(&[("loan_id", "L00000000002"), ("state", "VOID")]), FILTERED, "a loan that was never drawn"),
    p(Feed::LnRepayment, 60, Make::Again, SUPERSEDED, "the row before, repeated"),
    p(Feed::LnRepayment, 120, Make::With(&[("repay_id", "L000000000010001"), ("day", "2026/10/20")]), REJECTED, "date in another format"),
    p(Feed::FndInvestor, 30, Make::Raw("{\"name\":\"无名氏\",\"sex\":\"f\",\"since\":\"2020-01-01\"}"), REJECTED, "no investor number"),
    p(Feed::FndHolding, 20, Make::Cut, REJECTED, "half a JSON object"),
    p(Feed::FndTrade, 12, Make::Raw("{\"trade\":\"H1\",\"holding\":\"H1\",\"day\":\"2026-10-01\",\"side\":\"short\",\"amount\":10.00,\"via\":\"app\"}"),
        REJECTED, "unknown side"),
    p(Feed::FndTrade, 24, Make::Raw("{\"trade\":\"H2\",\"holding\":\"H1\",\"day\":\"2026-10-01\",\"side\":\"buy\",\"amount\":\"about 10\",\"via\":\"app\"}"),
        REJECTED, "amount in words"),
    p(Feed::InsPolicy, 25, Make::Cut, REJECTED, "half a row: fields are missing"),
    p(Feed::InsPremium, 40, Make::With(&[("premium_no", "P00000000001"), ("amount", "\\N")]), REJECTED, "no amount"),
    p(Feed::EbUser, 35, Make::With(&[("user_id", "u0000000001"), ("state", "demo")]), FILTERED, "a demonstration user"),
    p(Feed::EbLogin, 70, Make::With(&[("user_id", "u0000000001"), ("logins", "")]), REJECTED, "no count"),
    p(Feed::CareVoice, 18, Make::With(&[("voice_no", "R00000000010001"), ("kind", "XXX")]), REJECTED, "unknown kind of feedback"),
];

/// Plants the catalogue's faults among the first chunk's rows.
pub(crate) fn plant(book: &mut Book, night: &Night, folder: &str) -> Vec<PlantedFault> {
    let (year, month, day) = ymd(night.as_of + 12);
    let later = format!("{year:04}{month:02}{day:02}");
    let mut planted = Vec::new();
    for rows in &mut book.feeds {
        let plants: Vec<&Plant> =
            PLANTS.iter().filter(|plant| plant.feed == rows.spec.feed).collect();
        if plants.is_empty() || rows.rows == 0 {
            continue;
        }
        let head = rows.spec.rows_before(&night.stamp);
        let file = format!("{folder}/{}", rows.spec.path(&night.stamp));
        for (line, plant) in insert(rows, &plants, &later) {
            let line = (line + head) as u64;
            planted.push(PlantedFault {
                file: file.clone(),
                line,
                what: plant.what,
                fate: plant.fate,
            });
        }
    }
    planted
}

/// Inserts the rows and says at which place each stands, from 1.
fn insert<'a>(rows: &mut FeedRows, plants: &[&'a Plant], later: &str) -> Vec<(usize, &'a Plant)> {
    let old = std::mem::take(&mut rows.bytes);
    let mut places = Vec::new();
    let mut waiting = plants.iter().peekable();
    let mut written = 0;
    for (nth, line) in old.split_inclusive(|b| *b == b'\n').enumerate() {
        rows.bytes.extend_from_slice(line);
        written += 1;
        while let Some(plant) = waiting.next_if(|plant| plant.after == nth + 1) {
            let row = made(rows.spec, line.strip_suffix(b"\n").unwrap_or(line), plant.make, later);
            rows.sums += sums(rows.spec, &row);
            rows.bytes.extend_from_slice(&row);
            rows.bytes.push(b'\n');
            written += 1;
            rows.rows += 1;
            places.push((written, *plant));
        }
    }
    places
}

fn made(spec: &FeedSpec, before: &[u8], make: Make, later: &str) -> Vec<u8> {
    match make {
        Make::Again => before.to_vec(),
        Make::Cut => before[..middle(spec, before)].to_vec(),
        Make::Raw(text) => text.as_bytes().to_vec(),
        Make::Longer => {
            let by = separator(spec);
            [before, by.as_bytes(), b"?"].concat()
        }
        Make::With(values) => values.iter().fold(before.to_vec(), |row, (name, value)| {
            with(spec, &row, name, &value.replace("{later}", later))
        }),
    }
}

/// Where to cut a row without cutting a character.
fn middle(spec: &FeedSpec, row: &[u8]) -> usize {
    let start = if matches!(spec.layout, Layout::Fixed(_)) { 24 } else { row.len() / 2 };
    (0..=start).rev().find(|at| row[..*at].is_ascii() || row[*at].is_ascii()).unwrap_or(0)
}

/// The row with another value in one column.
fn with(spec: &FeedSpec, row: &[u8], name: &str, value: &str) -> Vec<u8> {
    let column = spec.names().position(|n| n == name).unwrap_or(0);
    if let Layout::Fixed(widths) = spec.layout {
        let start: usize = widths[..column].iter().sum();
        let mut row = row.to_vec();
        let field = &mut row[start..start + widths[column]];
        field.fill(b' ');
        field[..value.len()].copy_from_slice(value.as_bytes());
        return row;
    }
    let by = separator(spec);
    let always = matches!(spec.layout, Layout::Separated { quotes: Quotes::Always, .. });
    let quoted = format!("\"{value}\"");
    let text = String::from_utf8_lossy(row);
    let mut fields: Vec<&str> = text.split(by).collect();
    if let Some(field) = fields.get_mut(column) {
        *field = if always { &quoted } else { value };
    }
    fields.join(by).into_bytes()
}

fn separator(spec: &FeedSpec) -> &'static str {
    if let Layout::Separated { by, .. } = spec.layout { by } else { "," }
}

/// What a row adds to the trailer.
fn sums(spec: &FeedSpec, row: &[u8]) -> Sums {
    let Some(column) = spec.amount else { return Sums::default() };
    let text = String::from_utf8_lossy(row);
    let field = |column: usize| text.split(separator(spec)).nth(column).unwrap_or("");
    let total = field(column).parse::<model::Money>().map_or(0, |money| money.0);
    let Some(sides) = &spec.sides else { return Sums { total, ..Sums::default() } };
    let on = |codes: &[&str]| if codes.contains(&field(sides.by)) { total } else { 0 };
    Sums {
        total,
        debit: on(sides.debit),
        credit: on(sides.credit),
        hash: digits(field(sides.hash)),
    }
}
