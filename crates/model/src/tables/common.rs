//! The columns many tables share, and the short forms tables are written in.

use crate::contract::DataClass::{self, Internal, Key as KeyClass};
use crate::table::ColumnKind::{self, Count, Date, Key, Text};
use crate::table::{Column, Table, Zone};

pub(super) const fn c(
    name: &'static str,
    kind: ColumnKind,
    class: DataClass,
    meaning: &'static str,
) -> Column {
    Column { name, kind, class, meaning }
}

pub(super) const fn t(
    name: &'static str,
    zone: Zone,
    partition: Option<&'static str>,
    order: &'static [&'static str],
    meaning: &'static str,
    columns: &'static [Column],
) -> Table {
    Table { name, zone, partition, order, meaning, columns }
}

pub(super) const SYSTEM: Column = c("system", Text, Internal, "source system");
pub(super) const SOURCE_FILE: Column =
    c("source_file", Text, Internal, "file of the extract the row came from");
pub(super) const SOURCE_ROW: Column = c("source_row", Count, Internal, "line of that file, from 1");
pub(super) const RECORD_ID: Column = c("record_id", Key, KeyClass, "key of (system, party_key)");
pub(super) const PARTY_KEY: Column =
    c("party_key", Text, KeyClass, "party key in the source system");
pub(super) const ACCOUNT_ID: Column =
    c("account_id", Key, KeyClass, "key of (system, account_key)");
pub(super) const ACCOUNT_KEY: Column =
    c("account_key", Text, KeyClass, "account key in the source system");
pub(super) const ACCOUNT_SYSTEM: Column =
    c("account_system", Text, Internal, "system of the account; its own by default");
pub(super) const CLIENT_ID: Column =
    c("client_id", Key, KeyClass, "the client: stable, carries nothing personal");
pub(super) const AS_OF: Column = c("as_of", Date, Internal, "business date of the night");
pub(super) const RUN_ID: Column =
    c("run_id", Text, Internal, "run that wrote the row: a digest of inputs, job and binary");
pub(super) const PRODUCT: Column = c("product", Text, Internal, "product code");
pub(super) const FAMILY: Column = c("family", Text, Internal, "product family");
pub(super) const KIND: Column = c("kind", Text, Internal, "person or organisation");
pub(super) const BRANCH: Column = c("branch", Text, Internal, "branch code");
pub(super) const MANAGER: Column = c("manager", Text, Internal, "client manager code");
