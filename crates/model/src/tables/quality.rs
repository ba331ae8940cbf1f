//! What is said of the quality of the data: counts that stages hand on, and what is published of them.

use super::common::{AS_OF, BRANCH, CLIENT_ID, KIND, SYSTEM, c, t};
use crate::contract::DataClass::Internal;
use crate::table::ColumnKind::{Count, Flag, Ppm, Text};
use crate::table::Zone::{Published, Stage};
use crate::table::{Column, Table};

const FEED: Column = c("feed", Text, Internal, "feed");
const FIELD: Column = c("field", Text, Internal, "column of the party record");
const RECORDS: Column = c("records", Count, Internal, "records that could have the field");
const PRESENT: Column = c("present", Count, Internal, "records with a value");
const VALID: Column = c("valid", Count, Internal, "records with a value that can be true");
const CONFLICTING: Column = c(
    "conflicting",
    Count,
    Internal,
    "records with a valid value other than that of the golden record, the form of writing aside",
);
const RULE: Column = c("rule", Text, Internal, "rule");
const FIRST_ROW: Column = c("first_row", Count, Internal, "line of the first of them, from 1");

pub(super) static QUALITY: &[Table] = &[
    t(
        "quality_count",
        Stage,
        None,
        &["system", "field", "branch"],
        "party records by what they say in a field, within one range of clients",
        &[SYSTEM, FIELD, BRANCH, RECORDS, PRESENT, VALID, CONFLICTING],
    ),
    t(
        "rule_count",
        Stage,
        None,
        &["system", "feed", "rule"],
        "rows of a feed held against a rule of its contract",
        &[
            SYSTEM,
            FEED,
            RULE,
            c("judged", Count, Internal, "rows judged"),
            c("broken", Count, Internal, "rows that break it"),
            FIRST_ROW,
        ],
    ),
    t(
        "quality",
        Published,
        None,
        &["system", "field", "branch"],
        "how complete, valid and free of contradiction a field is in the party records of a system and branch",
        &[
            AS_OF,
            SYSTEM,
            FIELD,
            c("branch", Text, Internal, "branch of the records; empty where they have none"),
            RECORDS,
            PRESENT,
            VALID,
            CONFLICTING,
            c("completeness_ppm", Ppm, Internal, "present of records"),
            c("validity_ppm", Ppm, Internal, "valid of present; empty where none is present"),
            c(
                "agreement_ppm",
                Ppm,
                Internal,
                "not conflicting of valid; empty where none is valid",
            ),
        ],
    ),
    t(
        "client_quality",
        Published,
        Some("client_id"),
        &["client_id"],
        "how much is known of a client, and how far it can be believed",
        &[
            CLIENT_ID,
            AS_OF,
            KIND,
            c("records", Count, Internal, "source records"),
            c(
                "completeness_ppm",
                Ppm,
                Internal,
                "weight of the fields with a valid value in any record, of all fields of the kind",
            ),
            c(
                "missing",
                Text,
                Internal,
                "weighted fields without a valid value, separated by commas; empty when none are",
            ),
            c("conflicts", Count, Internal, "fields in which the records contradict each other"),
            c(
                "trust_grade",
                Text,
                Internal,
                "best grade of the records: A authoritative document of the real-name time, B other document or unknown day, C of before and never checked since, D no valid document",
            ),
            c("thin", Flag, Internal, "nothing is known beyond name and document"),
            c(
                "outcome",
                Text,
                Internal,
                "sufficient; insufficient_data where a field the job needs has no valid value",
            ),
        ],
    ),
    t(
        "plausibility",
        Published,
        None,
        &["system", "feed", "rule"],
        "rows held against a rule that plausible data follow",
        &[
            c("system", Text, Internal, "source system; empty for the whole bank"),
            c("feed", Text, Internal, "feed; empty for the whole bank"),
            RULE,
            c("rows_judged", Count, Internal, "rows that could be judged"),
            c("rows_broken", Count, Internal, "rows that break the rule"),
            FIRST_ROW,
            c("limit_ppm", Ppm, Internal, "rows that may, of those judged (rules of contracts)"),
            c("limit_rows", Count, Internal, "rows that may (checks of the job)"),
            c("on_break", Text, Internal, "what more of them do to a night: fail or warn"),
            c("exceeded", Flag, Internal, "whether there are more"),
        ],
    ),
    t(
        "unmapped_code",
        Published,
        None,
        &["system", "feed", "column", "code"],
        "a code of a source that its code map does not know",
        &[
            SYSTEM,
            FEED,
            c("column", Text, Internal, "column of the feed"),
            c(
                "code",
                Text,
                Internal,
                "the code; only its length where it has more than 32 characters, nothing where the column holds personal data",
            ),
            c("rows", Count, Internal, "rows with it"),
            FIRST_ROW,
            c("treatment", Text, Internal, "what became of them: null, keep or reject"),
        ],
    ),
];
