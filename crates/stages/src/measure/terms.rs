//! The product book as terms of contribution, month by month.

use crate::columns::{days, keys, texts};
use crate::frames::StageError;
use model::{Family, FtpMethod, Month, Product, ProductBook};
use polars::prelude::*;
use rustc_hash::FxHashMap;
use value::{FamilyKind, ProductTerms};

/// The points of all curves, by curve and tenor, dates ascending.
pub(super) struct Curves<'a> {
    points: FxHashMap<(&'a str, i64), Vec<(i32, i64)>>,
}

impl<'a> Curves<'a> {
    pub(super) fn read(rates: &'a DataFrame) -> Result<Self, StageError> {
        let mut points: FxHashMap<(&str, i64), Vec<(i32, i64)>> = FxHashMap::default();
        let curves = texts(rates, "curve")?.into_iter().zip(keys(rates, "tenor_days")?);
        let values = days(rates, "date")?.into_iter().zip(keys(rates, "rate_ppm")?);
        for ((curve, tenor), (date, rate)) in curves.zip(values) {
            if let (Some(curve), Some(date)) = (curve, date) {
                points.entry((curve, tenor)).or_default().push((date, rate));
            }
        }
        for dates in points.values_mut() {
            dates.sort_unstable();
        }
        Ok(Self { points })
    }

    /// The transfer price of a product in a month: the latest point on or before its last day.
    fn price(&self, ftp: Option<&FtpMethod>, month: Month) -> i64 {
        match ftp {
            None => 0,
            Some(FtpMethod::Flat { ppm }) => *ppm,
            Some(FtpMethod::Curve { curve, tenor_days, fallback_ppm }) => {
                let last = month.last_day().map_or(i32::MAX, model::BusinessDate::epoch_days);
                let dates = self.points.get(&(curve.as_str(), *tenor_days));
                let before = |dates: &Vec<(i32, i64)>| {
                    let count = dates.partition_point(|(date, _)| *date <= last);
                    count.checked_sub(1).map(|at| dates[at].1)
                };
                dates.and_then(before).unwrap_or(*fallback_ppm)
            }
        }
    }
}

/// Terms of every product for every month of the window.
pub(super) struct TermSheet<'a> {
    pub(super) products: &'a [Product],
    by_code: FxHashMap<&'a str, usize>,
    terms: Vec<Vec<ProductTerms>>,
}

impl<'a> TermSheet<'a> {
    pub(super) fn new(book: &'a ProductBook, curves: &Curves<'_>, months: &[Month]) -> Self {
        let sheet = |product: &Product| months.iter().map(|m| terms(product, curves, *m)).collect();
        let codes = book.products.iter().zip(0..).map(|(p, at)| (p.product.as_str(), at));
        Self {
            products: &book.products,
            by_code: codes.collect(),
            terms: book.products.iter().map(sheet).collect(),
        }
    }

    pub(super) fn index(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    pub(super) fn of(&self, product: usize, month: usize) -> &ProductTerms {
        &self.terms[product][month]
    }
}

fn terms(product: &Product, curves: &Curves<'_>, month: Month) -> ProductTerms {
    ProductTerms {
        kind: kind(product.family),
        ftp_ppm: curves.price(product.ftp.as_ref(), month),
        fee_balance_ppm: product.fee_ppm,
        fee_month: product.fee_month,
        pd_ppm: product.pd_ppm,
        lgd_ppm: product.lgd_ppm,
        cost_month: product.cost_month,
    }
}

fn kind(family: Family) -> FamilyKind {
    match family {
        Family::Current | Family::Term => FamilyKind::Deposit,
        Family::Loan | Family::Card => FamilyKind::Asset,
        Family::Fund | Family::Insurance | Family::Payment | Family::Service => FamilyKind::FeeOnly,
    }
}
