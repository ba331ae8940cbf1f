//! What stages by ranges of clients count for the stages that see the whole bank, and what these make
//! of it for the ranges.

use super::common::{KIND, c, t};
use crate::contract::DataClass::{Financial, Internal};
use crate::table::ColumnKind::{Count, Money, Points, Text};
use crate::table::Table;
use crate::table::Zone::Stage;

pub(super) static SUMMARY: &[Table] = &[
    t(
        "break_count",
        Stage,
        None,
        &["accounts", "breaks"],
        "balances that do not follow from the one before, within one range of accounts",
        &[
            c("judged", Count, Internal, "rows with a balance after them"),
            c("accounts", Count, Internal, "accounts with a break"),
            c("breaks", Count, Internal, "rows without a predecessor"),
        ],
    ),
    t(
        "measure_count",
        Stage,
        None,
        &["kind", "measure", "value"],
        "graded clients by a raw measure within one range of clients",
        &[
            KIND,
            c("measure", Text, Internal, "lifetime_value, frequency or breadth"),
            c("value", Count, Financial, "lowest value of the bin"),
            c("clients", Count, Internal, "clients in it"),
        ],
    ),
    t(
        "scale",
        Stage,
        None,
        &["kind", "measure", "position"],
        "order statistics of a measure",
        &[
            KIND,
            c("measure", Text, Internal, "lifetime_value, frequency or breadth"),
            c("position", Count, Internal, "order"),
            c("edge", Count, Internal, "value at that position"),
        ],
    ),
    t(
        "score_count",
        Stage,
        None,
        &["kind", "axis", "value"],
        "graded clients by what is cut, within one range of clients",
        &[
            KIND,
            c("axis", Text, Internal, "value or loyalty"),
            c(
                "value",
                Count,
                Financial,
                "value: lowest lifetime value of the bin; loyalty: score, hundredths of a point",
            ),
            c("clients", Count, Internal, "clients there"),
            c("points", Points, Internal, "the least of their scores on this axis"),
        ],
    ),
    t(
        "cut",
        Stage,
        None,
        &["kind", "axis"],
        "where high begins",
        &[
            KIND,
            c("axis", Text, Internal, "value or loyalty"),
            c("method", Text, Internal, "how it was found"),
            c(
                "at",
                Count,
                Internal,
                "value: minor units of lifetime value or hundredths of a point (see `unit`); loyalty: hundredths of a point",
            ),
            c("unit", Text, Internal, "money or points"),
            c("points", Points, Internal, "where the cut lies among scores"),
        ],
    ),
    t(
        "tier_count",
        Stage,
        None,
        &["from_tier", "to_tier"],
        "clients by tier before and now within one range of clients",
        &[
            c("from_tier", Text, Internal, "tier before; NEW for clients of tonight"),
            c("to_tier", Text, Internal, "tier now; LEFT for clients no longer there"),
            c("clients", Count, Internal, "clients"),
            c("lifetime_value", Money, Financial, "their lifetime value tonight"),
        ],
    ),
    t(
        "group_count",
        Stage,
        None,
        &["dimension", "member", "tier"],
        "clients and values of a group within one range of clients",
        &[
            c("dimension", Text, Internal, "bank, kind, branch, manager or product"),
            c("member", Text, Internal, "member of the dimension"),
            c("tier", Text, Internal, "tier"),
            c("clients", Count, Internal, "clients"),
            c("lifetime_value", Money, Financial, "their lifetime value"),
            c(
                "current_value",
                Money,
                Financial,
                "their margin of twelve months (product: of that product)",
            ),
        ],
    ),
    t(
        "value_count",
        Stage,
        None,
        &["kind", "measure", "value"],
        "clients by what they hold within one range of clients",
        &[
            KIND,
            c("measure", Text, Internal, "lifetime_value or current_value"),
            c("value", Money, Financial, "lowest value of the bin"),
            c("clients", Count, Internal, "clients in it"),
            c("amount", Money, Financial, "sum of their values, exactly"),
        ],
    ),
];
