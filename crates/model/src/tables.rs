//! The schema of every table: the one list. Readers, writers, the data dictionary and the tests
//! all go by it.

use crate::contract::DataClass::{self, Contact, Financial, Identity, Internal, Key as KeyClass};
use crate::table::ColumnKind::{self, Count, Date, Flag, Key, Money, Points, Ppm, Text};
use crate::table::Zone::{Canonical, Published, Stage};
use crate::table::{Column, Table, Zone};

const fn c(name: &'static str, kind: ColumnKind, class: DataClass, meaning: &'static str) -> Column {
    Column { name, kind, class, meaning }
}

const fn t(
    name: &'static str,
    zone: Zone,
    partition: Option<&'static str>,
    order: &'static [&'static str],
    meaning: &'static str,
    columns: &'static [Column],
) -> Table {
    Table { name, zone, partition, order, meaning, columns }
}

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.name == name)
}

const SYSTEM: Column = c("system", Text, Internal, "source system");
const SOURCE_FILE: Column = c("source_file", Text, Internal, "file of the extract the row came from");
const SOURCE_ROW: Column = c("source_row", Count, Internal, "line of that file, from 1");
const RECORD_ID: Column = c("record_id", Key, KeyClass, "key of (system, party_key)");
const PARTY_KEY: Column = c("party_key", Text, KeyClass, "party key in the source system");
const ACCOUNT_ID: Column = c("account_id", Key, KeyClass, "key of (system, account_key)");
const ACCOUNT_KEY: Column = c("account_key", Text, KeyClass, "account key in the source system");
const CLIENT_ID: Column = c("client_id", Key, KeyClass, "the client: stable, carries nothing personal");
const AS_OF: Column = c("as_of", Date, Internal, "business date of the night");
const RUN_ID: Column = c("run_id", Text, Internal, "run that wrote the row: a digest of inputs, job and binary");
const PRODUCT: Column = c("product", Text, Internal, "product code");
const FAMILY: Column = c("family", Text, Internal, "product family");
const KIND: Column = c("kind", Text, Internal, "person or organisation");
const BRANCH: Column = c("branch", Text, Internal, "branch code");
const MANAGER: Column = c("manager", Text, Internal, "client manager code");

/// Every table of the night.
pub static TABLES: &[Table] = &[
    // What every extract is mapped to. The load stage adds ids and where a row came from.
    t("party", Canonical, Some("record_id"), &["record_id"], "one record of a party in one system", &[
        RECORD_ID, SYSTEM, PARTY_KEY, KIND,
        c("name", Text, Identity, "name as the source has it"),
        c("document_type", Text, Internal, "citizen_id, passport, hk_macau_permit, taiwan_permit, officer_card, household_book, organisation_code, other"),
        c("document_no", Text, Identity, "document number as the source has it"),
        c("birth_date", Date, Identity, "date of birth (persons)"),
        c("sex", Text, Internal, "F or M"),
        c("mobile", Text, Contact, "mobile number"),
        c("email", Text, Contact, "e-mail address"),
        c("address", Text, Contact, "postal address"),
        c("occupation", Text, Internal, "occupation code"),
        c("employer", Text, Identity, "employer"),
        c("years_of_service", Count, Internal, "whole years in the present occupation"),
        c("income", Money, Financial, "income of a year"),
        c("family_role", Text, Internal, "role in the family"),
        c("family_size", Count, Internal, "persons in the family"),
        c("education", Text, Internal, "education code"),
        c("marital", Text, Internal, "marital status code"),
        c("opened_on", Date, Internal, "client of that system since"),
        BRANCH, MANAGER,
        c("industry", Text, Internal, "industry code (organisations)"),
        c("parent_key", Text, KeyClass, "party key of the group's head in the same system"),
        c("opt_out", Flag, Internal, "refused profiling"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    t("account", Canonical, Some("holder_id"), &["account_id"], "one account, contract or holding", &[
        ACCOUNT_ID, SYSTEM, ACCOUNT_KEY,
        c("holder_id", Key, KeyClass, "key of (holder_system, holder_account): where its roles are declared"),
        c("holder_system", Text, Internal, "system whose roles say who holds it; its own by default"),
        c("holder_account", Text, KeyClass, "account key under which these roles stand; its own by default"),
        PRODUCT,
        c("currency", Text, Internal, "currency"),
        c("opened_on", Date, Internal, "opened on"),
        c("matures_on", Date, Internal, "matures on"),
        c("closed_on", Date, Internal, "closed on"),
        c("status", Text, Internal, "status code of the source"),
        c("rate_ppm", Ppm, Financial, "client rate per year"),
        c("credit_limit", Money, Financial, "credit limit"),
        BRANCH, SOURCE_FILE, SOURCE_ROW,
    ]),
    t("role", Canonical, Some("record_id"), &["account_id", "record_id", "role"], "who has to do with an account", &[
        RECORD_ID, ACCOUNT_ID, SYSTEM, ACCOUNT_KEY,
        c("party_system", Text, Internal, "system of the party record; its own by default"),
        PARTY_KEY,
        c("role", Text, Internal, "owner, joint or user"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    t("balance", Canonical, Some("account_id"), &["account_id", "date"], "one account on one day", &[
        ACCOUNT_ID, SYSTEM, ACCOUNT_KEY,
        c("date", Date, Internal, "day of the balance"),
        c("balance", Money, Financial, "balance at the day's end"),
        c("average_balance", Money, Financial, "average balance of the calendar month of `date`"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    t("event", Canonical, Some("account_id"), &["account_id", "date", "source_file", "source_row"], "one movement on an account", &[
        ACCOUNT_ID, SYSTEM, ACCOUNT_KEY,
        c("event_key", Text, KeyClass, "key of the movement in the source system"),
        c("date", Date, Internal, "booking date"),
        c("direction", Text, Internal, "C credit, D debit"),
        c("amount", Money, Financial, "amount, never negative"),
        c("balance_after", Money, Financial, "balance after it, where the source says"),
        c("channel", Text, Internal, "channel code"),
        c("type", Text, Internal, "type code"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    t("interaction", Canonical, Some("record_id"), &["record_id", "date", "source_file", "source_row"], "one contact with the bank", &[
        RECORD_ID, SYSTEM, PARTY_KEY,
        c("interaction_key", Text, KeyClass, "key in the source system"),
        c("date", Date, Internal, "day"),
        c("touchpoint", Text, Internal, "branch, phone, manager, app, web, atm, call_centre"),
        c("topic", Text, Internal, "topic code"),
        c("contacts", Count, Internal, "how many contacts the row stands for; 1 where the source is silent"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    t("feedback", Canonical, Some("record_id"), &["record_id", "date", "source_file", "source_row"], "one thing a client said of the bank", &[
        RECORD_ID, SYSTEM, PARTY_KEY,
        c("feedback_key", Text, KeyClass, "key in the source system"),
        c("date", Date, Internal, "day"),
        c("feedback_kind", Text, Internal, "survey, nps, complaint, referral, compliment"),
        c("score", Count, Internal, "0 to 10 (nps)"),
        c("experience", Count, Internal, "1 to 5 (survey)"),
        c("expectation", Count, Internal, "1 to 5 (survey)"),
        c("severity", Count, Internal, "1 to 3 (complaint)"),
        c("resolved_on", Date, Internal, "complaint resolved on"),
        c("converted", Flag, Internal, "the referred party became a client (referral)"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    t("rate", Canonical, None, &["curve", "tenor_days", "date"], "one point of a curve", &[
        c("curve", Text, Internal, "curve name"),
        c("date", Date, Internal, "valid from"),
        c("tenor_days", Count, Internal, "tenor"),
        c("rate_ppm", Ppm, Internal, "rate per year"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    t("branch", Canonical, None, &["branch"], "one branch or district", &[
        BRANCH,
        c("branch_name", Text, Internal, "name"),
        c("region", Text, Internal, "region"),
        c("average_pay", Money, Internal, "average pay of a month in its district"),
        SOURCE_FILE, SOURCE_ROW,
    ]),
    // What the night's stages hand to each other.
    t("record", Stage, Some("record_id"), &["record_id"], "one party record, standardised", &[
        RECORD_ID, KIND,
        c("authority_class", Count, Internal, "class of its authoritative document"),
        c("authority", Key, KeyClass, "key of its authoritative document, 0 where none"),
        c("opened_on", Date, Internal, "client of that system since"),
    ]),
    t("block_key", Stage, Some("block"), &["block", "record_id"], "one record under one blocking rule", &[
        c("block", Key, KeyClass, "key of (rule, value)"),
        c("rule", Count, Internal, "blocking rule"),
        RECORD_ID,
        c("authority_class", Count, Internal, "class of its authoritative document"),
        c("authority", Key, KeyClass, "key of its authoritative document, 0 where none"),
        c("name_key", Key, KeyClass, "key of the standardised name, 0 where none"),
        c("birth_days", Count, Identity, "date of birth, days since 1970-01-01"),
    ]),
    t("edge", Stage, None, &["record_a", "record_b", "rule"], "one accepted pair", &[
        c("record_a", Key, KeyClass, "lower record id"),
        c("record_b", Key, KeyClass, "higher record id"),
        c("rule", Count, Internal, "rule that accepted it"),
        c("weight", Count, Internal, "match weight in thousandths of a bit"),
    ]),
    t("doubt", Stage, None, &["record_a", "record_b", "rule"], "one pair in doubt", &[
        c("record_a", Key, KeyClass, "lower record id"),
        c("record_b", Key, KeyClass, "higher record id"),
        c("rule", Count, Internal, "rule that found it"),
        c("cause", Text, Internal, "why it was not accepted"),
    ]),
    t("hot_block", Stage, None, &["rule", "block"], "a key shared by too many records: it links nobody", &[
        c("rule", Count, Internal, "blocking rule"),
        c("block", Key, KeyClass, "key of (rule, value)"),
        c("records", Count, Internal, "records on it"),
        c("authority_class", Count, Internal, "class of the document it is, 0 where none"),
        c("authority", Key, KeyClass, "key of the document it is, 0 where none"),
    ]),
    t("record_client", Stage, Some("record_id"), &["record_id"], "the client of a record", &[
        RECORD_ID, CLIENT_ID,
        c("match_weight", Count, Internal, "weight by which it joined, thousandths of a bit"),
        c("rule", Text, Internal, "rule by which it joined"),
    ]),
    t("client_party", Stage, Some("client_id"), &["client_id", "record_id"], "a party record with its client", &[
        CLIENT_ID, RECORD_ID, SYSTEM, PARTY_KEY, KIND,
        c("name", Text, Identity, "name as the source has it"),
        c("document_type", Text, Internal, "document type"),
        c("document_no", Text, Identity, "document number as the source has it"),
        c("birth_date", Date, Identity, "date of birth"),
        c("sex", Text, Internal, "F or M"),
        c("mobile", Text, Contact, "mobile number"),
        c("email", Text, Contact, "e-mail address"),
        c("address", Text, Contact, "postal address"),
        c("occupation", Text, Internal, "occupation code"),
        c("employer", Text, Identity, "employer"),
        c("years_of_service", Count, Internal, "years of service"),
        c("income", Money, Financial, "income of a year"),
        c("family_role", Text, Internal, "role in the family"),
        c("family_size", Count, Internal, "persons in the family"),
        c("education", Text, Internal, "education code"),
        c("marital", Text, Internal, "marital status code"),
        c("opened_on", Date, Internal, "client of that system since"),
        BRANCH, MANAGER,
        c("industry", Text, Internal, "industry code"),
        c("opt_out", Flag, Internal, "refused profiling"),
        c("match_weight", Count, Internal, "weight by which the record joined, thousandths of a bit"),
        c("rule", Text, Internal, "rule by which the record joined"),
    ]),
    t("client_facts", Stage, Some("client_id"), &["client_id"], "the golden values that scores and summaries read", &[
        CLIENT_ID, KIND,
        c("birth_date", Date, Identity, "date of birth"),
        c("sex", Text, Internal, "F or M"),
        c("occupation", Text, Internal, "occupation code"),
        c("years_of_service", Count, Internal, "years of service"),
        c("income", Money, Financial, "income of a year"),
        c("family_role", Text, Internal, "role in the family"),
        c("family_size", Count, Internal, "persons in the family"),
        BRANCH, MANAGER,
        c("opened_on", Date, Internal, "earliest date as a client"),
        c("opt_out", Flag, Internal, "refused profiling in any system"),
        c("records", Count, Internal, "source records"),
    ]),
    t("holder", Stage, Some("account_id"), &["account_id", "client_id", "role"], "a client's role on an account", &[
        ACCOUNT_ID, CLIENT_ID,
        c("role", Text, Internal, "owner, joint or user"),
    ]),
    t("client_interaction", Stage, Some("client_id"), &["client_id", "date", "touchpoint"], "contacts of a client on a day by touchpoint", &[
        CLIENT_ID,
        c("date", Date, Internal, "day"),
        c("touchpoint", Text, Internal, "touchpoint"),
        c("contacts", Count, Internal, "number of contacts"),
    ]),
    t("client_feedback", Stage, Some("client_id"), &["client_id", "date", "feedback_kind"], "feedback of a client", &[
        CLIENT_ID,
        c("date", Date, Internal, "day"),
        c("feedback_kind", Text, Internal, "survey, nps, complaint, referral, compliment"),
        c("score", Count, Internal, "0 to 10 (nps)"),
        c("experience", Count, Internal, "1 to 5"),
        c("expectation", Count, Internal, "1 to 5"),
        c("severity", Count, Internal, "1 to 3"),
        c("resolved_on", Date, Internal, "resolved on"),
        c("converted", Flag, Internal, "the referred party became a client"),
    ]),
    t("client_account", Stage, Some("account_id"), &["account_id"], "an account with its owning client", &[
        ACCOUNT_ID, CLIENT_ID, PRODUCT,
        c("opened_on", Date, Internal, "opened on"),
        c("matures_on", Date, Internal, "matures on"),
        c("closed_on", Date, Internal, "closed on"),
        c("rate_ppm", Ppm, Financial, "client rate per year"),
        BRANCH,
    ]),
    t("use", Stage, Some("client_id"), &["client_id", "account_id", "role"], "an account a client may use without owning it", &[
        CLIENT_ID, ACCOUNT_ID,
        c("role", Text, Internal, "joint or user"),
        PRODUCT, FAMILY,
    ]),
    t("orphan", Stage, None, &["account_id"], "an account nobody holds", &[
        ACCOUNT_ID, SYSTEM, PRODUCT, SOURCE_FILE, SOURCE_ROW,
    ]),
    t("holding", Stage, Some("client_id"), &["client_id", "account_id"], "an account as held by its client, with its use", &[
        CLIENT_ID, ACCOUNT_ID, PRODUCT, FAMILY,
        c("opened_on", Date, Internal, "opened on"),
        c("matures_on", Date, Internal, "matures on"),
        c("closed_on", Date, Internal, "closed on"),
        BRANCH,
        c("last_used", Date, Internal, "last day with a movement the client made"),
        c("balance", Money, Financial, "latest balance"),
    ]),
    t("account_month", Stage, Some("client_id"), &["client_id", "account_id", "month"], "contribution of an account in a month", &[
        CLIENT_ID, ACCOUNT_ID, PRODUCT, FAMILY,
        c("month", Date, Internal, "first day of the month"),
        c("average_balance", Money, Financial, "average balance"),
        c("net_interest", Money, Financial, "net interest income against the transfer price"),
        c("fees", Money, Financial, "fees"),
        c("expected_loss", Money, Financial, "expected loss"),
        c("cost_to_serve", Money, Financial, "cost to serve"),
        c("margin", Money, Financial, "contribution margin"),
        c("active_days", Count, Internal, "days with a movement the client made"),
        c("transactions", Count, Internal, "movements the client made"),
    ]),
    t("balance_break", Stage, None, &["account_id", "date"], "a balance that does not follow from the one before", &[
        ACCOUNT_ID,
        c("date", Date, Internal, "day"),
        c("breaks", Count, Internal, "rows of the day without a predecessor"),
    ]),
    t("client_profile", Stage, Some("client_id"), &["client_id"], "a client before scores: money parts and raw loyalty", &[
        CLIENT_ID, KIND, BRANCH, MANAGER,
        c("opt_out", Flag, Internal, "refused profiling"),
        c("lifetime_value", Money, Financial, "current + future"),
        c("lifetime_value_p10", Money, Financial, "10th percentile"),
        c("lifetime_value_p90", Money, Financial, "90th percentile"),
        c("current_value", Money, Financial, "margin of the trailing twelve months"),
        c("future_value", Money, Financial, "expected discounted margin to the horizon"),
        c("balance_total", Money, Financial, "latest balances, all holdings"),
        c("frequency_raw", Count, Internal, "weighted active days, millionths"),
        c("breadth_raw", Count, Internal, "families held and used, halves"),
        c("months_observed", Count, Internal, "months with an account, of twelve"),
        c("demographics_known", Ppm, Internal, "share of the scorecard's inputs known"),
    ]),
    t("value_part", Stage, Some("client_id"), &["client_id", "position"], "a part of a client's lifetime value", &[
        CLIENT_ID,
        c("position", Count, Internal, "order of the part"),
        c("factor", Text, Internal, "factor code"),
        c("input", Text, Internal, "what was seen"),
        c("amount", Money, Financial, "money"),
    ]),
    t("scale", Stage, None, &["kind", "measure", "position"], "order statistics of a measure", &[
        KIND,
        c("measure", Text, Internal, "lifetime_value, frequency or breadth"),
        c("position", Count, Internal, "order"),
        c("edge", Count, Internal, "value at that position"),
    ]),
    t("client_score", Stage, Some("client_id"), &["client_id"], "a client's scores", &[
        CLIENT_ID, KIND,
        c("opt_out", Flag, Internal, "refused profiling"),
        c("lifetime_value", Money, Financial, "lifetime value"),
        c("value_score", Points, Internal, "rank of lifetime value in its kind"),
        c("loyalty_score", Points, Internal, "loyalty"),
        c("frequency", Points, Internal, "frequency, 0-100"),
        c("breadth", Points, Internal, "breadth, 0-100"),
        c("advocacy", Points, Internal, "advocacy and feedback, 0-100"),
        c("confidence", Points, Internal, "how much of the evidence is there, 0-100"),
        c("reason_1", Text, Internal, "strongest reason"),
        c("reason_2", Text, Internal, "second reason"),
        c("reason_3", Text, Internal, "third reason"),
    ]),
    t("cut", Stage, None, &["kind", "axis"], "where high begins", &[
        KIND,
        c("axis", Text, Internal, "value or loyalty"),
        c("method", Text, Internal, "how it was found"),
        c("at", Count, Internal, "value: minor units of lifetime value or hundredths of a point (see `unit`); loyalty: hundredths of a point"),
        c("unit", Text, Internal, "money or points"),
        c("points", Points, Internal, "where the cut lies among scores"),
    ]),
    // What downstream reads.
    t("client_segment", Published, Some("client_id"), &["client_id"], "one client tonight", &[
        CLIENT_ID, AS_OF, KIND,
        c("tier", Text, Internal, "TOP, MID, SMALL or UNPROFILED (顶级, 中级, 小型, 不评级)"),
        c("cell", Text, Internal, "HV_HL, HV_LL, LV_HL or LV_LL: high/low value, high/low loyalty"),
        c("value_score", Points, Internal, "rank of lifetime value within the kind, 0-100"),
        c("loyalty_score", Points, Internal, "loyalty, 0-100"),
        c("lifetime_value", Money, Financial, "current value + future value"),
        c("lifetime_value_p10", Money, Financial, "10th percentile of lifetime value"),
        c("lifetime_value_p90", Money, Financial, "90th percentile of lifetime value"),
        c("current_value", Money, Financial, "contribution margin of the trailing twelve months"),
        c("future_value", Money, Financial, "expected margin to the horizon, survival-weighted and discounted, with growth potential"),
        c("frequency", Points, Internal, "frequency of use, 0-100"),
        c("breadth", Points, Internal, "products and services held and used, 0-100"),
        c("advocacy", Points, Internal, "word of mouth and feedback, 0-100"),
        c("confidence", Points, Internal, "share of the evidence that is there, 0-100"),
        c("previous_tier", Text, Internal, "tier of the previous night"),
        c("tier_since", Date, Internal, "in this tier since"),
        c("watch_since", Date, Internal, "on watch since: the tier is no longer reached but kept in grace"),
        c("change_reason", Text, Internal, "NEW, KEPT, PROMOTED, DEMOTED, WATCH, WATCH_LIFTED, OPTED_OUT or OPTED_IN"),
        c("reason_1", Text, Internal, "strongest reason (axis.factor)"),
        c("reason_2", Text, Internal, "second reason"),
        c("reason_3", Text, Internal, "third reason"),
        c("scoring_version", Text, Internal, "scoring file's version"),
        c("model_version", Text, Internal, "version of the models"),
        c("contract_version", Text, Internal, "version of this table's contract"),
        RUN_ID,
    ]),
    t("client_segment_history", Published, Some("client_id"), &["client_id", "valid_from"], "one client while its tier and cell held (SCD2)", &[
        CLIENT_ID,
        c("valid_from", Date, Internal, "first business date"),
        c("valid_to", Date, Internal, "first business date on which it no longer holds; empty while it does"),
        c("current", Flag, Internal, "the row that holds tonight"),
        KIND,
        c("tier", Text, Internal, "tier"),
        c("cell", Text, Internal, "cell"),
        c("value_score", Points, Internal, "value score when the row began"),
        c("loyalty_score", Points, Internal, "loyalty score when the row began"),
        c("lifetime_value", Money, Financial, "lifetime value when the row began"),
        c("change_reason", Text, Internal, "why the row began"),
        c("scoring_version", Text, Internal, "scoring file's version when the row began"),
    ]),
    t("client_xref", Published, Some("client_id"), &["client_id", "record_id"], "which client a source record is", &[
        CLIENT_ID, RECORD_ID, SYSTEM, PARTY_KEY,
        c("match_weight", Count, Internal, "weight by which the record joined, thousandths of a bit; 0 for the anchor"),
        c("rule", Text, Internal, "rule by which the record joined; `anchor` for the first"),
    ]),
    t("client_id_crosswalk", Published, None, &["as_of", "old_id", "new_id"], "one event in the life of an id", &[
        c("old_id", Key, KeyClass, "id before"),
        c("new_id", Key, KeyClass, "id after; empty when retired"),
        c("event", Text, Internal, "merge, split or retire"),
        AS_OF,
        c("cause", Text, Internal, "what caused it"),
    ]),
    t("client_xref_past", Published, None, &["record_id"], "a source record that is gone, and the client it was", &[
        RECORD_ID, CLIENT_ID,
    ]),
    t("client_golden", Published, Some("client_id"), &["client_id", "attribute"], "best value of an attribute of a client (vault zone)", &[
        CLIENT_ID,
        c("attribute", Text, Internal, "attribute"),
        c("value", Text, Identity, "best value"),
        c("source_system", Text, Internal, "system it came from"),
        c("source_date", Date, Internal, "client of that system since"),
        c("conflicts", Count, Internal, "other values among the client's records"),
    ]),
    t("match_review", Published, None, &["record_a", "record_b", "rule"], "a pair in doubt, for a steward", &[
        c("record_a", Key, KeyClass, "record id"),
        c("record_b", Key, KeyClass, "record id"),
        c("rule", Text, Internal, "rule that found the pair"),
        c("cause", Text, Internal, "why it was not accepted"),
    ]),
    t("client_contribution", Published, Some("client_id"), &["client_id", "product", "month"], "contribution of a client by product and month", &[
        CLIENT_ID, PRODUCT, FAMILY,
        c("month", Date, Internal, "first day of the month"),
        c("average_balance", Money, Financial, "average balance"),
        c("net_interest", Money, Financial, "net interest income"),
        c("fees", Money, Financial, "fees"),
        c("expected_loss", Money, Financial, "expected loss"),
        c("cost_to_serve", Money, Financial, "cost to serve"),
        c("margin", Money, Financial, "net interest + fees - expected loss - cost to serve"),
    ]),
    t("score_reason", Published, Some("client_id"), &["client_id", "axis", "position"], "what a factor gave to a score: rows sum exactly to it", &[
        CLIENT_ID,
        c("axis", Text, Internal, "value or loyalty"),
        c("position", Count, Internal, "order of the factors"),
        c("factor", Text, Internal, "factor code"),
        c("points", Points, Internal, "points given"),
        c("input", Text, Internal, "what was seen"),
        c("amount", Money, Financial, "money behind the points (value)"),
        c("weight", Ppm, Internal, "weight of the part (loyalty)"),
    ]),
    t("tier_move", Published, Some("client_id"), &["client_id"], "a client whose tier changed tonight", &[
        CLIENT_ID, AS_OF,
        c("from_tier", Text, Internal, "tier before"),
        c("to_tier", Text, Internal, "tier now"),
        c("because", Text, Internal, "axis that moved"),
        c("value_distance", Points, Internal, "value score above (+) or below (-) the cut"),
        c("loyalty_distance", Points, Internal, "loyalty score above (+) or below (-) the cut"),
    ]),
    t("tier_migration", Published, None, &["from_tier", "to_tier"], "clients by tier before and now", &[
        AS_OF,
        c("from_tier", Text, Internal, "tier before; NEW for clients of tonight"),
        c("to_tier", Text, Internal, "tier now; LEFT for clients no longer there"),
        c("clients", Count, Internal, "clients"),
        c("lifetime_value", Money, Financial, "their lifetime value tonight"),
    ]),
    t("segment_summary", Published, None, &["dimension", "member", "tier"], "clients and values of a group by tier", &[
        AS_OF,
        c("dimension", Text, Internal, "bank, kind, branch, manager or product"),
        c("member", Text, Internal, "member of the dimension"),
        c("tier", Text, Internal, "tier"),
        c("clients", Count, Internal, "clients"),
        c("lifetime_value", Money, Financial, "their lifetime value"),
        c("current_value", Money, Financial, "their margin of twelve months (product: of that product)"),
    ]),
    t("concentration", Published, None, &["kind", "measure", "top_ppm"], "share of the total held by the best clients (80/20, whale curve)", &[
        AS_OF, KIND,
        c("measure", Text, Internal, "lifetime_value or current_value"),
        c("top_ppm", Ppm, Internal, "best share of clients"),
        c("clients", Count, Internal, "how many these are"),
        c("amount", Money, Financial, "what they hold"),
        c("share_ppm", Ppm, Internal, "share of the total; above one million where others lose"),
    ]),
    t("rejects", Published, None, &["system", "feed", "source_file", "source_row", "column"], "a row that was refused", &[
        SYSTEM,
        c("feed", Text, Internal, "feed"),
        SOURCE_FILE, SOURCE_ROW,
        c("column", Text, Internal, "column at fault; empty for the whole row"),
        c("reason", Text, Internal, "why, without the value"),
    ]),
    t("load_report", Published, None, &["system", "feed"], "reconciliation of a feed: read = loaded + rejected + filtered + superseded", &[
        SYSTEM,
        c("feed", Text, Internal, "feed"),
        SOURCE_FILE,
        c("digest", Text, Internal, "BLAKE3 of the file"),
        c("bytes", Count, Internal, "size of the file"),
        c("rows_read", Count, Internal, "rows in the file"),
        c("rows_loaded", Count, Internal, "rows loaded"),
        c("rows_rejected", Count, Internal, "rows refused"),
        c("rows_filtered", Count, Internal, "rows left out by the contract's condition"),
        c("rows_superseded", Count, Internal, "exact repetitions"),
        c("amount_column", Text, Internal, "column of the amounts"),
        c("amount_read", Money, Financial, "sum of the amounts that could be read"),
        c("amount_loaded", Money, Financial, "sum loaded"),
        c("amount_rejected", Money, Financial, "sum refused"),
        c("amount_filtered", Money, Financial, "sum left out"),
        c("amount_superseded", Money, Financial, "sum of repetitions"),
        c("amount_unreadable", Count, Internal, "refused rows whose amount could not be read"),
    ]),
    t("run_report", Published, None, &["position"], "one stage of the night", &[
        c("position", Count, Internal, "order"),
        c("stage", Text, Internal, "stage"),
        c("rows_in", Count, Internal, "rows read"),
        c("rows_out", Count, Internal, "rows written"),
        c("tables", Text, Internal, "tables written"),
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_keys_exist() {
        let mut names = BTreeSet::new();
        for table in TABLES {
            assert!(names.insert(table.name), "{}", table.name);
            let columns: BTreeSet<_> = table.columns.iter().map(|c| c.name).collect();
            assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
            for key in table.order.iter().chain(table.partition.iter()) {
                assert!(columns.contains(key), "{}.{key}", table.name);
            }
            for column in table.columns {
                assert!(!column.meaning.is_empty(), "{}.{}", table.name, column.name);
            }
        }
    }
}
