//! The files of the bank, in the shapes its systems write them: the generator's side of
//! `jobs/sources/*.toml`.

mod catalogue;

pub(crate) use catalogue::{FEEDS, FLAGS};

use crate::records::Item;
use crate::rows::Sums;

/// How a row is laid out while it is made; what becomes of it then is its [`Form`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Separated fields.
    Separated {
        /// Between two fields.
        by: &'static str,
        /// When a field stands in double quotes.
        quotes: Quotes,
    },
    /// Fields of these widths, counted in GB18030 bytes.
    Fixed(&'static [usize]),
    /// One JSON object.
    Json,
}

/// When a field stands in double quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// Never.
    Never,
    /// Always.
    Always,
}

/// How characters become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// UTF-8.
    Utf8,
    /// GB18030.
    Gb18030,
    /// UTF-16, low byte first, behind a byte order mark.
    Utf16,
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packed {
    /// Not at all.
    No,
    /// One gzip member.
    Gzip,
    /// One Zstandard frame.
    Zstd,
}

/// What the rows are in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Lines.
    Lines,
    /// Records of a mainframe.
    Records(&'static [Item]),
    /// A Parquet file.
    Parquet(&'static [Column]),
    /// The only sheet of a workbook.
    Sheet(&'static [Column]),
}

/// A column where the file itself says of which type its values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Text.
    Text,
    /// Day.
    Day,
    /// Number.
    Number,
}

/// What a trailer promises besides the total: debits, credits and the hash total of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    /// The column that says the side.
    pub(crate) by: usize,
    /// Its texts that mean debit.
    pub(crate) debit: &'static [&'static str],
    /// Its texts that mean credit.
    pub(crate) credit: &'static [&'static str],
    /// The column whose digits are summed up.
    pub(crate) hash: usize,
    /// Digits of that sum.
    pub(crate) digits: u32,
}

/// What stands around the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Nothing.
    Bare,
    /// A line with the column names.
    Names,
    /// A header record with the business date.
    Header(&'static str),
    /// A header record, and a trailer record with count and, where asked, total.
    HeaderTrailer {
        /// The file's code in the header.
        code: &'static str,
        /// Whether the trailer holds the total.
        total: bool,
        /// Whether the count includes header and trailer.
        all: bool,
    },
}

/// One kind of file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FeedSpec {
    /// The feed.
    pub(crate) feed: Feed,
    /// System; `truth` for what no night reads.
    pub(crate) system: &'static str,
    /// File name; `{date}` stands for the business date.
    pub(crate) file: &'static str,
    /// The package that the file is a member of.
    pub(crate) package: Option<&'static str>,
    /// How characters become bytes.
    pub(crate) coding: Coding,
    /// How it is packed.
    pub(crate) packed: Packed,
    /// What the rows are in the file.
    pub(crate) form: Form,
    /// How a row is laid out.
    pub(crate) layout: Layout,
    /// What stands around the rows.
    pub(crate) frame: Frame,
    /// Whether dates are written as YYYY-MM-DD rather than YYYYMMDD.
    pub(crate) dashed: bool,
    /// What stands for no value.
    pub(crate) null: &'static str,
    /// Columns, separated by blanks.
    pub(crate) columns: &'static str,
    /// The column of the trailer's total.
    pub(crate) amount: Option<usize>,
    /// The trailer's other sums.
    pub(crate) sides: Option<Sides>,
}

/// The files by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Feed {
    DepCustomer, DepAccount, DepAgreement, DepBalance, DepEvent, DepRate, DepBranch,
    CrdCard, CrdMovement, CrdBalance,
    LnBorrower, LnLoan, LnBalance, LnRepayment,
    FndInvestor, FndHolding, FndValue, FndTrade,
    InsPerson, InsPolicy, InsPremium, InsValue,
    EbUser, EbLogin,
    CareCaller, CareContact, CareVoice,
    TruthIdentity, TruthFuture, TruthHousehold,
}

impl FeedSpec {
    /// Column names in file order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns.split([' ', ','])
    }

    /// Its name on that day.
    pub(crate) fn named(&self, stamp: &str) -> String {
        self.file.replace("{date}", stamp)
    }

    /// Its path in the folder of a night: a member stands in its package.
    pub(crate) fn path(&self, stamp: &str) -> String {
        let name = self.named(stamp);
        self.package.map_or_else(
            || name.clone(),
            |package| format!("{}/{name}", package.replace("{date}", stamp)),
        )
    }

    /// What stands before the rows, each in a line of its own.
    pub(crate) fn head(&self, stamp: &str) -> String {
        match (self.frame, self.layout) {
            (Frame::Names, Layout::Separated { by, quotes }) => {
                let quote = if quotes == Quotes::Always { "\"" } else { "" };
                let names: Vec<String> =
                    self.names().map(|n| format!("{quote}{n}{quote}")).collect();
                let mark = if self.coding == Coding::Utf16 { "\u{feff}" } else { "" };
                format!("{mark}{}\n", names.join(by))
            }
            (Frame::Header(code), Layout::Separated { by, .. }) => {
                format!("HDR{by}{stamp}{by}{code}\n")
            }
            (Frame::HeaderTrailer { code, .. }, Layout::Separated { by, .. }) => {
                if matches!(self.form, Form::Records(_)) {
                    return format!("HDR{code:<10}{stamp}\n");
                }
                format!("HDR{by}{code}{by}{stamp}\n")
            }
            _ => String::new(),
        }
    }

    /// Rows of the file before the first one that counts.
    pub(crate) fn rows_before(&self, stamp: &str) -> usize {
        match self.form {
            Form::Sheet(..) => crate::workbook::NAMES_ROW,
            _ => self.head(stamp).lines().count(),
        }
    }

    /// The line after the rows.
    pub(crate) fn tail(&self, rows: u64, sums: &Sums) -> String {
        let (Frame::HeaderTrailer { total: with_total, all, .. }, Layout::Separated { by, .. }) =
            (self.frame, self.layout)
        else {
            return String::new();
        };
        let count = rows + if all { 2 } else { 0 };
        if matches!(self.form, Form::Records(_)) {
            return format!("TRL{count:09}\n");
        }
        let money = |fen| format!("{by}{}", model::Money(fen));
        let mut tail = format!("TRL{by}{count}");
        if with_total {
            tail += &money(sums.total);
        }
        if let Some(sides) = &self.sides {
            let hash = sums.hash % 10_u128.pow(sides.digits);
            tail.extend([money(sums.debit), money(sums.credit), format!("{by}{hash}")]);
        }
        tail + "\n"
    }
}
